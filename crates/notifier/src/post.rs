//! One HTTP POST, and what its answer means. Redirects are not followed: they would lead to where nobody has allowed.

#[cfg(target_family = "wasm")]
mod exchange;

use crate::{Error, Target};

/// What is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Where to.
    pub target: Target,
    /// Headers besides `Content-Type` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON.
    pub body: String,
}

/// Posts, and waits for the answer.
///
/// # Errors
///
/// [`Error::Retryable`] if none comes.
#[cfg(target_family = "wasm")]
pub fn send(post: &Post) -> Result<Answer, Error> {
    let Target { is_https, authority, path } = &post.target;
    let answer = exchange::post(*is_https, authority, path, &post.headers, &post.body);
    answer.map(|(status, body)| Answer { status, body }).map_err(Error::Retryable)
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// As much of the body as is worth reading.
    pub body: Vec<u8>,
}

impl Answer {
    /// Nothing if what was asked for was done.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] if the server cannot do it now: 408, 425, 429 and 5xx. [`Error::Rejected`] if it never will.
    pub fn accepted(&self) -> Result<(), Error> {
        let text = format!("answered {}", self.status);
        match self.status {
            200..=299 => Ok(()),
            408 | 425 | 429 | 500..=599 => Err(Error::Retryable(text)),
            _ => Err(Error::Rejected(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::Error;

    #[test]
    fn the_status_decides() {
        let retryable = |status: u16| Err(Error::Retryable(format!("answered {status}")));
        let rejected = |status: u16| Err(Error::Rejected(format!("answered {status}")));
        for status in [200, 201, 202, 204] {
            assert_eq!(Answer { status, body: Vec::new() }.accepted(), Ok(()), "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(Answer { status, body: Vec::new() }.accepted(), retryable(status));
        }
        for status in [301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422] {
            assert_eq!(Answer { status, body: Vec::new() }.accepted(), rejected(status));
        }
    }
}
