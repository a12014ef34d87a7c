use crate::assumptions::{Assumptions, Authorization, LegacyHeaders};
use crate::config::Config;
use crate::server::request::Request;
use crate::state::State;

/// `Authorization` decides where it is there; else the older trio of `X-Auth-*` headers.
pub(crate) fn accepts(
    request: &Request,
    state: &State,
    rules: &Assumptions,
    config: &Config,
) -> bool {
    if let Some(value) = request.header("authorization") {
        return token(value, rules.authorization).is_some_and(|token| state.token_is_valid(token));
    }
    let (email, password, account) = &config.ispring_legacy;
    rules.legacy_headers == LegacyHeaders::Accepted
        && request.header("x-auth-email") == Some(email)
        && request.header("x-auth-password") == Some(password)
        && request
            .header("x-auth-account-url")
            .is_some_and(|url| url.trim_end_matches('/') == account.trim_end_matches('/'))
}

fn token(value: &str, accepted: Authorization) -> Option<&str> {
    let bearer = value
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    match accepted {
        Authorization::Both => Some(bearer.unwrap_or(value)),
        Authorization::Bearer => bearer,
        Authorization::Bare => bearer.is_none().then_some(value),
    }
}
