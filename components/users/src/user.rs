//! A user: its parts, how one comes to be and how one changes. Pure: ids and times come from the caller.

use crate::error::Error;
use crate::rules;
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, PostalAddress, Role, Timestamp, UserId};
use uuid::Uuid;

/// A user as stored and as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) display_name: Option<String>,
    pub(crate) role: Role,
    pub(crate) locale: String,
    pub(crate) phone: Option<String>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) notification_preferences: NotificationPreferences,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Raised by every change; shown as the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// A postal address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) id: Uuid,
    #[serde(flatten)]
    pub(crate) place: Place,
}

/// Where an address is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) label: Option<String>,
    #[serde(flatten)]
    pub(crate) postal: PostalAddress,
}

/// The channels on which a user wants to be told things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NotificationPreferences {
    pub(crate) email: bool,
    pub(crate) sms: bool,
    pub(crate) push: bool,
}

impl Default for NotificationPreferences {
    /// E-mail is what a user expects of a shop; the rest is asked for.
    fn default() -> Self {
        Self { email: true, sms: false, push: false }
    }
}

/// A user to be created, as a client describes one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    email: String,
    display_name: Option<String>,
    #[serde(default)]
    role: Role,
    locale: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    addresses: Vec<AddressDraft>,
    #[serde(default)]
    notification_preferences: PreferencesChange,
}

/// A change of a user: what is absent stays, and `null` clears what may be empty (RFC 7396); elsewhere it is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    email: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    display_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    role: Option<Role>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    locale: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    addresses: Option<Vec<AddressDraft>>,
    #[serde(default)]
    notification_preferences: PreferencesChange,
}

impl Change {
    /// The role that it gives, if it gives one.
    pub(crate) fn role(&self) -> Option<Role> {
        self.role
    }

    /// The names of what it touches.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let PreferencesChange { email, sms, push } = self.notification_preferences;
        let fields = [
            ("email", self.email.is_some()),
            ("display_name", self.display_name.is_some()),
            ("role", self.role.is_some()),
            ("locale", self.locale.is_some()),
            ("phone", self.phone.is_some()),
            ("addresses", self.addresses.is_some()),
            ("notification_preferences", email.or(sms).or(push).is_some()),
        ];
        fields.into_iter().filter(|(_, touched)| *touched).map(|(name, _)| name).collect()
    }
}

/// An address as a client sends it: with its id if it is one that the user has, without if it is new.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressDraft {
    id: Option<Uuid>,
    label: Option<String>,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
}

/// The preferences to change; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreferencesChange {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    email: Option<bool>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    sms: Option<bool>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    push: Option<bool>,
}

impl User {
    /// A new user out of `draft`. Addresses get ids from `new_id`.
    pub(crate) fn create(
        id: UserId,
        draft: Draft,
        now: Timestamp,
        new_id: impl FnMut() -> Uuid,
    ) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let user = Self {
            id,
            email: draft.email,
            display_name: draft.display_name,
            role: draft.role,
            locale: draft.locale.unwrap_or_else(|| rules::DEFAULT_LOCALE.to_owned()),
            phone: draft.phone,
            addresses: addresses(draft.addresses, &[], new_id, &mut errors),
            notification_preferences: NotificationPreferences::default().changed(&draft.notification_preferences),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        user.valid(errors)
    }

    /// This user after `change`, one version on.
    pub(crate) fn changed(self, change: Change, now: Timestamp, new_id: impl FnMut() -> Uuid) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let user = Self {
            email: change.email.unwrap_or(self.email),
            display_name: change.display_name.unwrap_or(self.display_name),
            role: change.role.unwrap_or(self.role),
            locale: change.locale.unwrap_or(self.locale),
            phone: change.phone.unwrap_or(self.phone),
            addresses: match change.addresses {
                Some(drafts) => addresses(drafts, &self.addresses, new_id, &mut errors),
                None => self.addresses,
            },
            notification_preferences: self.notification_preferences.changed(&change.notification_preferences),
            updated_at: now,
            version: self.version + 1,
            ..self
        };
        user.valid(errors)
    }

    fn valid(self, mut errors: Vec<FieldError>) -> Result<Self, Error> {
        rules::check(&self, &mut errors);
        if errors.is_empty() { Ok(self) } else { Err(Error::Invalid(errors)) }
    }
}

impl NotificationPreferences {
    fn changed(self, change: &PreferencesChange) -> Self {
        Self {
            email: change.email.unwrap_or(self.email),
            sms: change.sms.unwrap_or(self.sms),
            push: change.push.unwrap_or(self.push),
        }
    }
}

/// The addresses in `drafts`. One with an id must be in `current`, and only once.
fn addresses(
    drafts: Vec<AddressDraft>,
    current: &[Address],
    mut new_id: impl FnMut() -> Uuid,
    errors: &mut Vec<FieldError>,
) -> Vec<Address> {
    let mut addresses: Vec<Address> = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        let AddressDraft { id, label, lines, city, postal_code, country } = draft;
        let id = match id {
            None => new_id(),
            Some(id) => {
                let known = current.iter().any(|address| address.id == id);
                if !known || addresses.iter().any(|address| address.id == id) {
                    errors.push(FieldError::new(
                        format!("/addresses/{index}/id"),
                        "is not an address of this user; leave it out for a new one",
                    ));
                }
                id
            }
        };
        let postal = PostalAddress { lines, city, postal_code, country };
        addresses.push(Address { id, place: Place { label, postal } });
    }
    addresses
}
