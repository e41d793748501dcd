//! The roles of users on the whole platform.

use crate::InputErrors;
use deserr::Deserr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The roles, from the least to the most powerful; each may do all that the ones before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Deserr, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = InputErrors, rename_all = lowercase)]
pub enum Role {
    /// Places orders.
    #[default]
    Customer,
    /// Runs the shop.
    Operator,
    /// Appoints operators and sees the audit log.
    Admin,
}

impl Role {
    /// Every role with its name.
    const NAMES: [(Role, &'static str); 3] =
        [(Role::Customer, "customer"), (Role::Operator, "operator"), (Role::Admin, "admin")];

    /// Returns the role's name in databases, tokens and bodies.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// Finds the role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }

    /// Returns whether this role includes `required`.
    pub fn includes(self, required: Self) -> bool {
        self >= required
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_role_is_read_from_its_name() {
        for role in [Role::Customer, Role::Operator, Role::Admin] {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        assert_eq!(Role::from_name("root"), None);
    }

    #[test]
    fn a_role_includes_those_below_it() {
        assert!(Role::Admin.includes(Role::Operator) && Role::Operator.includes(Role::Customer));
        assert!(!Role::Customer.includes(Role::Operator) && !Role::Operator.includes(Role::Admin));
    }
}
