//! Charsets, from an encoder that is written out here and shares nothing with `encoding_rs`.

use proptest::prelude::*;
use serde_json::json;
use translate::Encoding;

use crate::read::{Document, decode};
use crate::shapes::*;

fn read(content_type: Option<&str>, bytes: &[u8]) -> Result<String, String> {
    let shape = object([field("a", string())]);
    let document =
        Document::parse(Encoding::Xml, content_type, bytes).map_err(|m| m.to_string())?;
    let value = decode(&document, &[], &shape)
        .map_err(|m| m.to_string())?
        .value;
    Ok(value["a"].as_str().unwrap().to_owned())
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for character in text.chars() {
        let code = u32::from(character);
        if let Ok(unit) = u16::try_from(code) {
            bytes.extend(to_bytes(unit));
        } else {
            let offset = code - 0x10000;
            bytes.extend(to_bytes(0xD800 + u16::try_from(offset >> 10).unwrap()));
            bytes.extend(to_bytes(0xDC00 + u16::try_from(offset & 0x3FF).unwrap()));
        }
    }
    bytes
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

/// Windows code page 1252, upper half of the C1 range (unicode.org, CP1252.TXT).
const WINDOWS: [(char, u8); 5] = [
    ('€', 0x80),
    ('“', 0x93),
    ('”', 0x94),
    ('–', 0x96),
    ('Ÿ', 0x9F),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn utf_16_by_mark_and_by_header(text in "[ -%'-;=?-~ñ\u{100}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]{0,30}") {
        let document = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?><r><a>{text}</a></r>");
        let little = utf_16(&document, u16::to_le_bytes);
        let big = utf_16(&document, u16::to_be_bytes);
        for (content_type, mark, bytes) in [
            (None, &b"\xff\xfe"[..], &little),
            (None, b"\xfe\xff", &big),
            (Some("text/xml; charset=ISO-8859-1"), b"\xfe\xff", &big),
            (Some("text/xml; charset=\"utf-16le\""), b"", &little),
            (Some("application/xml;charset=UTF-16BE"), b"", &big),
            (Some("application/soap+xml;charset=UTF-16"), b"", &big),
            (None, b"", &little),
            (None, b"", &big),
        ] {
            let bytes = [mark, bytes].concat();
            prop_assert_eq!(read(content_type, &bytes), Ok(text.clone()));
        }
    }

    #[test]
    fn latin_1_by_declaration_and_by_header(text in "[ -%'-;=?-~\u{A0}-\u{FF}]{0,30}") {
        let declared = format!("<?xml version='1.0' encoding='ISO-8859-1'?><r><a>{text}</a></r>");
        prop_assert_eq!(read(None, &latin_1(&declared)), Ok(text.clone()));
        let bare = latin_1(&format!("<r><a>{text}</a></r>"));
        for label in ["latin1", "windows-1252", "iso-8859-1"] {
            let header = format!("text/xml; charset={label}");
            prop_assert_eq!(read(Some(&header), &bare), Ok(text.clone()));
        }
        // The header outranks the declaration, and the bytes of a wrong charset are refused.
        if !text.is_ascii() {
            let refused = read(Some("text/xml; charset=utf-8"), &latin_1(&declared));
            prop_assert!(refused.is_err() || text.chars().any(|c| c >= 'Â'), "{:?}", refused);
        }
    }

    #[test]
    fn bytes_that_are_no_text_never_become_replacements(bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
        let document = [b"<r><a>".as_slice(), &bytes, b"</a></r>"].concat();
        if let Ok(text) = read(None, &document) {
            let utf_8 = std::str::from_utf8(&document);
            prop_assert!(utf_8.is_ok());
            let invented = text.contains('\u{FFFD}') && !utf_8.unwrap().contains('\u{FFFD}');
            prop_assert!(!invented);
        }
    }
}

#[test]
fn windows_1252_has_its_quotes_and_dashes() {
    for (character, byte) in WINDOWS {
        let document = [b"<r><a>".as_slice(), &[byte], b"</a></r>"].concat();
        for label in ["windows-1252", "ISO-8859-1"] {
            let header = format!("text/xml;charset={label}");
            assert_eq!(read(Some(&header), &document), Ok(character.to_string()));
        }
    }
}

#[test]
fn json_in_utf_16() {
    let text = "[\"Coruña 😀\"]";
    let shape = array(string());
    let marked = [b"\xff\xfe".to_vec(), utf_16(text, u16::to_le_bytes)].concat();
    let document = Document::parse(Encoding::Json, Some("application/json"), &marked).unwrap();
    assert_eq!(
        decode(&document, &[], &shape).unwrap().value,
        json!(["Coruña 😀"])
    );
    let header = Some("application/json;charset=utf-16be");
    let document =
        Document::parse(Encoding::Json, header, &utf_16(text, u16::to_be_bytes)).unwrap();
    assert_eq!(
        decode(&document, &[], &shape).unwrap().value,
        json!(["Coruña 😀"])
    );
}
