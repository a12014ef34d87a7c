//! Pieces of a page: text in it, and its frame.

use std::fmt;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use sha2::{Digest, Sha256};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:1.5rem auto;padding:0 1rem;color:#1f2328;background:#fff}\
a{color:#0550ae}a:focus-visible{outline:3px solid #0550ae;outline-offset:2px}\
.skip{position:absolute;left:-100rem}.skip:focus{left:1rem;background:#fff}\
code,pre{font:14px/1.4 ui-monospace,monospace;background:#f3f4f6}code{overflow-wrap:anywhere}pre{padding:.8rem;overflow:auto}\
h2{margin-top:2.5rem;border-bottom:2px solid #1f2328}h3{margin-top:2rem;border-top:1px solid #d0d7de;padding-top:1rem}\
td:first-child code{white-space:nowrap}h4{margin:1rem 0 .3rem}h3 code{font-size:1rem}.m{font-weight:700}\
table{border-collapse:collapse;margin:.4rem 0}td,th{border:1px solid #d0d7de;padding:.2rem .6rem;text-align:left;vertical-align:top}\
th{background:#f3f4f6}footer{margin-top:2.5rem;border-top:1px solid #d0d7de;font-size:.875rem}\
@media print{body{max-width:none;margin:0;font-size:10pt}nav,.skip{display:none}a{color:inherit;text-decoration:none}\
code,pre{font-size:9pt;background:none}pre{white-space:pre-wrap}th{background:none}\
h2,h3,h4{break-after:avoid}tr,pre{break-inside:avoid}thead{display:table-header-group}}";

/// The Content-Security-Policy of a page out of [`head`]: its own style, our icon, and nothing else. The style
/// is named by its digest, so that text of a contract that became markup could not bring one of its own.
pub fn page_policy() -> HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let digest = STANDARD.encode(Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        // Base64 and the words above are always a header value.
        HeaderValue::from_str(&policy)
            .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
    });
    POLICY.clone()
}

/// The beginning of a page up to its `<body>`. `root` leads from the page to the folder of `/docs`: behind a
/// proxy the gateway may stand below a path that it does not know.
pub fn head(title: &str, root: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
         <link rel=\"icon\" href=\"{root}docs/icon.svg\" type=\"image/svg+xml\"><style>{STYLE}</style></head><body>",
        Text(title)
    )
}

/// Text in a page or between the quotes of an attribute: none of it is markup.
pub struct Text<'t>(pub &'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"']) {
            let (before, special) = rest.split_at(at);
            f.write_str(before)?;
            f.write_str(match special.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                _ => "&quot;",
            })?;
            rest = special.get(1..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

/// A description: text in which backticks mark code, as in Markdown.
pub struct Prose<'t>(pub &'t str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, (code, after))) = rest
            .split_once('`')
            .and_then(|(before, behind)| Some((before, behind.split_once('`')?)))
        {
            write!(f, "{}<code>{}</code>", Text(before), Text(code))?;
            rest = after;
        }
        Text(rest).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(
            Text("a < \"b\" & <c>").to_string(),
            "a &lt; &quot;b&quot; &amp; &lt;c&gt;"
        );
        assert_eq!(Text("é<").to_string(), "é&lt;");
        assert_eq!(
            Prose("`<a>` and `b").to_string(),
            "<code>&lt;a&gt;</code> and `b"
        );
    }
}
