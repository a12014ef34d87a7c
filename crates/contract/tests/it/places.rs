//! YAML in, JSON and places out.

use contract::Place;
use contract::yaml::Document;
use serde_json::json;

const fn place(line: usize, column: usize, length: usize) -> Option<Place> {
    Some(Place {
        line,
        column,
        length,
    })
}

#[test]
fn values_and_keys_know_their_places() {
    let text = "a: ñandú  # a comment\nlist:\n  - x\n  - {k/1: \"two\\n\", 'q': 2.50}\nblock: |\n  &no anchor\n";
    let document = Document::parse(text).unwrap();
    assert_eq!(document.place("/a"), place(1, 4, 5));
    assert_eq!(document.key_place("/a"), place(1, 1, 1));
    assert_eq!(document.place("/list/0"), place(3, 5, 1));
    assert_eq!(document.key_place("/list/0"), None);
    assert_eq!(document.key_place("/list/1/k~11"), place(4, 6, 3));
    assert_eq!(document.place("/list/1/k~11"), place(4, 11, 7));
    assert_eq!(document.place("/list/1"), place(4, 5, 25));
    assert_eq!(document.place("/nothing"), None);
    assert_eq!(document.value["block"], "&no anchor\n");
    assert_eq!(document.value["list"][1], json!({"k/1": "two\n", "q": 2.5}));
}

#[test]
fn scalars_follow_the_core_schema() {
    let text = "{null: x}";
    assert_eq!(Document::parse(text).unwrap_err()[0].code, "non-string-key");
    let text = "a: null\nb: ~\nc:\nd: true\ne: yes\nf: '1'\ng: -3\nh: 1e3\ni: 18446744073709551615\nj: 1.0.0\nk: 0x\n";
    let expected = json!({
        "a": null, "b": null, "c": null, "d": true, "e": "yes", "f": "1", "g": -3, "h": 1e3,
        "i": 18_446_744_073_709_551_615_u64, "j": "1.0.0", "k": "0x",
    });
    assert_eq!(Document::parse(text).unwrap().value, expected);
}

#[test]
fn the_order_of_members_is_kept() {
    let document = Document::parse("z: 1\na: 2\nm: 3\n").unwrap();
    let keys: Vec<&String> = document.value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["z", "a", "m"]);
}

#[test]
fn a_byte_order_mark_and_windows_lines_do_not_move_places() {
    let document = Document::parse("\u{feff}a: 1\r\nb: two\r\n").unwrap();
    assert_eq!(document.key_place("/a"), place(1, 1, 1));
    assert_eq!(document.place("/b"), place(2, 4, 3));
}

#[test]
fn all_refusals_come_at_once() {
    let text = "a: &x 1\nb: *x\nc: !!str 1\n200: y\nd: 0o7\n";
    let codes: Vec<&str> = Document::parse(text)
        .unwrap_err()
        .iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(
        codes,
        [
            "yaml-anchor",
            "yaml-anchor",
            "yaml-tag",
            "non-string-key",
            "number-spelling"
        ]
    );
}

#[test]
fn the_reading_goes_on_with_what_was_probably_meant() {
    let text = "a: &x {k: 1}\nb: *x\nc: !!str 1.0\n201: y\nd: 0o7\ne: first\ne: {f: [second]}\n\
                f: {<<: *x, l: 2}\ng: .inf\n'201': z\n";
    let (document, refused) = Document::read(text).unwrap();
    let expected = json!({
        "a": {"k": 1}, "b": {"k": 1}, "c": "1.0", "201": "y", "d": 7, "e": "first",
        "f": {"l": 2, "k": 1}, "g": null,
    });
    assert_eq!(document.value, expected);
    assert!(document.is_unread("/g") && !document.is_unread("/e"));
    let found: Vec<(usize, &str)> = refused
        .iter()
        .map(|one| (one.place.line, one.code))
        .collect();
    assert_eq!(
        found,
        [
            (1, "yaml-anchor"),
            (2, "yaml-anchor"),
            (3, "yaml-tag"),
            (4, "non-string-key"),
            (5, "number-spelling"),
            (7, "duplicate-key"),
            (8, "merge-key"),
            (8, "yaml-anchor"),
            (9, "number-spelling"),
            (10, "duplicate-key"),
        ]
    );
    assert_eq!(Document::parse(text).unwrap_err(), refused);
}

#[test]
fn aliases_that_multiply_end_in_a_finding() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{inner}]\n");
    }
    assert_eq!(Document::read(&text).unwrap_err()[0].code, "yaml-syntax");
}

#[test]
fn a_refusal_says_how_to_mend_it() {
    let help = |text: &str| Document::parse(text).unwrap_err()[0].help.clone();
    assert_eq!(help("200: y"), "write '200'");
    assert_eq!(help("a: 007"), "write 7, or '007' for the text");
    assert_eq!(help("a: 0x1F"), "write 31, or '0x1F' for the text");
    assert_eq!(help("a: .nan"), "write '.nan' for the text");
}

#[test]
fn nothing_is_no_document() {
    for text in ["", "# only a comment\n", "\u{feff}"] {
        assert_eq!(
            Document::parse(text).unwrap_err()[0].code,
            "several-documents",
            "{text:?}"
        );
    }
}

#[test]
fn hostile_texts_end_in_a_finding() {
    let long_key = format!("{}: 1\n{0}: 2\n", "k".repeat(100_000));
    let texts = [
        "{",
        "[}",
        "a: b: c",
        "\0",
        "%YAML 3.0\n---\n",
        "? ",
        "- - -\n -",
        "\"\\x\"",
        "a: |9\n x",
        &long_key,
    ];
    for text in texts {
        // Whatever it is, it does not panic.
        let _ = contract::compile(text);
    }
}
