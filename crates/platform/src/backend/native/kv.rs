//! Key-value in memory. Handles on one store share its values; counters have the encoding of Spin's file provider.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::kv::Error;

/// A store that lives as long as its last handle.
#[derive(Clone, Default)]
pub(crate) struct Backend {
    values: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    pub(super) calls: Calls,
}

/// The calls on all stores of a platform.
#[derive(Clone, Default)]
pub(super) struct Calls {
    log: Rc<RefCell<Vec<String>>>,
    fail: Rc<Cell<bool>>,
}

impl Calls {
    /// Records a call; fails if the stores do.
    pub(super) fn record(&self, call: &str, of: &str) -> Result<(), Error> {
        self.log.borrow_mut().push(format!("{call} {of}"));
        if self.fail.get() { Err(Error::Other("the connection is lost".to_owned())) } else { Ok(()) }
    }

    /// Makes every call fail, or work again.
    pub(super) fn fail(&self, fail: bool) {
        self.fail.set(fail);
    }

    /// Takes the calls since the last call of this function.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.borrow_mut())
    }
}

impl Backend {
    pub(crate) fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        self.calls.record("get", key)?;
        Ok(self.values.borrow().get(key).cloned())
    }

    pub(crate) fn set(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        self.calls.record("set", key)?;
        self.values.borrow_mut().insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    /// Sets a value as another process would: it is no call of this one, and succeeds whatever happens to those.
    pub(super) fn set_from_outside(&self, key: &str, value: &[u8]) {
        self.values.borrow_mut().insert(key.to_owned(), value.to_vec());
    }

    pub(crate) fn delete(&self, key: &str) -> Result<(), Error> {
        self.calls.record("delete", key)?;
        self.values.borrow_mut().remove(key);
        Ok(())
    }

    pub(crate) fn exists(&self, key: &str) -> Result<bool, Error> {
        self.calls.record("exists", key)?;
        Ok(self.values.borrow().contains_key(key))
    }

    pub(crate) fn increment(&self, key: &str, delta: i64) -> Result<i64, Error> {
        self.calls.record("increment", key)?;
        let mut values = self.values.borrow_mut();
        let current = match values.get(key) {
            None => 0,
            Some(bytes) => {
                let bytes = bytes.as_slice().try_into();
                i64::from_le_bytes(bytes.map_err(|_| Error::Other(format!("{key} is not a counter")))?)
            }
        };
        let sum = current.checked_add(delta).ok_or_else(|| Error::Other(format!("the counter {key} overflows")))?;
        values.insert(key.to_owned(), sum.to_le_bytes().to_vec());
        Ok(sum)
    }

    pub(crate) fn compare_and_swap(&self, key: &str, expected: &[u8], value: &[u8]) -> Result<bool, Error> {
        self.calls.record("compare-and-swap", key)?;
        match self.values.borrow_mut().get_mut(key) {
            Some(current) if current == expected => {
                *current = value.to_vec();
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
