use std::path::Path;
use std::time::Duration;

use super::*;
use crate::secret::Secret;
use crate::settings::Settings;

fn parse(shared: &str) -> Result<SharedSettings, Vec<&'static str>> {
    let text = format!("upstreams: {{}}\nshared: {shared}\n");
    let settings = Settings::parse(&text, Path::new(""));
    settings
        .map(|settings| settings.shared.unwrap())
        .map_err(|found| found.iter().map(|one| one.code).collect())
}

fn tcp(host: &str, port: u16, tls: bool) -> StorePlace {
    let host = host.to_owned();
    StorePlace::Tcp { host, port, tls }
}

#[test]
fn nothing_is_shared_until_a_store_is_named() {
    let none = Settings::parse("upstreams: {}", Path::new("")).unwrap();
    assert_eq!(none.shared, None);
    let shared = parse("{url: {env: REDIS_URL}}").unwrap();
    assert_eq!(
        shared,
        SharedSettings {
            server: StoreServer::Secret(SecretSource::Env("REDIS_URL".to_owned())),
            login: Login::default(),
            ca_file: None,
            prefix: "lms-gateway".to_owned(),
            replicas: 0,
            budget: Duration::from_millis(25),
            writes_without_store: WithoutStore::Allow,
            cache: false,
        }
    );
    assert_eq!(shared.secrets().count(), 1);
}

#[test]
fn a_store_is_named_in_every_way_in_which_operators_have_one() {
    let acl = parse(
        "{url: 'rediss://redis.example/2', username: gateway, password: {file: /run/secrets/redis}, ca_file: ca.pem}",
    );
    let acl = acl.unwrap();
    let StoreServer::Open(url) = &acl.server else {
        panic!("{acl:?}")
    };
    assert_eq!(
        (&url.place, url.database),
        (&tcp("redis.example", 6379, true), 2)
    );
    assert_eq!(acl.secrets().count(), 1);
    assert_eq!(acl.warnings(), [""; 0]);
    let sentinel = parse(
        "{sentinel: {master: main, addresses: ['s-0:26379', '[::1]:26379'], username: {env: U}, password: {env: P}}, password: {env: Q}, \
         replicas: 2, budget: 10ms, writes_without_store: refuse, cache: true, prefix: 'a:b'}",
    );
    let sentinel = sentinel.unwrap();
    assert_eq!(sentinel.secrets().count(), 3);
    assert_eq!(sentinel.warnings(), [PLAIN_PASSWORD]);
    let StoreServer::Sentinel(found) = &sentinel.server else {
        panic!("{sentinel:?}")
    };
    assert_eq!(
        found.addresses,
        [("s-0".to_owned(), 26379), ("::1".to_owned(), 26379)]
    );
    let plain = parse("{url: 'redis://redis', password: {env: P}}").unwrap();
    assert_eq!(plain.warnings(), [PLAIN_PASSWORD]);
    let loopback = parse("{url: 'redis://127.0.0.1', password: {env: P}}").unwrap();
    assert_eq!(loopback.warnings(), [""; 0]);
}

#[test]
fn a_mistake_is_found_at_load() {
    let sentinel = |more: &str| format!("{{sentinel: {{master: m, addresses: ['a:1']{more}}}}}");
    for (shared, code) in [
        ("{}".to_owned(), "missing-key"),
        ("{url: 'http://redis'}".to_owned(), "bad-store-url"),
        ("{url: 'redis://'}".to_owned(), "bad-store-url"),
        ("{url: 'redis://:p@redis'}".to_owned(), "secret-in-the-open"),
        ("{url: 'redis://u@redis'}".to_owned(), "secret-in-the-open"),
        (
            "{url: 'redis://u:p@redis/x'}".to_owned(),
            "secret-in-the-open",
        ),
        ("{url: 'redis://a:1,b:2'}".to_owned(), "redis-cluster"),
        ("{url: 'redis-cluster://a'}".to_owned(), "redis-cluster"),
        (
            "{url: 'redis://a?cluster=true'}".to_owned(),
            "redis-cluster",
        ),
        (
            "{url: 'redis://a', username: u}".to_owned(),
            "useless-username",
        ),
        (
            "{url: 'redis://a', password: p}".to_owned(),
            "secret-in-the-open",
        ),
        (
            "{url: 'redis://a', ca_file: a.pem}".to_owned(),
            "useless-ca-file",
        ),
        ("{url: 'redis://a', prefix: ''}".to_owned(), "bad-prefix"),
        (
            "{url: 'redis://a', prefix: 'a{b}'}".to_owned(),
            "bad-prefix",
        ),
        ("{url: 'redis://a', budget: 2s}".to_owned(), "too-long"),
        ("{url: 'redis://a', budget: 0s}".to_owned(), "wrong-type"),
        ("{url: 'redis://a', replicas: 17}".to_owned(), "wrong-type"),
        (
            "{url: 'redis://a', writes_without_store: perhaps}".to_owned(),
            "unknown-word",
        ),
        (
            "{url: {env: A}, sentinel: {master: m, addresses: ['a:1']}}".to_owned(),
            "two-servers",
        ),
        (sentinel(", username: u"), "useless-username"),
        (sentinel(", pasword: {env: A}"), "unknown-key"),
        (
            "{sentinel: {master: m, addresses: []}}".to_owned(),
            "bad-address",
        ),
        (
            "{sentinel: {master: m, addresses: [a]}}".to_owned(),
            "bad-address",
        ),
        (
            "{sentinel: {master: '', addresses: ['a:1']}}".to_owned(),
            "bad-master",
        ),
    ] {
        assert_eq!(parse(&shared), Err(vec![code]), "{shared}");
    }
}

#[test]
fn a_url_says_which_server_and_as_whom() {
    let parse = StoreUrl::parse;
    let url = parse("redis://us%40er:p%2Fw@[::1]:7000/15").unwrap();
    assert_eq!(url.place, tcp("::1", 7000, false));
    assert_eq!(url.place.to_string(), "[::1]:7000");
    assert_eq!(url.username.as_deref(), Some("us@er"));
    assert_eq!(url.password, Some(Secret::new("p/w")));
    assert_eq!(url.database, 15);
    let url = parse("valkeys://:pw@valkey").unwrap();
    assert_eq!((url.place, url.username), (tcp("valkey", 6379, true), None));
    let url = parse("unix:///run/redis.sock?db=3").unwrap();
    assert_eq!(url.place, StorePlace::Unix("/run/redis.sock".into()));
    assert_eq!(url.database, 3);
    for (text, error) in [
        ("redis", BadStoreUrl::Scheme),
        ("redis://re dis", BadStoreUrl::Scheme),
        ("redis+cluster://a", BadStoreUrl::Cluster),
        ("redis://u:p@a:1,b:2/0", BadStoreUrl::SeveralServers),
        ("redis:///0", BadStoreUrl::NoHost),
        ("redis://a:0", BadStoreUrl::NoPort),
        ("redis://a/b", BadStoreUrl::Database),
        ("redis://a/70000", BadStoreUrl::Database),
        ("rediss://a#insecure", BadStoreUrl::Unknown),
        ("unix:///a?password=b", BadStoreUrl::Unknown),
        ("unix://a", BadStoreUrl::NoHost),
        ("redis://:%ff@a", BadStoreUrl::Login),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
    }
}
