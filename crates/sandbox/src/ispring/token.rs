use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::assumptions::Charset;
use crate::config::Config;
use crate::ispring::dialect::Dialect;
use crate::ispring::xml;
use crate::server::answer::Answer;
use crate::server::form::Form;
use crate::server::request::Request;
use crate::state::State;

/// Makes tokens that no other sandbox, not even the one before a restart, takes for its own.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    salt: RandomState,
    issued: AtomicU64,
}

impl Mint {
    /// Of the vendor's length and alphabet.
    fn strike(&self) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let number = self.issued.fetch_add(1, Ordering::Relaxed);
        (0..43_u64)
            .filter_map(|place| {
                let index = usize::try_from(self.salt.hash_one((number, place)) % 64).ok()?;
                ALPHABET.get(index).copied().map(char::from)
            })
            .collect()
    }
}

/// `POST /api/v3/token` with `client_id`, `client_secret` and `grant_type=client_credentials`.
/// JSON unless XML is asked for; the errors' content is assumed, their form is the common one.
pub(crate) fn issue(request: &Request, state: &mut State, config: &Config, mint: &Mint) -> Answer {
    let dialect = match request.header("accept") {
        Some(accept) if accept.contains("xml") && !accept.contains("json") => Dialect::Xml,
        _ => Dialect::Json,
    };
    let form = Form::of(request, "", Charset::Utf8);
    let (Some(id), Some(secret), Some(grant)) = (
        form.filled("client_id"),
        form.filled("client_secret"),
        form.filled("grant_type"),
    ) else {
        return dialect.error(400, "client_id, client_secret and grant_type are required");
    };
    if grant != "client_credentials" {
        return dialect.error(400, "grant_type must be client_credentials");
    }
    if id != config.ispring_client_id || secret != config.ispring_client_secret {
        return dialect.error(401, "Unauthorized");
    }
    let token = mint.strike();
    let seconds = config.token_lifetime.as_secs();
    state.admit_token(
        token.clone(),
        Instant::now().checked_add(config.token_lifetime),
    );
    match dialect {
        Dialect::Json => Answer::json(
            200,
            &json!({"access_token": token, "expires_in": seconds, "token_type": "bearer"}),
        ),
        Dialect::Xml => xml::document(
            200,
            &format!(
                "<response><access_token>{token}</access_token><expires_in>{seconds}</expires_in>\
<token_type>bearer</token_type></response>"
            ),
        ),
    }
}
