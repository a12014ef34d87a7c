//! The page: no script, no picture, nothing from elsewhere. What is put in is escaped here, and nowhere else.

use std::fmt::Write;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderValue;
use sha2::{Digest, Sha256};

/// Seconds after which the page loads itself again.
const REFRESH: u32 = 10;

/// Colours have a contrast of at least 4.5 to 1 on both grounds (WCAG 2.2, 1.4.3), and no colour stands
/// for what is not written too.
const STYLE: &str = "\
:root{color-scheme:light dark;--line:#ccc;--soft:#555;--good:#0a6b2d;--warn:#8a5300;--bad:#b3131b}\
@media(prefers-color-scheme:dark){:root{--line:#444;--soft:#aaa;--good:#5fd38a;--warn:#f0b45a;--bad:#ff8a8a}}\
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}\
h3{font-size:1rem;margin:1rem 0 .3rem}\
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.2rem 1rem;margin:0}\
dt,th,.soft{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}\
th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line)}\
td{overflow-wrap:break-word;min-width:4rem}li{overflow-wrap:anywhere;margin-bottom:.5rem}\
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}.good,.warn,.bad{font-weight:600}";

/// Only this one style counts, by its digest.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

/// The page's `Content-Security-Policy`.
pub fn policy() -> HeaderValue {
    let strictest = HeaderValue::from_static("default-src 'none'");
    POLICY.clone().unwrap_or(strictest)
}

/// How good a thing is; the words beside it say so as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Good,
    Warn,
    Bad,
}

/// One cell or value.
pub enum Cell {
    Text(String),
    Marked(Mark, String),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A page that is being written.
pub struct Html {
    text: String,
    /// For ids that tables are labelled by.
    regions: usize,
}

impl Html {
    /// `refresh`: it loads itself again after a while.
    pub fn new(refresh: bool) -> Self {
        let mut text = String::from(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\">",
        );
        if refresh {
            let _ = write!(text, "<meta http-equiv=\"refresh\" content=\"{REFRESH}\">");
        }
        // Who reads slowly, or hears the page, must be able to stop it (WCAG 2.2, 2.2.1).
        let other = if refresh {
            format!(
                "This page loads itself again every {REFRESH} s. <a href=\"/status.html?refresh=off\">Stop that</a>"
            )
        } else {
            "This page is as of when it was loaded. <a href=\"/status.html\">Load it again every few seconds</a>"
                .to_owned()
        };
        let _ = write!(
            text,
            "<title>lms-gateway: status</title><style>{STYLE}</style></head><body><main>\
             <h1>lms-gateway</h1><p class=\"soft\">{other}, or have it <a href=\"/status.json\">as JSON</a>.</p>"
        );
        Self { text, regions: 0 }
    }

    pub fn heading(&mut self, title: &str) {
        let _ = write!(self.text, "<h2>{}</h2>", escape(title));
    }

    pub fn subheading(&mut self, title: &str) {
        let _ = write!(self.text, "<h3>{}</h3>", escape(title));
    }

    pub fn paragraph(&mut self, text: &str) {
        let _ = write!(self.text, "<p>{}</p>", escape(text));
    }

    /// Names and their values.
    pub fn facts<const N: usize>(&mut self, facts: [(&str, Cell); N]) {
        self.text.push_str("<dl>");
        for (name, value) in &facts {
            let _ = write!(self.text, "<dt>{}</dt><dd>", escape(name));
            self.cell(value);
            self.text.push_str("</dd>");
        }
        self.text.push_str("</dl>");
    }

    /// A table. On a narrow screen it is what scrolls, also by keys.
    pub fn table<const N: usize>(&mut self, title: &str, heads: [&str; N], rows: &[[Cell; N]]) {
        self.regions += 1;
        let (title, number) = (escape(title), self.regions);
        let _ = write!(
            self.text,
            "<div class=\"wide\" role=\"region\" aria-labelledby=\"t{number}\" tabindex=\"0\">\
             <table><caption id=\"t{number}\" class=\"soft\">{title}</caption><thead><tr>"
        );
        for head in heads {
            let _ = write!(self.text, "<th scope=\"col\">{}</th>", escape(head));
        }
        self.text.push_str("</tr></thead><tbody>");
        for row in rows {
            self.text.push_str("<tr>");
            for cell in row {
                self.text.push_str("<td>");
                self.cell(cell);
                self.text.push_str("</td>");
            }
            self.text.push_str("</tr>");
        }
        self.text.push_str("</tbody></table></div>");
    }

    pub fn list(&mut self, items: &[String]) {
        self.text.push_str("<ul>");
        for item in items {
            let _ = write!(self.text, "<li>{}</li>", escape(item));
        }
        self.text.push_str("</ul>");
    }

    pub fn finish(mut self) -> String {
        self.text.push_str("</main></body></html>\n");
        self.text
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.text.push_str(&escape(text)),
            Cell::Marked(mark, text) => {
                let class = match mark {
                    Mark::Good => "good",
                    Mark::Warn => "warn",
                    Mark::Bad => "bad",
                };
                let _ = write!(self.text, "<span class=\"{class}\">{}</span>", escape(text));
            }
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // HTML knows none but line breaks.
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_put_in_is_text() {
        const BAD: &str = "<script>\"'&\u{1}</script>";
        let mut page = Html::new(true);
        let frame = page.text.len();
        page.heading(BAD);
        page.subheading(BAD);
        page.paragraph(BAD);
        page.facts([
            (BAD, BAD.into()),
            (BAD, Cell::Marked(Mark::Bad, BAD.to_owned())),
        ]);
        page.table(BAD, [BAD], &[[BAD.into()]]);
        page.list(&[BAD.to_owned()]);
        let text = page.text.split_off(frame);
        assert_eq!(
            text.matches("&lt;script&gt;&quot;&#39;&amp; &lt;/script&gt;")
                .count(),
            11
        );
        assert!(!text.contains("<script"), "{text}");
        assert!(!text.contains('\''), "{text}");
    }

    #[test]
    fn the_policy_allows_the_page_s_own_style_and_nothing_else() {
        let policy = policy();
        let policy = policy.to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
