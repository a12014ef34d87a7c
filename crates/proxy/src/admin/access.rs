//! Who may read what on the admin port. The port is often opened to a network for those who scrape it; what
//! tells more than metrics and health is for operators alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use crate::engine::{OperatorKey, bearer_key};

/// Whom a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Metrics and health: the platform's probes have no key.
    Everybody,
    /// The gateway's own machine or container, and from anywhere else who has one of `admin_keys`.
    Operators,
    /// The own machine only, whatever key is shown: what changes something, and what holds personal data. A key that
    /// is copied into a dashboard must not be enough for it.
    OwnMachine,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("this is for the gateway's own machine or container only")]
    OtherMachine,
    #[error(
        "this is for the gateway's own machine or container; from elsewhere it needs `admin_keys` in the settings"
    )]
    NoKeysSet,
    #[error("{0}")]
    NoKey(&'static str),
    #[error("the key in Authorization is none of `admin_keys`")]
    WrongKey,
    /// Else a name of somebody's that leads to 127.0.0.1 would let his page read this one (DNS rebinding).
    #[error(
        "Host must be localhost or an IP address here, so that no page of a browser reads it under another name"
    )]
    ForeignHost,
    /// It would do so with the operator's rights.
    #[error("no page of a browser may ask for this")]
    BrowserPage,
}

impl Denied {
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::OtherMachine | Self::NoKeysSet | Self::BrowserPage => StatusCode::FORBIDDEN,
            Self::NoKey(_) | Self::WrongKey => StatusCode::UNAUTHORIZED,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
        }
    }

    /// What `WWW-Authenticate` says (RFC 6750 §3); only a 401 has it.
    #[must_use]
    pub const fn challenge(self) -> Option<&'static str> {
        match self {
            Self::NoKey(_) => Some(r#"Bearer realm="lms-gateway admin""#),
            Self::WrongKey => Some(r#"Bearer realm="lms-gateway admin", error="invalid_token""#),
            _ => None,
        }
    }
}

/// Whether a request may have a page for this audience.
///
/// # Errors
/// Why not.
pub fn check(
    audience: Audience,
    head: &Parts,
    peer: IpAddr,
    keys: &[OperatorKey],
) -> Result<(), Denied> {
    if audience == Audience::Everybody {
        return Ok(());
    }
    if is_from_a_page(head) {
        return Err(Denied::BrowserPage);
    }
    if is_local(peer) && has_local_host(head) {
        return Ok(());
    }
    if audience == Audience::OwnMachine {
        return Err(if is_local(peer) {
            Denied::ForeignHost
        } else {
            Denied::OtherMachine
        });
    }
    match show_key(&head.headers, keys) {
        // Who sits here need not be told of keys, but what to write as the host.
        Err(Denied::NoKey(_) | Denied::NoKeysSet) if is_local(peer) => Err(Denied::ForeignHost),
        result => result,
    }
}

/// Whether a peer is this machine or container.
fn is_local(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

/// Whether a script or form of a page asks for more than to look. Browsers say where a request is from, and
/// no page can keep them from it.
fn is_from_a_page(head: &Parts) -> bool {
    let looks = matches!(head.method, Method::GET | Method::HEAD);
    !looks && (head.headers.contains_key(ORIGIN) || head.headers.contains_key("sec-fetch-site"))
}

/// Whether the name that the request has for us is one that nobody else can give to his own site. (Browsers send no
/// other name in the target: that form is for proxies.)
fn has_local_host(head: &Parts) -> bool {
    let mut fields = head.headers.get_all(HOST).iter();
    fields.all(|host| is_local_host(host.to_str().unwrap_or("?")))
}

/// An IP address or `localhost`, perhaps with a port (RFC 6761 §6.3: names below it lead to loopback too).
fn is_local_host(host: &str) -> bool {
    if let Some(literal) = host.strip_prefix('[') {
        let address = literal.split_once(']').map_or("", |(address, _)| address);
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let of_localhost = name
        .rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"));
    // HTTP/1.0 may leave the host out, and browsers do not.
    name.is_empty() || of_localhost || name.parse::<Ipv4Addr>().is_ok()
}

fn show_key(headers: &HeaderMap, keys: &[OperatorKey]) -> Result<(), Denied> {
    if keys.is_empty() {
        return Err(Denied::NoKeysSet);
    }
    let key = bearer_key(headers).map_err(Denied::NoKey)?;
    // Each is looked at, so that the time does not tell which one it was.
    let known = keys.iter().filter(|known| known.is(key)).count();
    if known == 0 {
        return Err(Denied::WrongKey);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use Audience::{Everybody, Operators, OwnMachine};

    use super::*;
    use crate::secret::Secret;

    const HERE: &str = "127.0.0.1";
    const ELSEWHERE: &str = "10.0.0.7";
    const NO_KEY: &str = "A key is needed: Authorization: Bearer <key>.";

    fn head(method: &str, fields: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().method(method).uri("/status");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn keys() -> Vec<OperatorKey> {
        let key = |name: &str, key: &str| OperatorKey::new(name, &Secret::new(key));
        vec![key("old", "first-key"), key("new", "second-key")]
    }

    fn asked(audience: Audience, peer: &str, fields: &[(&str, &str)]) -> Result<(), Denied> {
        check(
            audience,
            &head("GET", fields),
            peer.parse().unwrap(),
            &keys(),
        )
    }

    #[test]
    fn metrics_and_health_are_for_everybody() {
        for peer in [HERE, ELSEWHERE] {
            assert_eq!(asked(Everybody, peer, &[("Host", "evil.example")]), Ok(()));
        }
    }

    #[test]
    fn the_rest_is_for_this_machine_and_who_has_a_key() {
        let key = |key: &'static str| [("Host", "gateway.internal"), ("Authorization", key)];
        for right in ["Bearer first-key", "bearer second-key"] {
            assert_eq!(asked(Operators, ELSEWHERE, &key(right)), Ok(()), "{right}");
            assert_eq!(
                asked(OwnMachine, ELSEWHERE, &key(right)),
                Err(Denied::OtherMachine)
            );
        }
        for wrong in ["Bearer first-ke", "Bearer first-keyy", "Bearer First-key"] {
            let denied = asked(Operators, ELSEWHERE, &key(wrong)).unwrap_err();
            assert_eq!(denied, Denied::WrongKey, "{wrong}");
            assert_eq!(denied.status(), 401);
            assert!(denied.challenge().unwrap().contains("invalid_token"));
        }
        let none = asked(Operators, ELSEWHERE, &[]).unwrap_err();
        assert_eq!(none, Denied::NoKey(NO_KEY));
        assert!(none.challenge().unwrap().starts_with("Bearer "));
        for form in ["Basic Zmlyc3Qta2V5", "first-key", "Bearer"] {
            let denied = asked(Operators, ELSEWHERE, &key(form)).unwrap_err();
            assert!(matches!(denied, Denied::NoKey(_)), "{form}");
        }
        let twice = [("Authorization", "Bearer first-key"); 2];
        assert!(matches!(
            asked(Operators, ELSEWHERE, &twice),
            Err(Denied::NoKey(_))
        ));
        let without = check(
            Operators,
            &head("GET", &[]),
            ELSEWHERE.parse().unwrap(),
            &[],
        );
        assert_eq!(without, Err(Denied::NoKeysSet));
    }

    #[test]
    fn only_this_machine_is_this_machine() {
        for (peer, local) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.7", false),
            ("::ffff:10.0.0.7", false),
            ("fe80::1", false),
            ("0.0.0.0", false),
        ] {
            assert_eq!(is_local(peer.parse().unwrap()), local, "{peer}");
            assert_eq!(asked(OwnMachine, peer, &[]).is_ok(), local, "{peer}");
        }
    }

    #[test]
    fn no_page_under_another_name_reads_what_is_for_this_machine() {
        for host in [
            "",
            "localhost",
            "LOCALHOST:9464",
            "gateway.localhost",
            "localhost.",
            "127.0.0.1",
            "127.0.0.1:9464",
            "10.0.0.7:9464",
            "[::1]",
            "[::1]:9464",
        ] {
            assert_eq!(asked(Operators, HERE, &[("Host", host)]), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:9464",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "notlocalhost",
            "127.1",
            "2130706433",
            "[evil]",
        ] {
            for audience in [Operators, OwnMachine] {
                let denied = asked(audience, HERE, &[("Host", host)]);
                assert_eq!(denied, Err(Denied::ForeignHost), "{host}");
            }
            // No page has a key.
            let shown = [("Host", host), ("Authorization", "Bearer first-key")];
            assert_eq!(asked(Operators, HERE, &shown), Ok(()), "{host}");
        }
    }

    #[test]
    fn no_page_asks_for_more_than_to_look() {
        for field in [
            ("Origin", "null"),
            ("Origin", "http://127.0.0.1:9464"),
            ("Sec-Fetch-Site", "none"),
        ] {
            let post = head("POST", &[("Host", HERE), field]);
            let denied = check(OwnMachine, &post, HERE.parse().unwrap(), &keys());
            assert_eq!(denied, Err(Denied::BrowserPage), "{field:?}");
            assert_eq!(asked(Operators, HERE, &[("Host", HERE), field]), Ok(()));
        }
        let post = head("POST", &[("Host", HERE)]);
        assert_eq!(check(OwnMachine, &post, HERE.parse().unwrap(), &[]), Ok(()));
    }
}
