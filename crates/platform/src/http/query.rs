//! Queries: the parameters of a request, read into a type with every error at once.

use super::json::{self, Json, Members};
use deserr::{Deserr, IntoValue as _, ValuePointerRef};
use schemars::JsonSchema;
use spindle_contracts::InputErrors;
use spindle_contracts::input::pointer;

/// The parameters of an operation that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct NoParameters {}

/// Reads `query` as a `T`. Each parameter is a string: see [`Parameter`](spindle_contracts::input::Parameter).
///
/// # Errors
///
/// Every parameter that is unknown, repeated, empty or malformed. An empty one could select everything, or what lacks the property.
pub(super) fn read<T: Deserr<InputErrors>>(query: &str) -> Result<T, InputErrors> {
    let mut parameters: Vec<(String, Json)> = Vec::new();
    let (mut repeated, mut empty) = (InputErrors::default(), InputErrors::default());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let place = || pointer(ValuePointerRef::Origin.push_key(&name));
        if parameters.iter().any(|(known, _)| *known == name) {
            repeated.add(place(), "is given more than once");
            continue;
        }
        if value.is_empty() {
            empty.add(place(), "is empty. Give it a value, or leave it out");
        }
        parameters.push((name.into_owned(), Json::String(value.into_owned())));
    }
    let value = Json::Object(Members(parameters)).into_value();
    json::unless_wrong(T::deserialize_from_value(value, ValuePointerRef::Origin), repeated, empty)
}

#[cfg(test)]
mod tests {
    use super::{NoParameters, read};
    use deserr::Deserr;
    use spindle_contracts::input::{Integer, Parameter};
    use spindle_contracts::{FieldError, InputErrors, Role};

    #[derive(Debug, PartialEq, Deserr)]
    #[deserr(error = InputErrors, deny_unknown_fields)]
    struct Filters {
        #[deserr(default)]
        role: Option<Role>,
        #[deserr(default)]
        name: Option<String>,
        #[deserr(default)]
        limit: Option<Parameter<Integer<1, 100>>>,
        #[deserr(default)]
        archived: Option<Parameter<bool>>,
    }

    fn errors<T: Deserr<InputErrors> + std::fmt::Debug>(query: &str) -> Vec<FieldError> {
        read::<T>(query).unwrap_err().into_query_errors()
    }

    #[test]
    fn parameters_are_read_from_their_texts() {
        let filters = read::<Filters>("role=admin&name=a%20b+7&limit=7&archived=true").unwrap();
        assert_eq!((filters.role, filters.name.as_deref()), (Some(Role::Admin), Some("a b 7")));
        assert_eq!(filters.limit.map(|limit| limit.0.get()), Some(7));
        assert_eq!(filters.archived, Some(Parameter(true)));
        assert_eq!(read(""), Ok(NoParameters {}));
    }

    #[test]
    fn every_error_of_a_query_names_its_parameter_and_what_is_allowed() {
        let expected = [
            ("limit", "is given more than once"),
            ("name", "is empty. Give it a value, or leave it out"),
            ("role", "must be one of customer, operator, admin"),
            ("limit", "must be an integer from 1 to 100"),
            ("archived", "must be true or false"),
            ("a/b~", "is not known; the known parameters are: role, name, limit, archived"),
        ];
        assert_eq!(
            errors::<Filters>("role=&limit=0&name=&archived=1&limit=5&a/b~=1"),
            expected.map(|(name, detail)| FieldError::parameter(name, detail))
        );
        assert_eq!(
            errors::<NoParameters>("x=1")[0].to_string(),
            "The query parameter x is not known; the known parameters are: none."
        );
    }
}
