//! What is not JSON, in words.

use std::string::FromUtf8Error;

use grammar::json::{Expected, SyntaxError};

use super::error::JsonError;
use crate::excerpt;

/// The text of a body. What is not UTF-8, empty, or begins with a byte order mark is refused.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, JsonError> {
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&error))?;
    if text.starts_with('\u{feff}') {
        return Err(malformed(
            &text,
            0,
            "the text starts with a byte order mark; send JSON without one",
        ));
    }
    if text.trim_ascii().is_empty() {
        return Err(malformed(&text, 0, "the body is empty; send a JSON value"));
    }
    Ok(text)
}

fn not_utf8(error: &FromUtf8Error) -> JsonError {
    let bytes = error.as_bytes();
    let (valid, rest) = bytes
        .split_at_checked(error.utf8_error().valid_up_to())
        .unwrap_or((bytes, &[]));
    let before = String::from_utf8_lossy(valid);
    let byte = rest.first().copied().unwrap_or_default();
    malformed(
        &before,
        before.len(),
        &format!("the byte 0x{byte:02X} is not UTF-8; send the body in UTF-8"),
    )
}

/// What is wrong with `text`, with what stands there.
pub(super) fn explain(text: &str, error: SyntaxError) -> JsonError {
    let SyntaxError { offset, expected } = error;
    let ended = offset >= text.len();
    let what = match expected {
        Expected::Value | Expected::Word if ended => return cut(text, "a value"),
        Expected::FirstItem | Expected::NextItem if ended => return cut(text, "a list"),
        Expected::Name | Expected::Colon | Expected::NextMember if ended => {
            return cut(text, "an object");
        }
        Expected::Quote => return cut(text, "a string"),
        Expected::Value | Expected::FirstItem => "expected value",
        Expected::NextItem => "expected `,` or `]`",
        Expected::Name => "key must be a string",
        Expected::Colon => "expected `:`",
        Expected::NextMember => "expected `,` or `}`",
        Expected::Word => "expected ident",
        Expected::Digit | Expected::NoLeadingZero => "invalid number",
        Expected::Escape => "invalid escape",
        Expected::EscapedControl => {
            let found = found_at(text, offset);
            let detail =
                format!("a control character stands inside a text{found}; write it as an escape");
            return malformed(text, offset, &detail);
        }
        Expected::End => "trailing characters",
    };
    let before = text.get(..offset).unwrap_or_default().trim_ascii_end();
    let behind = text.get(offset..).unwrap_or_default();
    if before.ends_with(',') && behind.starts_with(['}', ']']) {
        return malformed(
            text,
            offset,
            "a comma stands before the closing bracket; remove it",
        );
    }
    // A number that the end cuts off is shown by its last character.
    let offset = offset.min(text.len().saturating_sub(1));
    let found = found_at(text, offset);
    malformed(text, offset, &format!("{what}{found}"))
}

fn cut(text: &str, within: &str) -> JsonError {
    let detail = format!("the text ends too early (EOF while parsing {within})");
    malformed(text, text.len(), &detail)
}

fn found_at(text: &str, offset: usize) -> String {
    text.get(offset..)
        .and_then(|rest| rest.chars().next())
        .map(|character| {
            let shown = excerpt::quote(character.encode_utf8(&mut [0; 4]));
            format!(", found {shown}")
        })
        .unwrap_or_default()
}

/// `offset` is where it went wrong, in bytes.
fn malformed(text: &str, offset: usize, detail: &str) -> JsonError {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before
        .get(line_start..)
        .map_or(0, |line| line.chars().count())
        + 1;
    JsonError::Malformed {
        line,
        column,
        detail: detail.to_owned(),
    }
}
