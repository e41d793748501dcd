//! The routes that services with events have in common, for [`Service::shared`](spindle_edge::Service::shared): declared once, with paths
//! relative to `/internal/<service>`.
//!
//! ```text
//! shared: &[
//!     &[routes::published_events(CONSUMERS), routes::consumed_events(PRODUCERS, receiver!(CONSUMER)), routes::tick(handler!(tick))],
//!     routes::DEAD_LETTERS,
//! ],
//! ```

use crate::{dead_letters, metrics, outbox};
use http::Method;
use spindle_edge::{Callers, Handler, Route, ServiceCaller, handler};

/// The longest batch of events in a request, in bytes.
pub const BATCH_LIMIT: usize = 1024 * 1024;

/// The gateway passes ticks on, and asks for dead letters and metrics on behalf of operators.
const GATEWAY: Callers = Callers::Only(&["gateway"]);

/// The operations on the dead letters of a consumer.
pub const DEAD_LETTERS: &[Route] = &[
    Route::service(Method::GET, "/dead-letters", GATEWAY, handler!(dead_letters::list)),
    Route::service(Method::GET, "/dead-letters/{id}", GATEWAY, handler!(dead_letters::get)),
    Route::service(Method::POST, "/dead-letters/{id}/replay", GATEWAY, handler!(dead_letters::replay)),
    Route::service(Method::POST, "/dead-letters/replay", GATEWAY, handler!(dead_letters::replay_some)),
    Route::service(Method::DELETE, "/dead-letters/{id}", GATEWAY, handler!(dead_letters::discard)),
];

/// The metrics of the outbox of a service.
pub const OUTBOX_METRICS: Route =
    Route::service(Method::GET, metrics::OUTBOX_PATH, GATEWAY, handler!(metrics::outbox)).log_at_debug();

/// Returns the route of the metrics of a consumer.
pub const fn metrics(handler: Handler<ServiceCaller>) -> Route {
    Route::service(Method::GET, metrics::PATH, GATEWAY, handler).log_at_debug()
}

/// Returns the route on which `consumers` pull the events of a producer.
pub const fn published_events(consumers: Callers) -> Route {
    Route::service(Method::GET, "/events", consumers, handler!(outbox::list)).log_at_debug()
}

/// Returns the route on which `producers` push their events to a consumer, whose handler is a [`receiver!`](crate::receiver).
pub const fn consumed_events(producers: Callers, receiver: Handler<ServiceCaller>) -> Route {
    Route::service(Method::POST, "/events", producers, receiver).with_body_limit(BATCH_LIMIT)
}

/// Returns the route that triggers the periodic job of a service.
pub const fn tick(handler: Handler<ServiceCaller>) -> Route {
    Route::service(Method::POST, "/tick", GATEWAY, handler).log_at_debug()
}

/// Makes the handler of [`consumed_events`](crate::routes::consumed_events) for a static [`Consumer`](crate::Consumer).
#[macro_export]
macro_rules! receiver {
    ($consumer:path) => {
        |context, caller, request| ::std::boxed::Box::pin($crate::receive(context, caller, request, &$consumer))
    };
}
