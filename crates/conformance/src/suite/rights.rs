//! Checks of the use of rights: hosts, sockets, and secrets.

use super::Suite;
use crate::check::Check;
use crate::report::Verdict;
use crate::settings::KEY;
use crate::stub_server::{REDIRECT_HOST, Reply};

/// The length below which a secret is not searched for: a shorter one occurs by chance.
const SHORTEST: usize = 5;

/// The number of characters of a long secret that are searched for.
const LONGEST: usize = 64;

impl Suite<'_> {
    pub(super) async fn redirects(&mut self) -> Verdict {
        let replies = [302, 307, 308];
        for status in replies {
            for test_call in self.test_calls_to_service(&status.to_string(), &Reply::Redirect(status)) {
                self.call(Check::Redirects, test_call).await;
            }
        }
        self.no_call("no redirect is followed".to_owned(), |checked| {
            let seen = checked.call.requests.iter().find(|seen| seen.host == REDIRECT_HOST)?;
            Some(format!("it followed a redirect to {}", seen.url))
        })
    }

    pub(super) fn hosts(&self) -> Verdict {
        let requests: usize = self.calls.iter().map(|checked| checked.call.requests.len()).sum();
        self.no_call(format!("{requests} requests to configured hosts"), |checked| {
            let seen = checked.call.requests.iter().find(|seen| !seen.allowed && seen.host != REDIRECT_HOST)?;
            Some(format!("it calls {}", seen.host))
        })
    }

    pub(super) fn sockets(&self) -> Verdict {
        self.no_call("no socket is used".to_owned(), |checked| {
            (checked.call.sockets > 0).then(|| "it tries to use a socket".to_owned())
        })
    }

    pub(super) fn secrets(&self) -> Verdict {
        let key = self.provider.settings().variables.get(KEY).cloned();
        self.no_call("no secret is revealed".to_owned(), |checked| {
            let response = checked.call.response.as_ref().ok();
            let labels = response.iter().flat_map(|response| response.adjustments.iter().map(|one| one.label.as_str()));
            let returned: Vec<&str> = response.iter().map(|response| response.text.as_str()).chain(labels).collect();
            let secrets = [("the variable \"key\"", key.as_deref()), ("the token", checked.secret.as_deref())];
            secrets.into_iter().find_map(|(name, secret)| {
                let secret: String = secret?.chars().take(LONGEST).collect();
                if secret.len() < SHORTEST {
                    return None;
                }
                let printed = checked.call.output.contains(&secret);
                let is_returned = returned.iter().any(|text| text.contains(&secret));
                (printed || is_returned).then(|| format!("it {} {name}", if printed { "prints" } else { "returns" }))
            })
        })
    }
}
