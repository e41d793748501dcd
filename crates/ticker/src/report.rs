//! The gateway's responses to a tick and to the question for health.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Returns the report of each service, by its name, from the response to a tick.
///
/// # Errors
///
/// If the status is not 200, or a service failed; the others have done their part.
pub fn reports(status: u16, body: &Value) -> Result<Value> {
    ensure!(status == 200, "the gateway answered {status}");
    let services = body["services"].as_array().context("the gateway's response names no services")?;
    let failed: Vec<String> = services
        .iter()
        .filter(|service| service["ok"] != true)
        .map(|service| [&service["name"], &service["detail"]].map(|text| text.as_str().unwrap_or("?")).join(" "))
        .collect();
    if !failed.is_empty() {
        bail!("{}", failed.join(", "));
    }
    let name = |service: &Value| service["name"].as_str().unwrap_or("?").to_owned();
    Ok(services.iter().map(|service| (name(service), service["report"].clone())).collect())
}

/// Returns the services that are not `ok` in a report on health, each with the parts that are not and their causes.
///
/// # Errors
///
/// If the status is not 200, or the response names no services.
pub fn unavailable(status: u16, body: &Value) -> Result<Vec<String>> {
    ensure!(status == 200, "{} answered {status}", crate::HEALTH);
    let services = body["services"].as_array().context("the gateway's response names no services")?;
    Ok(services.iter().filter(|service| service["state"] != "ok").map(describe).collect())
}

fn describe(service: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let parts = service["parts"].as_array().into_iter().flatten().filter(|part| part["state"] != "ok");
    let mut causes: Vec<String> = parts
        .map(|part| format!("{} {}: {}", text(&part["kind"]), text(&part["name"]), text(&part["cause"])))
        .collect();
    causes.extend(service["cause"].as_str().map(str::to_owned));
    format!("{} is {}: {}", text(&service["name"]), text(&service["state"]), causes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_service_that_is_not_ok_is_named_with_its_parts() {
        let body = json!({"services": [
            {"name": "orders", "state": "degraded", "parts": [
                {"kind": "database", "name": "orders", "state": "ok"},
                {"kind": "key_value", "name": "edge", "state": "unavailable", "cause": "it fails"}]},
            {"name": "users", "state": "unavailable", "cause": "no response within 2 s"},
            {"name": "auth", "state": "ok", "parts": []}]});
        let expected = ["orders is degraded: key_value edge: it fails", "users is unavailable: no response within 2 s"];
        assert_eq!(unavailable(200, &body).unwrap(), expected);
        assert_eq!(unavailable(401, &json!({})).unwrap_err().to_string(), "/v1/admin/health answered 401");
    }

    #[test]
    fn a_tick_has_the_reports_or_names_the_services_that_failed() {
        let fine = json!({"services": [{"name": "catalog", "ok": true, "report": {"expired": 1}}]});
        assert_eq!(reports(200, &fine).unwrap(), json!({"catalog": {"expired": 1}}));
        let not_all = json!({"services": [
            {"name": "catalog", "ok": true, "report": {}}, {"name": "users", "ok": false, "detail": "answered 503"}]});
        assert_eq!(reports(200, &not_all).unwrap_err().to_string(), "users answered 503");
        assert_eq!(reports(401, &json!({})).unwrap_err().to_string(), "the gateway answered 401");
    }
}
