//! The user: its fields, its creation and its changes. Pure: ids and times come from the caller.

mod input;

pub(crate) use input::{NewUser, UserPatch};

use crate::error::Error;
use crate::rules;
use input::{AddressInput, PreferencesPatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, Role, Timestamp, UserId};
use uuid::Uuid;

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct User {
    /// The id, which stays.
    pub(crate) id: UserId,
    /// The e-mail address as it was written, with which the user logs in. No two users have the same one in any spelling.
    pub(crate) email: String,
    /// The name to call the user by.
    pub(crate) display_name: Option<String>,
    /// What the user may do.
    pub(crate) role: Role,
    /// Whether the user may use the account.
    pub(crate) status: Status,
    /// The language of messages to the user, as a language tag (BCP 47).
    pub(crate) locale: String,
    /// The number for text messages (E.164).
    pub(crate) phone: Option<String>,
    /// The saved addresses. One of them can be named in an order.
    pub(crate) addresses: Vec<Address>,
    /// The channels of messages to the user.
    pub(crate) notification_preferences: NotificationPreferences,
    /// The time of the registration or creation.
    pub(crate) created_at: Timestamp,
    /// The time of the last change.
    pub(crate) updated_at: Timestamp,
    /// Incremented by every change; sent as the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// Whether a user may use the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "UserStatus")]
pub(crate) enum Status {
    /// The user may.
    #[default]
    Active,
    /// An admin has deactivated the user: no log-in, and no session.
    Deactivated,
}

impl Status {
    /// Every status with its name.
    const NAMES: [(Self, &'static str); 2] = [(Self::Active, "active"), (Self::Deactivated, "deactivated")];

    /// Returns the status's name in the database and in bodies.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// Finds the status with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }
}

/// A saved address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SavedAddress")]
pub(crate) struct Address {
    /// The id, which an order can name, and which the address keeps when the list is written back.
    pub(crate) id: Uuid,
    /// What the user calls the address, such as "home".
    pub(crate) label: Option<String>,
    /// The recipient. An address that was saved before it could have one has the display name of the user, or `""` if there is none.
    #[serde(default)]
    pub(crate) name: String,
    /// Street, house and so on, 1 to 4 lines.
    pub(crate) lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead; `""` if it has neither.
    pub(crate) city: String,
    /// The postal code, as the country writes it; `""` if there is none.
    pub(crate) postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
    pub(crate) country: String,
}

/// The channels on which a user receives messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct NotificationPreferences {
    /// Whether by e-mail.
    pub(crate) email: bool,
    /// Whether by text message.
    pub(crate) sms: bool,
    /// Whether by push message.
    pub(crate) push: bool,
}

impl Default for NotificationPreferences {
    /// Returns e-mail alone: users expect it of a shop; they opt in to the other channels.
    fn default() -> Self {
        Self { email: true, sms: false, push: false }
    }
}

impl User {
    /// Creates a user from `new`. Addresses get ids from `new_id`.
    pub(crate) fn create(
        id: UserId,
        new: NewUser,
        now: Timestamp,
        new_id: impl FnMut() -> Uuid,
    ) -> Result<Self, Error> {
        Ok(Self {
            id,
            email: new.email.into(),
            display_name: new.display_name.map(Into::into),
            role: new.role,
            status: Status::Active,
            locale: new.locale.map_or_else(|| rules::DEFAULT_LOCALE.to_owned(), Into::into),
            phone: new.phone.map(Into::into),
            addresses: addresses(new.addresses.into(), &[], new_id)?,
            notification_preferences: NotificationPreferences::default().apply(&new.notification_preferences),
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// Applies `patch`, and increments the version.
    pub(crate) fn apply(self, patch: UserPatch, now: Timestamp, new_id: impl FnMut() -> Uuid) -> Result<Self, Error> {
        Ok(Self {
            email: patch.email.0.map_or(self.email, Into::into),
            display_name: patch.display_name.0.map_or(self.display_name, |name| name.map(Into::into)),
            role: patch.role.0.unwrap_or(self.role),
            locale: patch.locale.0.map_or(self.locale, Into::into),
            phone: patch.phone.0.map_or(self.phone, |phone| phone.map(Into::into)),
            addresses: match patch.addresses.0 {
                Some(inputs) => addresses(inputs.into(), &self.addresses, new_id)?,
                None => self.addresses,
            },
            notification_preferences: self.notification_preferences.apply(&patch.notification_preferences),
            updated_at: now,
            version: self.version + 1,
            ..self
        })
    }

    /// Sets the status, and increments the version.
    pub(crate) fn with_status(self, status: Status, now: Timestamp) -> Self {
        Self { status, updated_at: now, version: self.version + 1, ..self }
    }
}

impl NotificationPreferences {
    fn apply(self, patch: &PreferencesPatch) -> Self {
        Self {
            email: patch.email.0.unwrap_or(self.email),
            sms: patch.sms.0.unwrap_or(self.sms),
            push: patch.push.0.unwrap_or(self.push),
        }
    }
}

/// Converts `inputs` to addresses. An input with an id must match one of `current`, and only once.
fn addresses(
    inputs: Vec<AddressInput>,
    current: &[Address],
    mut new_id: impl FnMut() -> Uuid,
) -> Result<Vec<Address>, Error> {
    let mut errors = Vec::new();
    let mut addresses: Vec<Address> = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.into_iter().enumerate() {
        let AddressInput { id, label, name, lines, city, postal_code, country } = input;
        let id = match id {
            None => new_id(),
            Some(id) => {
                let known = current.iter().any(|address| address.id == id);
                if !known || addresses.iter().any(|address| address.id == id) {
                    errors.push(FieldError::new(
                        format!("/addresses/{index}/id"),
                        "is not the id of an address of this user, or is there twice; omit the id of a new address",
                    ));
                }
                id
            }
        };
        let (label, name) = (label.map(Into::into), name.into());
        addresses.push(Address { id, label, name, lines, city, postal_code, country });
    }
    if errors.is_empty() { Ok(addresses) } else { Err(Error::Invalid(errors)) }
}
