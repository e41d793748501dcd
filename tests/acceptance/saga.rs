//! Check 7: an order survives a crash at every point at which something becomes durable or visible: it reaches its final status, no money is
//! charged twice, no stock is held or sent twice, and nothing is left over.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::instance::Failpoints;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, expire_claims, order_id, try_action, try_refund};
use crate::invariants::assert_intact;

/// The life of an order without a crash.
#[derive(Clone, Copy)]
struct Scenario {
    name: &'static str,
    /// The payment token.
    token: &'static str,
    /// The time limit of the payment, in seconds.
    payment_timeout: &'static str,
    /// The action that is sent once the order is settled.
    action: Option<&'static str>,
    /// Whether the customer sends the order again if there was no response.
    retries: bool,
    /// The final status.
    end: &'static str,
}

const PAID: Scenario = Scenario {
    name: "paid and fulfilled",
    token: "pm_ok",
    payment_timeout: "60",
    action: Some("fulfil"),
    retries: true,
    end: "fulfilled",
};

const SCENARIOS: [Scenario; 6] = [
    PAID,
    Scenario { name: "declined", token: "pm_declined", action: None, end: "cancelled", ..PAID },
    Scenario {
        name: "cancelled by the payment timeout",
        token: "pm_timeout",
        payment_timeout: "1",
        action: None,
        end: "cancelled",
        ..PAID
    },
    Scenario { name: "cancelled once paid", action: Some("cancel"), end: "cancelled", ..PAID },
    Scenario { name: "refunded once paid", action: Some("refund"), end: "cancelled", ..PAID },
    Scenario { name: "not retried by its customer", action: None, retries: false, end: "paid", ..PAID },
];

/// The result of a scenario.
struct Report {
    failpoints: usize,
    /// The failpoints at which the host crashed, each kind once.
    crashed_at: BTreeSet<String>,
    crashes: usize,
    slowest: Duration,
}

impl Scenario {
    fn variables(&self) -> Vec<(&'static str, &'static str)> {
        SHORT_TIMEOUTS.into_iter().chain([("payment_timeout_seconds", self.payment_timeout)]).collect()
    }

    /// Runs the scenario in `instance`; `None` if the instance ends first. Every step may be repeated.
    fn run(&self, fixture: &OrderFixture, instance: &Instance, request: &OrderRequest) -> Option<()> {
        let customer = fixture.customer(&instance.client(), 0);
        let id = order_id(&request.send(&customer)?.expect_status(201));
        fixture.settle(instance)?;
        if let Some(action) = self.action {
            let caller = if action == "cancel" { customer } else { fixture.admin(&instance.client()) };
            match action {
                // Under the same key each time: a repetition of a refund that was accepted is accepted.
                "refund" => try_refund(&caller, &id, &request.key)?.expect_status(202),
                _ => try_action(&caller, &id, action)?.expect_status(200),
            };
            fixture.settle(instance)?;
        }
        Some(())
    }

    /// Runs the scenario once without a crash, and then with a crash at each failpoint in turn; in the short form, at a few.
    fn run_with_crashes(&self) -> Report {
        let mut fixture = OrderFixture::new(1);
        let instance = fixture.start_with_failpoints(&self.variables(), Failpoints::Listed, |_| ());
        let product = fixture.stock(&instance, 5);
        instance.arm_failpoints();
        self.run(&fixture, &instance, &OrderRequest::new(&product, 2, self.token)).expect("the host does not crash");
        let failpoints = instance.failpoints().len();
        instance.kill();
        fixture.check();

        let mut report = Report { failpoints, crashed_at: BTreeSet::new(), crashes: 0, slowest: Duration::ZERO };
        for number in (1..=failpoints).step_by(scale(failpoints.div_ceil(2), 1)) {
            self.crash_at(&mut fixture, number, &mut report);
        }
        report
    }

    /// Crashes the host at the failpoint `number`, and completes the scenario in a new instance.
    fn crash_at(&self, fixture: &mut OrderFixture, number: usize, report: &mut Report) {
        let instance = fixture.start_with_failpoints(&self.variables(), Failpoints::CrashAt(number), |_| ());
        let product = fixture.stock(&instance, 5);
        let request = OrderRequest::new(&product, 2, self.token);
        instance.arm_failpoints();
        let is_complete = self.run(fixture, &instance, &request).is_some();
        // The order of the failpoints varies a little, so the scenario may be complete before it reaches the last ones.
        report.crashes += usize::from(!is_complete);
        report.crashed_at.extend(instance.failpoints());
        instance.kill();
        assert_intact(fixture.state.path());

        if !self.retries {
            expire_claims(fixture.state.path());
        }
        let begin = Instant::now();
        let instance = fixture.start(&self.variables());
        if self.retries {
            self.run(fixture, &instance, &request).expect("the host does not crash again");
        } else {
            fixture.settle(&instance).expect("the host does not crash again");
        }
        report.slowest = report.slowest.max(begin.elapsed());
        instance.kill();
        fixture.check();
        let status = fixture.status(&request);
        let exists = status.is_some() || !self.retries;
        assert!(
            exists && status.as_deref().is_none_or(|status| status == self.end),
            "{}, {number}: {status:?}",
            self.name
        );
    }
}

#[test]
fn an_order_reaches_its_final_status_after_a_crash_at_any_failpoint() {
    // All at the same time: most of it is waiting.
    let reports: Vec<Report> = thread::scope(|scope| {
        let runs: Vec<_> = SCENARIOS.iter().map(|scenario| scope.spawn(|| scenario.run_with_crashes())).collect();
        runs.into_iter().map(|run| run.join().expect("no scenario panics")).collect()
    });
    for (scenario, report) in SCENARIOS.iter().zip(reports) {
        figures(
            &format!("saga: an order that is {}, with crashes", scenario.name),
            &[
                ("failpoints", &report.failpoints),
                ("crashes, each survived", &report.crashes),
                ("kinds of failpoints", &report.crashed_at.len()),
                ("slowest from start to end (ms)", &report.slowest.as_millis()),
            ],
        );
        assert!(report.crashes > 0, "{}", scenario.name);
    }
}
