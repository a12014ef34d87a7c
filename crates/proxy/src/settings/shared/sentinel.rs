//! `shared.sentinel`: sentinels that name the primary.

use super::login::Login;
use super::store_url::{host_and_port, is_loopback};
use crate::settings::key::{
    Key, Need, Preset, Row, Section, flag, optional_secret, optional_text_or_secret, section, text,
    texts,
};
use crate::settings::node::{Node, SECRET_IN_THE_OPEN};

/// Servers that know which server is the primary.
#[derive(Debug, Clone, PartialEq)]
pub struct SentinelSettings {
    /// What the sentinels call it.
    pub master: String,
    /// Host and port of each; one that answers is enough.
    pub addresses: Vec<(String, u16)>,
    /// Whether sentinels and servers are asked by TLS.
    pub tls: bool,
    /// Of the sentinels themselves.
    pub login: Login,
}

static MASTER: Key<String> = text(
    "master",
    Need::Required,
    "the name of the primary in the sentinels' settings",
);
static ADDRESSES: Row = texts(
    "addresses",
    Need::Required,
    "`host:port` of each sentinel; they are asked in turn",
);
static TLS: Preset<bool> = flag(
    "tls",
    false,
    "whether sentinels and servers are asked by TLS",
);
static USERNAME: Row = optional_text_or_secret(
    "username",
    "none",
    "of the sentinels; that of the servers stands in `shared`",
);
static PASSWORD: Row = optional_secret("password", "none", "of the sentinels, as a secret");

pub static SENTINEL: Section = section(
    "sentinel",
    Need::Optional("none"),
    &[&MASTER.row, &ADDRESSES, &TLS.row, &USERNAME, &PASSWORD],
    "sentinels that say which server is the primary, instead of `url`; the database is 0",
);

impl SentinelSettings {
    pub fn is_loopback(&self) -> bool {
        self.addresses.iter().all(|(host, _)| is_loopback(host))
    }
}

pub fn read(shared: &Node<'_>) -> Option<SentinelSettings> {
    let node = shared.optional(&SENTINEL)?;
    let master = node.ask(&MASTER);
    if master.as_deref().is_some_and(|name| name.trim().is_empty()) {
        node.refuse(
            &MASTER.row,
            "bad-master",
            "`master` is empty",
            "Write the name behind `sentinel monitor` in the settings of the sentinels.",
        );
    }
    let texts = node.texts(&ADDRESSES);
    if texts.as_ref().is_some_and(Vec::is_empty) {
        node.refuse(
            &ADDRESSES,
            "bad-address",
            "`addresses` names no sentinel",
            "Write `host:port` of at least one; all of them, so that one may be away.",
        );
    }
    let mut addresses = Vec::new();
    for text in texts.iter().flatten() {
        match host_and_port(text) {
            Some(address) => addresses.push(address),
            // Not shown: somebody may have written a URL with a password.
            None => node.refuse(
                &ADDRESSES,
                if text.contains('@') {
                    SECRET_IN_THE_OPEN
                } else {
                    "bad-address"
                },
                "one of `addresses` is not the address of a sentinel",
                "Write `host:port`, such as redis-sentinel-0:26379.",
            ),
        }
    }
    let tls = node.get(&TLS);
    let login = Login::read(&node, &USERNAME, &PASSWORD);
    Some(SentinelSettings {
        master: master?,
        addresses,
        tls,
        login,
    })
}
