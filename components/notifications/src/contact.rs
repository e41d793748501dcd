//! Where somebody is to be reached: users is asked each time, so that nothing is sent to who is gone, or does not want it any more.

use crate::channel::Channel;
use crate::error::Error;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use spindle_contracts::UserId;
use spindle_platform::Context;
use std::time::Duration;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Where a user is to be reached, and how they wish to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Contact {
    email: String,
    phone: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) locale: String,
    notification_preferences: Preferences,
}

/// The channels that a user wants to be told on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Preferences {
    email: bool,
    sms: bool,
    push: bool,
}

impl Contact {
    /// Where `user` is reached on `channel`: nowhere if they do not want to be, or cannot.
    pub(crate) fn address(&self, user: UserId, channel: Channel) -> Option<String> {
        let Preferences { email, sms, push } = self.notification_preferences;
        match channel {
            Channel::Email => email.then(|| self.email.clone()),
            Channel::Sms => self.phone.clone().filter(|_| sms),
            Channel::Push => push.then(|| user.to_string()),
        }
    }
}

/// Where `user` is reached; nowhere once they are erased.
///
/// # Errors
///
/// [`Error::Users`] if users does not say.
pub(crate) async fn of(context: &Context, user: UserId) -> Result<Option<Contact>, Error> {
    let request = Request::get(format!("/internal/users/{user}/contact")).body(Bytes::new());
    let request = request.expect("a path made of an id");
    let response =
        context.client().call("users", request, TIMEOUT).await.map_err(|error| Error::Users(error.to_string()))?;
    match response.status() {
        StatusCode::OK => {
            serde_json::from_slice(response.body()).map(Some).map_err(|error| Error::Users(error.to_string()))
        }
        StatusCode::NOT_FOUND => Ok(None),
        status => Err(Error::Users(format!("users answered {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::Contact;
    use crate::channel::{ALL, Channel};
    use serde_json::json;
    use spindle_contracts::UserId;
    use uuid::Uuid;

    fn reached(phone: Option<&str>, preferences: [bool; 3]) -> Vec<Channel> {
        let [email, sms, push] = preferences;
        let contact: Contact = serde_json::from_value(json!({
            "email": "ada@example.com", "phone": phone, "display_name": null, "locale": "en",
            "notification_preferences": { "email": email, "sms": sms, "push": push },
        }))
        .unwrap();
        let user = UserId(Uuid::from_u128(1));
        ALL.into_iter().filter(|channel| contact.address(user, *channel).is_some()).collect()
    }

    #[test]
    fn somebody_is_reached_where_they_want_and_can_be() {
        assert_eq!(reached(None, [false; 3]), []);
        assert_eq!(reached(None, [true; 3]), [Channel::Email, Channel::Push]);
        assert_eq!(reached(Some("+4930123456"), [true; 3]), ALL);
        assert_eq!(reached(Some("+4930123456"), [false, true, false]), [Channel::Sms]);
        assert_eq!(reached(Some("+4930123456"), [true, false, false]), [Channel::Email]);
    }
}
