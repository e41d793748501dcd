//! Calls to other services and to external servers.

use crate::backend::current;
use crate::context::Context;
use crate::http::{Body, BodyError};
use crate::token::service::{self, Caller, Operation};
use crate::{config, trace};
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderValue, StatusCode, Uri};
use std::time::Duration;

mod provider;

pub use provider::{PROVIDER_SECRET_VARIABLE, ProviderCallError};

/// The header with the request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest response that is read, in bytes.
const MAX_RESPONSE: usize = 10 * 1024 * 1024;

/// The reason why a call has no response. A response of any status is not an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The response was not complete in time.
    #[error("no response within {0:?}")]
    Timeout(Duration),
    /// spin.toml does not allow this component to call that host.
    #[error("calling {0} is not allowed")]
    Denied(String),
    /// No server listens at the address.
    #[error("no connection: connection refused")]
    Refused,
    /// The host name in the address has no address.
    #[error("no connection: the host name was not resolved")]
    Unresolved,
    /// There is no connection for another reason.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The response is incomplete or too long.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The request cannot be sent.
    #[error("the request is not valid: {0}")]
    InvalidRequest(String),
    /// A variable that the call needs is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The token for the callee cannot be made.
    #[error(transparent)]
    Token(#[from] service::Error),
}

impl Error {
    /// Returns the failure as a client may read it: without hosts, addresses and texts of libraries, which are for the log.
    #[must_use]
    pub fn detail(&self) -> String {
        let detail = match self {
            Self::Timeout(limit) => return format!("no response within {} s", limit.as_secs_f64()),
            Self::Refused => "connection refused",
            Self::Unresolved => "the host name was not resolved",
            Self::Unreachable(_) => "no connection",
            Self::Denied(_) => "spin.toml does not allow the call",
            Self::Body(_) => "the response broke off or is too long",
            Self::InvalidRequest(_) => "the address is not valid",
            Self::Config(_) | Self::Token(_) => "a variable that the call needs has no valid value",
        };
        detail.to_owned()
    }
}

/// A client that sends requests on behalf of one incoming request, with its request id and its trace.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    context: &'a Context,
}

impl<'a> Client<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context }
    }

    /// Sends `request`, whose URI is absolute, and reads status and body of the response within `timeout`. Its headers are not read: no caller
    /// needs them, and they cost host calls.
    pub async fn send(self, request: http::Request<Bytes>, timeout: Duration) -> Result<http::Response<Bytes>, Error> {
        self.exchange(request, timeout, MAX_RESPONSE).await
    }

    /// Sends `request`, and reads a response of up to `limit` bytes.
    async fn exchange(
        self,
        request: http::Request<Bytes>,
        timeout: Duration,
        limit: usize,
    ) -> Result<http::Response<Bytes>, Error> {
        let read = async |body: Body| Ok(body.read(limit).await?);
        self.exchange_with(request, timeout, read).await
    }

    /// Sends `request`, and has `read` read the body of the response.
    async fn exchange_with<T>(
        self,
        mut request: http::Request<Bytes>,
        timeout: Duration,
        read: impl AsyncFnOnce(Body) -> Result<T, Error>,
    ) -> Result<http::Response<T>, Error> {
        let backend = &self.context.platform().backend;
        let headers = request.headers_mut();
        if let Ok(id) = HeaderValue::from_str(self.context.request_id()) {
            headers.insert(REQUEST_ID, id);
        }
        if let Ok(trace) = HeaderValue::from_str(&self.context.trace().to_string()) {
            headers.insert(trace::TRACEPARENT, trace);
        }
        let exchange = async {
            let (head, body) = current::http::send(backend, request, timeout).await?.into_parts();
            Ok(http::Response::from_parts(head, read(body).await?))
        };
        current::http::with_timeout(backend, timeout, exchange).await.unwrap_or(Err(Error::Timeout(timeout)))
    }

    /// Sends `request`, whose URI is a path, to another service with a service token. The service's address is the variable
    /// `<service>_url`.
    pub async fn call(
        self,
        service: &str,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<http::Response<Bytes>, Error> {
        self.send(self.address_to_service(service, request)?, timeout).await
    }

    /// Sends `request` as [`call`](Self::call) does, and returns the status of the response, whose body is not read.
    pub async fn call_for_status(
        self,
        service: &str,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<StatusCode, Error> {
        let request = self.address_to_service(service, request)?;
        Ok(self.exchange_with(request, timeout, async |_| Ok(())).await?.status())
    }

    fn address_to_service(self, service: &str, request: http::Request<Bytes>) -> Result<http::Request<Bytes>, Error> {
        let url_variable = format!("{service}_url");
        let callee = Callee { service, url_variable: &url_variable, secret_variable: service::SECRET_VARIABLE };
        self.address_to(callee, request)
    }

    /// Addresses `request`, whose URI is a path, to `callee`, and adds a token for this operation.
    fn address_to(self, callee: Callee<'_>, mut request: http::Request<Bytes>) -> Result<http::Request<Bytes>, Error> {
        let config = self.context.config();
        let base = config.get(callee.url_variable)?;
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = format!("{}{path}", base.trim_end_matches('/'));
        let caller = Caller { service: self.context.service().to_owned(), subject: self.context.subject() };
        let operation = Operation { service: callee.service, method: request.method(), path: request.uri().path() };
        let secret = config.get(callee.secret_variable)?;
        let token = service::mint(&secret, &caller, &operation, self.context.now())?;
        *request.uri_mut() = uri.parse::<Uri>().map_err(|error| Error::InvalidRequest(error.to_string()))?;
        let mut value = HeaderValue::try_from(format!("Bearer {token}")).expect("a token is base64url and dots");
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(request)
    }
}

/// The service that is called, and the variables with its address and its tokens' secret.
#[derive(Clone, Copy)]
struct Callee<'a> {
    service: &'a str,
    url_variable: &'a str,
    secret_variable: &'a str,
}

#[cfg(test)]
mod tests {
    use super::Error;
    use crate::config;
    use crate::http::json as respond;
    use crate::trace::TraceContext;
    use crate::{Context, Platform, Scope};
    use bytes::Bytes;
    use futures::executor::block_on;
    use http::StatusCode;
    use http::header::CONTENT_TYPE;
    use std::time::Duration;

    #[test]
    fn a_failed_call_is_named_without_addresses_and_texts_of_libraries() {
        for (error, expected) in [
            (Error::Timeout(Duration::from_millis(1500)), "no response within 1.5 s"),
            (Error::Refused, "connection refused"),
            (Error::Unresolved, "the host name was not resolved"),
            (Error::Unreachable("HttpProtocolError at 10.0.0.7".to_owned()), "no connection"),
            (Error::Denied("orders.internal:8080".to_owned()), "spin.toml does not allow the call"),
            (Error::InvalidRequest("invalid authority".to_owned()), "the address is not valid"),
            (
                Error::Config(config::Error::Undefined("orders_url".to_owned())),
                "a variable that the call needs has no valid value",
            ),
        ] {
            assert_eq!(error.detail(), expected);
        }
    }

    #[test]
    fn of_a_response_status_and_body_are_read_or_the_status_alone() {
        let platform = Platform::native()
            .with_variable("things_url", "http://things.spin.internal")
            .with_variable("service_token_secret", "the secret of the services, which is long enough")
            .build();
        platform.serve("things.spin.internal", |_| Box::pin(async { respond(StatusCode::ACCEPTED, &"yes") }));
        let trace = TraceContext::start(platform.random());
        let context = Context::new(platform, Scope { service: "caller", migrations: &[] }, "r-1".to_owned(), trace);
        let request = || http::Request::get("/internal/things").body(Bytes::new()).unwrap();
        let response = block_on(context.client().call("things", request(), Duration::from_secs(1))).unwrap();
        assert_eq!((response.status(), &response.body()[..]), (StatusCode::ACCEPTED, &b"\"yes\""[..]));
        assert!(
            !response.headers().contains_key(CONTENT_TYPE),
            "no caller may rely on a header that Spin's backend does not read"
        );
        let status = block_on(context.client().call_for_status("things", request(), Duration::from_secs(1))).unwrap();
        assert_eq!(status, StatusCode::ACCEPTED);
    }
}
