//! The time that the edge adds to a read: the same read with more and more parts of the edge before it, on one connection in sequence. The routes
//! belong to the component in `bench/guest`, which reads the user as the service does.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use serde::Serialize;
use xtask::http::{Client, Response};

use crate::jwt::Issuer;
use crate::load::{self, Operation};
use crate::report::Quantiles;
use crate::requests;

/// The read by one route.
#[derive(Debug, Serialize)]
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    #[serde(flatten)]
    pub(crate) latency: Quantiles,
}

/// The read by each route.
#[derive(Debug, Serialize)]
pub(crate) struct Edge {
    pub(crate) requests_each: u64,
    /// The handler alone, without the edge.
    pub(crate) bare: Variant,
    /// The handler alone, which also opens the edge's store and reads its secret.
    pub(crate) bare_store: Variant,
    /// The handler alone, which also writes the access line.
    pub(crate) bare_line: Variant,
    /// The edge on a public route without a rate limit.
    pub(crate) public: Variant,
    /// The edge on a public route with a rate limit.
    pub(crate) public_counted: Variant,
    /// The edge on a route for users without a rate limit.
    pub(crate) user: Variant,
    /// All parts of the edge.
    pub(crate) user_counted: Variant,
    /// The service `users`, which the guest imitates.
    pub(crate) users: Variant,
    /// All parts, measured a second time beside `new_token`.
    pub(crate) cached_token: Variant,
    /// All parts, with a new token for each request, which the edge has not cached.
    pub(crate) new_token: Variant,
}

/// The differences between variants, in milliseconds at p50.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    pub(crate) all: f64,
    /// The time of the read with the edge, as a multiple of its time without.
    pub(crate) ratio: f64,
    pub(crate) token_check: f64,
    pub(crate) rate_limit: f64,
    pub(crate) rest: f64,
    /// The part of `rest` for the store.
    pub(crate) store: f64,
    /// The part of `rest` for the access line.
    pub(crate) access_line: f64,
    /// The token check of a new token, whose signature is verified.
    pub(crate) new_token: f64,
}

/// The names and paths of the routes of the guest, without the id.
const ROUTES: [(&str, &str); 7] = [
    ("handler alone", "/bare/"),
    ("handler + store", "/bare-store/"),
    ("handler + line", "/bare-line/"),
    ("edge, public", "/public/"),
    ("public, counted", "/public-counted/"),
    ("edge, user", "/user/"),
    ("user, counted", "/user-counted/"),
];

/// Measures the read of `user` by each route of the guest at `guest` for `time`, together with `read`, the same read of the service at `service`;
/// and the read with new tokens for a third of `time`.
///
/// # Errors
///
/// If a response is not `expected`.
pub(crate) async fn measure(
    guest: SocketAddr,
    (service, read): (SocketAddr, &Operation),
    user: &str,
    expected: &Response,
    time: Duration,
) -> Result<Edge> {
    let issuer = Issuer::new();
    let token = issuer.token(user, Timestamp::now().as_second());
    check(guest, user, &token, expected)?;

    let get =
        |(name, route): (&'static str, &str)| (guest, requests::get(name, format!("{route}{user}"), Some(&token)));
    let mut operations: Vec<(SocketAddr, Operation)> = ROUTES.into_iter().map(get).collect();
    operations.push((service, read.clone()));
    load::alternate(&operations, time / 10).await?;
    let latencies = load::alternate(&operations, time).await?;
    let variant = |index: usize, name| Variant { name, latency: Quantiles::of(&latencies[index]) };
    let route = |index: usize| variant(index, ROUTES[index].0);

    let cached_token = get(("token cached", "/user-counted/"));
    let owner = user.to_owned();
    let new_token = requests::get_with_new_tokens("token new", format!("/user-counted/{user}"), move || {
        issuer.token(&owner, Timestamp::now().as_second())
    });
    let pair = load::alternate(&[cached_token, (guest, new_token)], time / 3).await?;
    Ok(Edge {
        requests_each: latencies[0].len(),
        bare: route(0),
        bare_store: route(1),
        bare_line: route(2),
        public: route(3),
        public_counted: route(4),
        user: route(5),
        user_counted: route(6),
        users: variant(7, "users itself"),
        cached_token: Variant { name: "token cached", latency: Quantiles::of(&pair[0]) },
        new_token: Variant { name: "token new", latency: Quantiles::of(&pair[1]) },
    })
}

/// Checks that all routes return the `expected` response: a difference of times is the cost of a part only if the routes do the same otherwise.
fn check(address: SocketAddr, user: &str, token: &str, expected: &Response) -> Result<()> {
    let anonymous = Client::new(&format!("http://{address}"));
    let owner = anonymous.as_user(token);
    for (name, route) in ROUTES {
        let path = format!("{route}{user}");
        let response = owner.get(&path)?;
        let same =
            (response.status, &response.etag, &response.body) == (expected.status, &expected.etag, &expected.body);
        ensure!(same, "the response of {name} is not that of users: {response:?}");
        let status = anonymous.get(&path)?.status;
        let expected = if route.starts_with("/user") { 401 } else { 200 };
        ensure!(status == expected, "{name} returns {status} instead of {expected} without a token");
    }
    Ok(())
}

impl Edge {
    /// Returns the cost of each part of the edge. The parts are measured on top of each other, so that their sum is the cost of the whole edge.
    pub(crate) fn parts(&self) -> Parts {
        let between = |less: &Variant, more: &Variant| more.latency.p50_ms - less.latency.p50_ms;
        let token_check = between(&self.public, &self.user);
        Parts {
            all: between(&self.bare, &self.user_counted),
            ratio: self.user_counted.latency.p50_ms / self.bare.latency.p50_ms,
            token_check,
            rate_limit: between(&self.user, &self.user_counted),
            rest: between(&self.bare, &self.public),
            store: between(&self.bare, &self.bare_store),
            access_line: between(&self.bare, &self.bare_line),
            new_token: token_check + between(&self.cached_token, &self.new_token),
        }
    }

    /// Returns all variants, in the order of the report.
    pub(crate) fn variants(&self) -> [&Variant; 10] {
        [
            &self.bare,
            &self.bare_store,
            &self.bare_line,
            &self.public,
            &self.public_counted,
            &self.user,
            &self.user_counted,
            &self.users,
            &self.cached_token,
            &self.new_token,
        ]
    }
}
