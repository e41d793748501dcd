//! The folding: against the Unicode Character Database, against SQLite's tokenizer, and by examples.

use super::{IndexText, fold, is_ignored};
use crate::tests::client;
use caseless::Caseless as _;
use futures::executor::block_on;
use spindle_platform::params;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns all letters and marks, and all forms of them, without most of the ideographs and Hangul, which are alike.
fn letters() -> impl Iterator<Item = char> {
    let is_alike = |letter: char| matches!(letter, '㐁'..='龥' | '각'..='힢' | '\u{17001}'..='\u{1b16f}' | '\u{20001}'..='\u{2f7ff}' | '\u{2fa20}'..);
    let is_form = |letter: char| letter.nfkd().ne([letter]);
    let letters = ('\0'..=char::MAX).filter(move |letter| !is_alike(*letter));
    letters.filter(move |letter| letter.is_alphanumeric() || is_combining_mark(*letter) || is_form(*letter))
}

fn stored(text: &str) -> Option<String> {
    IndexText::stored(text).map(|text| text.words)
}

fn searched(text: &str) -> Option<(String, bool)> {
    IndexText::searched(text).map(|text| (text.words, text.is_open))
}

#[test]
fn spellings_of_a_word_are_the_same() {
    for (text, folded) in [
        ("Straßenlaterne", "strassenlaterne"),
        ("STRAẞENLATERNE", "strassenlaterne"),
        ("Étagère e\u{301}", "etagere e"),
        ("Ærø, Łódź, Đorđe, Œuvre, Þór, Ağrı, DİYARBAKIR", "aero, lodz, dorde, oeuvre, thor, agri, diyarbakir"),
        ("ﬁne Ｆｕｌｌ ㎏ m² № ①", "fine full kg m2 no 1"),
        ("Spindle™", "spindle "),
        ("Strassen\u{ad}laterne\u{200b}", "strassenlaterne"),
        ("ΟΔΌΣ Όδος", "οδοσ οδοσ"),
        ("Ёлка Йод", "елка иод"),
        ("مُدَرِّس أحمد", "مدرس احمد"),
        ("שָׁלוֹם", "שלום"),
        ("ｶﾞﾗｽ ガラス", "ガラス ガラス"),
        ("한국 \u{1112}\u{1161}\u{11ab}국", "한국 한국"),
        ("हिन्दी", "हिन्दी"),
        ("น้ำ", "น\u{e49}\u{e4d}า"),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn all_forms_of_a_letter_fold_to_the_same() {
    for letter in letters() {
        let text = letter.to_string();
        let folded = fold(&text);
        for other in [text.nfc().collect(), text.nfd().collect::<String>()].iter().filter(|other| **other != text) {
            assert_eq!(fold(other), folded, "{letter:?}");
        }
        if !matches!(letter, '™' | '℠') {
            assert_eq!(fold(&text.nfkc().collect::<String>()), folded, "{letter:?}");
            assert_eq!(fold(&folded), folded, "{letter:?}");
            let unmarked = letter.nfkd().filter(|letter| !is_ignored(*letter));
            let case_folded: String = unmarked.default_case_fold().collect();
            assert_eq!(fold(&case_folded), folded, "{letter:?}");
        }
    }
}

#[test]
fn a_run_of_a_script_without_spaces_is_stored_as_pairs() {
    for (text, words) in [
        ("红色羊毛围巾", "红色 色羊 羊毛 毛围 围巾 巾"),
        ("iPhone手机壳, 5米", "iphone 手机 机壳 壳 , 5 米"),
        ("カタカナ・ひらがな", "カタ タカ カナ ナ ・ ひら らが がな な"),
        ("ラーメン", "ラー ーメ メン ン"),
        ("食べ物 10個", "食べ べ物 物  10 個"),
    ] {
        assert_eq!(stored(text).as_deref(), Some(words), "{text}");
    }
    assert_eq!(stored("围"), None, "the tokenizer makes the same of it");
    // Marks are letters for private use, so that the tokenizer does not end a word there.
    assert_eq!(stored("กิน").as_deref(), Some("ก\u{ee34} \u{ee34}น น"));
    assert_eq!(stored("हिन्दी").as_deref(), Some("ह\u{e93f}न\u{e94d}द\u{e940}"));
}

#[test]
fn a_searched_run_ends_with_a_pair() {
    for (text, words, is_open) in [
        ("围巾", "围巾", true),
        ("羊毛围", "羊毛 毛围", true),
        ("手机iphone", "手机 机 iphone", false),
        ("iPhone手", "iphone 手", true),
        ("iPhone手机", "iphone 手机", true),
        ("straße", "strasse", false),
    ] {
        assert_eq!(searched(text), Some((words.to_owned(), is_open)), "{text}");
    }
}

#[test]
fn text_that_the_tokenizer_folds_is_not_stored_twice() {
    for text in ["Desk lamp", "Étagère élégante – 12 €", "Ångström Ç Ő Ệ", "“quoted”…", "лампа"]
    {
        let is_stored = text.contains('…');
        assert_eq!(stored(text).is_some(), is_stored, "{text}");
    }
    // One letter that the tokenizer would not fold makes the whole text a folded one.
    assert_eq!(stored("Für die Straße").as_deref(), Some("fur die strasse"));
}

/// Returns the words of the text index of a product with this `text`, as SQLite's tokenizer makes them.
fn tokens(client: &spindle_edge::testing::TestClient, text: &str) -> Vec<String> {
    block_on(async {
        let db = client.context().sql().await.unwrap();
        for statement in [
            "CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')",
            "CREATE VIRTUAL TABLE IF NOT EXISTS tokens USING fts5vocab(texts, instance)",
            "DELETE FROM texts",
        ] {
            db.execute(statement, &[]).await.unwrap();
        }
        db.execute("INSERT INTO texts (rowid, text) VALUES (1, ?1)", params![text]).await.unwrap();
        let rows: Vec<(String,)> = db.query_all("SELECT term FROM tokens ORDER BY \"offset\"", &[]).await.unwrap();
        rows.into_iter().map(|(term,)| term).collect()
    })
}

#[test]
fn the_tokenizer_folds_the_letters_that_are_left_to_it_in_the_same_way() {
    let client = client();
    let left: Vec<char> = letters().filter(|letter| stored(&letter.to_string()).is_none()).collect();
    assert!(left.contains(&'é') && left.contains(&'Ő') && !left.contains(&'ß'), "{}", left.len());
    // Between other letters, so that a letter that the tokenizer takes for a separator shows.
    let text: String = left.iter().map(|letter| format!("x{letter}x ")).collect();
    let folded: String = left.iter().map(|letter| format!("x{}x ", fold(&letter.to_string()))).collect();
    assert_eq!(tokens(&client, &text), tokens(&client, &folded));
}

#[test]
fn the_tokenizer_splits_folded_words_at_spaces_only() {
    let client = client();
    for text in [
        "红色羊毛围巾",
        "ラーメン",
        "น้ำตาลทราย",
        "ພາສາລາວ",
        "ភាសាខ្មែរ",
        "မြန်မာဘာသာ",
        "हिन्दी",
        "தமிழ்",
        "한국어",
        "Straße",
    ] {
        let words = stored(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(tokens(&client, &words), words.split(' ').collect::<Vec<_>>(), "{text}");
    }
}
