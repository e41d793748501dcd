//! Writes the classes of characters that [`text`](src/text.rs) needs as one table of ranges: the general category of each character
//! (unicode-properties) would be ten times as large.

use std::fmt::Write as _;
use std::path::PathBuf;
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// The assigned characters that are not printed and have another category than Cc, Cf, Cs, Co, Zl and Zp (Default_Ignorable_Code_Point of
/// Unicode's DerivedCoreProperties.txt). `text` decides about some of them before it looks at the table.
const IGNORABLE: [char; 11] = [
    '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{180b}', '\u{180c}', '\u{180d}', '\u{180f}',
    '\u{3164}', '\u{ffa0}',
];

/// Returns whether `letter` is printed although it has the category Cf: the signs that precede Arabic, Syriac and Kaithi numbers
/// (Prepended_Concatenation_Mark), and the controls that join Egyptian hieroglyphs.
fn is_printed_format(letter: char) -> bool {
    matches!(
        letter,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}'
    ) || matches!(letter, '\u{13430}'..='\u{1343f}')
}

/// Returns the name of the variant of `text::Class`.
fn class(letter: char) -> &'static str {
    let is_selector = matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    if is_selector || IGNORABLE.contains(&letter) {
        return "Refused";
    }
    match letter.general_category() {
        Category::UppercaseLetter | Category::LowercaseLetter | Category::TitlecaseLetter => "Cased",
        Category::ModifierLetter | Category::OtherLetter => "Uncased",
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark => "Uncased",
        Category::MathSymbol | Category::CurrencySymbol | Category::ModifierSymbol | Category::OtherSymbol => "Symbol",
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber => "Other",
        Category::ConnectorPunctuation | Category::DashPunctuation | Category::OpenPunctuation => "Other",
        Category::ClosePunctuation | Category::InitialPunctuation | Category::FinalPunctuation => "Other",
        Category::OtherPunctuation => "Other",
        Category::SpaceSeparator => "Space",
        Category::Format if is_printed_format(letter) => "Other",
        Category::Format | Category::Control | Category::Surrogate | Category::PrivateUse => "Refused",
        Category::Unassigned | Category::LineSeparator | Category::ParagraphSeparator => "Refused",
    }
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::new();
    let (mut ranges, mut last) = (0_usize, "");
    for letter in '\0'..=char::MAX {
        let class = class(letter);
        if class != last {
            (last, ranges) = (class, ranges + 1);
            writeln!(table, "range({:#x}, Class::{class}),", u32::from(letter))
                .expect("writing to a string does not fail");
        }
    }
    let table = format!(
        "/// The first character of each range, and the class of all its characters.\nstatic RANGES: [u32; {ranges}] = [\n{table}];\n"
    );
    let folder = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(PathBuf::from(folder).join("classes.rs"), table).expect("OUT_DIR can be written to");
}
