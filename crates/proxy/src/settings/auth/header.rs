//! `kind: header` and `kind: headers`.

use http::{HeaderName, HeaderValue};

use super::credential::Auth;
use super::open_secret::refuse_open_secret;
use super::rows::{NAME, VALUE};
use crate::settings::header::{self, header_name};
use crate::settings::key::{Key, Names, Need, named_values, text};
use crate::settings::node::{CredentialValue, Node};

pub static PREFIX: Key<String> = text(
    "prefix",
    Need::Optional("none"),
    "of `header`: what stands before the secret, its blank included, such as `\"Token \"`; the secret is then the bare key",
);
pub static HEADERS: Names = named_values(
    ("headers", "<name>"),
    Need::Required,
    "of `headers`: each a plain text or a secret",
);

pub fn read(node: &Node<'_>) -> Option<Auth> {
    let name = node.ask(&NAME).and_then(|text| {
        header_name(&text, |code, message, help| {
            node.refuse(&NAME.row, code, message, help);
        })
    });
    let value = node.secret(&VALUE);
    let prefix = node.ask(&PREFIX).unwrap_or_default();
    if HeaderValue::from_str(&prefix).is_err() || !prefix.is_ascii() || prefix.starts_with(' ') {
        node.refuse(
            &PREFIX.row,
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
        node.refuse(
            &PREFIX.row,
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

pub fn read_several(node: &Node<'_>) -> Option<Auth> {
    read_headers(node, &HEADERS).map(Auth::Headers)
}

/// Header fields with values that are plain or secret. `None`: they are not there, or no mapping.
pub fn read_headers(
    node: &Node<'_>,
    names: &'static Names,
) -> Option<Vec<(HeaderName, CredentialValue)>> {
    let object = node.names(names)?;
    header::distinct(&object);
    let mut headers = Vec::new();
    for key in object.all() {
        let name = header_name(&key, |code, message, help| {
            object.refuse(&key, code, message, help);
        });
        let value = object.value(&key);
        if let Some(CredentialValue::Literal(text)) = &value {
            refuse_open_secret(&object, &key);
            if HeaderValue::from_str(text).is_err() {
                header::refuse_value(&object, &key);
            }
        }
        headers.extend(name.zip(value));
    }
    Some(headers)
}
