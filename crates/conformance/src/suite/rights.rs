//! What a provider did with what it can reach: hosts, sockets, and the secrets that it was trusted with.

use super::Suite;
use crate::check::Check;
use crate::peer::{ELSEWHERE, Reply};
use crate::report::Verdict;
use crate::settings::KEY;

/// A secret that is shorter is in every text by chance.
const SHORTEST: usize = 5;

/// As much of a long secret as nobody writes by chance.
const LONGEST: usize = 64;

impl Suite<'_> {
    pub(super) async fn redirects(&mut self) -> Verdict {
        let replies = [302, 307, 308];
        for status in replies {
            for trial in self.each_asking(&status.to_string(), &Reply::Redirect(status)) {
                self.ask(Check::Redirects, trial).await;
            }
        }
        self.never("none is followed".to_owned(), |asked| {
            let seen = asked.call.seen.iter().find(|seen| seen.host == ELSEWHERE)?;
            Some(format!("it was sent to {}, and went", seen.url))
        })
    }

    pub(super) fn hosts(&self) -> Verdict {
        let requests: usize = self.asked.iter().map(|asked| asked.call.seen.len()).sum();
        self.never(format!("{requests} requests to hosts that it is configured for"), |asked| {
            let seen = asked.call.seen.iter().find(|seen| !seen.allowed && seen.host != ELSEWHERE)?;
            Some(format!("it asks {}", seen.host))
        })
    }

    pub(super) fn sockets(&self) -> Verdict {
        self.never("none is used".to_owned(), |asked| (asked.call.sockets > 0).then(|| "it wants a socket".to_owned()))
    }

    pub(super) fn secrets(&self) -> Verdict {
        let key = self.subject.settings().variables.get(KEY).cloned();
        self.never("none is told".to_owned(), |asked| {
            let answer = asked.call.answer.as_ref().ok();
            let labels = answer.iter().flat_map(|answer| answer.adjustments.iter().map(|one| one.label.as_str()));
            let told: Vec<&str> = answer.iter().map(|answer| answer.text.as_str()).chain(labels).collect();
            let secrets = [("the variable \"key\"", key.as_deref()), ("the token", asked.secret.as_deref())];
            secrets.into_iter().find_map(|(name, secret)| {
                let secret: String = secret?.chars().take(LONGEST).collect();
                if secret.len() < SHORTEST {
                    return None;
                }
                let printed = asked.call.output.contains(&secret);
                let is_told = told.iter().any(|text| text.contains(&secret));
                (printed || is_told).then(|| format!("it {} {name}", if printed { "prints" } else { "answers with" }))
            })
        })
    }
}
