//! The client.

use std::ops::Deref;

use crate::generated::Client;
use crate::session::Session;
use crate::types::{LoginRequest, RefreshTokenRequest, RegisterRequest};
use crate::{Builder, Result, Secret};

/// A client of the API, with the session of one user at most. Clones share both, and are cheap.
///
/// It has every operation of the API as a method: see [`Operations`](crate::Operations), of which [`log_in`](Self::log_in),
/// [`register`](Self::register) and [`log_out`](Self::log_out) have simpler forms here.
#[derive(Clone, Debug)]
pub struct Spindle {
    operations: Client,
}

impl Spindle {
    /// Returns the settings of a client for the platform at `base_url`, such as `https://shop.example.com`.
    pub fn builder(base_url: &str) -> Builder {
        Builder::new(base_url)
    }

    pub(crate) fn new(operations: Client) -> Self {
        Self { operations }
    }

    /// Logs in. All further requests are those of the user.
    ///
    /// # Errors
    ///
    /// A problem `invalid-credentials` if e-mail address or password are wrong, `account-locked` after several of them.
    pub async fn log_in(&self, email: &str, password: impl Into<Secret>) -> Result<Session> {
        let body = LoginRequest { email: email.to_owned(), password: password.into() };
        let session = Session::from(self.operations.log_in().body(body).send().await?.into_inner());
        self.operations.inner.0.session.set(Some(session.clone()));
        Ok(session)
    }

    /// Registers a user, and logs in.
    ///
    /// # Errors
    ///
    /// A problem `conflict` if another user has the e-mail address, `validation-failed` if a value breaks a rule.
    pub async fn register(&self, request: RegisterRequest) -> Result<Session> {
        let (email, password) = (request.email.clone(), request.password.clone());
        self.operations.register().body(request).send().await?;
        self.log_in(&email, password).await
    }

    /// Logs out. The session is gone from this client in any case; its tokens are invalid if this succeeds.
    ///
    /// # Errors
    ///
    /// If the platform cannot be reached.
    pub async fn log_out(&self) -> Result<()> {
        let Some(session) = self.session() else { return Ok(()) };
        self.operations.inner.0.session.set(None);
        let body = RefreshTokenRequest { refresh_token: session.refresh_token };
        self.operations.log_out().body(body).send().await?;
        Ok(())
    }

    /// Returns the session; `None` if no user is logged in, or the session has ended.
    pub fn session(&self) -> Option<Session> {
        self.operations.inner.0.session.get()
    }
}

impl Deref for Spindle {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.operations
    }
}
