//! A provider that fails is left alone for a while.

use super::{ADA, Desk, EVE, failed, sent, stands};
use http::StatusCode;
use spindle_contracts::provider::notify::Message;
use spindle_platform::http::{Response, empty};

/// Lets so many events wait for a provider that fails like this.
fn broken(events: u128, answer: impl FnMut(&Message) -> Response + 'static) -> Desk {
    let desk = Desk::with(&[("event_max_attempts", "20")]);
    desk.answer_with(answer);
    for event in 1..=events {
        desk.tell(event, "PaymentRefunded", EVE);
    }
    desk
}

fn logged(desk: &Desk, message: &str) -> usize {
    desk.platform.logged().iter().filter(|line| line.contains(message)).count()
}

#[test]
fn after_five_failures_in_a_row_nobody_asks_it_for_half_a_minute() {
    let mut desk = broken(8, |_| failed("retryable"));
    assert_eq!((desk.asked().len(), logged(&desk, "provider is left alone for a while")), (5, 1));
    for _ in 0..29 {
        desk.tick_after(1_000);
    }
    assert_eq!(desk.asked(), []);
    // What was put off made no attempt.
    let attempts: Vec<(i64,)> =
        desk.rows("SELECT attempts FROM inbox WHERE source = 'notifications' ORDER BY attempts");
    assert_eq!(attempts, [0, 0, 0, 1, 1, 1, 1, 1].map(|attempts| (attempts,)));
    assert_eq!(logged(&desk, "event is a dead letter"), 0);
}

#[test]
fn then_one_tries_and_if_it_is_back_all_go_through() {
    let mut desk = broken(8, |_| failed("other"));
    desk.asked();
    desk.tick_after(32_000);
    // One tried in vain, and it is left alone again.
    assert_eq!((desk.asked().len(), logged(&desk, "provider is back")), (1, 0));
    desk.answer_with(|_| sent("m"));
    desk.tick_after(32_000);
    assert_eq!((desk.asked().len(), logged(&desk, "provider is back")), (8, 1));
    assert_eq!(desk.stand(), vec![stands("email", "sent"); 8]);
    assert_eq!(desk.rows::<(String,)>("SELECT channel FROM breakers"), []);
}

#[test]
fn whoever_tries_and_dies_keeps_the_others_waiting_for_a_lease() {
    let mut desk = broken(6, |_| failed("retryable"));
    desk.asked();
    desk.rows::<(String,)>(&format!("UPDATE breakers SET probing_until = {} RETURNING channel", desk.now + 60_000));
    desk.answer_with(|_| sent("m"));
    desk.tick_after(32_000);
    assert_eq!(desk.asked(), []);
    desk.tick_after(28_000);
    assert_eq!(desk.asked().len(), 6);
}

#[test]
fn a_success_in_between_starts_the_count_anew_and_so_does_what_is_rejected() {
    for good in ["sent", "rejected"] {
        let mut count = 0;
        let desk = broken(12, move |_| {
            count += 1;
            match (count % 3 == 0, good) {
                (true, "sent") => sent("m"),
                (true, _) => failed("rejected"),
                _ => failed("retryable"),
            }
        });
        assert_eq!((desk.asked().len(), logged(&desk, "left alone")), (12, 0), "{good}");
    }
}

#[test]
fn a_provider_that_traps_or_says_nothing_of_use_has_failed() {
    for answer in [|| empty(StatusCode::INTERNAL_SERVER_ERROR), || empty(StatusCode::OK)] {
        let desk = broken(7, move |_| answer());
        assert_eq!((desk.asked().len(), desk.stand()), (5, vec![stands("email", "queued"); 7]));
        let errors: Vec<(String,)> = desk.rows("SELECT last_error FROM notifications WHERE last_error IS NOT NULL");
        assert_eq!(errors.len(), 5);
        assert!(errors.iter().all(|(error,)| error.starts_with("silent: its adapter answered ")), "{errors:?}");
    }
}

#[test]
fn the_other_channels_go_on() {
    let desk = Desk::with(&[("event_max_attempts", "20")]);
    desk.answer_with(|message| {
        let is_email = super::channel_of(message) == "email";
        if is_email { failed("retryable") } else { sent("m") }
    });
    for event in 1..=7 {
        desk.tell(event, "OrderPaid", ADA);
    }
    let count = |status: &str| desk.stand().iter().filter(|(_, other)| other == status).count();
    assert_eq!((count("queued"), count("sent"), desk.asked().len()), (7, 7, 12));
}

#[test]
fn while_nothing_is_wrong_nothing_is_written_down_of_a_provider() {
    let desk = Desk::new();
    desk.tell(1, "OrderPaid", EVE);
    let written = desk.platform.statements("notifications");
    let on_breakers: Vec<&String> =
        written.iter().filter(|sql| sql.contains("breakers") && !sql.contains("CREATE")).collect();
    assert!(on_breakers.iter().all(|sql| sql.trim_start().starts_with("SELECT")), "{on_breakers:?}");
}
