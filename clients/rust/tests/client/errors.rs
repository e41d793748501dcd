//! Errors: problems with their members, and responses that the API does not describe.

use std::time::Duration;

use serde_json::json;
use spindle_client::types::{PriceChangedProblem, RecentLoginRequiredProblem};
use spindle_client::{Error, Spindle};

use crate::fake::{Fake, empty, problem};

async fn error_of(respond: fn() -> axum::response::Response) -> Error {
    let fake = Fake::start(move |_, _| respond()).await;
    Error::from(fake.client().list_products().send().await.unwrap_err())
}

#[tokio::test]
async fn a_problem_has_all_that_the_platform_said() {
    let error = error_of(|| {
        let errors = json!([{ "parameter": "limit", "detail": "must be at least 1" }]);
        let members =
            json!({ "errors": errors, "total": { "amount": 1499, "currency": "EUR" }, "items": [], "future": true });
        let mut response = problem(409, "price-changed", &members);
        response.headers_mut().insert("retry-after", "7".parse().unwrap());
        response
    })
    .await;
    let problem = error.problem().unwrap();
    assert_eq!(
        (problem.name(), problem.status, problem.retry_after),
        ("price-changed", 409, Some(Duration::from_secs(7)))
    );
    assert_eq!(problem.errors[0].parameter.as_deref(), Some("limit"));
    assert_eq!(problem.members::<PriceChangedProblem>().unwrap().total.to_string(), "14.99 EUR");
    assert!(problem.members::<RecentLoginRequiredProblem>().is_none());
    assert_eq!(problem.further["future"], true);
    assert_eq!(error.to_string(), "A title (409, request r-1): What happened.; limit must be at least 1");
}

#[tokio::test]
async fn an_unknown_type_of_problem_is_known_by_its_status() {
    let error = error_of(|| problem(418, "teapot", &json!({}))).await;
    assert_eq!((error.problem().unwrap().name(), error.status().unwrap().as_u16()), ("teapot", 418));
}

#[tokio::test]
async fn a_response_that_is_no_problem_is_an_error_without_its_body() {
    let error = error_of(|| empty(500, &[])).await;
    assert!(matches!(error, Error::UnexpectedBody(_)), "{error:?}");
    let error = error_of(|| empty(302, &[("location", "https://elsewhere.example/")])).await;
    assert!(matches!(error, Error::UnexpectedStatus(status) if status == 302), "{error:?}");
}

#[tokio::test]
async fn a_request_that_lacks_a_value_is_not_sent() {
    let fake = Fake::start(|_, _| empty(500, &[])).await;
    let error = Error::from(fake.client().get_order().send().await.unwrap_err());
    assert!(matches!(&error, Error::Request(detail) if detail.contains("id")), "{error:?}");
    for url in ["shop.example.com", "ftp://shop.example.com"] {
        assert!(matches!(Spindle::builder(url).build(), Err(Error::Request(_))), "{url}");
    }
    Spindle::builder("https://shop.example.com/").build().unwrap();
}
