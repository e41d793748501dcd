//! The classification of errors by whether another attempt may succeed, and their texts.

use crate::client::ProviderCallError;
use crate::{audit, bus, client, config, kv, sql};
use std::error::Error;

/// An error of which it is known whether the same operation may succeed later. Consumers of events decide by it whether an event is
/// retried or a dead letter.
pub trait Retryable: Error {
    /// Returns whether another attempt may succeed, also if an operator has to repair something first.
    fn is_retryable(&self) -> bool;
}

/// Databases, variables, other services and providers fail for a while: they recover, or an operator repairs them.
macro_rules! retryable {
    ($($error:ty),+ $(,)?) => {
        $(impl Retryable for $error {
            fn is_retryable(&self) -> bool {
                true
            }
        })+
    };
}

retryable!(audit::Error, bus::Error, client::Error, config::Error, kv::Error, sql::Error, ProviderCallError);

/// Returns the text of `error` followed by those of its sources, which an error does not repeat itself. Errors of other crates that do so
/// nevertheless are not repeated here either.
pub fn describe(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::{audit, sql};

    #[test]
    fn a_description_has_every_source_once() {
        assert_eq!(describe(&sql::Error::Full), "the database is full");
        let error = audit::Error::from(sql::Error::Full);
        assert!(describe(&error).ends_with(": the database is full"), "{}", describe(&error));
        assert_eq!(describe(&error).matches("the database is full").count(), 1);
    }
}
