//! The read of a user with more and fewer parts of the edge before it: the difference between two of these routes is the cost of a part of the
//! edge. No part can be disabled in a service, so this component has a route for each part instead.
#![cfg(target_family = "wasm")]

mod user;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderValue, Method, StatusCode};
use spindle_contracts::{Problem, Role, UserId};
use spindle_edge::{Anonymous, HandlerResult, Principal, RateClass, Route, Service, handler};
use spindle_platform::http::{ETag, Request, Response, empty, json};
use spindle_platform::log::Level;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};
use user::User;

static SERVICE: Service = Service {
    scope: Scope { service: "users", migrations: spindle_platform::migrations!() },
    routes: &[
        Route::public(Method::GET, "/public/{id}", handler!(read_public)).with_rate(RateClass::Unlimited),
        Route::public(Method::GET, "/public-counted/{id}", handler!(read_public)),
        Route::user(Method::GET, "/user/{id}", Role::Customer, handler!(read_for_user)).with_rate(RateClass::Unlimited),
        Route::user(Method::GET, "/user-counted/{id}", Role::Customer, handler!(read_for_user)),
    ],
    shared: &[],
    stores: &[],
    check: None,
};

/// The part of the edge's work that a read without the edge does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EdgeWork {
    None,
    /// Opens the edge's store and reads the secret for it.
    Store,
    /// Writes the access line.
    AccessLine,
}

/// The path of the keys of `auth`, which a service requests.
const KEYS: &str = "/internal/auth/keys";

async fn serve(platform: Platform, request: Request) -> Response {
    if request.path() == KEYS {
        return jwks(&context(platform)).unwrap_or_else(|problem| failed(&problem));
    }
    let routes = [("/bare/", EdgeWork::None), ("/bare-store/", EdgeWork::Store), ("/bare-line/", EdgeWork::AccessLine)];
    let route =
        routes.into_iter().find_map(|(prefix, work)| Some((work, request.path().strip_prefix(prefix)?.parse())));
    match route {
        Some((work, Ok(id))) => {
            without_edge(platform, &request, id, work).await.unwrap_or_else(|problem| failed(&problem))
        }
        Some((_, Err(_))) => empty(StatusCode::NOT_FOUND),
        None => spindle_edge::serve(&SERVICE, platform, request).await,
    }
}

spindle_platform::export!(super::serve);

/// Returns a context with a fixed id and trace: the creation of new ones is work of the edge.
fn context(platform: Platform) -> Context {
    let trace = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").expect("a valid trace");
    Context::new(platform, SERVICE.scope, String::from("01a20451-50e4-757b-9dad-57c68d7a56c1"), trace)
}

async fn without_edge(platform: Platform, request: &Request, id: UserId, work: EdgeWork) -> HandlerResult {
    let context = context(platform);
    if work == EdgeWork::Store {
        // Held until the response is complete, as the edge holds it.
        let store = context.shared_kv("edge").await.map_err(Problem::internal)?;
        let secret = context.config().get("service_token_secret")?;
        let response = read(&context, request, id).await;
        drop((store, secret));
        return response;
    }
    let response = read(&context, request, id).await?;
    if work == EdgeWork::AccessLine {
        let fields = [
            ("method", request.method().as_str().into()),
            ("path", request.path().into()),
            ("status", response.status().as_u16().into()),
            ("bytes", response.body().len().into()),
            ("ms", 0.1.into()),
            ("peer", request.peer().into()),
        ];
        context.log(Level::Info, "request", &fields);
    }
    Ok(response)
}

fn failed(problem: &Problem) -> Response {
    eprintln!("{problem:?}");
    empty(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn read_public(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    read(context, &request, request.param("id")?).await
}

async fn read_for_user(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let id = request.param("id")?;
    if !caller.may_act_for(id) {
        return Err(Problem::not_found("There is no such user."));
    }
    read(context, &request, id).await
}

/// Does the same as `users` for `GET /v1/users/{id}`.
async fn read(context: &Context, request: &Request, id: UserId) -> HandlerResult {
    let Some(user) = User::find(&context.sql().await?, id).await? else {
        return Err(Problem::not_found("There is no such user."));
    };
    let etag = ETag::of_version(user.version);
    let mut response = json(StatusCode::OK, &user);
    response.headers_mut().insert(ETAG, etag.header());
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    request.or_not_modified(response, &etag)
}

fn jwks(context: &Context) -> HandlerResult {
    let keys = context.config().get("jwks")?;
    let mut response = Response::new(keys.into_bytes().into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
