//! The events of users.

use super::EventData;
use crate::UserId;
use serde::{Deserialize, Serialize};

/// A user was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRegistered {
    /// The user.
    pub user_id: UserId,
}

/// A user was erased, with all personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserErased {
    /// The user.
    pub user_id: UserId,
}

impl EventData for UserRegistered {
    const NAME: &'static str = "UserRegistered";
}

impl EventData for UserErased {
    const NAME: &'static str = "UserErased";
}
