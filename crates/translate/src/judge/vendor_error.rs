//! What a vendor says about its error. Reading it never fails: an error answer may be JSON, XML,
//! a page of HTML, a bare code or nothing at all, whatever its type says.

use grammar::Pointer;

use super::call::Answer;
use super::code;
use crate::answer::AnswerPlan;
use crate::document::{AnswerLimits, Document, Format, Wanted, charset, is_family};
use crate::mismatch::Mismatch;

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
    let said = parse(answer).and_then(|document| Said::of(plan, &document).ok());
    let Said { codes, message } = said.unwrap_or_default();
    let cut = answer.body.len() > SCAN_BYTES;
    let start = answer.body.get(..SCAN_BYTES).unwrap_or(answer.body);
    let start = charset::lossy(answer.content_type, start);
    VendorError {
        status: answer.status,
        code: code::choose(plan, &codes, &start, cut),
        message,
    }
}

/// The error that a success status hides. Its declared members count; the rest of such a body may
/// be anybody's text, and is not scanned.
pub(super) fn of_document<E>(
    plan: &AnswerPlan<E>,
    status: u16,
    document: &Document<'_>,
) -> Result<VendorError, Mismatch> {
    let Said { codes, message } = Said::of(plan, document)?;
    Ok(VendorError {
        status,
        code: code::choose(plan, &codes, "", false),
        message,
    })
}

/// By the type if it says JSON or XML, or else by the first character.
fn parse<'b>(answer: &Answer<'b>) -> Option<Document<'b>> {
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

/// What stands at the places of a document's own kind.
#[derive(Default)]
struct Said {
    /// In the order of the places.
    codes: Vec<String>,
    message: Option<String>,
}

impl Said {
    fn of<E>(plan: &AnswerPlan<E>, document: &Document<'_>) -> Result<Self, Mismatch> {
        let vendor = &plan.vendor;
        let (codes, messages) = match document.format {
            Format::Json => (tokens(&vendor.code_json), tokens(&vendor.message_json)),
            Format::Xml => (slices(&vendor.code_xml), slices(&vendor.message_xml)),
        };
        let paths = codes.iter().chain(&messages);
        let wanted: Vec<Wanted<'_>> = paths.map(|path| Wanted::Texts { path }).collect();
        let found = document.search(&wanted)?;
        let mut texts = found.into_iter().map(|found| found.texts);
        let of_codes = texts.by_ref().take(codes.len()).flatten();
        Ok(Self {
            codes: of_codes.map(|text| text.trim().to_owned()).collect(),
            message: texts
                .flatten()
                .map(|text| one_line(&text))
                .find(|text| !text.is_empty()),
        })
    }
}

fn tokens(places: &[Pointer]) -> Vec<&[String]> {
    places.iter().map(Pointer::tokens).collect()
}

fn slices(paths: &[Vec<String>]) -> Vec<&[String]> {
    paths.iter().map(Vec::as_slice).collect()
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
