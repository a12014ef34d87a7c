//! `oauth2_client_credentials`: what a token is asked for with.

use std::borrow::Cow;

use http::uri::PathAndQuery;

use super::free_names;
use super::open_secret::{is_secret_field, open_secret};
use super::rows::KIND;
use super::value::ValueSource;
use crate::secret::SecretSource;
use crate::settings::key::{
    Key, Names, Need, Preset, Row, named_values, one_of, secret, text, text_or_secret, words,
};
use crate::settings::node::{CredentialValue, Node, SECRET_IN_THE_OPEN};

/// RFC 6749 §4.4.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Below `base_url`; it may have a query (§3.2).
    pub token_path: String,
    pub client_id: CredentialValue,
    pub client_secret: SecretSource,
    pub client_authentication: ClientAuthentication,
    /// §3.3: names parted by blanks.
    pub scope: Option<String>,
    /// Not of the RFC; several vendors ask for it.
    pub audience: Option<String>,
    /// Further fields of the token request.
    pub parameters: Vec<(String, CredentialValue)>,
    /// `Bearer`, or empty for the bare token of the seed.
    pub scheme: String,
}

/// How the token endpoint is shown who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// As fields of the form (§2.3.1, the second way).
    #[default]
    Body,
    /// As `Authorization: Basic` (§2.3.1, the first way).
    Basic,
    /// As members of a JSON object, which is no way of the RFC.
    Json,
}

impl ClientAuthentication {
    const WORDS: [&str; 3] = ["body", "basic", "json"];

    fn of(word: &str) -> Self {
        match word {
            "basic" => Self::Basic,
            "json" => Self::Json,
            _ => Self::Body,
        }
    }
}

impl Grant {
    /// A grant with nothing but what every grant has.
    #[must_use]
    pub fn new(token_path: &str, client_id: CredentialValue, client_secret: SecretSource) -> Self {
        Self {
            token_path: token_path.to_owned(),
            client_id,
            client_secret,
            client_authentication: ClientAuthentication::default(),
            scope: None,
            audience: None,
            parameters: Vec::new(),
            scheme: "Bearer".to_owned(),
        }
    }

    /// Id, secret, then the parameters.
    #[must_use]
    pub fn values(&self) -> Vec<ValueSource<'_>> {
        let own = [
            (&self.client_id).into(),
            ValueSource::Secret(&self.client_secret),
        ];
        let more = self.parameters.iter().map(|(_, value)| value.into());
        own.into_iter().chain(more).collect()
    }

    /// What stands before the token in `Authorization` (RFC 6750 §2.1).
    #[must_use]
    pub fn before_token(&self) -> String {
        if self.scheme.is_empty() {
            String::new()
        } else {
            format!("{} ", self.scheme)
        }
    }
}

static TOKEN_PATH: Key<String> = text(
    "token_path",
    Need::Required,
    "of `oauth2_client_credentials`: an absolute path below `base_url`, with a query where the vendor's has one",
);
static CLIENT_ID: Row = text_or_secret("client_id", "plain or as a secret");
static CLIENT_SECRET: Row = secret("client_secret", "as a secret");
static CLIENT_AUTHENTICATION: Preset<&'static str> = one_of(
    "client_authentication",
    &ClientAuthentication::WORDS,
    "body",
    "how the token endpoint is shown who asks: `body` (fields of the form), `basic` (`Authorization: Basic`) or `json` (members of a JSON object)",
);
static SCOPE: Key<String> = text(
    "scope",
    Need::Optional("none"),
    "names parted by single blanks, sent with the token request",
);
static AUDIENCE: Key<String> = text(
    "audience",
    Need::Optional("none"),
    "sent with the token request",
);
static PARAMETERS: Names = named_values(
    ("parameters", "<name>"),
    Need::Optional("none"),
    "further fields of the token request, each a plain text or a secret",
);
static SCHEME: Preset<Cow<'static, str>> = words("scheme", "Bearer", "`\"\"` sends the bare token");

pub static ROWS: &[&Row] = &[
    &KIND.row,
    &TOKEN_PATH.row,
    &CLIENT_ID,
    &CLIENT_SECRET,
    &CLIENT_AUTHENTICATION.row,
    &SCOPE.row,
    &AUDIENCE.row,
    &PARAMETERS.row,
    &SCHEME.row,
];

/// Fields that have a key of their own.
const OURS: [&str; 5] = [
    "grant_type",
    "client_id",
    "client_secret",
    "scope",
    "audience",
];

pub fn read(node: &Node<'_>) -> Option<Grant> {
    let token_path = node.ask(&TOKEN_PATH);
    if let Some(path) = &token_path {
        check_path(node, path);
    }
    let client_id = node.text_or_secret(&CLIENT_ID);
    let client_secret = node.secret(&CLIENT_SECRET);
    let client_authentication = ClientAuthentication::of(node.get(&CLIENT_AUTHENTICATION));
    let scope = node.ask(&SCOPE);
    if scope.as_deref().is_some_and(|scope| !is_scope(scope)) {
        node.refuse(
            &SCOPE.row,
            "bad-scope",
            "`scope` is not a list of scopes",
            "Write names of visible ASCII without quotes or backslashes, parted by single blanks (RFC 6749 §3.3).",
        );
    }
    let audience = node.ask(&AUDIENCE);
    if audience.as_deref().is_some_and(str::is_empty) {
        node.refuse(
            &AUDIENCE.row,
            "bad-audience",
            "`audience` is empty",
            "Write the vendor's name for its API, or leave it out.",
        );
    }
    let scheme = node.get(&SCHEME).into_owned();
    if !scheme
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        node.refuse(
            &SCHEME.row,
            "bad-scheme",
            &format!("`{scheme}` is not an authentication scheme"),
            "Write Bearer, or \"\" for the bare token.",
        );
    }
    let parameters = node.names(&PARAMETERS).map_or_else(Vec::new, |object| {
        let parameters = free_names::values(&object);
        for (name, _) in parameters
            .iter()
            .filter(|(name, _)| OURS.contains(&name.as_str()))
        {
            object.refuse(
                name,
                "reserved-parameter",
                &format!("`{name}` has a key of its own"),
                "Write it there; `grant_type` is always client_credentials.",
            );
        }
        parameters
    });
    Some(Grant {
        token_path: token_path?,
        client_id: client_id?,
        client_secret: client_secret?,
        client_authentication,
        scope,
        audience,
        parameters,
        scheme,
    })
}

fn check_path(node: &Node<'_>, path: &str) {
    let absolute = path.starts_with('/') && !path.contains(['#', ' ']);
    if !absolute || path.parse::<PathAndQuery>().is_err() {
        node.refuse(
            &TOKEN_PATH.row,
            "bad-path",
            "`token_path` is not an absolute path",
            "Write a path such as /api/v3/token, with a query where the vendor's has one; the host is that of `base_url`.",
        );
    }
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let mut names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    // RFC 6749 §2.3.1: credentials must not stand in the request URI.
    if names.any(|name| is_secret_field(&name)) {
        let (message, help) = open_secret(TOKEN_PATH.row.name);
        node.refuse(&TOKEN_PATH.row, SECRET_IN_THE_OPEN, &message, help);
    }
}

/// RFC 6749 §3.3: `scope-token *( SP scope-token )`.
fn is_scope(text: &str) -> bool {
    let fits = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    text.split(' ')
        .all(|name| !name.is_empty() && name.bytes().all(fits))
}
