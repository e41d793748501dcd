//! Authorises a request for the route that it matched, and identifies its caller. Tokens are checked here and nowhere else.

use crate::caller::{Anonymous, Principal, ServiceCaller, TokenHolder};
use crate::key_cache;
use crate::rate_limit::{self, Quota, RateLimitKey};
use crate::route::{Access, Callers, HandlerResult, RateClass, Route};
use crate::session_rights::{self, SessionRights};
use crate::verified_token_cache::VerifiedTokenCache;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};
use spindle_contracts::{Problem, Role, Timestamp};
use spindle_platform::http::Request;
use spindle_platform::kv::Store;
use spindle_platform::log::Level;
use spindle_platform::token::access::{self, ISSUER_VARIABLE, UnverifiedToken};
use spindle_platform::token::jwks::Jwk;
use spindle_platform::token::service::{self, Operation, SECRET_VARIABLE, Subject};
use spindle_platform::{Context, config};
use std::cell::OnceCell;
use std::ops::RangeInclusive;
use std::rc::Rc;
use subtle::ConstantTimeEq as _;

/// The label in spin.toml of the edge's key-value store. Its values may be lost at any time, so it is best kept in memory.
pub(crate) const STORE: &str = "edge";

/// The `Retry-After` of a client while a dependency is down, in seconds.
const RETRY_AFTER_SECONDS: u32 = 1;

/// The length of a token in a variable, in bytes: none that can be guessed, and none that a proxy cuts.
const TOKEN_LENGTH: RangeInclusive<usize> = 32..=256;

/// An authorised request: the caller, and the handler of the route for callers of that kind.
pub(crate) enum Authorized {
    Anonymous(crate::Handler<Anonymous>, Anonymous),
    Principal(crate::Handler<Principal>, Principal),
    TokenHolder(crate::Handler<TokenHolder>, TokenHolder),
    ServiceCaller(crate::Handler<ServiceCaller>, ServiceCaller),
}

impl Authorized {
    /// Calls the handler.
    pub(crate) async fn handle(self, context: &Context, request: Request) -> HandlerResult {
        match self {
            Self::Anonymous(handler, caller) => handler(context, caller, request).await,
            Self::Principal(handler, caller) => handler(context, caller, request).await,
            Self::TokenHolder(handler, caller) => handler(context, caller, request).await,
            Self::ServiceCaller(handler, caller) => handler(context, caller, request).await,
        }
    }
}

/// Authorises `request` for `route`, or returns the problem. Sets `quota` to the client's remaining rate limit in either case, and adds to
/// `later` the entries that are to be cached once the response is sent.
pub(crate) async fn authorize(
    context: &Context,
    request: &Request,
    route: &'static Route,
    quota: &mut Option<Quota>,
    later: &mut CacheWrites,
) -> Result<Authorized, Problem> {
    match route.access {
        Access::Service(callers, handler) => {
            Ok(Authorized::ServiceCaller(handler, service_caller(context, request, callers)?))
        }
        Access::Public(handler) => {
            let authorizer = Authorizer::new(context)?;
            authorizer.count(route.rate, authorizer.address(), quota).await?;
            Ok(Authorized::Anonymous(handler, Anonymous(())))
        }
        Access::User(role, handler) => {
            Ok(Authorized::Principal(handler, user(context, request, route, role, quota, later).await?))
        }
        Access::UserOrProgram(role, programs, handler) => {
            let is_program = has_token(context, request, programs.token_variable)?
                || service_caller(context, request, programs.services).is_ok();
            if !is_program {
                user(context, request, route, role, quota, later).await?;
            }
            Ok(Authorized::TokenHolder(handler, TokenHolder(())))
        }
    }
}

/// Returns the user whose access token the request carries, if their role is at least `role`, and counts the request.
async fn user(
    context: &Context,
    request: &Request,
    route: &'static Route,
    role: Role,
    quota: &mut Option<Quota>,
    later: &mut CacheWrites,
) -> Result<Principal, Problem> {
    let authorizer = Authorizer::new(context)?;
    let principal = match authorizer.principal(request, quota, later).await {
        Ok(principal) => principal,
        Err(problem) => {
            // A client whose token is refused is counted by its address: nothing else about it is known.
            authorizer.count(route.rate, authorizer.address(), quota).await?;
            return Err(problem);
        }
    };
    let counted = authorizer.count(route.rate, RateLimitKey::User(principal.user()), quota).await;
    // The request ends here, and its access line names the user who exceeds the limit.
    counted.inspect_err(|_| {
        context.set_subject(Subject { user: principal.user(), role: principal.role() });
    })?;
    // What only reads goes on with the rights in the token; what changes something needs those of now.
    let principal = if route.method == Method::GET { principal } else { authorizer.current(principal).await? };
    context.set_subject(Subject { user: principal.user(), role: principal.role() });
    require(principal, role)?;
    Ok(principal)
}

/// Returns whether the request carries the token that `variable` has. The comparison takes as long for a token that is nearly right as for any other
/// of its length. An empty variable has none.
fn has_token(context: &Context, request: &Request, variable: &'static str) -> Result<bool, config::Error> {
    let token = context.config().get(variable)?;
    if token.is_empty() {
        return Ok(false);
    }
    if !TOKEN_LENGTH.contains(&token.len()) {
        return Err(config::Error::Invalid { name: variable.to_owned(), expected: "empty, or 32 to 256 characters" });
    }
    Ok(bearer(request).is_some_and(|sent| sent.as_bytes().ct_eq(token.as_bytes()).into()))
}

/// Returns the user whose access token a request to a public operation carries, if their role is at least `role`: for a parameter that only these
/// users may set. Anonymous requests without it need no check, and the request was counted before.
///
/// # Errors
///
/// 401 without a valid access token, 403 for another role, and 503 if the token cannot be checked.
pub async fn require_role(context: &Context, request: &Request, role: Role) -> Result<Principal, Problem> {
    let (mut quota, mut later) = (None, CacheWrites::default());
    let checked = Authorizer::new(context)?.principal(request, &mut quota, &mut later).await;
    later.schedule(context);
    let principal = checked.inspect_err(|_| show_quota(context, quota))?;
    context.set_subject(Subject { user: principal.user(), role: principal.role() });
    require(principal, role)?;
    Ok(principal)
}

/// Counts a request of `caller` once more, in `class`: for a handler whose request, going by its body, costs more than its route says. Call it
/// before anything is looked up.
///
/// # Errors
///
/// 429 if the request exceeds the limit of the class; 503 if it cannot be counted and the class is [`RateClass::Auth`] or [`RateClass::Export`].
pub async fn count_request(context: &Context, caller: Principal, class: RateClass) -> Result<(), Problem> {
    let mut quota = None;
    let counted = Authorizer::new(context)?.count(class, RateLimitKey::User(caller.user()), &mut quota).await;
    counted.inspect_err(|_| show_quota(context, quota))
}

/// Has the response to a refused request name the limit that it exceeds, instead of that of the route.
fn show_quota(context: &Context, quota: Option<Quota>) {
    if let Some(quota) = quota {
        let mut headers = HeaderMap::new();
        quota.write_headers(&mut headers);
        context.set_response_headers(headers);
    }
}

fn require(principal: Principal, role: Role) -> Result<(), Problem> {
    if principal.role().includes(role) {
        return Ok(());
    }
    Err(Problem::forbidden(format!("Requires the role {}.", role.name())))
}

/// Returns the calling service, identified by its service token, if it is one of `callers`.
pub(crate) fn service_caller(context: &Context, request: &Request, callers: Callers) -> Result<ServiceCaller, Problem> {
    let refused = |cause: &dyn std::fmt::Display| Problem {
        cause: Some(cause.to_string()),
        ..Problem::unauthorized("Only other services may call this operation: send a service token.")
    };
    let secret = context.config().get(SECRET_VARIABLE)?;
    let token = bearer(request).ok_or_else(|| refused(&"no service token"))?;
    let operation = Operation { service: context.service(), method: request.method(), path: request.path() };
    match service::verify(&secret, token, &operation, context.now()) {
        Ok(caller) if !callers.include(&caller.service) => {
            let cause = Some(format!("{} may not do this", caller.service));
            Err(Problem { cause, ..Problem::forbidden("The calling service may not call this operation.") })
        }
        Ok(caller) => {
            if let Some(subject) = caller.subject {
                context.set_subject(subject);
            }
            Ok(ServiceCaller::new(caller.service, caller.subject))
        }
        Err(error @ service::Error::WeakSecret) => Err(Problem::internal(error)),
        Err(error) => Err(refused(&error)),
    }
}

/// Returns the credentials in `Authorization` under the scheme Bearer (RFC 6750, section 2.1), whose name may be in any case.
fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Entries of the edge's caches that a request has made. They are written after the response, and after all other work that waits for it: no one
/// waits for them, and a store that hangs blocks the instance.
#[derive(Default)]
pub(crate) struct CacheWrites(Vec<(Rc<Store>, CacheEntry)>);

/// The key and the value of an entry.
pub(crate) type CacheEntry = (String, Vec<u8>);

impl CacheWrites {
    /// Writes the entries after the response.
    pub(crate) fn schedule(self, context: &Context) {
        if self.0.is_empty() {
            return;
        }
        let later = context.clone();
        context.after_response(async move {
            for (store, (key, value)) in self.0 {
                if let Err(error) = store.set(&key, &value).await {
                    return warn(&later, "edge cache not written", &error);
                }
            }
        });
    }
}

/// Checks the tokens of clients from outside and counts their requests.
struct Authorizer<'a> {
    context: &'a Context,
    /// The store, once it is needed; `None` if it cannot be opened; then no request finds cached keys, verified tokens or counts.
    store: OnceCell<Option<Rc<Store>>>,
    secret: String,
    /// The time at which the checks begin: a call of the store takes milliseconds, and each reading of the clock is a host call.
    now: Timestamp,
}

impl<'a> Authorizer<'a> {
    fn new(context: &'a Context) -> Result<Self, Problem> {
        let secret = context.config().get(SECRET_VARIABLE)?;
        service::check_secret(&secret).map_err(Problem::internal)?;
        Ok(Self { context, store: OnceCell::new(), secret, now: context.now() })
    }

    /// Returns the store, which is opened at the first call: a request that is not counted and has no token needs none.
    async fn store(&self) -> Option<&Rc<Store>> {
        if self.store.get().is_none() {
            let opened = self.context.shared_kv(STORE).await;
            let opened = opened.inspect_err(|error| warn(self.context, "edge store down", error));
            self.store.get_or_init(|| opened.ok().map(Rc::new));
        }
        self.store.get()?.as_ref()
    }

    fn address(&self) -> RateLimitKey {
        RateLimitKey::Address(self.context.source())
    }

    /// Counts the request, and refuses it if it exceeds the limit. If the count cannot be stored, requests of the classes `Auth` (which could
    /// guess passwords) and `Export` (which cost much) are refused and all others are allowed.
    async fn count(&self, class: RateClass, key: RateLimitKey, quota: &mut Option<Quota>) -> Result<(), Problem> {
        if class == RateClass::Unlimited {
            return Ok(());
        }
        let Some(store) = self.store().await else { return without_count(class, &"the store cannot be opened") };
        match rate_limit::count_request(self.context, store, &self.secret, class, key, self.now.as_secs()).await {
            Ok(counted) => {
                *quota = counted;
                counted.map_or(Ok(()), |quota| quota.check())
            }
            Err(rate_limit::Error::Config(error)) => Err(error.into()),
            Err(rate_limit::Error::Store(error)) => {
                warn(self.context, "request not counted", &error);
                without_count(class, &error)
            }
        }
    }

    /// Returns the user whose access token the request carries.
    async fn principal(
        &self,
        request: &Request,
        quota: &mut Option<Quota>,
        later: &mut CacheWrites,
    ) -> Result<Principal, Problem> {
        let token = match bearer(request) {
            Some(token) => token,
            None if request.headers().contains_key(AUTHORIZATION) => {
                return Err(Problem::invalid_token("The header Authorization must be Bearer and one access token."));
            }
            None => {
                return Err(Problem::unauthorized(
                    "Requires an access token in the header Authorization: Bearer <token>.",
                ));
            }
        };
        let unverified = UnverifiedToken::parse(token).map_err(refused)?;
        let issuer = self.context.config().get(ISSUER_VARIABLE)?;
        let now = self.now;
        // The cheap checks come before the signature, and mean nothing unless it turns out to be valid.
        let claims = unverified.claims(&issuer, now).map_err(refused)?;
        let store = self.store().await;
        let cached = store.map(|store| VerifiedTokenCache::slot_of(store, &self.secret, token));
        if let Some(cached) = &cached
            && cached.contains(now.as_secs()).await
        {
            return Ok(Principal::new(&claims));
        }
        let jwk = self.key(unverified.key_id(), quota, later).await?;
        let key = jwk.verifying_key().ok_or_else(|| Problem::internal("auth publishes a key that is not usable"))?;
        unverified.verify(&key).map_err(refused)?;
        if let (Some(store), Some(cached)) = (store, &cached) {
            later.0.push((Rc::clone(store), cached.entry(now.as_secs(), jwk.exp)));
        }
        Ok(Principal::new(&claims))
    }

    /// Returns the caller of an access token with the rights of now: those in the entry of the session, or else those that auth returns.
    async fn current(&self, claimed: Principal) -> Result<Principal, Problem> {
        let session = claimed.session();
        let entry = match self.store().await {
            Some(store) => session_rights::find(store, &self.secret, session, self.now.as_secs()).await,
            None => None,
        };
        let rights = match entry {
            Some(rights) => rights,
            None => session_rights::fetch(self.context, session).await.map_err(|cause| {
                let detail = "The rights of the access token cannot be checked at the moment.";
                Problem::unavailable(detail, RETRY_AFTER_SECONDS, cause)
            })?,
        };
        match rights {
            SessionRights::Live { user, role } if user == claimed.user() => Ok(claimed.with_role(role)),
            SessionRights::Live { .. } | SessionRights::Ended => {
                Err(Problem::invalid_token("The session of the access token has ended."))
            }
        }
    }

    /// Returns the key `kid` from the cached key set, or else from auth.
    async fn key(&self, kid: &str, quota: &mut Option<Quota>, later: &mut CacheWrites) -> Result<Jwk, Problem> {
        let now = self.now.as_secs();
        let cached = match self.store().await {
            Some(store) => key_cache::load(store, &self.secret).await,
            None => None,
        };
        if let Some(fresh) = cached.as_ref().filter(|cached| cached.is_fresh(now)) {
            if let Some(key) = fresh.find(kid, now) {
                return Ok(key.clone());
            }
            // The key is newer than the set, or made up. Counting the request keeps made-up keys from loading auth.
            self.count(RateClass::Auth, self.address(), quota).await?;
        }
        let unknown = || Problem::invalid_token("The access token's key is not known.");
        match key_cache::fetch(self.context).await {
            Ok(fetched) => {
                if let Some(store) = self.store().await {
                    later.0.push((Rc::clone(store), key_cache::entry(&fetched, &self.secret)));
                }
                fetched.find(kid, now).cloned().ok_or_else(unknown)
            }
            Err(cause) => {
                let usable = cached.filter(|cached| cached.is_usable(now));
                match usable.as_ref().and_then(|cached| cached.find(kid, now)) {
                    Some(key) => {
                        warn(self.context, "keys not renewed", &cause);
                        Ok(key.clone())
                    }
                    None => {
                        let detail = "Access tokens cannot be checked at the moment.";
                        Err(Problem::unavailable(detail, RETRY_AFTER_SECONDS, cause))
                    }
                }
            }
        }
    }
}

/// Allows or refuses a request of `class` whose count could not be stored because of `cause`.
fn without_count(class: RateClass, cause: &dyn std::fmt::Display) -> Result<(), Problem> {
    match class {
        RateClass::Auth | RateClass::Export => {
            Err(Problem::unavailable("Requests cannot be counted at the moment.", RETRY_AFTER_SECONDS, cause))
        }
        RateClass::Read | RateClass::Write | RateClass::Unlimited => Ok(()),
    }
}

fn refused(error: access::Error) -> Problem {
    Problem::invalid_token(&error.to_string())
}

fn warn(context: &Context, message: &str, cause: &dyn std::fmt::Display) {
    context.log(Level::Warn, message, &[("cause", cause.to_string().into())]);
}
