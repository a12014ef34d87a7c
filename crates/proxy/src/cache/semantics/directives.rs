//! What a caller's `Cache-Control` asks for (RFC 9111 §5.2.1).

use std::time::Duration;

use http::HeaderMap;
use http::header::{CACHE_CONTROL, PRAGMA};

/// The request directives that are honoured; others, `max-stale` among them, ask for less than the
/// rules of the contract already give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Directives {
    /// Ask the vendor (also for `max-age=0`).
    pub no_cache: bool,
    /// Keep no copy of the answer.
    pub no_store: bool,
    /// 504 rather than a vendor call.
    pub only_if_cached: bool,
    /// Nothing older than this.
    pub max_age: Option<Duration>,
    /// Fresh for at least this long still.
    pub min_fresh: Option<Duration>,
}

impl Directives {
    /// Reads the header fields. A number that cannot be read counts as the strictest one, as RFC 9111
    /// §4.2.1 has it for answers: the vendor is asked. `Pragma: no-cache` counts where there is no
    /// `Cache-Control` (RFC 9111 §5.4 leaves it to us; RFC 7234 demanded it).
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut directives = Self::default();
        let mut lines = headers.get_all(CACHE_CONTROL).iter().peekable();
        if lines.peek().is_none() {
            for line in headers.get_all(PRAGMA) {
                let named = |part: &[u8]| part.eq_ignore_ascii_case(b"no-cache");
                directives.no_cache |= members(line.as_bytes()).any(named);
            }
        }
        for line in lines {
            members(line.as_bytes()).for_each(|member| directives.take(member));
        }
        directives
    }

    fn take(&mut self, member: &[u8]) {
        let equals = member.iter().position(|byte| *byte == b'=');
        let (name, value) = match equals.and_then(|at| member.split_at_checked(at)) {
            Some((name, value)) => (name.trim_ascii_end(), value.get(1..)),
            None => (member, None),
        };
        let seconds = || seconds(value?);
        let is = |word: &[u8]| name.eq_ignore_ascii_case(word);
        if is(b"no-cache") {
            self.no_cache = true;
        } else if is(b"no-store") {
            self.no_store = true;
        } else if is(b"only-if-cached") {
            self.only_if_cached = true;
        } else if is(b"max-age") {
            let given = seconds().unwrap_or_default();
            self.no_cache |= given.is_zero();
            self.max_age = Some(self.max_age.map_or(given, |known| known.min(given)));
        } else if is(b"min-fresh") {
            let given = seconds().unwrap_or(Duration::MAX);
            self.min_fresh = self.min_fresh.max(Some(given));
        }
    }

    /// Whether a stored answer of this age, which is fresh for `ttl`, will do without asking.
    #[must_use]
    pub fn accept(&self, age: Duration, ttl: Duration) -> bool {
        !self.no_cache
            && self.max_age.is_none_or(|limit| age <= limit)
            && self
                .min_fresh
                .is_none_or(|wanted| age.checked_add(wanted).is_some_and(|then| then <= ttl))
    }
}

/// The members of a list (RFC 9110 §5.6.1): split at commas that stand in no quoted string.
fn members(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    let splits = move |byte: &u8| {
        let splits = !quoted && *byte == b',';
        match *byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        splits
    };
    list.split(splits).map(<[u8]>::trim_ascii)
}

/// Delta-seconds, bare or quoted (RFC 9111 §5.2: a recipient takes both forms).
fn seconds(value: &[u8]) -> Option<Duration> {
    let text = value.trim_ascii();
    let bare = text
        .strip_prefix(b"\"")
        .and_then(|text| text.strip_suffix(b"\""));
    let text = bare.unwrap_or(text);
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // RFC 9111 §1.2.2: a number too large to be held is the largest that can be.
    let number = std::str::from_utf8(text).ok()?.parse();
    Some(Duration::from_secs(number.unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Directives {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CACHE_CONTROL, HeaderValue::from_str(value).unwrap());
        }
        Directives::of(&headers)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn directives_are_read_in_any_case_from_any_field() {
        assert_eq!(read(&[]), Directives::default());
        assert!(read(&["No-Cache"]).no_cache);
        assert!(read(&["max-stale=5", "foo, ONLY-IF-CACHED"]).only_if_cached);
        assert!(read(&["no-store,max-age=0"]).no_store);
        assert!(read(&["max-age=0"]).no_cache);
        assert!(
            read(&["max-age=x"]).no_cache,
            "strict where it cannot be read"
        );
        assert!(!read(&["no-cached, xno-cache"]).no_cache);
        assert_eq!(
            read(&["max-age=\"7\", max-age=9"]).max_age,
            Some(SECOND * 7)
        );
    }

    #[test]
    fn a_quoted_argument_hides_no_directive_and_makes_none() {
        assert!(!read(&["x=\"a, no-cache, b\""]).no_cache);
        assert!(!read(&["x=\"a\\\", no-cache\""]).no_cache);
        assert!(read(&["x=\"a, b\", no-cache"]).no_cache);
        assert!(read(&["x=\"\\\\\", no-cache"]).no_cache);
        assert!(read(&["no-cache=\"set-cookie\""]).no_cache);
        assert!(read(&["x=ü, no-cache"]).no_cache, "other octets");
        assert_eq!(read(&["max-age = \"7\""]).max_age, Some(SECOND * 7));
        assert!(read(&["max-age=\"7"]).no_cache, "half a quoted string");
    }

    #[test]
    fn pragma_counts_where_there_is_nothing_newer() {
        let pragma = |cache_control: Option<&'static str>, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(PRAGMA, HeaderValue::from_static(value));
            if let Some(newer) = cache_control {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static(newer));
            }
            Directives::of(&headers).no_cache
        };
        assert!(pragma(None, "No-Cache"));
        assert!(pragma(None, "x, no-cache"));
        assert!(!pragma(None, "x"));
        assert!(!pragma(Some("max-age=60"), "no-cache"));
    }

    #[test]
    fn an_age_and_a_rest_of_freshness_can_be_asked_for() {
        let old = read(&["max-age=10"]);
        assert!(old.accept(SECOND * 10, SECOND * 30));
        assert!(!old.accept(SECOND * 11, SECOND * 30));
        let fresh = read(&["min-fresh=10"]);
        assert!(fresh.accept(SECOND * 20, SECOND * 30));
        assert!(!fresh.accept(SECOND * 21, SECOND * 30));
        assert!(!read(&["min-fresh=99999999999999999999"]).accept(SECOND, SECOND * 30));
        assert!(read(&["max-age=99999999999999999999"]).accept(SECOND, SECOND * 30));
        assert!(!read(&["no-cache"]).accept(Duration::ZERO, SECOND));
    }
}
