use validate::{ExternalId, IdentifierError};

fn refusal(text: &str) -> IdentifierError {
    match ExternalId::parse(text) {
        Err(error) => error,
        Ok(id) => panic!("{text:?} passed as {id}"),
    }
}

fn look_alike(rule: IdentifierError) -> IdentifierError {
    IdentifierError::CompatibilityForm(Box::new(rule))
}

#[test]
fn what_is_safe_travels_unchanged() {
    let longest = "ñ".repeat(255);
    for text in [
        "pr001",
        "a;b",
        "a;jsessionid=1",
        "%",
        "%%",
        "%zz",
        "%2",
        "100%25",
        "a%20b",
        "?",
        "#",
        "+",
        "a b",
        "CON",
        "NUL",
        "...",
        "....",
        ".a",
        "a.",
        "..a",
        "Ñandú",
        "e\u{301}",
        "\u{e9}",
        "😀",
        "½",
        "a\u{2024}b",
        "status",
        "id",
        "true",
        "1e3",
        "007",
        "{x}",
        "a|b",
        "\"",
        "'",
        "日本",
        "a\u{200b}b",
        "%c0%af",
        &longest,
    ] {
        let id = ExternalId::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(id.as_str(), text);
        assert_eq!(id.to_string(), text);
        assert_eq!(id.into_string(), text);
    }
}

#[test]
fn slashes_are_refused_raw_and_encoded_however_often() {
    use IdentifierError::{Backslash, EncodedBackslash, EncodedSlash, Slash};
    for text in ["/", "a/b", "../../users/1", "..;/..;/users/1", "a/"] {
        assert_eq!(refusal(text), Slash, "{text}");
    }
    for text in ["\\", "a\\b", "..\\.."] {
        assert_eq!(refusal(text), Backslash, "{text}");
    }
    for text in [
        "%2F",
        "%2f",
        "a%2Fb",
        "%252F",
        "%252f",
        "%25252f",
        "%25%32%46",
        "%2%46",
        "%%32F",
        "%2525252525252F",
        "..%2f..%2fusers%2f1",
        "%EF%BC%8F",
        "%25EF%25BC%258F",
    ] {
        assert_eq!(refusal(text), EncodedSlash, "{text}");
    }
    for text in ["%5C", "%5c", "a%5Cb", "%255C", "%2525255c", "%EF%BC%BC"] {
        assert_eq!(refusal(text), EncodedBackslash, "{text}");
    }
}

#[test]
fn dot_segments_are_refused_in_any_spelling() {
    for text in [
        ".",
        "..",
        "%2e",
        "%2e%2e",
        ".%2E",
        "%252e%252e",
        "..;",
        "..;x",
        ".;a",
        "%2e%2e;",
        "..%3b",
    ] {
        assert_eq!(refusal(text), IdentifierError::DotSegment, "{text}");
    }
}

#[test]
fn control_characters_and_line_separators_are_refused() {
    for text in [
        "\0",
        "a\0b",
        "a\tb",
        "a\nb",
        "a\r\nb",
        "a\n",
        "\u{1f}",
        "\u{7f}",
        "\u{80}",
        "\u{85}",
        "\u{9f}",
        "a\u{2028}b",
        "a\u{2029}",
    ] {
        assert_eq!(refusal(text), IdentifierError::ControlCharacter, "{text:?}");
    }
}

#[test]
fn blanks_may_stand_inside_only() {
    for text in [
        " ",
        "   ",
        " a",
        "a ",
        "\u{a0}a",
        "a\u{3000}",
        "\u{2003}a",
        "a\u{1680}",
        "\u{202f}a",
    ] {
        assert_eq!(
            refusal(text),
            IdentifierError::SurroundingBlanks,
            "{text:?}"
        );
    }
}

#[test]
fn the_compatibility_form_must_keep_the_rules_too() {
    use IdentifierError::{
        Backslash, DotSegment, EncodedBackslash, EncodedSlash, Slash, SurroundingBlanks,
    };
    for (text, rule) in [
        ("a\u{ff0f}b", Slash),
        ("\u{2100}", Slash), // ℀ is a/c
        ("a\u{ff3c}b", Backslash),
        ("a\u{fe68}b", Backslash),
        ("\u{ff0e}\u{ff0e}", DotSegment),
        ("\u{ff0e}.", DotSegment),
        ("\u{2024}\u{2024}", DotSegment),
        ("\u{2024}", DotSegment),
        ("\u{2025}", DotSegment),
        ("\u{2025}\u{ff1b}a", DotSegment),
        ("\u{ff05}2F", EncodedSlash),
        ("\u{ff05}\u{ff12}\u{ff26}", EncodedSlash),
        ("\u{fe6a}252f", EncodedSlash),
        ("%\u{ff12}f", EncodedSlash),
        ("\u{ff05}5c", EncodedBackslash),
        ("\u{a8}a", SurroundingBlanks), // ¨ is a blank and a combining mark
    ] {
        assert_eq!(refusal(text), look_alike(rule), "{text:?}");
    }
}

#[test]
fn empty_and_too_long() {
    assert_eq!(refusal(""), IdentifierError::Empty);
    let long = "ñ".repeat(256);
    assert_eq!(refusal(&long), IdentifierError::TooLong { characters: 256 });
    assert_eq!(
        refusal(&long).to_string(),
        "an identifier must have at most 255 characters, found 256"
    );
    // The length is told before anything else is looked at.
    let long = "/".repeat(1_000_000);
    assert_eq!(
        refusal(&long),
        IdentifierError::TooLong {
            characters: 1_000_000
        }
    );
}

#[test]
fn each_refusal_is_a_sentence_without_the_value() {
    for text in [
        "",
        "/",
        "\\",
        "%2F",
        "%5C",
        "..",
        "\0",
        " a",
        "\u{ff0f}secret",
    ] {
        let sentence = refusal(text).to_string();
        assert!(sentence.starts_with("an identifier must "), "{sentence}");
        assert!(!sentence.contains("secret"), "{sentence}");
    }
    assert_eq!(
        refusal("a\u{ff0f}b").to_string(),
        "an identifier must not contain look-alikes that Unicode normalisation (NFKC) turns into \
         what is forbidden: an identifier must not contain `/`, which a server reads as the end of \
         a path segment; use another character, for example `-`"
    );
}
