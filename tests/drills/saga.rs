//! Check 7: an order's life, broken off at every point at which something becomes durable or visible, comes to its end all the same: nothing
//! is charged, held or sent twice, and nothing is left over.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::Instance;
use spindle_tests::drill::{figures, scale};
use spindle_tests::instance::Boundaries;

use crate::books::assert_intact;
use crate::shop::{HASTY, Shop, Wish, give_up_waiting, id_of, try_step};

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
    boundaries: usize,
    /// The boundaries at which it was broken off, each kind once.
    crashed_at: BTreeSet<String>,
    crashes: usize,
    slowest: Duration,
}

impl Course {
    fn variables(&self) -> Vec<(&'static str, &'static str)> {
        HASTY.into_iter().chain([("payment_timeout_seconds", self.payment_timeout)]).collect()
    }

    /// Lives it in `instance`; nothing if the instance ends before. Who has lived a part of it lives it again.
    fn live(&self, shop: &Shop, instance: &Instance, wish: &Wish) -> Option<()> {
        let customer = shop.customer(&instance.client(), 0);
        let id = id_of(&wish.send(&customer)?.expect_status(201));
        shop.settle(instance)?;
        if let Some(step) = self.step {
            let who = if step == "cancel" { customer } else { shop.admin(&instance.client()) };
            try_step(&who, &id, step)?.expect_status(200);
            shop.settle(instance)?;
        }
        Some(())
    }

    /// Lives it once undisturbed, and then breaks it off at each boundary in turn; in the short form, at a few.
    fn drill(&self) -> Found {
        let mut shop = Shop::open(1);
        let instance = Instance::with_boundaries(shop.state.path(), &self.variables(), Boundaries::Listed, |_| ());
        let product = shop.stock(&instance, 5);
        instance.count_boundaries();
        self.live(&shop, &instance, &Wish::new(&product, 2, self.token)).expect("nothing breaks it off");
        let boundaries = instance.boundaries().len();
        instance.kill();
        shop.check();

        let mut found = Found { boundaries, crashed_at: BTreeSet::new(), crashes: 0, slowest: Duration::ZERO };
        for number in (1..=boundaries).step_by(scale(boundaries.div_ceil(2), 1)) {
            self.break_off(&mut shop, number, &mut found);
        }
        found
    }

    /// Breaks it off at the boundary `number`, and lets it come to its end.
    fn break_off(&self, shop: &mut Shop, number: usize, found: &mut Found) {
        let instance =
            Instance::with_boundaries(shop.state.path(), &self.variables(), Boundaries::CrashAt(number), |_| ());
        let product = shop.stock(&instance, 5);
        let wish = Wish::new(&product, 2, self.token);
        instance.count_boundaries();
        let is_whole = self.live(shop, &instance, &wish).is_some();
        // It passes the boundaries in about the same order each time, and may be through before it comes to the last ones.
        found.crashes += usize::from(!is_whole);
        found.crashed_at.extend(instance.boundaries());
        instance.kill();
        assert_intact(shop.state.path());

        if !self.comes_back {
            give_up_waiting(shop.state.path());
        }
        let begin = Instant::now();
        let instance = Instance::with(shop.state.path(), &self.variables());
        if self.comes_back {
            self.live(shop, &instance, &wish).expect("nothing breaks it off any more");
        } else {
            shop.settle(&instance).expect("nothing breaks it off any more");
        }
        found.slowest = found.slowest.max(begin.elapsed());
        instance.kill();
        shop.check();
        let status = shop.status(&wish);
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
                ("boundaries", &found.boundaries),
                ("crashes, each survived", &found.crashes),
                ("kinds of boundaries", &found.crashed_at.len()),
                ("slowest from start to end (ms)", &found.slowest.as_millis()),
            ],
        );
        assert!(found.crashes > 0, "{}", course.name);
    }
}
