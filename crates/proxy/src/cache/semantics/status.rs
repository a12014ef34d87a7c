//! `Cache-Status` (RFC 9211): what the cache did for this request.

use std::fmt::Write;

use http::HeaderValue;

/// One member of the list, of the cache named `lms-gateway`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheStatus {
    /// Answered from the store; `ttl` in seconds is negative for a stale answer.
    Hit { ttl: i64, stale: Option<StaleBy> },
    /// The vendor was asked, or another request's call was waited for.
    Forwarded {
        why: Why,
        /// The vendor's status, if it answered.
        status: Option<u16>,
        /// Freshness in seconds, if the answer was stored.
        stored: Option<i64>,
        collapsed: bool,
        /// The vendor failed, and the old answer went out.
        stale: bool,
    },
    /// `only-if-cached`, and nothing fresh was there.
    NotAsked,
}

/// The rule by which a stale answer went out without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleBy {
    WhileRevalidate,
    /// The vendor failed a moment ago.
    IfError,
}

impl StaleBy {
    const fn word(self) -> &'static str {
        match self {
            Self::WhileRevalidate => "stale-while-revalidate",
            Self::IfError => "stale-if-error",
        }
    }
}

/// Why the vendor was asked (RFC 9211 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A write of unknown outcome, or of another replica, keeps the cache out of it.
    Bypass,
    /// The store that replicas share is away, so nobody can say what was written elsewhere.
    NoLease,
    /// Something was stored, and a write made it void.
    Miss,
    /// The caller asked for it.
    Request,
    Stale,
    /// Nothing was stored.
    UriMiss,
}

impl Why {
    const fn word(self) -> &'static str {
        match self {
            Self::Bypass | Self::NoLease => "bypass",
            Self::Miss => "miss",
            Self::Request => "request",
            Self::Stale => "stale",
            Self::UriMiss => "uri-miss",
        }
    }
}

impl CacheStatus {
    #[must_use]
    pub fn header(self) -> HeaderValue {
        // Words and numbers are always a header value.
        HeaderValue::from_str(&self.text())
            .unwrap_or_else(|_| HeaderValue::from_static("lms-gateway"))
    }

    /// Appends the same; of a hit without room of its own.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Hit { ttl, stale: None } => {
                out.extend_from_slice(b"lms-gateway; hit; ttl=");
                out.extend_from_slice(itoa::Buffer::new().format(ttl).as_bytes());
            }
            _ => out.extend_from_slice(self.text().as_bytes()),
        }
    }

    fn text(self) -> String {
        let mut text = String::with_capacity(80);
        text.push_str("lms-gateway");
        // Writing to a string does not fail.
        match self {
            Self::Hit { ttl, stale } => {
                let _ = write!(text, "; hit; ttl={ttl}");
                if let Some(by) = stale {
                    let _ = write!(text, "; detail={}", by.word());
                }
            }
            Self::Forwarded {
                why,
                status,
                stored,
                collapsed,
                stale,
            } => {
                let _ = write!(text, "; fwd={}", why.word());
                if let Some(status) = status {
                    let _ = write!(text, "; fwd-status={status}");
                }
                if let Some(ttl) = stored {
                    let _ = write!(text, "; stored; ttl={ttl}");
                }
                if collapsed {
                    text.push_str("; collapsed");
                }
                if stale {
                    text.push_str("; detail=stale-if-error");
                } else if why == Why::NoLease {
                    text.push_str("; detail=no-lease");
                }
            }
            Self::NotAsked => text.push_str("; detail=only-if-cached"),
        }
        text
    }

    /// Whether the answer was there before the request.
    #[must_use]
    pub const fn is_from_store(self) -> bool {
        matches!(self, Self::Hit { .. } | Self::Forwarded { stale: true, .. })
    }

    /// Whether the answer went out while the vendor is asked anew.
    #[must_use]
    pub const fn is_refreshing(self) -> bool {
        matches!(
            self,
            Self::Hit {
                stale: Some(StaleBy::WhileRevalidate),
                ..
            }
        )
    }

    /// The label of the metric.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hit { stale: None, .. } => "hit",
            Self::Hit { stale: Some(_), .. } | Self::Forwarded { stale: true, .. } => "stale",
            Self::Forwarded {
                collapsed: true, ..
            } => "collapsed",
            Self::Forwarded {
                why: Why::Bypass | Why::NoLease,
                ..
            } => "bypass",
            Self::Forwarded { .. } => "miss",
            Self::NotAsked => "not_asked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_is_written_as_the_rfc_has_it() {
        let forwarded = |why, stored, collapsed, stale| CacheStatus::Forwarded {
            why,
            status: Some(206),
            stored,
            collapsed,
            stale,
        };
        for (status, text, label) in [
            (
                CacheStatus::Hit {
                    ttl: 25,
                    stale: None,
                },
                "lms-gateway; hit; ttl=25",
                "hit",
            ),
            (
                CacheStatus::Hit {
                    ttl: -3,
                    stale: Some(StaleBy::WhileRevalidate),
                },
                "lms-gateway; hit; ttl=-3; detail=stale-while-revalidate",
                "stale",
            ),
            (
                forwarded(Why::UriMiss, Some(30), false, false),
                "lms-gateway; fwd=uri-miss; fwd-status=206; stored; ttl=30",
                "miss",
            ),
            (
                forwarded(Why::Request, None, true, false),
                "lms-gateway; fwd=request; fwd-status=206; collapsed",
                "collapsed",
            ),
            (
                forwarded(Why::Stale, None, false, true),
                "lms-gateway; fwd=stale; fwd-status=206; detail=stale-if-error",
                "stale",
            ),
            (
                forwarded(Why::Bypass, None, false, false),
                "lms-gateway; fwd=bypass; fwd-status=206",
                "bypass",
            ),
            (
                forwarded(Why::NoLease, Some(30), false, false),
                "lms-gateway; fwd=bypass; fwd-status=206; stored; ttl=30; detail=no-lease",
                "bypass",
            ),
            (
                CacheStatus::NotAsked,
                "lms-gateway; detail=only-if-cached",
                "not_asked",
            ),
        ] {
            assert_eq!(status.header(), text);
            let mut written = Vec::new();
            status.write(&mut written);
            assert_eq!(written, text.as_bytes());
            assert_eq!(status.label(), label);
        }
    }
}
