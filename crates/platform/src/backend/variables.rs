//! The variables of a component, as far as a request has read them.

use crate::config::Error;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

/// Variables that were read from the host, which are not read again: a request sees each of them with one value.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// All variables; `None` if one of them cannot be resolved.
    all: OnceCell<Option<BTreeMap<String, String>>>,
    /// Those that were read one by one.
    single: RefCell<BTreeMap<String, String>>,
}

impl Variables {
    /// Returns the variable `name`. All are read by one call, `read_all`. If one of them cannot be resolved, they are read one by one with
    /// `read_one`, so that a request fails only if it needs that one.
    ///
    /// # Errors
    ///
    /// The error of `read_one`; [`Error::Undefined`] if there is no such variable.
    pub(crate) fn get(
        &self,
        name: &str,
        read_all: impl FnOnce() -> Option<Vec<(String, String)>>,
        read_one: impl FnOnce() -> Result<String, Error>,
    ) -> Result<String, Error> {
        if let Some(all) = self.all.get_or_init(|| Some(read_all()?.into_iter().collect())) {
            return all.get(name).cloned().ok_or_else(|| Error::Undefined(name.to_owned()));
        }
        if let Some(value) = self.single.borrow().get(name) {
            return Ok(value.clone());
        }
        let value = read_one()?;
        self.single.borrow_mut().insert(name.to_owned(), value.clone());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;
    use crate::config::Error;
    use std::cell::RefCell;

    /// Reads each of `names`, and returns the values or errors, and the calls of the host that this took. `all` is the host's response to a
    /// request for all variables; single ones are read from `one`.
    fn read(names: &[&str], all: Option<&[(&str, &str)]>, one: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let (variables, calls) = (Variables::default(), RefCell::new(Vec::new()));
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let get = |name: &&str| {
            let read_all = || {
                calls.borrow_mut().push("all".to_owned());
                all.map(|all| all.iter().map(owned).collect())
            };
            let read_one = || {
                calls.borrow_mut().push((*name).to_owned());
                let found = one.iter().find(|(variable, _)| variable == name);
                found.map(|(_, value)| (*value).to_owned()).ok_or_else(|| Error::Undefined((*name).to_owned()))
            };
            variables.get(name, read_all, read_one).unwrap_or_else(|error| error.to_string())
        };
        (names.iter().map(get).collect(), calls.take())
    }

    #[test]
    fn all_variables_are_read_by_one_call() {
        let all = [("a", "1"), ("b", "2")];
        let (values, calls) = read(&["a", "b", "c", "a"], Some(&all), &[]);
        assert_eq!(values, ["1", "2", "the variable c has no value", "1"]);
        assert_eq!(calls, ["all"]);
    }

    #[test]
    fn a_variable_that_cannot_be_resolved_fails_only_those_who_need_it() {
        let (values, calls) = read(&["a", "broken", "a"], None, &[("a", "1")]);
        assert_eq!(values, ["1", "the variable broken has no value", "1"]);
        assert_eq!(calls, ["all", "a", "broken"]);
    }
}
