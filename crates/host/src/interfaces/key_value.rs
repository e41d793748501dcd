//! `fermyon:spin/key-value`.

use wasmtime::Result;
use wasmtime::component::Resource;

use super::Capabilities;
use crate::bindings::fermyon::spin::key_value::{Error, Host, HostStore};
use crate::stores::key_value::Store;

impl Capabilities {
    /// Opens a store for either interface.
    pub(super) async fn open_store(&mut self, label: &str) -> Result<Result<Resource<Store>, Error>> {
        if !self.rights.component.key_value_stores.iter().any(|allowed| allowed == label) {
            return Ok(Err(Error::AccessDenied));
        }
        let Some(store) = self.rights.key_value_stores.get(label) else {
            return Ok(Err(Error::NoSuchStore));
        };
        Ok(match store.open().await {
            Ok(store) => Ok(self.open.push(store)?),
            Err(error) => Err(Error::Other(error)),
        })
    }
}

impl Host for Capabilities {}

impl HostStore for Capabilities {
    async fn open(&mut self, label: String) -> Result<Result<Resource<Store>, Error>> {
        self.open_store(&label).await
    }

    async fn get(&mut self, store: Resource<Store>, key: String) -> Result<Result<Option<Vec<u8>>, Error>> {
        let result = self.open.get(&store)?.get(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn set(&mut self, store: Resource<Store>, key: String, value: Vec<u8>) -> Result<Result<(), Error>> {
        let result = self.open.get(&store)?.set(&key, &value).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn delete(&mut self, store: Resource<Store>, key: String) -> Result<Result<(), Error>> {
        let result = self.open.get(&store)?.delete(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn exists(&mut self, store: Resource<Store>, key: String) -> Result<Result<bool, Error>> {
        let result = self.open.get(&store)?.exists(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn get_keys(&mut self, store: Resource<Store>) -> Result<Result<Vec<String>, Error>> {
        let result = self.open.get(&store)?.keys().await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn drop(&mut self, store: Resource<Store>) -> Result<()> {
        self.open.delete(store)?;
        Ok(())
    }
}
