//! `auth`: how we show a vendor who we are.

use std::collections::BTreeSet;

use http::{HeaderName, HeaderValue};

use super::reader::{Reader, SECRET_IN_THE_OPEN};
use crate::secret::SecretSource;

mod grant;

pub use grant::{ClientAuthentication, Grant};

#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    None,
    /// One header with a secret.
    Header {
        name: HeaderName,
        /// Stands before the secret, its blank included: `Token `.
        prefix: String,
        value: SecretSource,
    },
    /// Several headers, plain or secret.
    Headers(Vec<(HeaderName, HeaderSource)>),
    /// Fields of the query or of the form of each call, at least one.
    Fields {
        place: FieldPlace,
        fields: Vec<(String, HeaderSource)>,
    },
    /// RFC 6749 §4.4.
    OAuth2ClientCredentials(Box<Grant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPlace {
    Query,
    Form,
}

impl FieldPlace {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Form => "form",
        }
    }
}

/// A value that may be public or a secret.
#[derive(Debug, Clone, PartialEq)]
pub enum HeaderSource {
    Literal(String),
    Secret(SecretSource),
}

impl HeaderSource {
    const fn as_value(&self) -> ValueSource<'_> {
        match self {
            Self::Literal(text) => ValueSource::Literal(text.as_str()),
            Self::Secret(source) => ValueSource::Secret(source),
        }
    }
}

/// The same, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueSource<'a> {
    Literal(&'a str),
    Secret(&'a SecretSource),
}

/// What a call bears, secrets masked: what `explain` shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masked {
    pub headers: Vec<(String, String)>,
    /// Encoded as in the request.
    pub query: Vec<String>,
    pub form: Vec<String>,
}

const MASK: &str = "***";

impl Auth {
    /// Every value, always in the same order.
    #[must_use]
    pub fn values(&self) -> Vec<ValueSource<'_>> {
        match self {
            Self::None => Vec::new(),
            Self::Header { value, .. } => vec![ValueSource::Secret(value)],
            Self::Headers(headers) => headers.iter().map(|(_, value)| value.as_value()).collect(),
            Self::Fields { fields, .. } => {
                fields.iter().map(|(_, value)| value.as_value()).collect()
            }
            Self::OAuth2ClientCredentials(grant) => grant.values(),
        }
    }

    /// Every secret.
    #[must_use]
    pub fn secrets(&self) -> Vec<&SecretSource> {
        let secret = |value| match value {
            ValueSource::Secret(source) => Some(source),
            ValueSource::Literal(_) => None,
        };
        self.values().into_iter().filter_map(secret).collect()
    }

    #[must_use]
    pub fn masked(&self) -> Masked {
        let header =
            |name: &HeaderName, prefix: &str| (name.to_string(), format!("{prefix}{MASK}"));
        let mut masked = Masked::default();
        match self {
            Self::None => {}
            Self::Header { name, prefix, .. } => masked.headers.push(header(name, prefix)),
            Self::Headers(headers) => {
                masked
                    .headers
                    .extend(headers.iter().map(|(name, _)| header(name, "")));
            }
            Self::Fields { place, fields } => {
                let pairs = fields
                    .iter()
                    .map(|(name, _)| format!("{}={MASK}", encoded(name)));
                match place {
                    FieldPlace::Query => masked.query.extend(pairs),
                    FieldPlace::Form => masked.form.extend(pairs),
                }
            }
            Self::OAuth2ClientCredentials(grant) => {
                masked
                    .headers
                    .push(header(&http::header::AUTHORIZATION, &grant.before_token()));
            }
        }
        masked
    }
}

/// As a form or a query says it.
#[must_use]
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

const KINDS: [&str; 6] = [
    "header",
    "headers",
    "query",
    "form",
    "oauth2_client_credentials",
    "none",
];

pub fn read(node: &Reader<'_>) -> Option<Auth> {
    let kind = node.string("kind")?;
    match kind.as_str() {
        "none" => {
            node.only(&["kind"]);
            Some(Auth::None)
        }
        "header" => header(node),
        "headers" => headers(node),
        "query" => fields(node, FieldPlace::Query),
        "form" => fields(node, FieldPlace::Form),
        "oauth2_client_credentials" => {
            let grant = grant::read(node)?;
            Some(Auth::OAuth2ClientCredentials(Box::new(grant)))
        }
        other => {
            let hint = validate::closest(other, KINDS.into_iter()).map_or_else(
                || format!("Use one of {}.", KINDS.join(", ")),
                |near| format!("Did you mean `{near}`?"),
            );
            node.refuse_at(
                "kind",
                "unknown-auth",
                &format!("there is no authentication kind `{other}`"),
                &hint,
            );
            None
        }
    }
}

fn header(node: &Reader<'_>) -> Option<Auth> {
    node.only(&["kind", "name", "value", "prefix"]);
    let name = node
        .string("name")
        .and_then(|text| node.header_name_of("name", &text));
    let value = node.secret("value");
    let prefix = node.optional_string("prefix").unwrap_or_default();
    if HeaderValue::from_str(&prefix).is_err() || !prefix.is_ascii() || prefix.starts_with(' ') {
        node.refuse_at(
            "prefix",
            "bad-header",
            "no header can begin with this `prefix`",
            "Write visible ASCII, such as \"Token \".",
        );
    }
    // RFC 9110 §11.4: a blank parts a scheme from its credential.
    let is_scheme = !prefix.is_empty()
        && prefix
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_scheme && name.as_ref() == Some(&http::header::AUTHORIZATION) {
        node.refuse_at(
            "prefix",
            "bad-scheme",
            &format!("`{prefix}` and the secret behind it would be one word"),
            &format!("Write the blank too: \"{prefix} \"."),
        );
    }
    Some(Auth::Header {
        name: name?,
        prefix,
        value: value?,
    })
}

fn headers(node: &Reader<'_>) -> Option<Auth> {
    node.only(&["kind", "headers"]);
    let object = node.required_object("headers")?;
    object.distinct_headers();
    let mut headers = Vec::new();
    for (key, _) in object.members() {
        let name = object.header_name(&key);
        let value = object.literal_or_secret(&key);
        if let Some(HeaderSource::Literal(text)) = &value {
            refuse_open_secret(&object, &key);
            if HeaderValue::from_str(text).is_err() {
                object.refuse_at(
                    &key,
                    "bad-header",
                    "a header cannot carry this value",
                    "Use visible ASCII.",
                );
            }
        }
        headers.extend(name.zip(value));
    }
    Some(Auth::Headers(headers))
}

/// One field by `name` and `value`, or several under `fields`.
fn fields(node: &Reader<'_>, place: FieldPlace) -> Option<Auth> {
    if node.has("fields") {
        node.only(&["kind", "fields"]);
        let object = node.required_object("fields")?;
        let fields = named_values(&object);
        if fields.is_empty() && object.members().is_empty() {
            node.refuse_at(
                "fields",
                "no-fields",
                "`fields` names none",
                "Write NAME: {env: VARIABLE}, or `kind: none` where the vendor asks for nothing.",
            );
        }
        return (!fields.is_empty()).then_some(Auth::Fields { place, fields });
    }
    node.only(&["kind", "name", "value", "fields"]);
    let name = node
        .string("name")
        .filter(|name| good_name(node, "name", name));
    let value = node.secret("value");
    Some(Auth::Fields {
        place,
        fields: vec![(name?, HeaderSource::Secret(value?))],
    })
}

/// Members of an object whose values are plain or secrets.
fn named_values(object: &Reader<'_>) -> Vec<(String, HeaderSource)> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for (key, _) in object.members() {
        let value = object.literal_or_secret(&key);
        if matches!(value, Some(HeaderSource::Literal(_))) && is_secret_field(&key) {
            in_the_open(object, &key);
        }
        if !known.insert(key.to_ascii_lowercase()) {
            object.refuse_at(
                &key,
                "duplicate-field",
                &format!("`{key}` stands here already in another case"),
                "Keep one of the two: many vendors do not tell them apart.",
            );
        }
        if good_name(object, &key, &key)
            && let Some(value) = value
        {
            found.push((key, value));
        }
    }
    found
}

fn good_name(node: &Reader<'_>, key: &str, name: &str) -> bool {
    let good = !name.is_empty() && !name.contains(|c: char| c.is_control() || c.is_whitespace());
    if !good {
        node.refuse_at(
            key,
            "bad-field",
            "the name of a field is empty or has a blank in it",
            "Write the vendor's name for it, such as apikey.",
        );
    }
    good
}

/// Parts of the names of headers whose values are credentials.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "password",
    "secret",
    "token",
    "cookie",
    "api-key",
];

/// For a header with its value in the settings file.
pub fn refuse_open_secret(headers: &Reader<'_>, name: &str) {
    let lower = name.to_ascii_lowercase();
    if SECRET_HEADERS.iter().any(|part| lower.contains(part)) || is_secret_field(name) {
        in_the_open(headers, name);
    }
}

/// Whether the value of a field is a credential by its name. `token_format` or `grant_type` is not one.
fn is_secret_field(name: &str) -> bool {
    let plain: String = name
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let parts = ["password", "secret", "apikey", "assertion", "authorization"];
    parts.iter().any(|part| plain.contains(part)) || plain.ends_with("token")
}

fn in_the_open(node: &Reader<'_>, name: &str) {
    node.refuse_at(
        name,
        SECRET_IN_THE_OPEN,
        &format!("`{name}` is a secret by its name and stands here in the open"),
        "Write {env: NAME} or {file: PATH} under `auth`.",
    );
}
