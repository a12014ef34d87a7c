//! What a vendor says about its error. Reading it never fails: an error answer may be JSON, XML,
//! a page of HTML, a bare code or nothing at all, whatever its type says.

use grammar::Pointer;

use super::call::Answer;
use super::code;
use crate::answer::AnswerPlan;
use crate::decode::texts_at;
use crate::document::{AnswerLimits, Document, Tree, charset, is_family};

/// The vendor's own words, fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorError {
    /// The HTTP status of its answer.
    pub status: u16,
    /// The code, by its declared member or element or by the scan; `None` where there is none, or
    /// where two contradict each other.
    pub code: Option<String>,
    /// From a declared member only: one line of at most 300 characters.
    pub message: Option<String>,
}

/// The bytes that the scan looks at. An error says its code at once; a page of megabytes is not
/// searched on behalf of a vendor that is already failing.
const SCAN_BYTES: usize = 4096;

/// The largest error answer that is parsed; a larger one is a page, and only scanned.
const PARSE_BYTES: usize = 256 * 1024;

/// Long enough for a sentence, too short for a stack trace.
const MESSAGE_CHARS: usize = 300;

/// The error of an answer with an error status.
pub(super) fn of_answer<E>(plan: &AnswerPlan<E>, answer: &Answer<'_>) -> VendorError {
    let document = parse(answer);
    let cut = answer.body.len() > SCAN_BYTES;
    let start = answer.body.get(..SCAN_BYTES).unwrap_or(answer.body);
    let start = charset::lossy(answer.content_type, start);
    let members = document.as_ref().map(|document| codes(plan, document));
    VendorError {
        status: answer.status,
        code: code::choose(plan, &members.unwrap_or_default(), &start, cut),
        message: document
            .as_ref()
            .and_then(|document| message(plan, document)),
    }
}

/// The error that a success status hides. Its declared members count; the rest of such a body may
/// be anybody's text, and is not scanned.
pub(super) fn of_document<E>(
    plan: &AnswerPlan<E>,
    status: u16,
    document: &Document,
) -> VendorError {
    VendorError {
        status,
        code: code::choose(plan, &codes(plan, document), "", false),
        message: message(plan, document),
    }
}

/// By the type if it says JSON or XML, or else by the first character.
fn parse(answer: &Answer<'_>) -> Option<Document> {
    if answer.body.len() > PARSE_BYTES {
        return None;
    }
    let content_type = answer.content_type;
    let says = |family| content_type.is_some_and(|content_type| is_family(content_type, family));
    let start = charset::lossy(content_type, answer.body.get(..64).unwrap_or(answer.body));
    let start = start.trim_start().chars().next();
    let limits = AnswerLimits::default();
    let json = || Document::json(content_type, answer.body, &limits).ok();
    let xml = || Document::xml(content_type, answer.body, &limits).ok();
    match start {
        Some('{' | '[' | '"') => json(),
        Some('<') => xml(),
        _ if says("json") => json(),
        _ if says("xml") => xml(),
        _ => None,
    }
}

fn codes<E>(plan: &AnswerPlan<E>, document: &Document) -> Vec<String> {
    texts(document, &plan.vendor.code_json, &plan.vendor.code_xml)
        .into_iter()
        .map(|text| text.trim().to_owned())
        .collect()
}

fn message<E>(plan: &AnswerPlan<E>, document: &Document) -> Option<String> {
    texts(
        document,
        &plan.vendor.message_json,
        &plan.vendor.message_xml,
    )
    .into_iter()
    .map(|text| one_line(&text))
    .find(|text| !text.is_empty())
}

/// What stands at the places of a document's own kind, in their order.
fn texts(document: &Document, json: &[Pointer], xml: &[Vec<String>]) -> Vec<String> {
    match document.tree {
        Tree::Json(_) => json
            .iter()
            .flat_map(|place| texts_at(document, place.tokens()))
            .collect(),
        Tree::Xml(_) => xml
            .iter()
            .flat_map(|path| texts_at(document, path))
            .collect(),
    }
}

/// Blanks and control characters become single spaces; what reorders or hides text is dropped.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    let shown = text.chars().filter(|c| {
        !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    });
    for character in shown {
        if !character.is_whitespace() && !character.is_control() {
            line.push(character);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    let line: String = line.trim_end().chars().take(MESSAGE_CHARS).collect();
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_message_is_one_bounded_line() {
        assert_eq!(one_line(" a\r\n\tb\u{0}\u{202e}c\u{2028}d "), "a b c d");
        assert_eq!(one_line(&"ñ".repeat(1000)).chars().count(), 300);
        assert_eq!(one_line("\n"), "");
    }
}
