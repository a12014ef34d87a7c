use super::lab::{GOOD, check, codes, findings};
use crate::support::gateway::CONTRACT;

#[test]
fn a_secret_in_the_open_is_refused_and_not_repeated() {
    for (settings, code) in [
        (
            GOOD.replace("{env: NETEX_TOKEN}", "canary-7f3a"),
            "secret-in-the-open",
        ),
        (
            GOOD.replace("{env: ISPRING_CLIENT_SECRET}", "canary-7f3a"),
            "secret-in-the-open",
        ),
        (
            format!("callers: [{{name: a, key: canary-7f3a}}]\n{GOOD}"),
            "secret-in-the-open",
        ),
        (
            GOOD.replace(
                "https://netex.example",
                "https://user:canary-7f3a@netex.example",
            ),
            "secret-in-the-open",
        ),
        (
            GOOD.replace(
                "    auth: {kind: header",
                "    headers: {Authorization: canary-7f3a}\n    auth: {kind: header",
            ),
            "secret-in-the-open",
        ),
        (
            GOOD.replace(
                "{kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}",
                "{kind: headers, headers: {X-Auth-Email: a@b.es, X-Auth-Password: canary-7f3a}}",
            ),
            "secret-in-the-open",
        ),
    ] {
        let (found, text) = findings(&settings, CONTRACT);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].1, code);
        assert!(!text.contains("canary"), "{text}");
        let (json, _) = check(&settings, CONTRACT, &["--format", "json"]);
        assert!(!String::from_utf8_lossy(&json.stdout).contains("canary"));
    }
}

#[test]
fn a_secret_that_was_not_read_is_not_repeated_either() {
    for value in [
        "{env: NETEX_TOKEN}, value: canary-7f3a",
        "&x canary-7f3a",
        "!!str canary-7f3a",
    ] {
        let settings = GOOD.replace("{env: NETEX_TOKEN}", value);
        let (_, text) = findings(&settings, CONTRACT);
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn doors_that_would_stand_open_are_refused() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "10.0.0.1:8080"] {
        assert_eq!(
            codes(&format!("listen: \"{listen}\"\n{GOOD}")),
            ["open-listener"]
        );
    }
    let (closed, _) = check(
        &format!("listen: 0.0.0.0:8080\ncallers: [{{name: a, key: {{env: KEY}}}}]\n{GOOD}"),
        CONTRACT,
        &[],
    );
    assert!(closed.status.success(), "{closed:?}");
    for url in [
        "http://netex.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "http://127.0.0.1.example",
    ] {
        assert_eq!(
            codes(&GOOD.replace("https://netex.example", url)),
            ["bad-base-url"],
            "{url}"
        );
    }
    for url in [
        "http://127.0.0.1:1",
        "http://localhost:1",
        "http://[::1]:1",
        "https://netex.example/prefix",
    ] {
        let (output, _) = check(&GOOD.replace("https://netex.example", url), CONTRACT, &[]);
        assert!(output.status.success(), "{url}: {output:?}");
    }
    for url in [
        "\" https://netex.example\"",
        "\"https://netex.example\\n\"",
        "\"https://netex.\\nexample\"",
        "https://netex.example:0",
        "ftp://netex.example",
        "netex.example",
        "https://",
        "https://a?b",
        "https://a#b",
        "file:///etc/passwd",
    ] {
        assert_eq!(
            codes(&GOOD.replace("https://netex.example", url)),
            ["bad-base-url"],
            "{url}"
        );
    }
}
