//! Tests of the whole gateway, with mocked services.

mod audit;
mod dead_letters;
mod health;
mod metrics;
mod tick;

use crate::SERVICE;
use crate::services::SERVICES;
use http::StatusCode;
use spindle_edge::testing::{TestClient, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::platform::Builder;

fn platform() -> Platform {
    builder().build()
}

/// Returns the builder of a platform with all variables of the gateway.
fn builder() -> Builder {
    let with_url = |platform: Builder, service: &&str| {
        platform.with_variable(&format!("{service}_url"), &format!("http://{service}.spin.internal"))
    };
    let edge = with_edge_variables(Platform::native()).with_variable("metrics_token", metrics::TOKEN);
    SERVICES.iter().fold(edge, with_url)
}

/// Makes a client of the gateway on a platform without other services.
fn client() -> TestClient {
    TestClient::without_issuer(&SERVICE, &platform())
}

#[test]
fn all_routes_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}

#[test]
fn unknown_paths_are_not_found() {
    for target in ["/", "/v1/unknown", "/internal/users/ready", "/internal", "/healthz/"] {
        assert_eq!(client().get(target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
}
