//! `fermyon:spin/variables` and `wasi:config/store`.

use wasmtime::Result;

use super::Capabilities;
use crate::app::VariableError;
use crate::bindings::fermyon::spin::variables;
use crate::bindings::wasi::config::store;

impl Capabilities {
    fn variable(&self, name: &str) -> Result<String, VariableError> {
        self.rights.app.variables.resolve(&self.rights.component.id, name)
    }
}

impl variables::Host for Capabilities {
    async fn get(&mut self, name: String) -> Result<Result<String, variables::Error>> {
        Ok(self.variable(&name).map_err(|error| match error {
            VariableError::InvalidName(message) => variables::Error::InvalidName(message),
            VariableError::Undefined(message) => variables::Error::Undefined(message),
            VariableError::Provider(message) => variables::Error::Provider(message),
            error @ VariableError::InvalidTemplate(_) => variables::Error::Other(error.to_string()),
        }))
    }
}

impl store::Host for Capabilities {
    async fn get(&mut self, key: String) -> Result<Result<Option<String>, store::Error>> {
        Ok(match self.variable(&key) {
            Ok(value) => Ok(Some(value)),
            // The specification: an invalid name is no variable.
            Err(VariableError::Undefined(_) | VariableError::InvalidName(_)) => Ok(None),
            Err(error) => Err(store_error(error)),
        })
    }

    async fn get_all(&mut self) -> Result<Result<Vec<(String, String)>, store::Error>> {
        let all = self.rights.app.variables.resolve_all(&self.rights.component.id);
        Ok(all.map_err(store_error))
    }
}

fn store_error(error: VariableError) -> store::Error {
    match error {
        VariableError::Provider(message) => store::Error::Upstream(message),
        VariableError::Undefined(message) | VariableError::InvalidName(message) => store::Error::Io(message),
        error @ VariableError::InvalidTemplate(_) => store::Error::Io(error.to_string()),
    }
}
