//! What a token endpoint answers (RFC 6749 §5).

use std::time::Duration;

use serde_json::Value;

use crate::secret::Secret;
use crate::upstream::call::attempt::VendorAnswer;
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::resilience::retry_after::wait_of;

/// A token without a usable `expires_in` is trusted this long; a 401 ends it earlier.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// `expires_in` of 0 or below would otherwise fetch a token for each request.
const SHORTEST_LIFE: Duration = Duration::from_secs(1);
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// A token, and how long it lives.
#[derive(Debug)]
pub struct Granted {
    pub value: Secret,
    pub life: Duration,
}

/// Reads an answer. `scheme` is the one that the settings name for the token.
///
/// # Errors
/// Why there is no token; the text holds words of ours and of the RFC only.
pub fn read(answer: &VendorAnswer, scheme: &str) -> Result<Granted, Failure> {
    if answer.status != 200 {
        return Err(refused(answer));
    }
    let unusable = |what: &str| {
        Failure::new(
            FailureKind::TokenUnavailable,
            format!("the token endpoint answered 200 with {what}"),
        )
    };
    if answer.cut.is_some() {
        return Err(unusable("a body that was cut"));
    }
    let document: Value =
        serde_json::from_slice(&answer.body).map_err(|_| unusable("something that is not JSON"))?;
    let value = document
        .get("access_token")
        .and_then(Value::as_str)
        .map(str::trim)
        .unwrap_or_default();
    if value.is_empty() || !value.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        return Err(unusable("no usable access_token"));
    }
    if !is_understood(document.get("token_type"), scheme) {
        return Err(unusable("a token_type other than Bearer and `scheme`"));
    }
    Ok(Granted {
        value: Secret::new(value),
        life: life(document.get("expires_in")),
    })
}

/// RFC 6749 §7.1: a token of a type that the client does not understand must not be used. Its case does not
/// count (§5.1). Some endpoints leave it out, and one family says `BearerToken`.
fn is_understood(token_type: Option<&Value>, scheme: &str) -> bool {
    match token_type {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => {
            let known = ["bearer", "bearertoken", scheme];
            known
                .iter()
                .any(|known| text.trim().eq_ignore_ascii_case(known))
        }
        Some(_) => false,
    }
}

/// Codes of RFC 6749 §5.2, and what fixes them.
const REJECTED: [(&str, &str); 6] = [
    (
        "invalid_client",
        "it does not know `client_id` and `client_secret`, or wants another `client_authentication`",
    ),
    (
        "unauthorized_client",
        "this client may not use client credentials",
    ),
    ("invalid_grant", "the client's grant has ended"),
    ("unsupported_grant_type", "it knows no client credentials"),
    (
        "invalid_scope",
        "it does not know `scope`, or this client may not have it",
    ),
    (
        "invalid_request",
        "it wants other fields: see `client_authentication`, `audience` and `parameters`",
    ),
];
/// Codes that say "later": of RFC 6749 §4.1.2.1 and RFC 8628 §3.5, which some token endpoints use as well.
const LATER: [&str; 3] = ["temporarily_unavailable", "server_error", "slow_down"];

/// An answer other than 200. Only an operator fixes a 400, 401 or 403; the rest may pass.
fn refused(answer: &VendorAnswer) -> Failure {
    let status = answer.status;
    let said = error_code(&answer.body);
    let said = said.as_deref();
    let row = REJECTED.iter().find(|(code, _)| Some(*code) == said);
    let later = said.is_some_and(|said| LATER.contains(&said));
    let kind = match status {
        429 => FailureKind::Paused,
        400 | 401 | 403 if later => FailureKind::TokenUnavailable,
        400 | 401 | 403 => FailureKind::CredentialsRejected,
        503 if wait_of(answer).is_some() => FailureKind::PausedByError,
        _ => FailureKind::TokenUnavailable,
    };
    let detail = match row {
        Some((code, why)) => format!("the token endpoint answered {status} {code}: {why}"),
        None => format!("the token endpoint answered {status}"),
    };
    let failure = Failure::new(kind, detail);
    match wait_of(answer) {
        Some(wait) => failure.after(wait),
        None => failure,
    }
}

/// `error` of an answer. What else it says is the vendor's own words.
fn error_code(body: &[u8]) -> Option<String> {
    let document: Value = serde_json::from_slice(body).ok()?;
    document.get("error")?.as_str().map(str::to_owned)
}

/// Seconds as the vendor gives them: a number, or a number in a string.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    match seconds.filter(|seconds| seconds.is_finite()) {
        Some(seconds) => Duration::from_secs_f64(
            seconds.clamp(SHORTEST_LIFE.as_secs_f64(), LONGEST_LIFE.as_secs_f64()),
        ),
        None => UNKNOWN_LIFE,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn answer(status: u16, wait: Option<&str>, body: &str) -> VendorAnswer {
        let wait = wait.map(|wait| {
            (
                http::header::RETRY_AFTER,
                HeaderValue::from_str(wait).unwrap(),
            )
        });
        VendorAnswer {
            status,
            headers: wait.into_iter().collect(),
            body: body.to_owned().into(),
            cut: None,
            credential: Default::default(),
        }
    }

    #[test]
    fn every_expires_in_gives_a_sane_life() {
        assert_eq!(life(Some(&json!(1800))), Duration::from_secs(1800));
        assert_eq!(life(Some(&json!("1800"))), Duration::from_secs(1800));
        assert_eq!(life(Some(&json!(0))), SHORTEST_LIFE);
        assert_eq!(life(Some(&json!(-5))), SHORTEST_LIFE);
        assert_eq!(life(Some(&json!(1e30))), LONGEST_LIFE);
        for odd in [json!("soon"), json!(null), json!({}), json!("NaN")] {
            assert_eq!(life(Some(&odd)), UNKNOWN_LIFE, "{odd}");
        }
        assert_eq!(life(None), UNKNOWN_LIFE);
    }

    #[test]
    fn a_type_that_we_do_not_speak_is_no_token() {
        let read = |token_type: &str, scheme: &str| {
            let body = format!(r#"{{"access_token":"abc"{token_type}}}"#);
            super::read(&answer(200, None, &body), scheme).is_ok()
        };
        for good in [
            "",
            r#","token_type":"bearer""#,
            r#","token_type":"BEARER""#,
            r#","token_type":null"#,
            r#","token_type":"BearerToken""#,
        ] {
            assert!(read(good, "Bearer") && read(good, ""), "{good}");
        }
        for bad in [
            r#","token_type":"mac""#,
            r#","token_type":"DPoP""#,
            r#","token_type":7"#,
        ] {
            assert!(!read(bad, "Bearer"), "{bad}");
        }
        assert!(
            read(r#","token_type":"token""#, "Token"),
            "the settings name it"
        );
    }

    #[test]
    fn an_error_says_who_can_mend_it_and_when() {
        let refused = |status, wait, body: &str| {
            let failure = read(&answer(status, wait, body), "Bearer").unwrap_err();
            (
                failure.kind,
                failure.retry_after.map(|wait| wait.as_secs()),
                failure.detail,
            )
        };
        let (kind, _, detail) = refused(
            401,
            None,
            r#"{"error":"invalid_client","error_description":"no s3cret"}"#,
        );
        assert_eq!(kind, FailureKind::CredentialsRejected);
        assert!(
            detail.contains("invalid_client") && !detail.contains("s3cret"),
            "{detail}"
        );
        let (kind, _, detail) = refused(400, None, r#"{"error":"invalid_scope"}"#);
        assert_eq!(kind, FailureKind::CredentialsRejected);
        assert!(detail.contains("`scope`"), "{detail}");
        let (_, _, detail) = refused(400, None, r#"{"error":"s3cret"}"#);
        assert_eq!(detail, "the token endpoint answered 400");
        let kind = |status, wait, body| {
            let (kind, wait, _) = refused(status, wait, body);
            (kind, wait)
        };
        assert_eq!(
            kind(400, None, r#"{"error":"temporarily_unavailable"}"#),
            (FailureKind::TokenUnavailable, None)
        );
        assert_eq!(kind(429, Some("7"), ""), (FailureKind::Paused, Some(7)));
        assert_eq!(kind(429, None, ""), (FailureKind::Paused, Some(1)));
        assert_eq!(
            kind(503, Some("7"), ""),
            (FailureKind::PausedByError, Some(7))
        );
        assert_eq!(kind(503, None, ""), (FailureKind::TokenUnavailable, None));
        assert_eq!(
            kind(500, Some("7"), ""),
            (FailureKind::TokenUnavailable, None)
        );
        assert_eq!(kind(302, None, ""), (FailureKind::TokenUnavailable, None));
    }
}
