//! The rule for text that people read: what is accepted, and what is refused.

use super::{line, lines, name, printed};

fn refused(text: &str) -> Option<String> {
    line(text, 100).err().map(std::borrow::Cow::into_owned)
}

#[test]
fn text_that_people_write_is_accepted() {
    for text in [
        "Ada Lovelace",
        "Zoë O’Brien-Ñandú, 3rd floor (c/o Müller & Söhne)",
        "5 · 10 pcs – ½″ ≥ 3 µm €",
        "e\u{301}\u{327}",
        "王小明\u{3000}様",
        "葛\u{e0100}城市",
        "서울",
        // The same, decomposed.
        "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}",
        "שלום עולם",
        "محمد بن سلمان ١٢٣",
        "می\u{200c}خواهم",
        "کار\u{200c}خانه",
        "ه\u{200d}.ق",
        "क्\u{200d}ष क्\u{200c}ष",
        "ব্র\u{200d}্যাক",
        "ശ്രീ ന്\u{200d}",
        "ශ්\u{200d}රී",
        "ᠰᠠᠶᠢᠨ ᠮᠣᠷᠢ\u{180b} ᠬᠠᠷ\u{180e}ᠠ",
        "🎉👍🏽",
        "❤️ ☎︎ ℹ️ 5️⃣ ©️ 〰️",
        "👩\u{200d}🚀 👩🏽\u{200d}🚀 👁️\u{200d}🗨️ 🙂\u{200d}↔️ 🧑🏻\u{200d}❤️\u{200d}🧑🏿 🏳️\u{200d}🌈",
        "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f} 🇨🇭",
        "\u{600}\u{661}\u{662}",
    ] {
        assert_eq!(refused(text), None, "{text:?}");
    }
}

#[test]
fn a_name_is_one_short_line_without_a_web_address() {
    let long = "é".repeat(100);
    for text in
        ["Ada Lovelace", "Søren http Kierkegaard", "Booking.com B.V.", "A/S Øl: Vin", "Wwwilma", "Dr. www", &long]
    {
        assert_eq!(name(text), Ok(()), "{text:?}");
    }
    let address = "must not have the address of a web page (:// or www.)";
    for text in [
        "You won 500 EUR! Claim: http://evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "x://y",
        "Ada www.evil.example",
        "(WWW.evil.example)",
        "www.",
    ] {
        assert_eq!(name(text).unwrap_err(), address, "{text:?}");
    }
    let length = "must have 1 to 100 printable characters";
    for text in ["", " ", &"é".repeat(101)] {
        assert_eq!(name(text).unwrap_err(), length, "{text:?}");
    }
    assert!(name("Ada\nLovelace").is_err() && name("Ada\u{202e}").is_err());
}

#[test]
fn a_character_that_is_not_printed_is_refused_wherever_it_is() {
    for code in [
        0x00, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e,
        0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2064, 0x2065, 0x2066, 0x2067, 0x2068,
        0x2069, 0x206a, 0x3164, 0xe000, 0xfdd0, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xffff, 0x1bca0, 0x1d173, 0xe0001,
        0xe0067, 0xe007f, 0xe0100, 0xf0000, 0x10_fffd, 0x10_ffff, // Unassigned.
        0x378, 0x2_ffff, 0x5_0000,
    ] {
        let letter = char::from_u32(code).unwrap();
        let expected = format!("must not have U+{code:04X}, its character 5: it is not printable there");
        assert_eq!(refused(&format!("Ada {letter}Lovelace")), Some(expected.clone()));
        assert_eq!(lines(&format!("Ada {letter}Lovelace"), 100).unwrap_err(), expected);
        assert_eq!(printed(format!("Ada {letter}Lovelace")), "Ada Lovelace");
    }
}

#[test]
fn joiners_selectors_and_tags_are_refused_where_they_do_nothing() {
    for text in [
        "A\u{200d}da",
        "A\u{200c}da",
        "Д\u{200d}а",
        "中\u{200d}文",
        "1\u{200d}2",
        "می\u{200c}\u{200c}خواهم",
        "👩\u{200d}",
        "👩\u{200d} 🚀",
        "👩\u{200d}a",
        "👩\u{200c}🚀",
        "a\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
        "中\u{e0100}\u{e0101}",
        "👩\u{e0067}\u{e0062}",
        "🏴\u{e007f}",
        "🏴\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e007f}",
        "🏴a\u{e0067}",
        "a\u{180b}",
    ] {
        assert!(refused(text).is_some(), "{text:?}");
    }
}

#[test]
fn a_line_has_1_to_so_many_characters_and_something_to_see() {
    let requirement = Some("must have 1 to 100 printable characters".to_owned());
    for text in ["", "  ", "\u{3000}\u{a0}", "\u{2800}", "\n", &"é".repeat(101)] {
        assert_eq!(refused(text), requirement, "{text:?}");
    }
    assert_eq!(refused(&"é".repeat(100)), None);
}

#[test]
fn line_breaks_and_tabs_are_accepted_where_a_field_has_lines() {
    assert_eq!(lines("", 10), Ok(()));
    assert_eq!(lines("one\r\n\ttwo", 10), Ok(()));
    assert_eq!(lines("one\r\n\ttwo\n", 9).unwrap_err(), "must have at most 9 printable characters");
    for text in ["a\nb", "a\rb", "a\tb"] {
        assert_eq!(refused(text), Some("must be one line, without line breaks and tabs".to_owned()));
        assert_eq!(printed(text.to_owned()), "a b");
    }
}

#[test]
fn a_joiner_does_not_reach_over_a_line_break() {
    assert!(lines("می\n\u{200c}خواهم", 100).is_err());
    assert!(lines("👩\u{200d}\n🚀", 100).is_err());
}
