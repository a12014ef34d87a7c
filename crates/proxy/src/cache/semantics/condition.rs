//! What `If-Match` and `If-None-Match` name (RFC 9110 §13.1.1, §13.1.2).

use http::{HeaderMap, HeaderName};

use super::etag::{ETag, next_tag};

/// The whole of a field, all of its lines together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `*`
    Any,
    Tags(Vec<Named>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    weak: bool,
    /// With its quotes.
    opaque: Vec<u8>,
}

/// Neither `*` alone nor a list of entity tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither `*` alone nor a list of entity tags in double quotes")]
pub struct Malformed;

impl Condition {
    /// Reads a field; `None` where it is not there. An empty list names no tag.
    ///
    /// # Errors
    /// Something in it is no entity tag, or `*` is not alone.
    pub fn read(headers: &HeaderMap, field: &HeaderName) -> Result<Option<Self>, Malformed> {
        let mut lines = headers.get_all(field).iter().peekable();
        if lines.peek().is_none() {
            return Ok(None);
        }
        let (mut any, mut tags) = (0, Vec::new());
        for line in lines {
            let line = line.as_bytes().trim_ascii();
            if line == b"*" {
                any += 1;
            } else {
                read_list(line, &mut tags)?;
            }
        }
        match (any, tags.is_empty()) {
            (0, _) => Ok(Some(Self::Tags(tags))),
            (1, true) => Ok(Some(Self::Any)),
            _ => Err(Malformed),
        }
    }

    /// By the strong comparison (RFC 9110 §8.8.3.2): a weak tag is equal to none.
    #[must_use]
    pub fn names_strongly(&self, etag: &ETag) -> bool {
        self.names(|named| !named.weak && etag.is(&named.opaque))
    }

    /// By the weak comparison.
    #[must_use]
    pub fn names_weakly(&self, etag: &ETag) -> bool {
        self.names(|named| etag.is(&named.opaque))
    }

    fn names(&self, equals: impl Fn(&Named) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(equals),
        }
    }
}

fn read_list(list: &[u8], tags: &mut Vec<Named>) -> Result<(), Malformed> {
    let mut rest = list;
    loop {
        // Empty elements count for nothing (RFC 9110 §5.6.1.2).
        rest = rest.trim_ascii_start();
        while let Some(next) = rest.strip_prefix(b",") {
            rest = next.trim_ascii_start();
        }
        if rest.is_empty() {
            return Ok(());
        }
        let (weak, opaque, after) = next_tag(rest).ok_or(Malformed)?;
        tags.push(Named {
            weak,
            opaque: opaque.to_vec(),
        });
        rest = after.trim_ascii_start();
        if !rest.is_empty() && !rest.starts_with(b",") {
            return Err(Malformed);
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::IF_MATCH;

    use super::*;

    fn read(lines: &[&str]) -> Result<Option<Condition>, Malformed> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_str(line).unwrap());
        }
        Condition::read(&headers, &IF_MATCH)
    }

    fn own() -> String {
        ETag::of(b"body").header().to_str().unwrap().to_owned()
    }

    /// Whether the own tag is named: strongly, weakly.
    fn names(lines: &[&str]) -> (bool, bool) {
        let (condition, etag) = (read(lines).unwrap().unwrap(), ETag::of(b"body"));
        (
            condition.names_strongly(&etag),
            condition.names_weakly(&etag),
        )
    }

    #[test]
    fn lists_and_the_star_are_read_over_all_lines() {
        let own = own();
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["*"]), Ok(Some(Condition::Any)));
        assert_eq!(read(&[" * "]), Ok(Some(Condition::Any)));
        assert_eq!(names(&["*"]), (true, true));
        assert_eq!(names(&[&own]), (true, true));
        assert_eq!(names(&["\"x\"", &own]), (true, true));
        assert_eq!(
            names(&[&format!(",, \"a,b\" ,W/\"c\", {own},")]),
            (true, true)
        );
        assert_eq!(names(&[&format!("W/{own}")]), (false, true));
        assert_eq!(names(&["\"x\", W/\"y\""]), (false, false));
        assert_eq!(names(&[""]), (false, false), "an empty list");
    }

    #[test]
    fn what_is_neither_is_malformed() {
        let own = own();
        let bare = own.trim_matches('"');
        for lines in [
            vec![bare],
            vec!["*, \"a\""],
            vec!["\"a\", *"],
            vec!["*", "*"],
            vec!["*", own.as_str()],
            vec!["\"a"],
            vec!["w/\"a\""],
            vec!["\"a\" \"b\""],
            vec!["'a'"],
        ] {
            assert_eq!(read(&lines), Err(Malformed), "{lines:?}");
        }
    }
}
