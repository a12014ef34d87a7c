use serde::de::IgnoredAny;

use super::JsonError;
use crate::excerpt;

/// Judges the syntax alone and returns the text. `IgnoredAny` makes serde_json walk the text
/// without recursion and without looking at escapes or at the size of numbers, which are the
/// reader's business.
pub(super) fn check(bytes: &[u8]) -> Result<&str, JsonError> {
    let text = utf8(bytes)?;
    if text.starts_with('\u{feff}') {
        return Err(malformed(
            text,
            0,
            "the text starts with a byte order mark; send JSON without one",
        ));
    }
    if text.trim_ascii().is_empty() {
        return Err(malformed(text, 0, "the body is empty; send a JSON value"));
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(IgnoredAny) => Ok(text),
        Err(error) => Err(explain(text, &error)),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (valid, rest) = bytes
            .split_at_checked(error.valid_up_to())
            .unwrap_or((bytes, &[]));
        let before = String::from_utf8_lossy(valid);
        let byte = rest.first().copied().unwrap_or_default();
        malformed(
            &before,
            before.len(),
            &format!("the byte 0x{byte:02X} is not UTF-8; send the body in UTF-8"),
        )
    })
}

/// serde_json counts columns in bytes and keeps its codes private, so the sentence is its own
/// without the place, with what stands there.
fn explain(text: &str, error: &serde_json::Error) -> JsonError {
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    if error.is_eof() {
        let detail = format!("the text ends too early ({message})");
        return malformed(text, text.len(), &detail);
    }
    let line_start = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let mut offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    // A raw control character is reported at the character before it.
    if message.starts_with("control character") {
        offset += text
            .bytes()
            .skip(offset)
            .take_while(|byte| *byte >= 0x20)
            .count();
        let found = found_at(text, offset);
        let detail =
            format!("a control character stands inside a text{found}; write it as an escape");
        return malformed(text, offset, &detail);
    }
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default().trim_ascii_end();
    let behind = text.get(offset..).unwrap_or_default();
    if before.ends_with(',') && behind.starts_with(['}', ']']) {
        return malformed(
            text,
            offset,
            "a comma stands before the closing bracket; remove it",
        );
    }
    let found = found_at(text, offset);
    malformed(text, offset, &format!("{message}{found}"))
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
