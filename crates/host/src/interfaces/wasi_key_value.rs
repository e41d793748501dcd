//! `wasi:keyvalue`: store, batch and atomics, over the same stores as `fermyon:spin/key-value`.

use wasmtime::Result;
use wasmtime::component::Resource;

use super::Capabilities;
use crate::bindings::fermyon::spin::key_value;
use crate::bindings::wasi::keyvalue::atomics::{self, CasError};
use crate::bindings::wasi::keyvalue::batch;
use crate::bindings::wasi::keyvalue::store::{self, Error, KeyResponse};
use crate::stores::key_value::{CompareAndSwap, Store, SwapError};

impl store::Host for Capabilities {
    async fn open(&mut self, identifier: String) -> Result<Result<Resource<Store>, Error>> {
        Ok(self.open_store(&identifier).await?.map_err(|error| match error {
            key_value::Error::AccessDenied => Error::AccessDenied,
            key_value::Error::NoSuchStore => Error::NoSuchStore,
            key_value::Error::StoreTableFull => Error::Other("store table full".to_owned()),
            key_value::Error::Other(message) => Error::Other(message),
        }))
    }
}

impl store::HostBucket for Capabilities {
    async fn get(&mut self, bucket: Resource<Store>, key: String) -> Result<Result<Option<Vec<u8>>, Error>> {
        let result = self.open.get(&bucket)?.get(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn set(&mut self, bucket: Resource<Store>, key: String, value: Vec<u8>) -> Result<Result<(), Error>> {
        let result = self.open.get(&bucket)?.set(&key, &value).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn delete(&mut self, bucket: Resource<Store>, key: String) -> Result<Result<(), Error>> {
        let result = self.open.get(&bucket)?.delete(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn exists(&mut self, bucket: Resource<Store>, key: String) -> Result<Result<bool, Error>> {
        let result = self.open.get(&bucket)?.exists(&key).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn list_keys(
        &mut self,
        bucket: Resource<Store>,
        cursor: Option<String>,
    ) -> Result<Result<KeyResponse, Error>> {
        if cursor.is_some() {
            return Ok(Err(Error::Other("list_keys: cursor not supported".to_owned())));
        }
        let result = self.open.get(&bucket)?.keys().await;
        self.yield_if_due().await;
        Ok(result.map(|keys| KeyResponse { keys, cursor: None }).map_err(Error::Other))
    }

    async fn drop(&mut self, bucket: Resource<Store>) -> Result<()> {
        self.open.delete(bucket)?;
        Ok(())
    }
}

impl batch::Host for Capabilities {
    async fn get_many(
        &mut self,
        bucket: Resource<Store>,
        keys: Vec<String>,
    ) -> Result<Result<Vec<(String, Option<Vec<u8>>)>, Error>> {
        let result = self.open.get(&bucket)?.get_many(keys).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn set_many(
        &mut self,
        bucket: Resource<Store>,
        key_values: Vec<(String, Vec<u8>)>,
    ) -> Result<Result<(), Error>> {
        let result = self.open.get(&bucket)?.set_many(key_values).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn delete_many(&mut self, bucket: Resource<Store>, keys: Vec<String>) -> Result<Result<(), Error>> {
        let result = self.open.get(&bucket)?.delete_many(keys).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }
}

impl atomics::Host for Capabilities {
    async fn increment(&mut self, bucket: Resource<Store>, key: String, delta: i64) -> Result<Result<i64, Error>> {
        let result = self.open.get(&bucket)?.increment(&key, delta).await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn swap(&mut self, cas: Resource<CompareAndSwap>, value: Vec<u8>) -> Result<Result<(), CasError>> {
        let mut cas = self.open.delete(cas)?;
        let result = cas.swap(value).await;
        self.yield_if_due().await;
        match result {
            Ok(()) => Ok(Ok(())),
            Err(SwapError::Failed(message)) => Ok(Err(CasError::StoreError(Error::Other(message)))),
            Err(SwapError::Conflict) => {
                // The guest gets a handle that has read the value of the winner.
                if let Err(message) = cas.current().await {
                    return Ok(Err(CasError::StoreError(Error::Other(message))));
                }
                Ok(Err(CasError::CasFailed(self.open.push(cas)?)))
            }
        }
    }
}

impl atomics::HostCas for Capabilities {
    async fn new(&mut self, bucket: Resource<Store>, key: String) -> Result<Result<Resource<CompareAndSwap>, Error>> {
        let cas = self.open.get(&bucket)?.compare_and_swap(key);
        Ok(Ok(self.open.push(cas)?))
    }

    async fn current(&mut self, cas: Resource<CompareAndSwap>) -> Result<Result<Option<Vec<u8>>, Error>> {
        let result = self.open.get_mut(&cas)?.current().await;
        self.yield_if_due().await;
        Ok(result.map_err(Error::Other))
    }

    async fn drop(&mut self, cas: Resource<CompareAndSwap>) -> Result<()> {
        self.open.delete(cas)?;
        Ok(())
    }
}
