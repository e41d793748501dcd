//! The events of auth.

use super::EventData;
use crate::UserId;
use serde::{Deserialize, Serialize};

/// The password of a user was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// The user.
    pub user_id: UserId,
}

impl EventData for PasswordChanged {
    const NAME: &'static str = "PasswordChanged";
}
