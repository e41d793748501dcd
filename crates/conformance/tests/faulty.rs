//! Each check is failed by a provider with one fault, and by no other: the modes of `guests/faulty`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spindle_conformance::Interface::{Notify, Payments, Pricing};
use spindle_conformance::{Check, Interface, Kit, Report, Settings};

const ALL: &[Interface] = &[Notify, Payments, Pricing];
const SENDERS: &[Interface] = &[Notify, Payments];

/// A mode of the guest, the interfaces that it affects, and the checks that it must fail.
type FaultMode = (&'static str, &'static [Interface], &'static [Check]);

/// The modes of the guest, except for `loops`: that one takes two seconds a call, and `loops-on-long-names` shows the same.
const MODES: [FaultMode; 43] = [
    ("traps", ALL, &[Check::Answers]),
    ("exhausts-memory", ALL, &[Check::Answers, Check::Memory]),
    ("always-retryable", ALL, &[Check::Answers]),
    ("random-references", ALL, &[Check::Repeat]),
    ("rejects-repeats", SENDERS, &[Check::Repeat]),
    ("omits-the-key", SENDERS, &[Check::Keys]),
    ("constant-reference", SENDERS, &[Check::Keys]),
    ("retries-400", SENDERS, &[Check::ClientError]),
    ("rejects-429", ALL, &[Check::TooMany]),
    ("rejects-5xx", ALL, &[Check::ServerError]),
    ("traps-without-connection", ALL, &[Check::Connection]),
    ("rejects-timeouts", ALL, &[Check::Silence]),
    ("no-first-byte-timeout", ALL, &[Check::Silence, Check::Time]),
    ("no-body-timeout", ALL, &[Check::Silence, Check::Time]),
    ("unbounded-body", ALL, &[Check::EndlessBody, Check::Memory]),
    ("accepts-redirects", SENDERS, &[Check::Redirect]),
    ("traps-on-garbage", ALL, &[Check::Garbage]),
    ("traps-on-empty-text", ALL, &[Check::Empty]),
    ("traps-on-long-text", ALL, &[Check::Long]),
    ("traps-on-non-ascii", ALL, &[Check::Unicode]),
    ("traps-on-line-breaks", ALL, &[Check::LineBreaks]),
    ("header-injection", ALL, &[Check::LineBreaks]),
    ("traps-on-negative-amount", &[Payments, Pricing], &[Check::Amounts]),
    ("traps-on-currency-length", &[Payments, Pricing], &[Check::Currency]),
    ("traps-on-long-key", SENDERS, &[Check::KeyLengths]),
    ("traps-on-attempt-zero", SENDERS, &[Check::Attempts]),
    ("positive-discount", &[Pricing], &[Check::Signs]),
    ("empty-label", &[Pricing], &[Check::Labels]),
    ("too-many-adjustments", &[Pricing], &[Check::Count]),
    ("negative-total", &[Pricing], &[Check::Total]),
    ("exceeds-memory", ALL, &[Check::Memory]),
    ("loops-on-long-names", ALL, &[Check::Long, Check::Cpu]),
    ("sleeps", ALL, &[Check::Time]),
    ("no-total-timeout", ALL, &[Check::Time]),
    ("long-reference", SENDERS, &[Check::Texts]),
    ("empty-reference", &[Payments], &[Check::Texts]),
    ("calls-other-host", ALL, &[Check::Hosts]),
    ("follows-redirects", ALL, &[Check::Redirects]),
    ("opens-a-socket", ALL, &[Check::Sockets]),
    ("prints-the-key", ALL, &[Check::Secrets]),
    ("dumps-variables", ALL, &[Check::Secrets]),
    ("reveals-the-token", &[Payments], &[Check::Secrets]),
    ("key-in-label", &[Pricing], &[Check::Secrets]),
];

/// The provider that fails a check. A new check needs one: without it, this test does not compile.
enum FailingProvider {
    /// The guest `faulty` in this mode.
    Mode(&'static str),
    /// Another component, checked by this test.
    Other(fn()),
}

fn failing_provider(check: Check) -> FailingProvider {
    use FailingProvider::{Mode, Other};
    match check {
        Check::Exports => Other(a_provider_of_something_else_is_not_called),
        Check::Imports => Other(a_provider_that_imports_stores_fails),
        Check::Answers => Mode("always-retryable"),
        Check::Repeat => Mode("random-references"),
        Check::Keys => Mode("omits-the-key"),
        Check::ClientError => Mode("retries-400"),
        Check::TooMany => Mode("rejects-429"),
        Check::ServerError => Mode("rejects-5xx"),
        Check::Connection => Mode("traps-without-connection"),
        Check::Silence => Mode("no-first-byte-timeout"),
        Check::EndlessBody => Mode("unbounded-body"),
        Check::Redirect => Mode("accepts-redirects"),
        Check::Garbage => Mode("traps-on-garbage"),
        Check::Empty => Mode("traps-on-empty-text"),
        Check::Long => Mode("traps-on-long-text"),
        Check::Unicode => Mode("traps-on-non-ascii"),
        Check::LineBreaks => Mode("header-injection"),
        Check::Amounts => Mode("traps-on-negative-amount"),
        Check::Currency => Mode("traps-on-currency-length"),
        Check::KeyLengths => Mode("traps-on-long-key"),
        Check::Attempts => Mode("traps-on-attempt-zero"),
        Check::Signs => Mode("positive-discount"),
        Check::Labels => Mode("empty-label"),
        Check::Count => Mode("too-many-adjustments"),
        Check::Total => Mode("negative-total"),
        Check::Memory => Mode("exceeds-memory"),
        Check::Cpu => Mode("loops-on-long-names"),
        Check::Time => Mode("sleeps"),
        Check::Texts => Mode("long-reference"),
        Check::Hosts => Mode("calls-other-host"),
        Check::Redirects => Mode("follows-redirects"),
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

/// Checks the guest in `mode`, as a provider of each interface.
fn examine(mode: &str) -> Vec<Report> {
    let mut settings = Settings::default();
    settings.variables.insert("mode".to_owned(), mode.to_owned());
    kit().examine(&guest("faulty"), &settings).expect("it can be examined")
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
fn a_faulty_provider_fails_the_checks_of_its_fault_and_no_other() {
    for (mode, interfaces, expected) in MODES {
        for report in examine(mode).into_iter().filter(|report| interfaces.contains(&report.interface)) {
            assert_eq!(report.failed(), expected, "{mode}: {report}");
        }
    }
}

#[test]
fn each_check_has_a_provider_that_fails_it_for_each_interface() {
    for &check in Check::ALL {
        match failing_provider(check) {
            FailingProvider::Other(test) => test(),
            FailingProvider::Mode(mode) => {
                let fails = |interface: &Interface| {
                    let bad = |(name, of, checks): &&FaultMode| {
                        *name == mode && of.contains(interface) && checks.contains(&check)
                    };
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
fn a_provider_that_imports_stores_fails() {
    let reports = kit().examine(&guest("store_opener"), &Settings::default()).expect("it can be examined");
    let [report] = reports.as_slice() else { panic!("it exports one interface") };
    // It is stopped when it opens the first store.
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
