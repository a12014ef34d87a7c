//! `Accept` (RFC 9110 §12.5.1): what a caller would have. What is malformed in it excludes nothing.

use contract::{GatewayProblem, Operation};
use grammar::token::is_token;
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

/// What a caller makes of a type that it names with full weight, and of every type where it names none.
pub(super) const FULL_WEIGHT: u16 = 1000;

/// 406 where an answer of the operation has content, and the caller excludes JSON. What has none is
/// excluded by nothing, and a problem is sent in any case: without it nobody would know what happened.
pub fn check(runtime: &Runtime, operation: &Operation, head: &Parts) -> Result<(), Refusal> {
    if weight(&head.headers, "application", "json") > 0 || !has_content(runtime, operation) {
        return Ok(());
    }
    Err(Refusal::new(
        GatewayProblem::NotAcceptable,
        format!(
            "Answers of {} are application/json, and Accept excludes that.",
            operation.id
        ),
    ))
}

/// Whether a success of the operation, or of the create that it may become, is sent with a body.
fn has_content(runtime: &Runtime, operation: &Operation) -> bool {
    let create = operation.binding.create_if_absent();
    let create = create.map(|create| runtime.operation(create.operation));
    [Some(operation), create]
        .into_iter()
        .flatten()
        .flat_map(|one| one.binding.answer.success.iter())
        .any(|success| success.shape.is_some())
}

/// How much a caller wants a media type, in thousandths; 0: not at all. The most specific range that
/// fits the type decides.
#[must_use]
pub fn weight(headers: &HeaderMap, kind: &str, subtype: &str) -> u16 {
    let lines = headers.get_all(ACCEPT).iter();
    weight_in(lines.filter_map(|value| value.to_str().ok()), kind, subtype)
}

/// Whether a caller with at most this one `Accept` takes JSON.
#[must_use]
pub fn takes_json(accept: Option<&[u8]>) -> bool {
    let Some(accept) = accept else {
        return true;
    };
    if matches!(accept, b"*/*" | b"application/json") {
        return true;
    }
    HeaderValue::from_bytes(accept).is_ok_and(|value| {
        let line = value.to_str().ok();
        weight_in(line.into_iter(), "application", "json") > 0
    })
}

fn weight_in<'h>(lines: impl Iterator<Item = &'h str>, kind: &str, subtype: &str) -> u16 {
    let mut best: Option<(u8, u16)> = None;
    let mut any = false;
    for range in lines.flat_map(|line| split(line, ',')).filter_map(range) {
        any = true;
        if let Some(rank) = range.rank(kind, subtype) {
            best = best.max(Some((rank, range.weight)));
        }
    }
    match best {
        Some((_, weight)) => weight,
        None if any => 0,
        None => FULL_WEIGHT,
    }
}

struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    weight: u16,
    /// Whether it names a parameter that our types do not have.
    narrowed: bool,
}

/// `None` for what is no media range.
fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = split(text, ';').map(str::trim);
    let (kind, subtype) = match parts.next()? {
        // Of clients that are as old as the Web.
        "*" => ("*", "*"),
        media => media.split_once('/')?,
    };
    if !is_token(kind) || !is_token(subtype) || (kind == "*" && subtype != "*") {
        return None;
    }
    let mut range = Range {
        kind,
        subtype,
        weight: FULL_WEIGHT,
        narrowed: false,
    };
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (name.trim_end(), value.trim().trim_matches('"'));
        if name.eq_ignore_ascii_case("q") {
            range.weight = thousandths(value);
        } else if !(name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")) {
            range.narrowed = true;
        }
    }
    Some(range)
}

impl Range<'_> {
    /// How closely the range names a type; `None` where it does not. A range with a parameter of which
    /// we know nothing is taken for a wish, and never for a refusal of the type without it.
    fn rank(&self, kind: &str, subtype: &str) -> Option<u8> {
        if self.weight == 0 && self.narrowed {
            return None;
        }
        if (self.kind, self.subtype) == ("*", "*") {
            return Some(1);
        }
        if !self.kind.eq_ignore_ascii_case(kind) {
            return None;
        }
        let syntax = self.subtype.strip_prefix("*+");
        if self.subtype.eq_ignore_ascii_case(subtype) {
            Some(3)
        } else if self.subtype == "*" {
            Some(2)
        } else {
            // `application/*+json` is no wildcard of HTTP; who sends it reads JSON.
            let reads = syntax.is_some_and(|syntax| syntax.eq_ignore_ascii_case(subtype));
            (reads && self.weight > 0).then_some(2)
        }
    }
}

/// A weight of RFC 9110 §12.4.2, in thousandths. What is none counts as none.
pub(super) fn thousandths(text: &str) -> u16 {
    let weight = text.parse::<f32>().ok();
    match weight.filter(|weight| weight.is_finite() && !weight.is_sign_negative()) {
        Some(0.0) => 0,
        // At most 1000, so it fits.
        Some(weight) => ((weight.min(1.0) * f32::from(FULL_WEIGHT)) as u16).max(1),
        None => FULL_WEIGHT,
    }
}

/// Splits at a separator, but not inside a quoted string (RFC 9110 §5.6.4).
pub(super) fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let cuts = c == separator && !quoted;
        (quoted, escaped) = match c {
            _ if escaped => (quoted, false),
            '\\' if quoted => (true, true),
            '"' => (!quoted, false),
            _ => (quoted, false),
        };
        cuts
    })
    .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(lines: &[&'static str]) -> u16 {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, HeaderValue::from_static(line));
        }
        let weight = weight(&headers, "application", "json");
        if let [line] = lines {
            assert_eq!(takes_json(Some(line.as_bytes())), weight > 0, "{line}");
        }
        weight
    }

    #[test]
    fn the_most_specific_range_decides() {
        for (accept, wanted) in [
            ("", 1000),
            (" , ,", 1000),
            ("*/*", 1000),
            ("*", 1000),
            ("application/*;q=0.2, */*;q=0.9", 200),
            ("*/*;q=0.9, application/json;q=0.1", 100),
            ("application/json;q=0, */*", 0),
            ("application/*;q=0, */*", 0),
            ("text/html", 0),
            ("APPLICATION/Json ; Q=0.001", 1),
            ("application/json;q=0.0001", 1),
            ("application/json;q=0.000", 0),
            ("application/json;q=1, application/json;q=0", 1000),
            ("application/json;charset=UTF-8;q=0", 0),
            ("application/json;charset=\"utf-8\"", 1000),
        ] {
            assert_eq!(json(&[accept]), wanted, "{accept}");
        }
        assert_eq!(json(&["text/html", "application/json;q=0.5"]), 500);
        assert_eq!(json(&["text/html", "text/plain"]), 0);
    }

    #[test]
    fn what_is_malformed_excludes_nothing() {
        for accept in [
            "*/json",
            "json",
            "application/",
            "/json",
            "application/js on",
            "application/json/x",
            "application/json;q=x",
            "application/json;q=nan",
            "application/json;q=-1",
            "application/json;q=-0",
            "application/json;q=inf",
            "application/json;q=",
            "application/json;q",
        ] {
            assert_eq!(json(&[accept]), 1000, "{accept}");
        }
        assert_eq!(json(&["application/json;q=7"]), 1000);
        assert_eq!(json(&["*/json, text/html"]), 0, "the other is a range");
    }

    #[test]
    fn a_parameter_that_we_do_not_have_narrows() {
        assert_eq!(json(&["application/json;v=2"]), 1000, "a wish");
        assert_eq!(json(&["application/json;v=2;q=0, */*;q=0.3"]), 300);
        assert_eq!(json(&["application/json;v=2;q=0"]), 0, "and nothing else");
        assert_eq!(json(&["application/*+json"]), 1000);
        assert_eq!(json(&["application/*+xml"]), 0);
        assert_eq!(json(&["application/problem+json"]), 0);
    }

    #[test]
    fn what_stands_in_quotes_is_no_range() {
        assert_eq!(json(&[r#"text/html;x="a, application/json""#]), 0);
        assert_eq!(json(&[r#"text/html;x="a\", application/json""#]), 0);
        assert_eq!(json(&[r#"text/html;x="a\\", application/json"#]), 1000);
        assert_eq!(json(&[r#"application/json;x="a;q=0""#]), 1000);
    }
}
