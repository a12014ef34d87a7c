//! A body on its way into a record: blanked, its credentials struck, cut.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use translate::Encoding;

use super::blank::{Blanker, form, json, xml};
use super::record::{Body, Cut};

/// What a body is searched for, byte by byte; of a longer one only this much is looked at, and less is kept.
const READ: usize = 1 << 20;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    Form,
    Json,
    Xml,
    /// A page, or a sentence.
    Words,
}

impl Writing {
    /// By the first byte that says something, or else as it is declared: an error page is not of the declared type.
    pub fn of(body: &[u8], declared: Option<Encoding>) -> Self {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Self::Json,
            Some(b'<') if is_page(body) => Self::Words,
            Some(b'<') => Self::Xml,
            _ => match declared {
                Some(Encoding::Form) => Self::Form,
                Some(Encoding::Json | Encoding::Xml) | None => Self::Words,
            },
        }
    }
}

fn is_page(body: &[u8]) -> bool {
    let start = body.get(..256).unwrap_or(body).to_ascii_lowercase();
    start
        .windows(5)
        .any(|window| window == b"<html" || window == b"<!doc")
}

/// At most `limit` bytes of a body. One with NUL bytes is of a coding in which nothing could be found, so nothing of
/// it is kept.
pub fn kept(
    blanker: &mut Blanker,
    body: &[u8],
    declared: Option<Encoding>,
    (limit, strike): (usize, &dyn Fn(&mut String)),
) -> Body {
    let cut = || {
        Some(Cut {
            bytes: body.len(),
            sha256: hex(&Sha256::digest(body)),
        })
    };
    if body.contains(&0) {
        return Body {
            cut: cut(),
            ..Body::default()
        };
    }
    let read = body.get(..READ).unwrap_or(body);
    let mut blanked = match Writing::of(read, declared) {
        Writing::Form => form::blank(blanker, read),
        Writing::Json => json::blank(blanker, read),
        Writing::Xml => xml::blank(blanker, read),
        Writing::Words => {
            let short = read.get(..limit).unwrap_or(read);
            match std::str::from_utf8(short) {
                Ok(text) => blanker.sweep_words(text).into_bytes(),
                Err(_) => latin(short, |text| *text = blanker.sweep_words(text)),
            }
        }
    };
    let mut end = blanked.len().min(limit);
    while end > 0 && end < blanked.len() && blanked.get(end).is_some_and(|byte| byte & 0xc0 == 0x80)
    {
        end -= 1;
    }
    let is_cut = end < blanked.len() || read.len() < body.len() || limit < body.len();
    blanked.truncate(end);
    let cut = if is_cut { cut() } else { None };
    match String::from_utf8(blanked) {
        Ok(mut text) => {
            strike(&mut text);
            Body {
                text: Some(text),
                base64: None,
                cut,
            }
        }
        Err(error) => Body {
            text: None,
            base64: Some(STANDARD.encode(latin(error.as_bytes(), |text| strike(text)))),
            cut,
        },
    }
}

/// Changes a text of unknown 8-bit letters.
fn latin(bytes: &[u8], change: impl FnOnce(&mut String)) -> Vec<u8> {
    let mut text: String = bytes.iter().copied().map(char::from).collect();
    change(&mut text);
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'x'))
        .collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
