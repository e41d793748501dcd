//! Every template in each of its languages and on each of its channels.

use super::renderer::{Error, Recipient, RenderedMessage, TemplateRef, render};
use super::{FALLBACK_LANGUAGE, FILES, TEMPLATES, Template, language};
use crate::channel::{self, Channel};
use serde_json::{Value, json};
use spindle_contracts::provider::notify::{Content, Email, Push, Sms};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const LANGUAGES: [&str; 2] = ["en", "de"];

fn sample(template: &Template) -> Value {
    match template.name {
        "welcome" | "password-changed" | "email-changed" => json!({}),
        "email-replaced" => json!({ "change_id": "01a204db-3d7e-7c19-9a42-1f0e6b5d2c88" }),
        "order-paid" => json!({ "number": "S-2026-000042", "total": { "amount": 259_800, "currency": "EUR" } }),
        "order-fulfilled" => json!({ "number": "S-2026-000042" }),
        "order-cancelled" => json!({ "number": "S-2026-000042", "reason": "payment_declined" }),
        "payment-refunded" => json!({ "amount": { "amount": 2_598, "currency": "CHF" } }),
        "message" => json!({ "subject": "Your <question>", "text": "First line.\nSecond & last." }),
        other => panic!("add sample data of {other} here"),
    }
}

fn rendered(template: &Template, channel: Channel, data: &Value, locale: &str) -> Result<RenderedMessage, Error> {
    rendered_version(template, template.version, channel, data, locale)
}

fn rendered_version(
    template: &Template,
    version: u32,
    channel: Channel,
    data: &Value,
    locale: &str,
) -> Result<RenderedMessage, Error> {
    let template = TemplateRef { name: template.name, version, channel, data };
    render(template, Recipient { address: "there", locale, shop: "Lamps & More" })
}

fn text_of(content: &Content) -> String {
    match content {
        Content::Email(Email { to, subject, text, html }) => {
            format!("to: {to}\nsubject: {subject}\n\n{text}\n\n{html}\n")
        }
        Content::Sms(Sms { to, text }) => format!("to: {to}\n\n{text}\n"),
        Content::Push(Push { to, title, text }) => format!("to: {to}\ntitle: {title}\n\n{text}\n"),
    }
}

/// `src/template/tests/<name>.txt` holds the rendered template. Set `SPINDLE_WRITE_SAMPLES` to rewrite it, and review the difference.
#[test]
fn each_template_renders_as_its_sample_in_each_language_on_each_channel() {
    for template in TEMPLATES {
        let mut all = String::new();
        for language in LANGUAGES {
            for channel in template.channels() {
                let message = rendered(template, channel, &sample(template), language).unwrap();
                assert_eq!(message.language, language);
                let _ = write!(all, "=== {language} {}\n{}\n", channel::name(channel), text_of(&message.content));
            }
        }
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/template/tests").join(format!("{}.txt", template.name));
        if std::env::var_os("SPINDLE_WRITE_SAMPLES").is_some() {
            std::fs::write(&file, &all).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), all, "{}", file.display());
    }
}

#[test]
fn each_language_of_a_template_has_the_same_files_and_no_other_file_exists() {
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, _) in FILES.iter().filter(|(path, _)| !path.starts_with("layout/")) {
        let (folder, file) = path.rsplit_once('/').unwrap();
        files.entry(folder).or_default().insert(file);
    }
    let whole = [
        (Channel::Email, &["email.html", "email.subject.txt", "email.txt"][..]),
        (Channel::Sms, &["sms.txt"][..]),
        (Channel::Push, &["push.title.txt", "push.txt"][..]),
    ];
    let mut known = 0;
    for template in TEMPLATES {
        let channels: Vec<Channel> = template.channels().collect();
        assert!(!channels.is_empty(), "{}", template.name);
        let expected: BTreeSet<&str> = whole
            .iter()
            .filter(|(channel, _)| channels.contains(channel))
            .flat_map(|(_, files)| *files)
            .copied()
            .collect();
        for language in LANGUAGES {
            let folder = format!("{}/v{}/{language}", template.name, template.version);
            assert_eq!(files.get(folder.as_str()), Some(&expected), "{folder}");
        }
        known += (1..=template.version).count() * LANGUAGES.len();
    }
    assert_eq!(files.len(), known, "{:?}", files.keys());
}

#[test]
fn a_locale_without_a_matching_language_has_the_fallback() {
    let of = |locale: &str| language("welcome", 1, locale);
    assert_eq!(
        ["de", "de-CH", "DE-ch-1996", "en-GB", "fr", "d", "", "deutsch"].map(of),
        ["de", "de", "de", "en", "en", "en", "en", "en"]
    );
    assert!(LANGUAGES.contains(&FALLBACK_LANGUAGE));
    assert_eq!(language("no such template", 1, "de"), FALLBACK_LANGUAGE);
}

#[test]
fn a_notification_that_an_earlier_release_has_queued_is_sent_in_its_version_and_names_no_one() {
    for template in TEMPLATES {
        for language in LANGUAGES {
            for channel in template.channels() {
                let of_version =
                    |version| rendered_version(template, version, channel, &sample(template), language).unwrap();
                assert_eq!(of_version(1), of_version(template.version), "{} {language}", template.name);
            }
        }
    }
}

#[test]
fn a_message_consists_of_its_template_the_name_of_the_shop_and_the_data() {
    let allowed = |variable: &str| {
        let name = variable.split([' ', '|', ')']).next().unwrap();
        matches!(name, "shop" | "language") || name.starts_with("data.")
    };
    for (path, text) in FILES.iter().filter(|(path, _)| !path.contains("/v1/")) {
        for variable in text.split("{{ ").skip(1) {
            assert!(allowed(variable), "{path}: {variable}");
        }
    }
}

#[test]
fn data_cannot_add_a_header_to_an_email_or_an_element_to_its_html() {
    let template = Template::by_name("message").unwrap();
    let data = json!({ "subject": "Hi\r\nBcc: eve@example.com", "text": "<script>1</script>" });
    let Content::Email(email) = rendered(template, Channel::Email, &data, "en").unwrap().content else {
        panic!("an e-mail")
    };
    assert_eq!(email.subject, "Hi Bcc: eve@example.com");
    assert!(
        email.html.contains("&lt;script&gt;1&lt;&#x2f;script&gt;") && !email.html.contains("<script"),
        "{}",
        email.html
    );
    assert!(email.text.contains("<script>1</script>"));
}

#[test]
fn missing_data_and_a_message_that_is_too_long_are_errors() {
    let template = Template::by_name("order-paid").unwrap();
    let error = |data: Value, channel| rendered(template, channel, &data, "en").unwrap_err().to_string();
    let undefined = error(json!({ "number": "S-1" }), Channel::Push);
    assert!(
        undefined.starts_with("the template cannot be rendered: ") && undefined.contains("push.txt"),
        "{undefined}"
    );
    let no_money = error(json!({ "number": "S-1", "total": 12 }), Channel::Push);
    assert!(no_money.contains("push.txt"), "{no_money}");

    let template = Template::by_name("message").unwrap();
    let long = |length: usize| json!({ "subject": "s", "text": "é".repeat(length) });
    let fits = |channel, length| rendered(template, channel, &long(length), "en").is_ok();
    let prefix = "Lamps & More: ".len();
    assert_eq!((fits(Channel::Sms, 1_000 - prefix), fits(Channel::Sms, 1_001 - prefix)), (true, false));
    assert_eq!((fits(Channel::Push, 999), fits(Channel::Push, 1_000)), (true, false));
    assert_eq!((fits(Channel::Email, 60_000), fits(Channel::Email, 66_000)), (true, false));
    // The limit is that of the JSON, in which a line feed takes two bytes.
    let lines = json!({ "subject": "s", "text": "\n".repeat(62_000) });
    assert!(rendered(template, Channel::Email, &lines, "en").is_err());
}

#[test]
fn data_is_checked_by_name_and_kind() {
    let pointers = |template: &str, data: Value| -> Vec<String> {
        let errors = Template::by_name(template).unwrap().check(data.as_object().unwrap());
        errors.into_iter().map(|error| error.pointer().to_owned()).collect()
    };
    assert_eq!(pointers("message", json!({ "subject": "s", "text": "t" })), [""; 0]);
    assert_eq!(
        pointers("message", json!({ "subject": " ", "texts/~": 1 })),
        ["/data/subject", "/data/text", "/data/texts~1~0"]
    );
    assert_eq!(
        pointers("order-paid", json!({ "number": 1, "total": { "amount": 1 } })),
        ["/data/number", "/data/total"]
    );
    assert_eq!(Template::by_name("no such template"), None);
}
