//! Content types.

use std::borrow::Cow;

use grammar::media_type::{self, essence};

use crate::encoding::Encoding;
use crate::mismatch::{Mismatch, excerpt_of_bytes};

/// Whether an answer's `Content-Type` is of the declared family: `application/json`, `text/json`,
/// `*/*+json`, or the same with `xml` (RFC 6839, RFC 7303). An absent one fits; parameters do not
/// matter.
#[must_use]
pub fn content_type_fits(encoding: Encoding, content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else {
        return true;
    };
    match encoding {
        Encoding::Json => is_family(content_type, "json"),
        Encoding::Xml => is_family(content_type, "xml"),
        Encoding::Form => {
            essence(content_type).eq_ignore_ascii_case("application/x-www-form-urlencoded")
        }
    }
}

/// The mismatch of an answer of another type. The type itself is the vendor's text, so it goes to
/// the excerpt.
pub(crate) fn foreign(encoding: Encoding, content_type: Option<&str>, bytes: &[u8]) -> Mismatch {
    let content_type = content_type.unwrap_or_default();
    let found = if essence(content_type).eq_ignore_ascii_case("text/html") {
        "an HTML page"
    } else {
        "another content type"
    };
    let mut mismatch = Mismatch::new(format!("content type {}", encoding.accept()), found)
        .with_excerpt(&format!("{content_type}: "));
    mismatch.excerpt.push_str(&excerpt_of_bytes(bytes));
    mismatch.excerpt = mismatch.excerpt.chars().take(200).collect();
    mismatch
}

/// `json` or `xml`, as the subtype or as its structured suffix.
pub(crate) fn is_family(content_type: &str, family: &str) -> bool {
    let Some((kind, subtype)) = essence(content_type).split_once('/') else {
        return false;
    };
    let suffix = subtype.rsplit_once('+').map(|(_, suffix)| suffix);
    suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(family))
        || (subtype.eq_ignore_ascii_case(family)
            && ["application", "text"]
                .iter()
                .any(|known| kind.eq_ignore_ascii_case(known)))
}

/// The `charset` parameter, unquoted.
pub(crate) fn charset(content_type: &str) -> Option<Cow<'_, str>> {
    media_type::parameter(content_type, "charset")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        for good in [
            "application/json",
            "text/json; charset=utf-8",
            "Application/JSON;v=2",
            "application/vnd.netex.nlc-api.v2+json",
            "application/problem+json",
        ] {
            assert!(content_type_fits(Encoding::Json, Some(good)), "{good}");
        }
        for good in [
            "application/xml",
            "text/xml",
            "application/atom+xml;type=feed",
        ] {
            assert!(content_type_fits(Encoding::Xml, Some(good)), "{good}");
        }
        for bad in [
            "text/html",
            "text/plain",
            "application/xhtml+xml",
            "application/jsonx",
            "json",
            "application/json2",
            "image/json",
            "",
        ] {
            assert!(!content_type_fits(Encoding::Json, Some(bad)), "{bad}");
        }
        assert!(content_type_fits(Encoding::Json, None));
        assert!(!content_type_fits(
            Encoding::Xml,
            Some("text/html;charset=utf-8")
        ));
    }
}
