//! `x-deprecation`: since when callers should leave an operation, and when it ends.

use grammar::date_time;
use serde_json::json;
use validate::Validator;

use crate::code::Code;
use crate::keywords::DEPRECATION;
use crate::plan::Deprecation;
use crate::source::Node;

/// The end of an operation. `None`: it has none, or what is wrong with it was reported.
pub(super) fn deprecation(operation: &Node<'_>) -> Option<Deprecation> {
    let node = operation.get("x-deprecation")?;
    let flag = operation.get("deprecated");
    // A flag of another type was reported.
    if flag.is_none_or(|flag| flag.value == false) {
        node.key().report_help(
            Code::MissingKeyword,
            "`x-deprecation` stands at an operation that is not deprecated",
            "add `deprecated: true`: the served document must say what the answers say",
        );
    }
    node.object(&DEPRECATION)?;
    let since = midnight(&node.get("since")?)?;
    let sunset = match node.get("sunset") {
        Some(sunset) => {
            let end = midnight(&sunset)?;
            if end < since {
                sunset.report_help(
                    Code::BadValue,
                    "`sunset` is before `since`",
                    "give callers time: an operation is deprecated first and ends later",
                );
            }
            Some(end)
        }
        None => None,
    };
    let link = match node.get("link") {
        Some(link) => Some(url(&link)?),
        None => None,
    };
    Some(Deprecation {
        since,
        sunset,
        link,
    })
}

fn midnight(node: &Node<'_>) -> Option<u64> {
    let text = node.string()?;
    match date_time::midnight(text) {
        Ok(seconds) => Some(seconds),
        Err(why) => {
            node.report_help(
                Code::BadValue,
                format!("`{text}` is no date: {why}"),
                "write a day such as 2026-11-01; it begins at midnight in UTC",
            );
            None
        }
    }
}

/// A URL that can stand between `<` and `>` in a `Link` field (RFC 8288 section 3).
fn url(node: &Node<'_>) -> Option<String> {
    let text = node.string()?;
    let schema = json!({"type": "string", "format": "http-url"});
    let is_url = Validator::compile(&schema).is_ok_and(|url| url.check(node.value).is_empty());
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"');
    if is_url && text.chars().all(is_plain) {
        return Some(text.to_owned());
    }
    node.report_help(
        Code::BadValue,
        format!("`{text}` cannot stand in a `Link` field"),
        "write an absolute http or https URL, with other characters percent-encoded",
    );
    None
}
