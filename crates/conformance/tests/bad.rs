//! Each check is failed by a provider that is bad in one respect, and by no other: the modes of `guests/bad`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spindle_conformance::Interface::{Notify, Payments, Pricing};
use spindle_conformance::{Check, Interface, Kit, Report, Settings};

const ALL: &[Interface] = &[Notify, Payments, Pricing];
const SENDERS: &[Interface] = &[Notify, Payments];

/// One respect in which a provider is bad, and what is to be found of it.
type Bad = (&'static str, &'static [Interface], &'static [Check]);

/// The modes of the guest, without `loops`: that one takes two seconds a call, and `computes-over-long-names` shows the same.
const MODES: [Bad; 43] = [
    ("traps", ALL, &[Check::Answers]),
    ("eats-memory", ALL, &[Check::Answers, Check::Memory]),
    ("never-ready", ALL, &[Check::Answers]),
    ("renumbers", ALL, &[Check::Repeat]),
    ("takes-a-repeat-for-an-error", SENDERS, &[Check::Repeat]),
    ("keeps-the-key", SENDERS, &[Check::Keys]),
    ("calls-all-the-same", SENDERS, &[Check::Keys]),
    ("tries-again-in-vain", SENDERS, &[Check::ClientError]),
    ("takes-too-many-for-a-no", ALL, &[Check::TooMany]),
    ("takes-an-outage-for-a-no", ALL, &[Check::ServerError]),
    ("needs-a-connection", ALL, &[Check::Connection]),
    ("takes-silence-for-a-no", ALL, &[Check::Silence]),
    ("waits-for-ever", ALL, &[Check::Silence, Check::Time]),
    ("waits-for-the-rest", ALL, &[Check::Silence, Check::Time]),
    ("reads-on", ALL, &[Check::EndlessBody, Check::Memory]),
    ("takes-a-redirect-for-a-yes", SENDERS, &[Check::Redirect]),
    ("needs-sense", ALL, &[Check::Garbage]),
    ("needs-texts", ALL, &[Check::Empty]),
    ("needs-short-texts", ALL, &[Check::Long]),
    ("needs-ascii", ALL, &[Check::Unicode]),
    ("needs-lines", ALL, &[Check::LineBreaks]),
    ("writes-lines", ALL, &[Check::LineBreaks]),
    ("needs-a-price", &[Payments, Pricing], &[Check::Amounts]),
    ("needs-a-known-currency", &[Payments, Pricing], &[Check::Currency]),
    ("needs-a-short-key", SENDERS, &[Check::KeyLengths]),
    ("counts-from-one", SENDERS, &[Check::Attempts]),
    ("discounts-upwards", &[Pricing], &[Check::Signs]),
    ("labels-nothing", &[Pricing], &[Check::Labels]),
    ("itemises", &[Pricing], &[Check::Count]),
    ("gives-away", &[Pricing], &[Check::Total]),
    ("asks-for-memory", ALL, &[Check::Memory]),
    ("computes-over-long-names", ALL, &[Check::Long, Check::Cpu]),
    ("sleeps", ALL, &[Check::Time]),
    ("takes-its-time", ALL, &[Check::Time]),
    ("talks", SENDERS, &[Check::Texts]),
    ("says-nothing", &[Payments], &[Check::Texts]),
    ("asks-strangers", ALL, &[Check::Hosts]),
    ("follows", ALL, &[Check::Redirects]),
    ("opens-a-socket", ALL, &[Check::Sockets]),
    ("prints-the-key", ALL, &[Check::Secrets]),
    ("dumps-variables", ALL, &[Check::Secrets]),
    ("tells-the-token", &[Payments], &[Check::Secrets]),
    ("prints-the-key-on-the-bill", &[Pricing], &[Check::Secrets]),
];

/// Who fails a check. A new check needs a provider that fails it: without one, this does not compile.
enum Culprit {
    /// The guest in this mode.
    Mode(&'static str),
    /// A component of another kind, in this test.
    Other(fn()),
}

fn culprit(check: Check) -> Culprit {
    use Culprit::{Mode, Other};
    match check {
        Check::Exports => Other(a_provider_of_something_else_is_not_called),
        Check::Imports => Other(a_provider_that_wants_stores_is_found_out),
        Check::Answers => Mode("never-ready"),
        Check::Repeat => Mode("renumbers"),
        Check::Keys => Mode("keeps-the-key"),
        Check::ClientError => Mode("tries-again-in-vain"),
        Check::TooMany => Mode("takes-too-many-for-a-no"),
        Check::ServerError => Mode("takes-an-outage-for-a-no"),
        Check::Connection => Mode("needs-a-connection"),
        Check::Silence => Mode("waits-for-ever"),
        Check::EndlessBody => Mode("reads-on"),
        Check::Redirect => Mode("takes-a-redirect-for-a-yes"),
        Check::Garbage => Mode("needs-sense"),
        Check::Empty => Mode("needs-texts"),
        Check::Long => Mode("needs-short-texts"),
        Check::Unicode => Mode("needs-ascii"),
        Check::LineBreaks => Mode("writes-lines"),
        Check::Amounts => Mode("needs-a-price"),
        Check::Currency => Mode("needs-a-known-currency"),
        Check::KeyLengths => Mode("needs-a-short-key"),
        Check::Attempts => Mode("counts-from-one"),
        Check::Signs => Mode("discounts-upwards"),
        Check::Labels => Mode("labels-nothing"),
        Check::Count => Mode("itemises"),
        Check::Total => Mode("gives-away"),
        Check::Memory => Mode("asks-for-memory"),
        Check::Cpu => Mode("computes-over-long-names"),
        Check::Time => Mode("sleeps"),
        Check::Texts => Mode("talks"),
        Check::Hosts => Mode("asks-strangers"),
        Check::Redirects => Mode("follows"),
        Check::Sockets => Mode("opens-a-socket"),
        Check::Secrets => Mode("prints-the-key"),
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

fn kit() -> Kit {
    Kit::new(Some(&target().join("wasm-cache"))).expect("an engine")
}

fn guest(name: &str) -> PathBuf {
    let file = target().join(format!("wasm32-wasip2/release/conformance_guest_{name}.wasm"));
    assert!(file.exists(), "{} is missing: `cargo xtask test` builds it", file.display());
    file
}

/// What is found of the guest in `mode`, as a provider of each interface.
fn examine(mode: &str) -> Vec<Report> {
    let mut settings = Settings::default();
    settings.variables.insert("mode".to_owned(), mode.to_owned());
    kit().examine(&guest("bad"), &settings).expect("it can be examined")
}

#[test]
fn a_good_provider_passes_every_check() {
    for report in examine("") {
        assert_eq!(report.failed(), [], "{report}");
        for finding in &report.findings {
            let passed = matches!(finding.verdict, spindle_conformance::Verdict::Passed(_));
            assert!(passed, "{} was not made: {report}", finding.check.name());
        }
    }
}

#[test]
fn a_bad_provider_fails_the_checks_of_what_it_is_bad_at_and_no_other() {
    for (mode, interfaces, expected) in MODES {
        for report in examine(mode).into_iter().filter(|report| interfaces.contains(&report.interface)) {
            assert_eq!(report.failed(), expected, "{mode}: {report}");
        }
    }
}

#[test]
fn each_check_has_a_provider_that_fails_it_for_each_interface() {
    for &check in Check::ALL {
        match culprit(check) {
            Culprit::Other(test) => test(),
            Culprit::Mode(mode) => {
                let fails = |interface: &Interface| {
                    let bad =
                        |(name, of, checks): &&Bad| *name == mode && of.contains(interface) && checks.contains(&check);
                    MODES.iter().any(|row| bad(&row))
                };
                let unproven: Vec<&Interface> = ALL
                    .iter()
                    .filter(|&&interface| check.concerns(interface))
                    .filter(|interface| !fails(interface))
                    .collect();
                assert!(unproven.is_empty(), "{mode} does not fail {} for {unproven:?}", check.name());
            }
        }
    }
}

#[test]
fn no_mode_is_listed_twice() {
    let names: BTreeSet<&str> = MODES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names.len(), MODES.len());
}

#[test]
fn a_provider_that_wants_stores_is_found_out() {
    let reports = kit().examine(&guest("greedy"), &Settings::default()).expect("it can be examined");
    let [report] = reports.as_slice() else { panic!("it exports one interface") };
    // It is stopped when it opens the first.
    assert_eq!(report.failed(), [Check::Imports, Check::Answers], "{report}");
    let seen = report.to_string();
    assert!(seen.contains("fermyon:spin/key-value@2.0.0; fermyon:spin/sqlite@2.0.0"), "{seen}");
}

#[test]
fn a_provider_of_something_else_is_not_called() {
    let folder = target().join("wasm-cache");
    std::fs::create_dir_all(&folder).expect("target can be written to");
    let file = folder.join("empty-provider.wasm");
    let component = r#"(component (instance $empty) (export "spindle:notify/provider@1.0.0" (instance $empty)))"#;
    std::fs::write(&file, wat::parse_str(component).expect("a component")).expect("target can be written to");
    let reports = kit().examine(&file, &Settings::default()).expect("it can be examined");
    let [report] = reports.as_slice() else { panic!("it exports one interface") };
    assert_eq!(report.failed(), [Check::Exports], "{report}");
}
