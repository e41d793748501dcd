//! The FTS5 expressions of search texts.

use super::TextQuery;

fn parse(text: &str) -> TextQuery {
    TextQuery::parse(text).unwrap()
}

#[test]
fn words_are_quoted_and_the_last_is_a_prefix() {
    let query = parse(" Desk  lam ");
    assert_eq!(query.anything(None).unwrap(), r#""Desk" "lam"*"#);
    assert_eq!(
        query.tiers(None),
        [
            r#"{name} : ("Desk" "lam")"#,
            r#"("Desk" "lam") NOT ({name} : ("Desk" "lam"))"#,
            r#"({name} : ("Desk" "lam"*)) NOT ("Desk" "lam")"#,
            r#"("Desk" "lam"*) NOT (("Desk" "lam") OR ({name} : ("Desk" "lam"*)))"#,
        ]
    );
    assert_eq!(query.sku_key, "desk  lam");
}

#[test]
fn a_phrase_stays_together_and_is_not_a_prefix() {
    let query = parse(r#"oak "desk lamp""#);
    assert_eq!(query.anything(None).unwrap(), r#""oak" "desk lamp""#);
    assert_eq!(query.tiers(None).len(), 2);
    assert_eq!(parse(r#""desk lamp" oa"#).anything(None).unwrap(), r#""desk lamp" "oa"*"#);
    assert_eq!(parse(r#"an "unfinished phrase"#).anything(None).unwrap(), r#""an" "unfinished phrase""#);
}

#[test]
fn operators_are_words_and_punctuation_is_ignored() {
    assert_eq!(parse("a AND (b) OR NOT c*").anything(None).unwrap(), r#""a" "AND" "(b)" "OR" "NOT" "c*"*"#);
    assert_eq!(parse("a\0b").anything(None).unwrap(), r#""a b"*"#);
    for text in ["!?", "\"\"", "( ) - *", "🎉", "\" \" \""] {
        let query = parse(text);
        assert_eq!((query.anything(None), query.tiers(None)), (None, vec![]), "{text}");
    }
    for text in ["", " ", "\n\t"] {
        assert_eq!(TextQuery::parse(text), None, "{text:?}");
    }
}

#[test]
fn a_long_text_is_cut_after_16_terms_and_64_characters() {
    let expression = parse(&"word ".repeat(2000)).anything(None).unwrap();
    assert_eq!(expression.split(' ').count(), 16);
    let expression = parse(&"é".repeat(10_000)).anything(None).unwrap();
    assert_eq!(expression.chars().filter(|letter| *letter == 'é').count(), 64);
}

#[test]
fn a_category_that_is_a_slug_narrows_the_search_within_the_index() {
    let query = parse("lamp");
    assert_eq!(query.anything(Some("garden-tools")).unwrap(), r#"("lamp"*) AND ({category} : "garden-tools")"#);
    assert_eq!(query.anything(Some("no slug\"")).unwrap(), r#""lamp"*"#);
}

#[test]
fn a_word_that_the_tokenizer_does_not_fold_is_looked_up_folded_and_as_it_is() {
    assert_eq!(parse("rote Straße").anything(None).unwrap(), r#""rote" AND ("strasse"* OR "Straße"*)"#);
    assert_eq!(parse(r#""Łódź 1" x"#).anything(None).unwrap(), r#"("lodz 1" OR "Łódź 1") AND "x"*"#);
    assert_eq!(parse("étagère Ő").anything(None).unwrap(), r#""étagère" "Ő"*"#, "the tokenizer folds accents");
    assert_eq!(parse("ＡＢ-1").sku_key, "ab-1");
}

#[test]
fn a_part_of_a_run_without_spaces_is_a_phrase_of_pairs() {
    let query = parse("羊毛围巾");
    assert_eq!(query.anything(None).unwrap(), r#"("羊毛 毛围 围巾"* OR "羊毛围巾"*)"#);
    assert_eq!(query.tiers(None).len(), 2, "a further letter may always follow");
    assert_eq!(parse("围").anything(None).unwrap(), r#""围"*"#);
    assert_eq!(parse(r#""围巾" red"#).anything(None).unwrap(), r#""围巾"* AND "red"*"#);
}
