//! Examples of the operations for those who run the platform: health, the audit log and dead letters.

use serde_json::{Value, json};
use spindle_tests::notifications::{create_user_at, has_status, wait_until};
use spindle_tests::target;

use crate::example::Caller;
use crate::scenario::{Scenario, ids};

#[test]
fn read_health_and_readiness() {
    let mut scenario = Scenario::new();
    let (anyone, operator, (_, customer)) = (scenario.anyone(), scenario.operator(), scenario.customer());
    scenario.check("getLiveness/alive", &anyone.get("/healthz"));
    scenario.check("getReadiness/ready", &anyone.get("/readyz"));
    scenario.check("getHealth/ok", &operator.get("/v1/admin/health"));
    scenario.check("getHealth/forbidden", &customer.get("/v1/admin/health"));
}

#[test]
fn read_and_verify_the_audit_log() {
    let mut scenario = Scenario::new();
    let (admin, operator, (account, customer)) = (scenario.admin(), scenario.operator(), scenario.customer());
    customer.client.patch("/v1/users/me", "*", &json!({"locale": "de-DE"})).expect_status(200);
    let path = format!("/v1/admin/audit?subject={}&action=user.changed", account.id);
    scenario.check("listAuditRows/of-a-user", &admin.get(&path));
    scenario.check("listAuditRows/forbidden", &operator.get(path));
    scenario.check("verifyAuditLogs/intact", &admin.get("/v1/admin/audit/verify"));
}

/// Makes a dead letter: an e-mail that the sandbox refuses. Returns the path.
fn dead_letter(scenario: &mut Scenario, admin: &Caller) -> String {
    let user = create_user_at(&admin.client, "bounce.test", &json!({}));
    scenario.placeholders.name_id(&user.id, ids::CUSTOMER);
    let dead = wait_until(&admin.client, &user.id, has_status("welcome", "dead"), || target().tick());
    let id = dead["id"].as_str().expect("an id");
    scenario.placeholders.name_id(id, ids::NOTIFICATION);
    format!("/v1/admin/dead-letters/notifications/{id}")
}

#[test]
fn read_replay_and_discard_dead_letters() {
    let mut scenario = Scenario::new();
    let (admin, operator) = (scenario.admin(), scenario.operator());
    let path = dead_letter(&mut scenario, &admin);
    // The latest: the instance may have others.
    scenario
        .check("listDeadLetters/of-a-service", &operator.get("/v1/admin/dead-letters?service=notifications&limit=1"));
    scenario.check("getDeadLetter/refused-by-the-provider", &operator.get(&path));
    let notification = path.replace("/v1/admin/dead-letters/", "/v1/");
    scenario.check("getNotification/refused-by-the-provider", &operator.get(notification));
    scenario.check("replayDeadLetter/forbidden", &operator.post(format!("{path}/replay")));
    scenario.check("replayDeadLetter/replayed", &admin.post(format!("{path}/replay")));

    let path = dead_letter(&mut scenario, &admin);
    scenario.check("discardDeadLetter/discarded", &admin.delete(&path));
    scenario.check("getDeadLetter/discarded", &operator.get(&path));
    let some = |body: Value| admin.post("/v1/admin/dead-letters/replay").json(body);
    scenario.check("replayDeadLetters/of-a-type", &some(json!({"service": "payments", "type": "PaymentRequested"})));
    scenario.check("replayDeadLetters/invalid", &some(json!({"service": "nosuch"})));
}
