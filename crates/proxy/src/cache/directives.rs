//! What a caller's `Cache-Control` asks for (RFC 9111 §5.2.1).

use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;

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
    /// §4.2.1 has it for answers: the vendor is asked.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut directives = Self::default();
        for value in headers.get_all(CACHE_CONTROL) {
            let Ok(text) = value.to_str() else { continue };
            for directive in text.split(',') {
                directives.take(directive.trim());
            }
        }
        directives
    }

    fn take(&mut self, directive: &str) {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(value.trim().trim_matches('"'))),
            None => (directive, None),
        };
        // RFC 9111 §1.2.2: a number too large to be held is the largest that can be.
        let digits =
            |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = || {
            let text = value.filter(digits)?;
            Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
        };
        match name.to_ascii_lowercase().as_str() {
            "no-cache" => self.no_cache = true,
            "no-store" => self.no_store = true,
            "only-if-cached" => self.only_if_cached = true,
            "max-age" => {
                let given = seconds().unwrap_or_default();
                self.no_cache |= given.is_zero();
                self.max_age = Some(self.max_age.map_or(given, |known| known.min(given)));
            }
            "min-fresh" => {
                let given = seconds().unwrap_or(Duration::MAX);
                self.min_fresh = self.min_fresh.max(Some(given));
            }
            _ => {}
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
