//! Whether a request may use the route that it matched, and who it is from. Tokens are checked here and nowhere else.

use crate::caller::{Anonymous, Principal, ServiceCaller};
use crate::keys;
use crate::rate::{self, Client, Left};
use crate::route::{Access, Callers, HandlerResult, RateClass, Route};
use crate::stamp::Stamp;
use http::header::AUTHORIZATION;
use spindle_contracts::{Problem, Role};
use spindle_platform::Context;
use spindle_platform::http::Request;
use spindle_platform::kv::Store;
use spindle_platform::log::Level;
use spindle_platform::token::access::{self, ISSUER_VARIABLE, UnverifiedToken};
use spindle_platform::token::jwks::Jwk;
use spindle_platform::token::service::{self, Operation, SECRET_VARIABLE, Subject};

/// The key-value store of the edge, by its label in spin.toml: what may be lost, and is best kept in memory.
const STORE: &str = "edge";

/// When a client may try again where a dependency is down, in seconds.
const RETRY_AFTER_SECONDS: u32 = 1;

/// A request that was let in: whose it is, and the handler for such a caller.
pub(crate) enum Admitted {
    Anonymous(crate::Handler<Anonymous>, Anonymous),
    Principal(crate::Handler<Principal>, Principal),
    ServiceCaller(crate::Handler<ServiceCaller>, ServiceCaller),
}

impl Admitted {
    /// Lets the handler do its work.
    pub(crate) async fn handle(self, context: &Context, request: Request) -> HandlerResult {
        match self {
            Self::Anonymous(handler, caller) => handler(context, caller, request).await,
            Self::Principal(handler, caller) => handler(context, caller, request).await,
            Self::ServiceCaller(handler, caller) => handler(context, caller, request).await,
        }
    }
}

/// Lets the request on to the handler of `route`, or says why not. `left` takes what is left of the client's rate limit, either way.
pub(crate) async fn admit(
    context: &Context,
    request: &Request,
    route: &'static Route,
    left: &mut Option<Left>,
) -> Result<Admitted, Problem> {
    match route.access {
        Access::Service(callers, handler) => Ok(Admitted::ServiceCaller(handler, peer(context, request, callers)?)),
        Access::Public(handler) => {
            let gate = Gate::open(context).await?;
            gate.count(route.rate, gate.address(), left).await?;
            Ok(Admitted::Anonymous(handler, Anonymous(())))
        }
        Access::User(role, handler) => {
            let gate = Gate::open(context).await?;
            let principal = match gate.principal(request, left).await {
                Ok(principal) => principal,
                Err(problem) => {
                    // Who tries tokens is counted by address, as nothing else is known.
                    gate.count(route.rate, gate.address(), left).await?;
                    return Err(problem);
                }
            };
            context.serve_subject(Subject { user: principal.user(), role: principal.role() });
            gate.count(route.rate, Client::User(principal.user()), left).await?;
            require(principal, role)?;
            Ok(Admitted::Principal(handler, principal))
        }
    }
}

fn require(principal: Principal, role: Role) -> Result<(), Problem> {
    if principal.role().includes(role) {
        return Ok(());
    }
    Err(Problem::forbidden(format!("This takes the role {}.", role.name())))
}

/// The service that calls, by its token, if it is one of `callers`.
pub(crate) fn peer(context: &Context, request: &Request, callers: Callers) -> Result<ServiceCaller, Problem> {
    let refused = |cause: &dyn std::fmt::Display| Problem {
        cause: Some(cause.to_string()),
        ..Problem::unauthorized("This operation takes calls from other services only.")
    };
    let secret = context.config().get(SECRET_VARIABLE)?;
    let presented = bearer(request).ok_or_else(|| refused(&"no service token"))?;
    let operation = Operation { service: context.service(), method: request.method(), path: request.path() };
    match service::verify(&secret, presented, &operation, context.now()) {
        Ok(caller) if !callers.include(&caller.service) => {
            let cause = Some(format!("{} may not do this", caller.service));
            Err(Problem { cause, ..Problem::forbidden("This is for another service to ask.") })
        }
        Ok(caller) => {
            if let Some(subject) = caller.subject {
                context.serve_subject(subject);
            }
            Ok(ServiceCaller::new(caller.service, caller.subject))
        }
        Err(error @ service::Error::WeakSecret) => Err(Problem::internal(error)),
        Err(error) => Err(refused(&error)),
    }
}

/// The credentials in `Authorization` under the scheme Bearer (RFC 6750, section 2.1), whose name may be in any case.
fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// What it takes to check and count clients from outside.
struct Gate<'a> {
    context: &'a Context,
    /// None if it fails: then nothing is remembered from one request to the next.
    store: Option<Store>,
    secret: String,
}

impl<'a> Gate<'a> {
    async fn open(context: &'a Context) -> Result<Self, Problem> {
        let secret = context.config().get(SECRET_VARIABLE)?;
        service::check_secret(&secret).map_err(Problem::internal)?;
        let store = match context.shared_kv(STORE).await {
            Ok(store) => Some(store),
            Err(error) => {
                warn(context, "edge store down", &error);
                None
            }
        };
        Ok(Self { context, store, secret })
    }

    fn address(&self) -> Client {
        Client::Address(self.context.source())
    }

    /// Counts the request, and refuses it if there were too many. If the counts cannot be kept, what tries passwords is refused and
    /// the rest goes on.
    async fn count(&self, class: RateClass, client: Client, left: &mut Option<Left>) -> Result<(), Problem> {
        let Some(store) = &self.store else { return self.uncounted(class, &"the store cannot be opened") };
        match rate::take(self.context, store, &self.secret, class, client).await {
            Ok(taken) => {
                *left = taken;
                taken.map_or(Ok(()), |left| left.check())
            }
            Err(rate::Error::Config(error)) => Err(error.into()),
            Err(rate::Error::Store(error)) => {
                warn(self.context, "request not counted", &error);
                self.uncounted(class, &error)
            }
        }
    }

    fn uncounted(&self, class: RateClass, cause: &dyn std::fmt::Display) -> Result<(), Problem> {
        match class {
            RateClass::Auth => {
                Err(Problem::unavailable("Requests cannot be counted at the moment.", RETRY_AFTER_SECONDS, cause))
            }
            RateClass::Read | RateClass::Write | RateClass::Unlimited => Ok(()),
        }
    }

    /// The user whose token the request carries.
    async fn principal(&self, request: &Request, left: &mut Option<Left>) -> Result<Principal, Problem> {
        let token = match bearer(request) {
            Some(token) => token,
            None if request.headers().contains_key(AUTHORIZATION) => {
                return Err(Problem::invalid_token("The header Authorization holds no single bearer token."));
            }
            None => return Err(Problem::unauthorized("This operation needs an access token.")),
        };
        let presented = UnverifiedToken::parse(token).map_err(refused)?;
        let issuer = self.context.config().get(ISSUER_VARIABLE)?;
        let now = self.context.now();
        // What costs nothing comes before what does; it counts only if the signature turns out to be good.
        let grant = presented.grant(&issuer, now).map_err(refused)?;
        let stamp = self.store.as_ref().map(|store| Stamp::of(store, &self.secret, token));
        if let Some(stamp) = &stamp
            && stamp.is_there(now.as_secs()).await
        {
            return Ok(Principal::new(&grant));
        }
        let jwk = self.key(presented.key_id(), left).await?;
        let key = jwk.verifying_key().ok_or_else(|| Problem::internal("auth publishes a key that is none"))?;
        presented.verify(&key).map_err(refused)?;
        if let Some(stamp) = &stamp
            && let Err(error) = stamp.put(now.as_secs(), jwk.exp).await
        {
            warn(self.context, "token not stamped", &error);
        }
        Ok(Principal::new(&grant))
    }

    /// The key `kid`: from the set that is kept, or else from auth.
    async fn key(&self, kid: &str, left: &mut Option<Left>) -> Result<Jwk, Problem> {
        let now = self.context.now().as_secs();
        let known = match &self.store {
            Some(store) => keys::load(store, &self.secret).await,
            None => None,
        };
        if let Some(fresh) = known.as_ref().filter(|known| known.is_fresh(now)) {
            if let Some(key) = fresh.find(kid, now) {
                return Ok(key.clone());
            }
            // A newer key, or a made-up one: who makes up keys may not keep auth busy.
            self.count(RateClass::Auth, self.address(), left).await?;
        }
        let unknown = || Problem::invalid_token("The access token's key is not known.");
        match keys::fetch(self.context, self.store.as_ref(), &self.secret).await {
            Ok(fetched) => fetched.find(kid, now).cloned().ok_or_else(unknown),
            Err(cause) => {
                let usable = known.filter(|known| known.is_usable(now));
                match usable.as_ref().and_then(|known| known.find(kid, now)) {
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

fn refused(error: access::Error) -> Problem {
    Problem::invalid_token(&error.to_string())
}

fn warn(context: &Context, message: &str, cause: &dyn std::fmt::Display) {
    context.log(Level::Warn, message, &[("cause", cause.to_string().into())]);
}
