//! The user: its fields, its creation and its changes. Pure: ids and times come from the caller.

use crate::error::Error;
use crate::rules;
use serde::{Deserialize, Serialize};
use spindle_contracts::{FieldError, PostalAddress, Role, Timestamp, UserId};
use std::borrow::Cow;
use uuid::Uuid;

/// A user as stored, and as serialised in a response.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) display_name: Option<String>,
    pub(crate) role: Role,
    pub(crate) status: Status,
    pub(crate) locale: String,
    pub(crate) phone: Option<String>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) notification_preferences: NotificationPreferences,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Incremented by every change; sent as the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// Whether a user may use the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// The user may.
    #[default]
    Active,
    /// An admin has deactivated the user.
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

/// A postal address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) id: Uuid,
    pub(crate) label: Option<String>,
    #[serde(flatten)]
    pub(crate) postal: PostalAddress,
}

/// The channels on which a user receives notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NotificationPreferences {
    pub(crate) email: bool,
    pub(crate) sms: bool,
    pub(crate) push: bool,
}

impl Default for NotificationPreferences {
    /// Returns e-mail alone: users expect it of a shop; they opt in to the other channels.
    fn default() -> Self {
        Self { email: true, sms: false, push: false }
    }
}

/// The body of a request that creates a user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    email: String,
    display_name: Option<String>,
    #[serde(default)]
    role: Role,
    locale: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    addresses: Vec<AddressInput>,
    #[serde(default)]
    notification_preferences: PreferencesPatch,
}

/// The body of a PATCH (RFC 7396): absent fields stay, and `null` clears a field that may be empty; elsewhere `null` is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
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
    addresses: Option<Vec<AddressInput>>,
    #[serde(default)]
    notification_preferences: PreferencesPatch,
}

impl UserPatch {
    /// Returns the new role, or `None` if the role stays.
    pub(crate) fn role(&self) -> Option<Role> {
        self.role
    }

    /// Returns whether the patch contains an e-mail address, also the one that the user has.
    pub(crate) fn contains_email(&self) -> bool {
        self.email.is_some()
    }

    /// Returns the names of the fields that the patch contains.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let PreferencesPatch { email, sms, push } = self.notification_preferences;
        let fields = [
            ("email", self.email.is_some()),
            ("display_name", self.display_name.is_some()),
            ("role", self.role.is_some()),
            ("locale", self.locale.is_some()),
            ("phone", self.phone.is_some()),
            ("addresses", self.addresses.is_some()),
            ("notification_preferences", email.or(sms).or(push).is_some()),
        ];
        fields.into_iter().filter(|(_, contained)| *contained).map(|(name, _)| name).collect()
    }
}

/// An address in a request: with an id if it is an address that the user has, without if it is new.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressInput {
    id: Option<Uuid>,
    label: Option<String>,
    lines: Vec<String>,
    #[serde(default)]
    city: String,
    #[serde(default)]
    postal_code: String,
    country: String,
}

/// The preferences to change; absent ones stay.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreferencesPatch {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    email: Option<bool>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    sms: Option<bool>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    push: Option<bool>,
}

impl User {
    /// Creates a user from `new`. Addresses get ids from `new_id`.
    pub(crate) fn create(
        id: UserId,
        new: NewUser,
        now: Timestamp,
        new_id: impl FnMut() -> Uuid,
    ) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let user = Self {
            id,
            email: new.email,
            display_name: new.display_name,
            role: new.role,
            status: Status::Active,
            locale: new.locale.unwrap_or_else(|| rules::DEFAULT_LOCALE.to_owned()),
            phone: new.phone,
            addresses: addresses(new.addresses, &[], new_id, &mut errors),
            notification_preferences: NotificationPreferences::default().apply(&new.notification_preferences),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        user.check(&mut errors);
        user.if_valid(errors)
    }

    /// Applies `patch`, and increments the version.
    ///
    /// A field that was stored before its rule became stricter does not block a change of other fields.
    pub(crate) fn apply(self, patch: UserPatch, now: Timestamp, new_id: impl FnMut() -> Uuid) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let changed = patch.fields();
        let user = Self {
            email: patch.email.unwrap_or(self.email),
            display_name: patch.display_name.unwrap_or(self.display_name),
            role: patch.role.unwrap_or(self.role),
            locale: patch.locale.unwrap_or(self.locale),
            phone: patch.phone.unwrap_or(self.phone),
            addresses: match patch.addresses {
                Some(inputs) => addresses(inputs, &self.addresses, new_id, &mut errors),
                None => self.addresses,
            },
            notification_preferences: self.notification_preferences.apply(&patch.notification_preferences),
            updated_at: now,
            version: self.version + 1,
            ..self
        };
        user.check(&mut errors);
        errors.retain(|error| error.is_in(&changed));
        user.if_valid(errors)
    }

    /// Sets the status, and increments the version.
    pub(crate) fn with_status(self, status: Status, now: Timestamp) -> Self {
        Self { status, updated_at: now, version: self.version + 1, ..self }
    }

    /// Adds an error to `errors` for each rule that the user breaks.
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut refuse_broken = |pointer: &str, result: Option<Result<(), Cow<'static, str>>>| {
            if let Some(Err(requirement)) = result {
                errors.push(FieldError::new(pointer, requirement));
            }
        };
        refuse_broken("/email", Some(rules::email(&self.email)));
        refuse_broken("/display_name", self.display_name.as_deref().map(rules::name));
        refuse_broken("/locale", Some(rules::locale(&self.locale)));
        refuse_broken("/phone", self.phone.as_deref().map(rules::phone));
        if self.addresses.len() > rules::MAX_ADDRESSES {
            errors.push(FieldError::new("/addresses", rules::TOO_MANY_ADDRESSES));
        }
        for (index, address) in self.addresses.iter().take(rules::MAX_ADDRESSES).enumerate() {
            let pointer = format!("/addresses/{index}");
            if let Some(Err(requirement)) = address.label.as_deref().map(rules::text) {
                errors.push(FieldError::new(format!("{pointer}/label"), requirement));
            }
            address.postal.check(&pointer, errors);
        }
    }

    /// Returns the user if there are no `errors`.
    fn if_valid(self, errors: Vec<FieldError>) -> Result<Self, Error> {
        if errors.is_empty() { Ok(self) } else { Err(Error::Invalid(errors)) }
    }
}

impl NotificationPreferences {
    fn apply(self, patch: &PreferencesPatch) -> Self {
        Self {
            email: patch.email.unwrap_or(self.email),
            sms: patch.sms.unwrap_or(self.sms),
            push: patch.push.unwrap_or(self.push),
        }
    }
}

/// Converts `inputs` to addresses. An input with an id must match one of `current`, and only once.
fn addresses(
    inputs: Vec<AddressInput>,
    current: &[Address],
    mut new_id: impl FnMut() -> Uuid,
    errors: &mut Vec<FieldError>,
) -> Vec<Address> {
    let mut addresses: Vec<Address> = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.into_iter().enumerate() {
        let AddressInput { id, label, lines, city, postal_code, country } = input;
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
        let postal = PostalAddress { lines, city, postal_code, country };
        addresses.push(Address { id, label, postal });
    }
    addresses
}
