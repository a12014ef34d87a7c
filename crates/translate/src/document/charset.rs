//! Bytes become text, or are refused; nothing is ever replaced.
//!
//! XML goes by the order of authority of RFC 7303 §3: byte order mark, then the header's `charset`,
//! then the XML declaration, then UTF-8. JSON is UTF-8 (RFC 8259 §8.1), and its media type has no
//! `charset` (§11), so a label is mostly the default of some server: it counts only where the bytes
//! are not UTF-8.
//!
//! Names are those of the WHATWG Encoding Standard, in which `ISO-8859-1` and `US-ASCII` mean
//! windows-1252: the two differ in 0x80–0x9F only, where Latin-1 has control characters that no
//! vendor means and windows-1252 has `€`, dashes and quotes.

use std::borrow::Cow;

use encoding_rs::{Encoding as Charset, UTF_8, UTF_16BE, UTF_16LE};

use super::media;
use crate::mismatch::{Mismatch, excerpt_of_bytes};
use grammar::xml::XML_SPACE;

/// The declaration must end within this many bytes; without it a hostile `<?xml` without an end
/// has the whole answer searched.
const DECLARATION_BYTES: usize = 512;

/// The text of a JSON answer, without its byte order mark.
pub(crate) fn of_json<'b>(
    content_type: Option<&str>,
    bytes: &'b [u8],
) -> Result<Cow<'b, str>, Mismatch> {
    match content_type.and_then(media::charset) {
        Some(label) if Charset::for_bom(bytes).is_none() && !is_utf_8(bytes) => {
            exactly(named(&label, bytes)?, bytes)
        }
        _ => decode(None, bytes, |_| Ok(UTF_8)),
    }
}

/// Whether bytes are text in UTF-8, to the end or to where a cut has halved a character. Control
/// characters, which JSON, XML and HTML cannot hold, are the marks of UTF-16 and of charsets that
/// shift by escapes, whose bytes would pass otherwise.
fn is_utf_8(bytes: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n');
    std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(control)
}

/// The text of an XML answer, without its byte order mark.
pub(crate) fn of_xml<'b>(
    content_type: Option<&str>,
    bytes: &'b [u8],
) -> Result<Cow<'b, str>, Mismatch> {
    decode(content_type, bytes, declared)
}

/// The text as well as it can be read, for the search of error codes. `bytes` may end within a
/// character.
pub(crate) fn lossy<'b>(content_type: Option<&str>, bytes: &'b [u8]) -> Cow<'b, str> {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or(bytes)
        }
        _ => bytes,
    };
    let label = content_type.and_then(media::charset);
    let charset = match (label, bytes) {
        (Some(label), _) if !is_utf_8(whole) => named(&label, bytes).unwrap_or(UTF_8),
        (None, [0, b'<' | b'{' | b'[' | b'"', ..]) => UTF_16BE,
        (None, [b'<' | b'{' | b'[' | b'"', 0, ..]) => UTF_16LE,
        _ => UTF_8,
    };
    charset.decode(bytes).0
}

fn decode<'b>(
    content_type: Option<&str>,
    bytes: &'b [u8],
    otherwise: impl FnOnce(&[u8]) -> Result<&'static Charset, Mismatch>,
) -> Result<Cow<'b, str>, Mismatch> {
    let (charset, bytes) = match Charset::for_bom(bytes) {
        Some((charset, mark)) => (charset, bytes.get(mark..).unwrap_or_default()),
        None => match content_type.and_then(media::charset) {
            Some(label) => (named(&label, bytes)?, bytes),
            None => (otherwise(bytes)?, bytes),
        },
    };
    exactly(charset, bytes)
}

fn exactly<'b>(charset: &'static Charset, bytes: &'b [u8]) -> Result<Cow<'b, str>, Mismatch> {
    charset
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| {
            Mismatch::new(format!("text in {}", charset.name()), "bytes that are not")
                .with_excerpt_of(bytes)
        })
}

fn named(label: &str, bytes: &[u8]) -> Result<&'static Charset, Mismatch> {
    // Without a byte order mark the first character tells the order, since XML and JSON begin with
    // ASCII. The WHATWG takes the bare name for little endian, RFC 2781 for big endian.
    if label.eq_ignore_ascii_case("utf-16") {
        return Ok(if bytes.first() == Some(&0) {
            UTF_16BE
        } else {
            UTF_16LE
        });
    }
    Charset::for_label(label.as_bytes()).ok_or_else(|| {
        Mismatch::new(
            "a charset of the WHATWG Encoding Standard",
            "an unknown charset",
        )
        .with_excerpt(label)
    })
}

/// What an XML document says of itself (XML 1.0, appendix F).
fn declared(bytes: &[u8]) -> Result<&'static Charset, Mismatch> {
    match bytes {
        [b'<', 0, b'?', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', 0, b'?', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared_label(bytes) else {
        return Ok(UTF_8);
    };
    let charset = named(&label, bytes)?;
    if charset == UTF_16LE || charset == UTF_16BE {
        return Err(Mismatch::new(
            "an XML declaration that names the document's charset",
            "UTF-16 declared in a document that is not",
        )
        .with_excerpt_of(bytes));
    }
    Ok(charset)
}

/// The `encoding` of `<?xml version="1.0" encoding="…"?>`, read as ASCII.
fn declared_label(bytes: &[u8]) -> Option<String> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = head.get(..DECLARATION_BYTES).unwrap_or(head);
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(head.get(..end)?).ok()?;
    let (before, after) = declaration.split_once("encoding")?;
    if !before.ends_with(XML_SPACE) {
        return None;
    }
    let value = after
        .trim_start_matches(XML_SPACE)
        .strip_prefix('=')?
        .trim_start_matches(XML_SPACE);
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let (label, _) = value.get(1..)?.split_once(quote)?;
    Some(label.to_owned())
}

impl Mismatch {
    fn with_excerpt_of(mut self, bytes: &[u8]) -> Self {
        self.excerpt = excerpt_of_bytes(bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(header: Option<&str>, bytes: &[u8]) -> Result<String, String> {
        of_xml(header, bytes)
            .map(Cow::into_owned)
            .map_err(|mismatch| mismatch.to_string())
    }

    #[test]
    fn the_mark_beats_the_header_and_the_header_beats_the_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xf1</a>";
        assert!(xml(None, latin).unwrap().ends_with("<a>ñ</a>"));
        assert!(xml(Some("text/xml;charset=utf-8"), latin).is_err());
        let utf8 = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>ñ</a>".as_bytes();
        assert!(
            xml(Some("text/xml; charset=UTF-8"), utf8)
                .unwrap()
                .ends_with("<a>ñ</a>")
        );
        let marked = [b"\xef\xbb\xbf".as_slice(), utf8].concat();
        for header in [
            None,
            Some("text/xml;charset=ISO-8859-1"),
            Some("text/xml;charset=utf-16"),
        ] {
            let text = xml(header, &marked).unwrap();
            assert!(
                text.starts_with("<?xml") && text.ends_with("<a>ñ</a>"),
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_bytes_are_refused() {
        let refused = "expected text in UTF-8, found bytes that are not".to_owned();
        assert_eq!(xml(None, b"<a>\xf1</a>"), Err(refused.clone()));
        assert_eq!(xml(None, b"<a>\xed\xa0\x80</a>"), Err(refused));
        assert!(xml(None, b"\xff\xfe<\0a").is_err(), "half a code unit");
        assert!(xml(None, b"\xff\xfe\x00\xd8<\0").is_err(), "lone surrogate");
        assert!(xml(Some("text/xml;charset=klingon"), b"<a/>").is_err());
    }

    #[test]
    fn utf_16_is_known_by_mark_header_or_first_bytes() {
        let (little, big) = (b"<\0a\0/\0>\0", b"\0<\0a\0/\0>");
        for (header, bytes) in [
            (None, [b"\xff\xfe".as_slice(), little].concat()),
            (None, [b"\xfe\xff".as_slice(), big].concat()),
            (Some("text/xml;charset=utf-16"), little.to_vec()),
            (Some("text/xml;charset=UTF-16"), big.to_vec()),
            (Some("text/xml;charset=utf-16be"), big.to_vec()),
        ] {
            assert_eq!(xml(header, &bytes).as_deref(), Ok("<a/>"));
        }
        let bare = "<?xml version='1.0'?><a/>".encode_utf16();
        let bare: Vec<u8> = bare.flat_map(u16::to_le_bytes).collect();
        assert!(xml(None, &bare).is_ok());
        let lie = xml(None, b"<?xml version='1.0' encoding='utf-16'?><a/>").unwrap_err();
        assert!(
            lie.ends_with("UTF-16 declared in a document that is not"),
            "{lie}"
        );
    }

    #[test]
    fn latin_1_is_read_as_windows_1252() {
        let text = xml(Some("text/xml;charset=ISO-8859-1"), b"\x80\x93\xe9");
        assert_eq!(text.as_deref(), Ok("€“é"));
    }

    #[test]
    fn json_is_utf_8_whatever_its_label_says() {
        let labels = [
            "",
            ";charset=ISO-8859-1",
            ";charset=utf-8",
            ";charset=utf-16",
            ";charset=klingon",
            ";charset=\"Shift_JIS\"",
            ";charset=",
        ];
        for label in labels {
            let header = format!("application/json{label}");
            for text in ["\"ñ\"", "\u{feff}\"ñ\"", "[\"Corua\"]\r\n\t", ""] {
                let read = of_json(Some(&header), text.as_bytes());
                let expected = text.trim_start_matches('\u{feff}');
                assert_eq!(read.as_deref(), Ok(expected), "{label} {text}");
            }
        }
    }

    #[test]
    fn the_label_of_json_counts_where_the_bytes_are_not_utf_8() {
        assert!(of_json(None, b"\"\xf1\"").is_err());
        let of = |label: &str, bytes: &[u8]| {
            let header = format!("application/json;charset={label}");
            of_json(Some(&header), bytes).map(Cow::into_owned)
        };
        assert_eq!(of("windows-1252", b"\"\xf1\"").as_deref(), Ok("\"ñ\""));
        assert_eq!(of("utf-16", b"\"\0\xf1\0\"\0").as_deref(), Ok("\"ñ\""));
        // Bytes of UTF-16 and of charsets with escapes that would pass for UTF-8.
        assert_eq!(of("utf-16le", b"\"\0a\0\"\0").as_deref(), Ok("\"a\""));
        assert_eq!(of("utf-16", b"\0\"\0a\0\"").as_deref(), Ok("\"a\""));
        let japanese = b"\"\x1b$B$\"\x1b(B\"";
        assert_eq!(of("iso-2022-jp", japanese).as_deref(), Ok("\"あ\""));
        assert!(of("utf-8", b"\"\xf1\"").is_err());
        assert!(of("klingon", b"\"\xf1\"").is_err());
    }

    #[test]
    fn an_error_is_read_by_its_bytes_where_its_label_lies() {
        let utf_16: Vec<u8> = "<e>ERR001</e>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (header, bytes) in [
            (Some("text/html;charset=utf-16"), "<e>ERR001</e>".as_bytes()),
            (Some("text/html;charset=utf-16"), utf_16.as_slice()),
            (Some("text/html"), utf_16.as_slice()),
            (None, utf_16.as_slice()),
        ] {
            assert_eq!(lossy(header, bytes), "<e>ERR001</e>", "{header:?}");
        }
        let cut = "ñ".as_bytes().get(..1).unwrap();
        let bytes = [b"ERR001 ", cut].concat();
        let text = lossy(Some("text/html;charset=utf-16"), &bytes);
        assert!(text.starts_with("ERR001 "), "{text}");
    }
}
