//! The test client of all services.

use super::{Issuer, contract, service_token, user_id};
use crate::route::Service;
use crate::serve;
use bytes::Bytes;
use futures::executor::block_on;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_openapi::ResponseParts;
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::sql::FromRow;
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use std::ops::Deref;

/// A client that sends requests to one service on a native platform.
///
/// ```ignore
/// let client = TestClient::new(&SERVICE, &platform);
/// let order = client.post("/v1/orders").as_user(user_id(1), Role::Customer).json(&draft).send().expect(StatusCode::CREATED);
/// assert_eq!(order.json()["status"], "awaiting_payment");
/// let report = client.post("/internal/orders/tick").as_service("gateway").send();
/// ```
#[derive(Debug)]
pub struct TestClient {
    service: &'static Service,
    platform: Platform,
    issuer: Issuer,
    headers: HeaderMap,
    caller: Caller,
}

/// A request to be sent: without a body unless it is set, and of the client's caller unless it has another.
#[derive(Debug)]
#[must_use = "a request is sent by `send`"]
pub struct TestRequest<'c> {
    client: &'c TestClient,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    caller: Caller,
    body: Body,
}

/// The response to a test request: it has the methods of [`Response`], and those that tests need.
#[derive(Clone, Debug)]
pub struct TestResponse(Response);

/// The caller of a request, which determines its token.
#[derive(Clone, Debug)]
enum Caller {
    Anonymous,
    User(UserId, Role),
    Service(String),
}

impl TestClient {
    /// Makes a client of `service` on `platform`, and publishes the key of its users' tokens in place of auth's.
    pub fn new(service: &'static Service, platform: &Platform) -> Self {
        Self::of_issuer(service, platform, Issuer::new(platform))
    }

    /// Makes a client of `service` on `platform`, where the test itself publishes keys.
    pub fn without_issuer(service: &'static Service, platform: &Platform) -> Self {
        Self::of_issuer(service, platform, Issuer::with_key(platform, 7))
    }

    fn of_issuer(service: &'static Service, platform: &Platform, issuer: Issuer) -> Self {
        Self { service, platform: platform.clone(), issuer, headers: HeaderMap::new(), caller: Caller::Anonymous }
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        append(&mut self.headers, name, value);
        self
    }

    /// Sends the access token of `user` with `role` in every request that has no other caller.
    #[must_use]
    pub fn with_caller(self, user: UserId, role: Role) -> Self {
        Self { caller: Caller::User(user, role), ..self }
    }

    /// Returns the issuer of the users' tokens.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Returns the platform of the service.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Makes a context of the service without a request.
    pub fn context(&self) -> Context {
        let trace = TraceContext::start(self.platform.random());
        Context::new(self.platform.clone(), self.service.scope, "test".to_owned(), trace)
    }

    /// Returns the rows of `statement`, which has no parameters, in the database of the service.
    ///
    /// # Panics
    /// If the database refuses the statement, or a row is not a `T`.
    #[track_caller]
    pub fn rows<T: FromRow>(&self, statement: &str) -> Vec<T> {
        let rows = block_on(async { self.context().sql().await?.query_all(statement, &[]).await });
        rows.unwrap_or_else(|error| panic!("{statement}: {error}"))
    }

    /// Checks that the document of the service, if there is one, describes `response`.
    fn assert_described(&self, method: &Method, path: &str, response: &Response) {
        let Some(validator) = contract::validator(self.service.scope.service) else { return };
        let headers = response.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let parts = ResponseParts {
            method: method.as_str(),
            path,
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.body(),
        };
        validator.check(&parts).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Makes a request `GET target`.
    pub fn get(&self, target: &str) -> TestRequest<'_> {
        self.request(Method::GET, target)
    }

    /// Makes a request `POST target`.
    pub fn post(&self, target: &str) -> TestRequest<'_> {
        self.request(Method::POST, target)
    }

    /// Makes a request `PUT target`.
    pub fn put(&self, target: &str) -> TestRequest<'_> {
        self.request(Method::PUT, target)
    }

    /// Makes a request `PATCH target`.
    pub fn patch(&self, target: &str) -> TestRequest<'_> {
        self.request(Method::PATCH, target)
    }

    /// Makes a request `DELETE target`.
    pub fn delete(&self, target: &str) -> TestRequest<'_> {
        self.request(Method::DELETE, target)
    }

    /// Makes a request `method target`, where `target` is a path with or without a query.
    ///
    /// # Panics
    /// If `target` is not a URI.
    pub fn request(&self, method: Method, target: &str) -> TestRequest<'_> {
        TestRequest {
            client: self,
            method,
            uri: target.parse().expect("the target is a URI"),
            headers: self.headers.clone(),
            caller: self.caller.clone(),
            body: Body::empty(),
        }
    }
}

impl TestRequest<'_> {
    /// Sends the access token of `user` with `role`.
    pub fn as_user(self, user: UserId, role: Role) -> Self {
        Self { caller: Caller::User(user, role), ..self }
    }

    /// Sends an access token of `user` with `role` that was refreshed since the log-in at `logged_in_at`; `None` for a token that does not say
    /// when its user logged in.
    pub fn as_user_of_login(self, user: UserId, role: Role, logged_in_at: Option<Timestamp>) -> Self {
        let token = self.client.issuer.token_of_login(user, role, logged_in_at);
        Self { caller: Caller::Anonymous, ..self }.bearer(&token)
    }

    /// Sends the access token of user 1 with `role`: for operations that depend on the role alone.
    pub fn as_role(self, role: Role) -> Self {
        self.as_user(user_id(1), role)
    }

    /// Sends a service token of the service `name` for this operation.
    pub fn as_service(self, name: &str) -> Self {
        Self { caller: Caller::Service(name.to_owned()), ..self }
    }

    /// Sends `token` as it is.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        append(&mut self.headers, name, value);
        self
    }

    /// Sets the body to the JSON of `value`, and the content type to JSON unless the request has one.
    ///
    /// # Panics
    /// If `value` cannot be written as JSON.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        let body = serde_json::to_vec(value).expect("a request body is plain data");
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        Self { body: Body::from(Bytes::from(body)), ..self }
    }

    /// Sets the body to `body`, without a content type.
    pub fn body(self, body: impl Into<Body>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// Sends the request, and runs the work that it defers until after the response.
    pub fn send(self) -> TestResponse {
        let platform = self.client.platform.clone();
        let response = self.send_without_deferred_work();
        block_on(platform.run_deferred());
        response
    }

    /// Sends the request as to an instance that crashes after its response: deferred work waits for the next request.
    ///
    /// # Panics
    /// If the URI or a header is invalid, or the response is not one that the document of the service describes.
    pub fn send_without_deferred_work(self) -> TestResponse {
        let Self { client, method, uri, mut headers, caller, body } = self;
        let token = match caller {
            Caller::Anonymous => None,
            Caller::User(user, role) => Some(client.issuer.token(user, role)),
            Caller::Service(name) => {
                let service = client.service.scope.service;
                let operation = Operation { service, method: &method, path: uri.path() };
                Some(service_token(&client.platform, &name, &operation))
            }
        };
        if let Some(token) = token {
            append(&mut headers, "authorization", &format!("Bearer {token}"));
        }
        let mut request = http::Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = headers;
        let response = serve(client.service, client.platform.clone(), Request::new(request));
        let (response, is_complete) = block_on(async { client.platform.write_body(response.await).await });
        // A document that is cut is not one that the client takes for the described one.
        if is_complete {
            client.assert_described(&method, uri.path(), &response);
        }
        TestResponse(response)
    }
}

impl TestResponse {
    /// Asserts the status.
    ///
    /// # Panics
    /// If the response has another status.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.0.status(), status, "{}", String::from_utf8_lossy(self.0.body()));
        self
    }

    /// Returns the header `name`, if it is present and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// Returns the body as JSON.
    ///
    /// # Panics
    /// If the body is not JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.json_as()
    }

    /// Returns the status and the body as JSON, which is null if the body is empty.
    ///
    /// # Panics
    /// If the body is not JSON.
    #[track_caller]
    pub fn status_and_json(&self) -> (StatusCode, Value) {
        (self.0.status(), if self.0.body().is_empty() { Value::Null } else { self.json() })
    }

    /// Returns the status and the name of the problem, such as `409 conflict`.
    ///
    /// # Panics
    /// If the body is not a problem (RFC 9457) with one of Spindle's types.
    #[track_caller]
    pub fn problem(&self) -> String {
        let body = self.json();
        let name = body["type"].as_str().and_then(|uri| uri.strip_prefix("https://spindle.dev/problems/"));
        let name = name.unwrap_or_else(|| panic!("no problem of Spindle: {body}"));
        format!("{} {name}", self.0.status().as_u16())
    }

    /// Returns the target of the next page of a list, if there is one (RFC 8288).
    ///
    /// # Panics
    /// If the link is malformed, or is not one to the next page.
    #[track_caller]
    pub fn next_page(&self) -> Option<String> {
        let link = self.header("link")?;
        let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
        Some(target.unwrap_or_else(|| panic!("not a link to the next page: {link}")).to_owned())
    }

    /// Returns the body as a `T`.
    ///
    /// # Panics
    /// If the body is not a `T`.
    #[track_caller]
    pub fn json_as<T: DeserializeOwned>(&self) -> T {
        let text = || String::from_utf8_lossy(self.0.body()).into_owned();
        serde_json::from_slice(self.0.body()).unwrap_or_else(|error| panic!("{error}: {}", text()))
    }

    /// Returns the pointers of the errors of a 422.
    ///
    /// # Panics
    /// If the response is not a 422 with errors.
    #[track_caller]
    pub fn error_pointers(&self) -> Vec<String> {
        let body = self.json();
        assert_eq!(self.0.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {body}"));
        errors.iter().map(|error| error["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Deref for TestResponse {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.0
    }
}

fn append(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).unwrap_or_else(|error| panic!("{name}: {error}"));
    headers.append(HeaderName::from_static(name), value);
}
