//! The events of users.

use super::EventData;
use crate::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A user was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRegistered {
    /// The user.
    pub user_id: UserId,
}

/// A user was erased, with all personal data. Published again, as another event, until each service has erased what it has of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserErased {
    /// The user.
    pub user_id: UserId,
}

/// The e-mail address of a user was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChanged {
    /// The user.
    pub user_id: UserId,
    /// The change, under which users keeps the previous address for a while. No event holds an address.
    pub change_id: Uuid,
}

impl EventData for EmailChanged {
    const NAME: &'static str = "EmailChanged";
}

impl EventData for UserRegistered {
    const NAME: &'static str = "UserRegistered";
}

impl EventData for UserErased {
    const NAME: &'static str = "UserErased";
}
