//! What the edge adds to a read: the same read with more and more of the edge before it, on one connection, one after the other. The
//! routes are those of the component in `bench/guest`, which reads the user as the service does.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use serde::Serialize;
use xtask::http::{Answer, Client};

use crate::jwt::Issuer;
use crate::load::{self, Operation};
use crate::report::Quantiles;
use crate::requests;

/// The same read by one route.
#[derive(Debug, Serialize)]
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    #[serde(flatten)]
    pub(crate) took: Quantiles,
}

/// The read by each route.
#[derive(Debug, Serialize)]
pub(crate) struct Edge {
    pub(crate) requests_each: u64,
    /// No edge: the handler alone.
    pub(crate) bare: Variant,
    /// The handler alone, which opens the edge's store and reads its secret besides.
    pub(crate) bare_store: Variant,
    /// The handler alone, which writes the access line besides.
    pub(crate) bare_line: Variant,
    /// The edge on a route that anyone may use as often as they like.
    pub(crate) public: Variant,
    /// The edge on a route for anyone, which is counted.
    pub(crate) public_counted: Variant,
    /// The edge on a route for users, who may use it as often as they like.
    pub(crate) user: Variant,
    /// All of it.
    pub(crate) user_counted: Variant,
    /// The service that the guest imitates.
    pub(crate) users: Variant,
    /// All of it, measured a second time beside the next.
    pub(crate) stamped: Variant,
    /// All of it with a token that was never seen before.
    pub(crate) first_sight: Variant,
}

/// What lies between two variants, in milliseconds at p50.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    pub(crate) all: f64,
    /// How many times as long the read takes with the edge.
    pub(crate) ratio: f64,
    pub(crate) token_check: f64,
    pub(crate) rate_limit: f64,
    pub(crate) rest: f64,
    /// Of the rest.
    pub(crate) store: f64,
    /// Of the rest.
    pub(crate) line: f64,
    /// The token check where the signature is checked as well.
    pub(crate) first_sight: f64,
}

/// The routes in the guest, without the id.
const ROUTES: [(&str, &str); 7] = [
    ("handler alone", "/bare/"),
    ("handler + store", "/bare-store/"),
    ("handler + line", "/bare-line/"),
    ("edge, public", "/public/"),
    ("public, counted", "/public-counted/"),
    ("edge, user", "/user/"),
    ("user, counted", "/user-counted/"),
];

/// Measures the read of `user` by each route of the guest at `guest` for `time`, along with `read`, which is the same of the service at
/// `service`, and the first sight of tokens for a third of it.
///
/// # Errors
///
/// If an answer is not `expected`.
pub(crate) async fn measure(
    guest: SocketAddr,
    (service, read): (SocketAddr, &Operation),
    user: &str,
    expected: &Answer,
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
    let variant = |index: usize, name| Variant { name, took: Quantiles::of(&latencies[index]) };
    let route = |index: usize| variant(index, ROUTES[index].0);

    let stamped = get(("token stamped", "/user-counted/"));
    let owner = user.to_owned();
    let new = requests::get_with_each("token first seen", format!("/user-counted/{user}"), move || {
        issuer.token(&owner, Timestamp::now().as_second())
    });
    let pair = load::alternate(&[stamped, (guest, new)], time / 3).await?;
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
        stamped: Variant { name: "token stamped", took: Quantiles::of(&pair[0]) },
        first_sight: Variant { name: "token first seen", took: Quantiles::of(&pair[1]) },
    })
}

/// A part only costs what it seems to if all routes do the same but for it.
fn check(address: SocketAddr, user: &str, token: &str, expected: &Answer) -> Result<()> {
    let anyone = Client::new(&format!("http://{address}"));
    let owner = anyone.as_user(token);
    for (name, route) in ROUTES {
        let path = format!("{route}{user}");
        let answer = owner.get(&path)?;
        let same = (answer.status, &answer.etag, &answer.body) == (expected.status, &expected.etag, &expected.body);
        ensure!(same, "{name} answers something else than users does: {answer:?}");
        let status = anyone.get(&path)?.status;
        let expected = if route.starts_with("/user") { 401 } else { 200 };
        ensure!(status == expected, "{name} answers {status} to whoever has no token");
    }
    Ok(())
}

impl Edge {
    /// What each part of the edge costs. The parts that make up all of it are measured on top of each other, so that their sum is
    /// all of it.
    pub(crate) fn parts(&self) -> Parts {
        let between = |less: &Variant, more: &Variant| more.took.p50_ms - less.took.p50_ms;
        let token_check = between(&self.public, &self.user);
        Parts {
            all: between(&self.bare, &self.user_counted),
            ratio: self.user_counted.took.p50_ms / self.bare.took.p50_ms,
            token_check,
            rate_limit: between(&self.user, &self.user_counted),
            rest: between(&self.bare, &self.public),
            store: between(&self.bare, &self.bare_store),
            line: between(&self.bare, &self.bare_line),
            first_sight: token_check + between(&self.stamped, &self.first_sight),
        }
    }

    /// All of them, in the order in which they are to be read.
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
            &self.stamped,
            &self.first_sight,
        ]
    }
}
