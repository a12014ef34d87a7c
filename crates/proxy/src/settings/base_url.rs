//! Where a vendor stands.

use url::{Host, Url};

use super::key::{Key, Need, text};
use super::node::{Node, SECRET_IN_THE_OPEN};

pub static BASE_URL: Key<String> = text(
    "base_url",
    Need::Required,
    "`https://host`, with port or path prefix; `http` to loopback only. No user, query, fragment, blanks or port 0",
);

/// Reads `base_url`. `None`: missing or refused.
pub fn read(node: &Node<'_>) -> Option<Url> {
    let text = node.ask(&BASE_URL)?;
    parse(node, &text)
}

fn parse(node: &Node<'_>, text: &str) -> Option<Url> {
    let refuse = |message: String, help: &str| {
        node.refuse(&BASE_URL.row, "bad-base-url", &message, help);
        None
    };
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        // A URL's own rules drop line ends and tabs inside and blanks around, so that what is
        // called would not be what is written.
        return refuse(
            format!("`{}` has a blank or a line end in it", text.escape_debug()),
            "Write https://host in one piece.",
        );
    }
    let Ok(url) = Url::parse(text) else {
        return refuse(
            format!("`{text}` is not a URL"),
            "Write https://host, with a port or a path prefix where there is one.",
        );
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.host_str().is_none_or(str::is_empty) {
        // Pingora switches certificate checks off for an empty server name.
        return refuse(format!("`{text}` names no host"), "Write https://host.");
    }
    if url.port() == Some(0) {
        return refuse(
            format!("`{text}` names port 0, on which nothing listens"),
            "Write the port of the vendor, or none for that of the scheme.",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        node.refuse(
            &BASE_URL.row,
            SECRET_IN_THE_OPEN,
            "`base_url` has a user or a password in it",
            "Leave only scheme, host, port and path prefix; credentials stand under `auth`.",
        );
        return None;
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(
            format!("`{text}` has a query or a fragment"),
            "Leave only scheme, host, port and path prefix.",
        );
    }
    match url.scheme() {
        "https" => Some(url),
        "http" if loopback => Some(url),
        "http" => refuse(
            format!("`{text}` would send the credentials in the clear"),
            "Use https; http is allowed to loopback only.",
        ),
        other => refuse(
            format!("`{other}` is not a scheme that we speak"),
            "Use https.",
        ),
    }
}
