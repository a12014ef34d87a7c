//! Vendors repeat what they were sent, our credentials among it. They are redacted where a vendor's
//! words come in, before a text is made of them.

mod base64_spelling;
pub mod call_credential;
mod find;
mod spelling;

use std::fmt;

use crate::secret::Secret;
use find::{Cut, find};

const MASK: &str = "***";

/// Redacts secrets in texts. Shared by the calls that were made with them.
#[derive(Default)]
pub struct Redactor {
    /// Each once, the longest first: what contains another is redacted whole.
    secrets: Vec<Secret>,
    /// What they are within texts of base64.
    in_base64: Vec<Secret>,
}

impl Redactor {
    /// Takes secrets as they were sent. What is inside one (a token behind its scheme, the password of
    /// a `Basic` credential) is a secret too.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let mut all: Vec<Secret> = Vec::new();
        for secret in secrets {
            all.extend(parts(secret.reveal()).into_iter().map(Secret::new));
            all.push(secret);
        }
        all.retain(|secret| !secret.reveal().is_empty());
        all.sort_by(|one, other| {
            let (one, other) = (one.reveal(), other.reveal());
            other.len().cmp(&one.len()).then_with(|| one.cmp(other))
        });
        all.dedup();
        let long = all.iter().map(Secret::reveal);
        let long = long.filter(|secret| secret.len() >= find::LONG);
        let in_base64 = long.flat_map(base64_spelling::cores).map(Secret::new);
        Self {
            in_base64: in_base64.collect(),
            secrets: all,
        }
    }

    /// The same with more.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Secret>) -> Self {
        Self::new(self.secrets.iter().cloned().chain(more))
    }

    /// Redacts a vendor's own words. Their end may be cut, by the vendor or by us.
    pub fn redact(&self, text: &mut String) {
        self.redact_cut(text, Cut::Back);
    }

    /// Redacts a piece of a text that may be cut at both ends.
    pub fn redact_fragment(&self, text: &mut String) {
        self.redact_cut(text, Cut::Both);
    }

    fn redact_cut(&self, text: &mut String, cut: Cut) {
        for secret in self.secrets.iter().chain(&self.in_base64) {
            // From the end on, so that the places before stay where they are.
            for found in find(text, secret.reveal(), cut).into_iter().rev() {
                text.replace_range(found, MASK);
            }
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a redactor of {}", self.secrets.len())
    }
}

/// What a vendor may repeat of a credential without the rest: `Bearer <token>`, `Token token="<token>"`,
/// `Basic <base64 of user:password>` (RFC 7617 §2). Shorter parts are words, not secrets.
fn parts(secret: &str) -> Vec<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    let Some((scheme, rest)) = secret.split_once(' ') else {
        return Vec::new();
    };
    let is_scheme = scheme
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_scheme || scheme.is_empty() {
        return Vec::new();
    }
    let rest = rest.trim();
    let mut found = vec![rest.to_owned()];
    if let Some((_, value)) = rest.split_once('=') {
        found.push(value.trim_matches('"').to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic")
        && let Some(pair) = STANDARD.decode(rest).ok()
        && let Ok(pair) = String::from_utf8(pair)
    {
        found.extend(
            pair.split_once(':')
                .map(|(_, password)| password.to_owned()),
        );
        found.push(pair);
    }
    found.retain(|part| part.len() >= find::LONG);
    found
}

/// Where a text says a word, in whatever spelling, in order and without overlaps.
#[must_use]
pub fn spelled_in(text: &str, word: &str) -> Vec<std::ops::Range<usize>> {
    find(text, word, Cut::Back)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = r#"aB3/+x"<&'\ ~=z9"#;

    fn redact(secret: &str, text: &str) -> String {
        let mut text = text.to_owned();
        Redactor::new([Secret::new(secret)]).redact(&mut text);
        text
    }

    fn redact_fragment(secret: &str, text: &str) -> String {
        let mut text = text.to_owned();
        Redactor::new([Secret::new(secret)]).redact_fragment(&mut text);
        text
    }

    #[test]
    fn a_secret_in_base64_is_redacted_also_by_a_redactor_with_more() {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;

        let one = Redactor::new([Secret::new("SECRET-tok")]);
        let more = one.with([Secret::new("ANOTHER-tok")]);
        for secret in ["SECRET-tok", "ANOTHER-tok"] {
            let mut text = format!("no {}!", STANDARD.encode(format!("x{secret}")));
            more.redact(&mut text);
            assert!(text.contains("***") && text.len() < 14, "{text}");
        }
        let mut text = "no YW4gb3JkaW5hcnkgdGV4dA==!".to_owned();
        more.redact(&mut text);
        assert_eq!(text, "no YW4gb3JkaW5hcnkgdGV4dA==!");
    }

    #[test]
    fn a_secret_is_redacted_whole_or_cut() {
        let redacted = |text: &str| redact("SECRET-tok", text);
        assert_eq!(
            redacted("bad token SECRET-tok, SECRET-tok"),
            "bad token ***, ***"
        );
        assert_eq!(redacted("bad token SECRET-t"), "bad token ***");
        assert_eq!(
            redacted("bad token SECRET-\u{2026}"),
            "bad token ***\u{2026}"
        );
        assert_eq!(redacted("SECRET-t\u{2026} is bad"), "***\u{2026} is bad");
        assert_eq!(redacted("SECRET-t... is bad"), "***... is bad");
        assert_eq!(redacted("SECRET"), "***");
        assert_eq!(redacted("xSECRET-tokx secret-TOK"), "x***x ***");
        assert_eq!(redacted("the SECR of it"), "the SECR of it");
        assert_eq!(
            redact(
                "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}",
                "\u{fc}\u{fc}\u{fc}\u{fc}\u{2026}"
            ),
            "***\u{2026}"
        );
    }

    #[test]
    fn a_short_secret_is_redacted_where_it_is_a_word() {
        assert_eq!(redact("word", "a word, words, Word"), "a ***, words, Word");
        assert_eq!(redact("word", "\"word\""), "\"***\"");
        assert_eq!(redact("x1", "x1"), "***");
        assert_eq!(redact("p%", "p%25 or p%"), "*** or ***");
        assert_eq!(redact("x1", "x12 ax1 x"), "x12 ax1 x");
    }

    #[test]
    fn a_fragment_is_redacted_at_both_its_ends() {
        let secret = "0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(redact_fragment(secret, "wxyz\"} after"), "***\"} after");
        assert_eq!(redact_fragment(secret, "before 0123"), "before ***");
        assert_eq!(redact_fragment(secret, "efghijklmn"), "***");
        assert_eq!(redact_fragment("a/b-cdefg", "2Fb-cdefg!"), "2F***!");
        assert_eq!(redact_fragment("abcd/efgh", "x abcd%2"), "x ***");
        let cut = r"6amp;\\u0026lt;kG7vQ\\u0026gt; is bad";
        assert_eq!(redact_fragment("T&<kG7vQ>", cut), "6amp;*** is bad");
        assert_eq!(redact("vendor-token", "token expired"), "token expired");
    }

    /// Ways in which software writes a text into another one.
    fn spellings(secret: &str) -> Vec<String> {
        let each = |write: &dyn Fn(char) -> String| secret.chars().map(write).collect::<String>();
        let percent: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let json = serde_json::to_string(secret).unwrap();
        let json = json.trim_matches('"').replace("\\\\\"", "\\\"");
        let xml = secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        vec![
            secret.to_owned(),
            secret.to_uppercase(),
            percent.to_ascii_lowercase(),
            percent.replace('%', "%25"),
            percent.replace('+', "%20"),
            each(&|c| format!("%{:02x}", u32::from(c))),
            json.escape_debug().collect(),
            json,
            secret.replace('/', "\\/").replace('"', "\\\""),
            secret.escape_debug().collect(),
            each(&|c| format!("\\u{:04X}", u32::from(c))),
            each(&|c| format!("&#{};", u32::from(c))),
            each(&|c| format!("&#x{:x};", u32::from(c))),
            xml.replace('&', "&amp;"),
            xml.replace('&', "\\u0026"),
            percent.replace('%', "\\u0025"),
            percent.replace('%', "&#37;"),
            xml,
            secret.replace('~', "~0").replace('/', "~1"),
            // UTF-16 taken for bytes, as an excerpt shows it.
            each(&|c| format!("{c}\\0")),
            each(&|c| format!("{c}\\u{{200b}}")),
            each(&|c| format!("{c}\u{0}")),
        ]
    }

    #[test]
    fn a_secret_is_known_in_every_spelling() {
        for spelled in spellings(SECRET) {
            let shown = redact(SECRET, &format!("say <{spelled}> now"));
            let rest = shown.replacen("***", "", 1);
            assert!(
                matches!(
                    rest.as_str(),
                    "say <> now" | "say <\\0> now" | "say <\\u{200b}> now" | "say <\u{0}> now"
                ),
                "{spelled}: {shown}"
            );
        }
    }

    #[test]
    fn a_secret_beyond_ascii_is_known_as_bytes_and_as_escapes() {
        let secret = "contrase\u{f1}a-\u{1f511}";
        let percent: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let latin: String = secret.bytes().map(char::from).collect();
        let json: String = secret
            .encode_utf16()
            .map(|unit| match char::from_u32(unit.into()) {
                Some(c) if c.is_ascii() => c.to_string(),
                _ => format!("\\u{unit:04x}"),
            })
            .collect();
        let bytes: String = secret
            .bytes()
            .map(|byte| format!("\\x{byte:02x}"))
            .collect();
        for spelled in [
            secret.to_owned(),
            percent.to_ascii_lowercase(),
            percent.replace('%', "%25"),
            percent,
            latin,
            json.replace('\\', "\\\\"),
            json,
            bytes,
        ] {
            let shown = redact(secret, &format!("say <{spelled}> now"));
            assert_eq!(shown, "say <***> now", "{spelled}");
        }
    }

    #[test]
    fn what_follows_a_scheme_is_a_secret_too() {
        assert_eq!(redact("Bearer abc-123-xyz", "bad abc-123-xyz"), "bad ***");
        assert_eq!(redact("Token token=\"abc-123\"", "bad abc-123"), "bad ***");
        // dXNlcjpwYXNzLXdvcmQ= is user:pass-word
        let basic = "Basic dXNlcjpwYXNzLXdvcmQ=";
        assert_eq!(redact(basic, "user:pass-word?"), "***?");
        assert_eq!(redact(basic, "pass-word of user"), "*** of user");
        assert_eq!(redact(basic, "dXNlcjpwYXNzLXdvcmQ%3D"), "***");
    }

    #[test]
    fn the_longest_of_several_is_redacted_first() {
        let mut text = "abcdefgh abcdef".to_owned();
        Redactor::new(["abcdef", "abcdefgh", "abcdef"].map(Secret::new)).redact(&mut text);
        assert_eq!(text, "*** ***");
    }

    #[test]
    fn a_long_text_and_a_long_secret_end_soon() {
        let secret = "ab".repeat(4000);
        let mut text = "ab".repeat(100) + "!";
        Redactor::new([Secret::new(secret)]).redact_fragment(&mut text);
        assert!(text.ends_with('!'));
    }
}
