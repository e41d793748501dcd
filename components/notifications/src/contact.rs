//! The contact data of a user. It is read from users right before the transaction after which a message is sent, and stored nowhere, so that no
//! message goes to a user who is erased or has turned the channel off.

use crate::channel::Channel;
use crate::error::Error;
use crate::template::Addressee;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use spindle_contracts::UserId;
use spindle_platform::Context;
use std::time::Duration;
use uuid::Uuid;

/// The longest wait for a response.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(2);

/// The addresses and preferences of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Contact {
    email: String,
    /// The e-mail address before the change that was asked for, as long as users keeps it.
    #[serde(default)]
    previous_email: Option<String>,
    phone: Option<String>,
    pub(crate) locale: String,
    notification_preferences: Preferences,
}

/// The channels that a user has turned on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Preferences {
    email: bool,
    sms: bool,
    push: bool,
}

impl Contact {
    /// Returns the address of `user` on `channel` for messages to `addressee`; `None` if there is none, or the user has turned it off and may.
    pub(crate) fn address(&self, user: UserId, channel: Channel, addressee: Addressee) -> Option<String> {
        match (addressee, channel) {
            (Addressee::Preferred, _) => self.preferred_address(user, channel),
            (Addressee::Account, Channel::Email) => Some(self.email.clone()),
            (Addressee::PreviousAccount, Channel::Email) => self.previous_email.clone(),
            (Addressee::Account | Addressee::PreviousAccount, Channel::Sms | Channel::Push) => None,
        }
    }

    fn preferred_address(&self, user: UserId, channel: Channel) -> Option<String> {
        let Preferences { email, sms, push } = self.notification_preferences;
        match channel {
            Channel::Email => email.then(|| self.email.clone()),
            Channel::Sms => self.phone.clone().filter(|_| sms),
            Channel::Push => push.then(|| user.to_string()),
        }
    }
}

/// Reads the contact data of `user` from users, with the e-mail address before the change `email_change` if one is given; `None` once the user
/// is erased.
///
/// # Errors
///
/// [`Error::Users`] if users does not respond with it.
pub(crate) async fn fetch(
    context: &Context,
    user: UserId,
    email_change: Option<Uuid>,
) -> Result<Option<Contact>, Error> {
    let query = email_change.map_or_else(String::new, |change| format!("?email_change={change}"));
    let request = Request::get(format!("/internal/users/{user}/contact{query}")).body(Bytes::new());
    let request = request.expect("a target made of ids");
    let response =
        context.client().call("users", request, TIMEOUT).await.map_err(|error| Error::Users(error.to_string()))?;
    match response.status() {
        StatusCode::OK => {
            serde_json::from_slice(response.body()).map(Some).map_err(|error| Error::Users(error.to_string()))
        }
        StatusCode::NOT_FOUND => Ok(None),
        status => Err(Error::Users(format!("users responded with {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::Contact;
    use crate::channel::{ALL, Channel};
    use crate::template::Addressee;
    use serde_json::json;
    use spindle_contracts::UserId;
    use uuid::Uuid;

    fn channels(phone: Option<&str>, preferences: [bool; 3]) -> Vec<Channel> {
        let [email, sms, push] = preferences;
        let contact: Contact = serde_json::from_value(json!({
            "email": "ada@example.com", "phone": phone, "locale": "en",
            "notification_preferences": { "email": email, "sms": sms, "push": push },
        }))
        .unwrap();
        let user = UserId(Uuid::from_u128(1));
        ALL.into_iter().filter(|channel| contact.address(user, *channel, Addressee::Preferred).is_some()).collect()
    }

    #[test]
    fn a_user_has_an_address_on_each_channel_that_is_turned_on_and_possible() {
        assert_eq!(channels(None, [false; 3]), []);
        assert_eq!(channels(None, [true; 3]), [Channel::Email, Channel::Push]);
        assert_eq!(channels(Some("+4930123456"), [true; 3]), ALL);
        assert_eq!(channels(Some("+4930123456"), [false, true, false]), [Channel::Sms]);
        assert_eq!(channels(Some("+4930123456"), [true, false, false]), [Channel::Email]);
    }
    #[test]
    fn the_owner_of_an_account_is_notified_by_email_whatever_is_turned_off() {
        let contact = |previous: Option<&str>| -> Contact {
            serde_json::from_value(json!({
                "email": "new@example.com", "previous_email": previous, "phone": "+4930123456", "display_name": null,
                "locale": "en", "notification_preferences": { "email": false, "sms": true, "push": true },
            }))
            .unwrap()
        };
        let user = UserId(Uuid::from_u128(1));
        let addresses = |contact: &Contact, addressee| ALL.map(|channel| contact.address(user, channel, addressee));
        let email = |address: &str| ALL.map(|channel| (channel == Channel::Email).then(|| address.to_owned()));
        let changed = contact(Some("old@example.com"));
        assert_eq!(addresses(&changed, Addressee::Account), email("new@example.com"));
        assert_eq!(addresses(&changed, Addressee::PreviousAccount), email("old@example.com"));
        assert_eq!(addresses(&contact(None), Addressee::PreviousAccount), [None, None, None]);
    }
}
