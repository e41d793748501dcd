//! The contact data of a user. It is read from users for each message, so that no message goes to a user who is erased or has turned the
//! channel off.

use crate::channel::Channel;
use crate::error::Error;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use spindle_contracts::UserId;
use spindle_platform::Context;
use std::time::Duration;

/// The longest wait for a response.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(2);

/// The addresses and preferences of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Contact {
    email: String,
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
    /// Returns the address of `user` on `channel`; `None` if the user has turned it off, or has no address for it.
    pub(crate) fn address(&self, user: UserId, channel: Channel) -> Option<String> {
        let Preferences { email, sms, push } = self.notification_preferences;
        match channel {
            Channel::Email => email.then(|| self.email.clone()),
            Channel::Sms => self.phone.clone().filter(|_| sms),
            Channel::Push => push.then(|| user.to_string()),
        }
    }
}

/// Reads the contact data of `user` from users; `None` once the user is erased.
///
/// # Errors
///
/// [`Error::Users`] if users does not respond with it.
pub(crate) async fn fetch(context: &Context, user: UserId) -> Result<Option<Contact>, Error> {
    let request = Request::get(format!("/internal/users/{user}/contact")).body(Bytes::new());
    let request = request.expect("a path made of an id");
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
        ALL.into_iter().filter(|channel| contact.address(user, *channel).is_some()).collect()
    }

    #[test]
    fn a_user_has_an_address_on_each_channel_that_is_turned_on_and_possible() {
        assert_eq!(channels(None, [false; 3]), []);
        assert_eq!(channels(None, [true; 3]), [Channel::Email, Channel::Push]);
        assert_eq!(channels(Some("+4930123456"), [true; 3]), ALL);
        assert_eq!(channels(Some("+4930123456"), [false, true, false]), [Channel::Sms]);
        assert_eq!(channels(Some("+4930123456"), [true, false, false]), [Channel::Email]);
    }
}
