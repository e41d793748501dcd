//! One HTTP POST and its response. Redirects are not followed: they could lead to a target that the operator has not allowed.

#[cfg(target_family = "wasm")]
mod exchange;

use crate::{Error, Target};

/// An HTTP POST of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRequest {
    /// The target.
    pub target: Target,
    /// Headers besides `Content-Type` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON.
    pub body: String,
}

/// Sends the request, and returns the response.
///
/// # Errors
///
/// [`Error::Retryable`] if there is no response in time.
#[cfg(target_family = "wasm")]
pub fn send(request: &PostRequest) -> Result<PostResponse, Error> {
    let Target { is_https, authority, path } = &request.target;
    let response = exchange::post(*is_https, authority, path, &request.headers, &request.body);
    response.map(|(status, body)| PostResponse { status, body }).map_err(Error::Retryable)
}

/// The response to a POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostResponse {
    /// The status.
    pub status: u16,
    /// The body, up to 16 KiB.
    pub body: Vec<u8>,
}

impl PostResponse {
    /// Checks that the status is 2xx.
    ///
    /// # Errors
    ///
    /// [`Error::Retryable`] for a temporary failure: 408, 425, 429 and 5xx. [`Error::Rejected`] for any other status.
    pub fn check_status(&self) -> Result<(), Error> {
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
    use super::PostResponse;
    use crate::Error;

    #[test]
    fn the_status_selects_the_error() {
        let retryable = |status: u16| Err(Error::Retryable(format!("answered {status}")));
        let rejected = |status: u16| Err(Error::Rejected(format!("answered {status}")));
        for status in [200, 201, 202, 204] {
            assert_eq!(PostResponse { status, body: Vec::new() }.check_status(), Ok(()), "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(PostResponse { status, body: Vec::new() }.check_status(), retryable(status));
        }
        for status in [301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422] {
            assert_eq!(PostResponse { status, body: Vec::new() }.check_status(), rejected(status));
        }
    }
}
