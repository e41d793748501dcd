//! What users tells.

use super::EventData;
use crate::UserId;
use serde::{Deserialize, Serialize};

/// A user came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRegistered {
    /// The user.
    pub user_id: UserId,
}

/// A user is gone, and everything personal with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserErased {
    /// Who it was.
    pub user_id: UserId,
}

impl EventData for UserRegistered {
    const NAME: &'static str = "UserRegistered";
}

impl EventData for UserErased {
    const NAME: &'static str = "UserErased";
}
