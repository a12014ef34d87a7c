//! What the served document says of a format against what is enforced: the one is read by a plain JSON Schema
//! validator, which is what a client has, the other by ours.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use validate::{Format, text};

/// As a client reads it: the format itself is unknown to it.
fn published(format: Format) -> jsonschema::Validator {
    let said = format.published().expect("one of our own");
    let mut schema = Map::from_iter([("pattern".to_owned(), json!(said.pattern))]);
    if let Some(not) = said.not {
        schema.insert("not".to_owned(), json!({"pattern": not}));
    }
    if let Some(most) = said.max_length {
        schema.insert("maxLength".to_owned(), json!(most));
    }
    jsonschema::validator_for(&Value::Object(schema)).unwrap()
}

/// A body is read, and then checked: no text of it holds a control character.
fn taken(format: Format, text: &str) -> bool {
    format.check(text).is_ok() && !text.chars().any(text::is_forbidden)
}

/// All texts of at most `longest` characters.
fn all(alphabet: &[char], longest: usize, mut then: impl FnMut(&str)) {
    let mut round = vec![String::new()];
    for length in 0..=longest {
        round.iter().for_each(|text| then(text));
        if length < longest {
            let longer = |text| alphabet.iter().map(move |next| format!("{text}{next}"));
            round = round.iter().flat_map(longer).collect();
        }
    }
}

const BLANKS: &str =
    "\u{9}\u{20}\u{85}\u{a0}\u{1680}\u{2000}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

#[test]
fn an_identifier_without_encodings_and_look_alikes_is_told_exactly() {
    let client = published(Format::Identifier);
    let mut refused = 0;
    all(
        &[
            'a', 'é', '.', ';', ' ', '/', '\\', '\n', '\u{1}', '%', '\u{a0}',
        ],
        4,
        |text| {
            let ours = taken(Format::Identifier, text);
            refused += usize::from(!ours);
            assert_eq!(client.is_valid(&json!(text)), ours, "{text:?}");
        },
    );
    assert!(refused > 1000, "{refused}");
    for blank in BLANKS.chars() {
        for text in [
            format!("a{blank}"),
            format!("{blank}a"),
            format!("a{blank}a"),
        ] {
            assert_eq!(
                client.is_valid(&json!(text)),
                taken(Format::Identifier, &text),
                "{text:?}"
            );
        }
    }
    for encoded in ["%2F", "a%2fb", "%5c", "%252F", "x%25255C", "25%2F"] {
        assert!(
            !client.is_valid(&json!(encoded)) && !taken(Format::Identifier, encoded),
            "{encoded}"
        );
    }
    for length in [254, 255, 256] {
        for character in ['a', 'é', '\u{1f600}'] {
            let text: String = std::iter::repeat_n(character, length).collect();
            assert_eq!(
                client.is_valid(&json!(text)),
                length <= 255,
                "{length} {character}"
            );
        }
    }
}

#[test]
fn an_address_is_told_exactly() {
    let client = published(Format::EmailLike);
    let alphabet: Vec<char> = "a@.é\u{1}".chars().chain(BLANKS.chars()).collect();
    all(&alphabet, 4, |text| {
        assert_eq!(
            client.is_valid(&json!(text)),
            taken(Format::EmailLike, text),
            "{text:?}"
        );
    });
}

#[test]
fn a_url_is_told_up_to_its_host() {
    let client = published(Format::HttpUrl);
    let is = |text: &str| client.is_valid(&json!(text));
    for prefix in ["http://", "hTTps://"] {
        all(
            &['a', '@', '/', '?', '#', '\\', ' ', '\u{85}', 'ñ', '.'],
            4,
            |rest| {
                let text = format!("{prefix}{rest}");
                // Which names are hosts no pattern says.
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                if host.chars().all(|c| c == 'a') {
                    assert_eq!(is(&text), taken(Format::HttpUrl, &text), "{text:?}");
                }
                assert!(is(&text) || !taken(Format::HttpUrl, &text), "{text:?}");
            },
        );
    }
    for text in [
        "",
        "http:",
        "ftp://a",
        "//a",
        "httpx://a",
        "http:/a",
        " http://a",
    ] {
        assert!(!is(text) && !taken(Format::HttpUrl, text), "{text:?}");
    }
}

#[test]
fn the_ban_of_control_characters_is_told_exactly() {
    let client = jsonschema::validator_for(&json!({"pattern": text::PATTERN})).unwrap();
    for character in (0..0x3000_u32).filter_map(char::from_u32) {
        for text in [
            character.to_string(),
            format!("a{character}"),
            format!("{character}\n"),
        ] {
            let ours = !text.chars().any(text::is_forbidden);
            assert_eq!(client.is_valid(&json!(text)), ours, "{text:?}");
        }
    }
}

/// What makes rules meet: encodings in pieces, look-alikes, blanks, hosts.
fn pieces() -> impl Strategy<Value = String> {
    let known = select(vec![
        "%", "2", "5", "F", "f", "C", "E", "e", "%25", "%2", "%2E", "．", "／", "＼", "…", "‥",
        "℀", "％", "¨", ".", "..", ";", "/", "\\", " ", "\t", "\u{a0}", "\u{2028}", "\u{85}", "a",
        "http://", "https://", "@", "[::1]", ":80", ":", "host", "\u{feff}", "é", "😀", "\u{0}",
    ]);
    vec(
        prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..9,
    )
    .prop_map(|parts| parts.concat())
}

static CLIENTS: LazyLock<Vec<(Format, jsonschema::Validator)>> = LazyLock::new(|| {
    let own = Format::ALL
        .into_iter()
        .filter(|format| format.published().is_some());
    own.map(|format| (format, published(format))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_is_taken_the_document_admits(text in pieces()) {
        for format in Format::ALL {
            if taken(format, &text) && let Some((_, client)) = CLIENTS.iter().find(|(one, _)| *one == format) {
                prop_assert!(client.is_valid(&json!(text)), "{} {:?}", format.name(), text);
            }
        }
    }
}
