//! Whether somebody looks or a program asks.

use http::HeaderMap;

use crate::engine::media_weight;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Html,
}

impl Form {
    /// HTML for who would rather have it, as browsers say; JSON for everybody else, also without `Accept`.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let html = media_weight(headers, "text", "html");
        if html > media_weight(headers, "application", "json") {
            Self::Html
        } else {
            Self::Json
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::ACCEPT;

    use super::*;

    #[test]
    fn who_would_rather_have_html_gets_it() {
        assert_eq!(Form::of(&HeaderMap::new()), Form::Json);
        for (accept, form) in [
            ("*/*", Form::Json),
            ("application/json", Form::Json),
            ("application/json, text/html;q=0.9", Form::Json),
            ("text/html, application/json", Form::Json),
            ("text/html;q=0, */*", Form::Json),
            ("text/html", Form::Html),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Form::Html,
            ),
            ("text/*", Form::Html),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(Form::of(&headers), form, "{accept}");
        }
    }
}
