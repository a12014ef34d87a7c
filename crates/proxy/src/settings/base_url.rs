//! Where a vendor stands, or another server that we call.

use std::path::PathBuf;

use url::{Host, Url};

use super::key::{Key, Need, text};
use super::node::{Node, SECRET_IN_THE_OPEN};

pub static BASE_URL: Key<String> = text(
    "base_url",
    Need::Required,
    "`https://host`, with port or path prefix; `http` to loopback only. No user, query, fragment, blanks or port 0",
);

/// A URL of a server, as the settings name one.
pub struct Place {
    pub key: &'static Key<String>,
    /// What would go there in the clear.
    pub sends: &'static str,
    /// Where credentials for it stand.
    pub credentials: &'static str,
}

static VENDOR: Place = Place {
    key: &BASE_URL,
    sends: "the credentials",
    credentials: "auth",
};

/// Reads `base_url`. `None`: missing or refused.
pub fn read(node: &Node<'_>) -> Option<Url> {
    read_place(node, &VENDOR)
}

/// Reads the URL of a place. `None`: missing or refused.
pub fn read_place(node: &Node<'_>, place: &'static Place) -> Option<Url> {
    let text = node.ask(place.key)?;
    parse(node, place, &text)
}

fn parse(node: &Node<'_>, place: &'static Place, text: &str) -> Option<Url> {
    let Place {
        key,
        sends,
        credentials,
    } = place;
    let refuse = |message: String, help: &str| {
        node.refuse(&key.row, "bad-base-url", &message, help);
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
            "Write the port of the server, or none for that of the scheme.",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        node.refuse(
            &key.row,
            SECRET_IN_THE_OPEN,
            &format!("`{}` has a user or a password in it", key.row.name),
            &format!(
                "Leave only scheme, host, port and path prefix; credentials stand under `{credentials}`."
            ),
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
            format!("`{text}` would send {sends} in the clear"),
            "Use https; http is allowed to loopback only.",
        ),
        other => refuse(
            format!("`{other}` is not a scheme that we speak"),
            "Use https.",
        ),
    }
}

/// Reads the file of the CAs of a place; the key of its URL, and that where it is good, are what it belongs to.
pub fn read_ca_file(
    node: &Node<'_>,
    key: &'static Key<String>,
    (name, url): (&str, Option<&Url>),
) -> Option<PathBuf> {
    let path = node.path(&node.ask(key)?);
    if url.is_some_and(|url| url.scheme() == "http") {
        node.refuse(
            &key.row,
            "useless-ca-file",
            &format!("`ca_file` is never used, because `{name}` is http"),
            "Leave it out, or write https.",
        );
        return None;
    }
    node.ca_file(&key.row, path.clone());
    Some(path)
}
