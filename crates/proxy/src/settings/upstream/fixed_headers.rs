//! `headers` of an upstream: sent with every call, and no place for a secret.

use http::header::ACCEPT_ENCODING;
use http::{HeaderName, HeaderValue};

use crate::settings::auth::refuse_open_secret;
use crate::settings::header::{self, header_name};
use crate::settings::key::{Names, Need, named_texts};
use crate::settings::node::{NamesNode, Node};

pub static HEADERS: Names = named_texts(
    ("headers", "<name>"),
    Need::Optional("none"),
    "sent with every call but the token's; `Accept`, `User-Agent` (`lms-gateway/<version>`) and `Accept-Encoding` (`identity`; `gzip` and `deflate` are read too, any other is refused here) win over ours, the last two for the token as well. Fields that frame, route or type a call (`Host`, `Content-Length`, `Content-Type` and so on) are refused, also under `auth`; so are two names that differ in case only",
);

pub fn read(node: &Node<'_>) -> Vec<(HeaderName, HeaderValue)> {
    let Some(object) = node.names(&HEADERS) else {
        return Vec::new();
    };
    header::distinct(&object);
    let mut headers = Vec::new();
    for key in object.all() {
        let Some(value) = object.text(&key) else {
            continue;
        };
        let header = header_name(&key, |code, message, help| {
            object.refuse(&key, code, message, help);
        });
        refuse_open_secret(&object, &key);
        if header.as_ref() == Some(&ACCEPT_ENCODING) {
            refuse_unread_codings(&object, &key, &value);
        }
        match HeaderValue::from_str(&value) {
            Ok(value) => headers.extend(header.map(|header| (header, value))),
            Err(_) => header::refuse_value(&object, &key),
        }
    }
    headers
}

/// Codings that we undo, as `Accept-Encoding` names them.
const READ_CODINGS: [&str; 4] = ["identity", "gzip", "x-gzip", "deflate"];

/// A vendor that sends what it was asked for must be understood.
fn refuse_unread_codings(headers: &NamesNode<'_>, name: &str, value: &str) {
    let read = |member: &str| {
        let (coding, weight) = member.split_once(';').unwrap_or((member, ""));
        let never = ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&weight.trim());
        let coding = coding.trim().to_ascii_lowercase();
        never || coding.is_empty() || READ_CODINGS.contains(&coding.as_str())
    };
    if !value.split(',').all(read) {
        headers.refuse(
            name,
            "unread-coding",
            "the gateway reads no answers in one of these codings",
            "Name `identity`, `gzip` or `deflate` only, or leave it out: then `identity` is asked for.",
        );
    }
}
