//! Media types (RFC 9110 section 8.3.1), read leniently: a `Content-Type` comes from anybody.

use std::borrow::Cow;

/// Type and subtype, without blanks around them. They compare without case.
pub fn essence(text: &str) -> &str {
    split(text).next().unwrap_or_default()
}

/// Names and values of the parameters, in order. A value in quotes is unquoted (section 5.6.4), and may
/// hold `;`. What is no parameter is passed over.
pub fn parameters(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    split(text).skip(1).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim(), unquoted(value.trim())))
    })
}

/// The first parameter of a name.
pub fn parameter<'t>(text: &'t str, name: &str) -> Option<Cow<'t, str>> {
    parameters(text)
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// What stands between the semicolons that are not in quotes.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        let ends = character == ';' && !quoted;
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        ends
    })
    .map(str::trim)
}

fn unquoted(value: &str) -> Cow<'_, str> {
    let inner = value
        .strip_prefix('"')
        .map(|inner| inner.strip_suffix('"').unwrap_or(inner));
    match inner {
        Some(inner) if inner.contains('\\') => {
            let mut escaped = false;
            let plain = inner.chars().filter(|character| {
                escaped = *character == '\\' && !escaped;
                !escaped
            });
            Cow::Owned(plain.collect())
        }
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_may_be_quoted() {
        for (text, charset) in [
            ("text/xml; charset=\"UTF-8\"", Some("UTF-8")),
            ("text/xml;v=1;CharSet = latin1 ", Some("latin1")),
            ("text/xml", None),
            ("text/xml;charset", None),
            ("text/xml; charset=\"u\\tf-8\"", Some("utf-8")),
            (
                "a/b; profile=\"x;charset=utf-16\"; charset=utf-8",
                Some("utf-8"),
            ),
            ("a/b; p=\"\\\";charset=utf-16\"", None),
            ("a/b; charset=utf-8; charset=utf-16", Some("utf-8")),
            ("a/b; charset=\"utf-8", Some("utf-8")),
        ] {
            assert_eq!(parameter(text, "charset").as_deref(), charset, "{text}");
        }
        assert_eq!(essence(" Text/XML ;a=b"), "Text/XML");
        assert_eq!(essence(""), "");
    }
}
