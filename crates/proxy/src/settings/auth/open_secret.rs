//! Values that are credentials by their names must not stand in the settings by value.

use crate::settings::node::{NamesNode, SECRET_IN_THE_OPEN};

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
pub fn refuse_open_secret(headers: &NamesNode<'_>, name: &str) {
    let lower = name.to_ascii_lowercase();
    if SECRET_HEADERS.iter().any(|part| lower.contains(part)) || is_secret_field(name) {
        in_the_open(headers, name);
    }
}

/// Whether the value of a field is a credential by its name. `token_format` or `grant_type` is not one.
pub fn is_secret_field(name: &str) -> bool {
    let plain: String = name
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let parts = ["password", "secret", "apikey", "assertion", "authorization"];
    parts.iter().any(|part| plain.contains(part)) || plain.ends_with("token")
}

pub fn in_the_open(node: &NamesNode<'_>, name: &str) {
    let (message, help) = open_secret(name);
    node.refuse(name, SECRET_IN_THE_OPEN, &message, help);
}

/// What is wrong with a secret by value, and what helps.
pub fn open_secret(name: &str) -> (String, &'static str) {
    (
        format!("`{name}` is a secret by its name and stands here in the open"),
        "Write {env: NAME} or {file: PATH}; a credential for a vendor stands under `auth`.",
    )
}
