//! The bodies with which clients create and change users.

use crate::rules::{self, Locale, Phone};
use deserr::{Deserr, ValuePointerRef};
use schemars::JsonSchema;
use spindle_contracts::Role;
use spindle_contracts::address::{self, AddressLine};
use spindle_contracts::input::{BrokenRule, Email, InputErrors, Name, Patch};
use uuid::Uuid;

/// A new user. Everything but the e-mail address may be left out.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = rules::unknown_field)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// The e-mail address, with which the user logs in. Another user must not have it in any spelling.
    pub(super) email: Email,
    /// The name to call the user by.
    #[deserr(default)]
    pub(super) display_name: Option<Name>,
    /// What the user may do.
    #[deserr(default)]
    #[schemars(default)]
    pub(super) role: Role,
    /// The language of messages to the user. `en` if it is absent.
    #[deserr(default)]
    pub(super) locale: Option<Locale>,
    /// The number for text messages.
    #[deserr(default)]
    pub(super) phone: Option<Phone>,
    /// The saved addresses.
    #[deserr(default)]
    #[schemars(default)]
    pub(super) addresses: Addresses,
    /// The channels of messages to the user. E-mail alone if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub(super) notification_preferences: PreferencesPatch,
}

/// A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that may be empty.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = rules::unknown_field)]
#[schemars(deny_unknown_fields)]
pub(crate) struct UserPatch {
    /// The new e-mail address. Another one than the current one requires a log-in of the last five minutes.
    #[deserr(default)]
    pub(super) email: Patch<Email>,
    /// The new name to call the user by.
    #[deserr(default)]
    pub(super) display_name: Patch<Option<Name>>,
    /// The new role. Only an admin gives another one than the current one.
    #[deserr(default)]
    pub(super) role: Patch<Role>,
    /// The new language of messages to the user.
    #[deserr(default)]
    pub(super) locale: Patch<Locale>,
    /// The new number for text messages.
    #[deserr(default)]
    pub(super) phone: Patch<Option<Phone>>,
    /// The saved addresses from now on, all of them: one with the `id` that it was read with keeps it, and one without is new.
    #[deserr(default)]
    pub(super) addresses: Patch<Addresses>,
    /// The channels to turn on or off. The others stay.
    #[deserr(default)]
    #[schemars(default)]
    pub(super) notification_preferences: PreferencesPatch,
}

/// The saved addresses of a user.
#[derive(Debug, Default, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(Vec<AddressInput>) = Addresses::new -> BrokenRule)]
#[schemars(inline)]
pub(crate) struct Addresses(#[schemars(length(max = rules::MAX_ADDRESSES))] Vec<AddressInput>);

/// An address to save.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = AddressInput::with_required_fields -> Vec<BrokenRule>)]
#[schemars(rename = "SavedAddressInput", deny_unknown_fields, transform = address::require_fields_by_country)]
pub(crate) struct AddressInput {
    /// The id of the address, if the user has it already.
    #[deserr(default)]
    pub(super) id: Option<Uuid>,
    /// What the user calls the address, such as "home".
    #[deserr(default)]
    pub(super) label: Option<AddressLine>,
    /// The recipient.
    pub(super) name: Name,
    /// Street, house and so on.
    #[deserr(try_from(Vec<AddressLine>) = address::check_lines -> BrokenRule)]
    #[schemars(with = "Vec<AddressLine>", length(min = 1, max = address::MAX_LINES))]
    pub(super) lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead.
    #[deserr(default, try_from(String) = address::check_city -> BrokenRule)]
    #[schemars(default, length(max = address::MAX_LINE), extend("format" = "optional-line"))]
    pub(super) city: String,
    /// The postal code, as the country writes it.
    #[deserr(default, try_from(String) = address::check_postal_code -> BrokenRule)]
    #[schemars(default, length(max = address::MAX_POSTAL_CODE), extend("format" = "optional-line"))]
    pub(super) postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
    #[deserr(try_from(String) = address::check_country -> BrokenRule)]
    #[schemars(regex(pattern = "^[A-Z]{2}$"), extend("format" = "country"))]
    pub(super) country: String,
}

/// The channels of messages to turn on or off. An absent one stays.
#[derive(Debug, Default, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct PreferencesPatch {
    /// Whether by e-mail.
    #[deserr(default)]
    pub(super) email: Patch<bool>,
    /// Whether by text message.
    #[deserr(default)]
    pub(super) sms: Patch<bool>,
    /// Whether by push message.
    #[deserr(default)]
    pub(super) push: Patch<bool>,
}

impl UserPatch {
    /// Returns the new role, which may be the one that the user has, or `None` if the role stays.
    pub(crate) fn role(&self) -> Option<Role> {
        self.role.0
    }

    /// Returns the new e-mail address, which may be the one that the user has, or `None` if the address stays.
    pub(crate) fn email(&self) -> Option<&str> {
        self.email.0.as_deref()
    }

    /// Returns the names of the fields that the patch contains.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let PreferencesPatch { email, sms, push } = &self.notification_preferences;
        let fields = [
            ("email", self.email.0.is_some()),
            ("display_name", self.display_name.0.is_some()),
            ("role", self.role.0.is_some()),
            ("locale", self.locale.0.is_some()),
            ("phone", self.phone.0.is_some()),
            ("addresses", self.addresses.0.is_some()),
            ("notification_preferences", email.0.or(sms.0).or(push.0).is_some()),
        ];
        fields.into_iter().filter(|(_, contained)| *contained).map(|(name, _)| name).collect()
    }
}

impl Addresses {
    fn new(addresses: Vec<AddressInput>) -> Result<Self, BrokenRule> {
        if addresses.len() > rules::MAX_ADDRESSES {
            return Err(BrokenRule::new(format!("must have at most {} items", rules::MAX_ADDRESSES)));
        }
        Ok(Self(addresses))
    }
}

impl From<Addresses> for Vec<AddressInput> {
    fn from(addresses: Addresses) -> Self {
        addresses.0
    }
}

impl AddressInput {
    /// Returns the address, if it has the fields that its country requires.
    fn with_required_fields(self, _: ValuePointerRef<'_>) -> Result<Self, Vec<BrokenRule>> {
        let missing = address::missing_fields(&self.country, &self.city, &self.postal_code);
        if missing.is_empty() { Ok(self) } else { Err(missing) }
    }
}
