//! Check 7: an order's life, broken off at every point at which something becomes durable or visible, comes to its end all the same: nothing
//! is charged, held or sent twice, and nothing is left over.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::instance::Failpoints;

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, expire_claims, order_id, try_step};
use crate::invariants::assert_intact;

/// How an order's life goes if nothing breaks it off.
#[derive(Clone, Copy)]
struct Course {
    name: &'static str,
    /// What it is paid with.
    token: &'static str,
    /// For how many seconds its payment is waited for.
    payment_timeout: &'static str,
    /// What somebody asks for once it is settled.
    step: Option<&'static str>,
    /// Whether its customer sends the order again if there was no answer.
    comes_back: bool,
    /// Its status in the end.
    end: &'static str,
}

const PAID: Course = Course {
    name: "paid and sent off",
    token: "pm_ok",
    payment_timeout: "60",
    step: Some("fulfil"),
    comes_back: true,
    end: "fulfilled",
};

const COURSES: [Course; 5] = [
    PAID,
    Course { name: "declined", token: "pm_declined", step: None, end: "cancelled", ..PAID },
    Course {
        name: "never answered for",
        token: "pm_timeout",
        payment_timeout: "1",
        step: None,
        end: "cancelled",
        ..PAID
    },
    Course { name: "cancelled once paid", step: Some("cancel"), end: "cancelled", ..PAID },
    Course { name: "given up by its customer", step: None, comes_back: false, end: "paid", ..PAID },
];

/// What came of a course.
struct Found {
    failpoints: usize,
    /// The failpoints at which it was broken off, each kind once.
    crashed_at: BTreeSet<String>,
    crashes: usize,
    slowest: Duration,
}

impl Course {
    fn variables(&self) -> Vec<(&'static str, &'static str)> {
        SHORT_TIMEOUTS.into_iter().chain([("payment_timeout_seconds", self.payment_timeout)]).collect()
    }

    /// Lives it in `instance`; nothing if the instance ends before. Who has lived a part of it lives it again.
    fn live(&self, fixture: &OrderFixture, instance: &Instance, request: &OrderRequest) -> Option<()> {
        let customer = fixture.customer(&instance.client(), 0);
        let id = order_id(&request.send(&customer)?.expect_status(201));
        fixture.settle(instance)?;
        if let Some(step) = self.step {
            let who = if step == "cancel" { customer } else { fixture.admin(&instance.client()) };
            try_step(&who, &id, step)?.expect_status(200);
            fixture.settle(instance)?;
        }
        Some(())
    }

    /// Lives it once undisturbed, and then breaks it off at each failpoint in turn; in the short form, at a few.
    fn drill(&self) -> Found {
        let mut fixture = OrderFixture::new(1);
        let instance = Instance::with_failpoints(fixture.state.path(), &self.variables(), Failpoints::Listed, |_| ());
        let product = fixture.stock(&instance, 5);
        instance.arm_failpoints();
        self.live(&fixture, &instance, &OrderRequest::new(&product, 2, self.token)).expect("nothing breaks it off");
        let failpoints = instance.failpoints().len();
        instance.kill();
        fixture.check();

        let mut found = Found { failpoints, crashed_at: BTreeSet::new(), crashes: 0, slowest: Duration::ZERO };
        for number in (1..=failpoints).step_by(scale(failpoints.div_ceil(2), 1)) {
            self.break_off(&mut fixture, number, &mut found);
        }
        found
    }

    /// Breaks it off at the failpoint `number`, and lets it come to its end.
    fn break_off(&self, fixture: &mut OrderFixture, number: usize, found: &mut Found) {
        let instance =
            Instance::with_failpoints(fixture.state.path(), &self.variables(), Failpoints::CrashAt(number), |_| ());
        let product = fixture.stock(&instance, 5);
        let request = OrderRequest::new(&product, 2, self.token);
        instance.arm_failpoints();
        let is_whole = self.live(fixture, &instance, &request).is_some();
        // It passes the failpoints in about the same order each time, and may be through before it comes to the last ones.
        found.crashes += usize::from(!is_whole);
        found.crashed_at.extend(instance.failpoints());
        instance.kill();
        assert_intact(fixture.state.path());

        if !self.comes_back {
            expire_claims(fixture.state.path());
        }
        let begin = Instant::now();
        let instance = Instance::with(fixture.state.path(), &self.variables());
        if self.comes_back {
            self.live(fixture, &instance, &request).expect("nothing breaks it off any more");
        } else {
            fixture.settle(&instance).expect("nothing breaks it off any more");
        }
        found.slowest = found.slowest.max(begin.elapsed());
        instance.kill();
        fixture.check();
        let status = fixture.status(&request);
        let is_there = status.is_some() || !self.comes_back;
        assert!(
            is_there && status.as_deref().is_none_or(|status| status == self.end),
            "{}, {number}: {status:?}",
            self.name
        );
    }
}

#[test]
fn an_order_comes_to_its_end_wherever_its_life_is_broken_off() {
    // All at the same time: most of it is waiting.
    let found: Vec<Found> = thread::scope(|scope| {
        let drills: Vec<_> = COURSES.iter().map(|course| scope.spawn(|| course.drill())).collect();
        drills.into_iter().map(|drill| drill.join().expect("no course panics")).collect()
    });
    for (course, found) in COURSES.iter().zip(found) {
        figures(
            &format!("saga: an order that is {}, broken off", course.name),
            &[
                ("failpoints", &found.failpoints),
                ("crashes, each survived", &found.crashes),
                ("kinds of failpoints", &found.crashed_at.len()),
                ("slowest from start to end (ms)", &found.slowest.as_millis()),
            ],
        );
        assert!(found.crashes > 0, "{}", course.name);
    }
}
