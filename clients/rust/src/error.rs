//! The error of every function of this crate.

use progenitor_client::Error as OperationError;
use reqwest::StatusCode;

use crate::Problem;
use crate::retries::retry_after;

/// The result of a function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// The reason why a call failed. The error of an operation's `send` converts into it: `?` does, and so does `.map_err(Error::from)`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The platform refused the request, or failed, and says why.
    #[error(transparent)]
    Problem(#[from] Box<Problem>),
    /// No response came, or only a part of it.
    #[error("the platform cannot be reached")]
    Network(#[source] reqwest::Error),
    /// The response is none of those that the API describes, as it may be one of a proxy.
    #[error("the response has the status {0}, which the API does not describe here")]
    UnexpectedStatus(StatusCode),
    /// The body of the response is not what the API describes, as it may be one of a proxy.
    #[error("the body of the response is not what the API describes")]
    UnexpectedBody(#[source] serde_json::Error),
    /// The request lacks a value, or cannot be written.
    #[error("the request is incomplete: {0}")]
    Request(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

impl Error {
    /// Returns the problem, if the platform described one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// Returns the status of the response, if there is one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Problem(problem) => StatusCode::from_u16(problem.status).ok(),
            Self::UnexpectedStatus(status) => Some(*status),
            _ => None,
        }
    }
}

impl From<OperationError<Problem>> for Error {
    fn from(error: OperationError<Problem>) -> Self {
        match error {
            OperationError::ErrorResponse(response) => {
                let retry_after = retry_after(response.headers());
                Self::Problem(Box::new(Problem { retry_after, ..response.into_inner() }))
            }
            OperationError::CommunicationError(error)
            | OperationError::ResponseBodyError(error)
            | OperationError::InvalidUpgrade(error) => error.into(),
            // The body is left out: it may have tokens.
            OperationError::InvalidResponsePayload(_, error) => Self::UnexpectedBody(error),
            OperationError::UnexpectedResponse(response) => Self::UnexpectedStatus(response.status()),
            OperationError::InvalidRequest(detail) | OperationError::Custom(detail) => Self::Request(detail),
        }
    }
}

impl From<crate::types::error::ConversionError> for Error {
    fn from(error: crate::types::error::ConversionError) -> Self {
        Self::Request(error.to_string())
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() { Self::Request(error.to_string()) } else { Self::Network(error) }
    }
}
