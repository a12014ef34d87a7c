//! Equivalent spellings of a path reach one resource (RFC 3986 §6.2.2), and no others do.

use crate::support::{Client, Sandboxed};

#[test]
fn a_needless_escape_changes_nothing() {
    let gateway = Sandboxed::start();
    let plain = gateway.client().request("GET", "/v1/rooms/2101", &[], b"");
    assert_eq!(plain.status, 200);
    for target in [
        "/v1/%72ooms/2101",
        "/%76%31/rooms/2101",
        "/v1/rooms/%32101",
        "/v1/rooms/2%310%31",
        "http://a/v1/%72ooms/2101",
    ] {
        let answer = gateway.client().request("GET", target, &[], b"");
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        assert_eq!(answer.json(), plain.json(), "{target}");
        let cache = answer.header("cache-status").expect("rooms are cached");
        assert!(
            cache.contains("hit"),
            "one entry for one resource: {target}: {cache}"
        );
        let gone = gateway.client().request("POST", target, &[], b"");
        assert_eq!(gone.status, 405, "{target}: {gone:?}");
        // The problem tells what was asked, as it was asked.
        let path = target.trim_start_matches("http://a");
        assert_eq!(gone.json()["instance"], path, "{target}");
        let options = gateway.client().request("OPTIONS", target, &[], b"");
        assert_eq!(options.status, 204, "{target}: {options:?}");
    }
    assert_eq!(gateway.sandbox.ledger().len(), 1);
    // The hyphen of a literal, and a tilde in a value.
    let by = |target: &str| gateway.client().request("GET", target, &[], b"");
    assert_eq!(by("/v1/rooms/by%2Dexternal%2did/pr002").status, 200);
    for target in ["aula-%c3%b1", "aula-%C3%B1", "%61ula%2d%C3%b1"] {
        let answer = by(&format!("/v1/rooms/by-external-id/{target}"));
        assert_eq!(answer.json()["id"], "2107", "{target}");
    }
    assert_eq!(
        gateway.sandbox.ledger().len(),
        3,
        "one call for each resource"
    );
}

#[test]
fn an_escaped_slash_never_separates_and_dots_are_never_resolved() {
    let gateway = Sandboxed::start();
    for (target, status) in [
        ("/v1%2Frooms/2101", 404),
        ("/v1%2frooms%2f2101", 404),
        ("/v1/rooms%2F2101", 404),
        ("/v1/rooms/2101/", 404),
        ("//v1/rooms/2101", 404),
        ("/v1/./rooms/2101", 404),
        ("/v1/x/../rooms/2101", 404),
        ("/v1/x/%2e%2e/rooms/2101", 404),
        ("/v1/x/.%2E/rooms/2101", 404),
        ("/v1/%2e/rooms/2101", 404),
        ("/v1/rooms/2101/..", 404),
        ("/../v1/rooms/2101", 404),
        ("/v1/%2572ooms/2101", 404),
        ("/docs%2F", 404),
        ("/x/../docs", 404),
        ("/v1/rooms/..", 400),
        ("/v1/rooms/%2e%2E", 400),
        ("/v1/rooms/%2e", 400),
        ("/v1/rooms/by-external-id/%2e%2e", 400),
        ("/v1/rooms/by-external-id/a%2Fb", 400),
        ("/v1/rooms/by-external-id/a%252Fb", 400),
        ("/v1/rooms/by-external-id/%%32F", 400),
    ] {
        let answer = gateway.client().request("GET", target, &[], b"");
        assert_eq!(answer.status, status, "{target}: {answer:?}");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn our_own_pages_and_the_operators_are_reached_alike() {
    let gateway = Sandboxed::start();
    for target in [
        "/%64ocs",
        "/openapi%2Ejson",
        "/%70roblems",
        "/problems/malformed%2djson",
        "/%70roblems/malformed-json",
    ] {
        let answer = gateway.client().request("GET", target, &[], b"");
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        let answer = gateway.client().request("POST", target, &[], b"");
        assert_eq!(answer.status, 405, "{target}: {answer:?}");
    }
    for target in ["/%6civez", "/%6Dmetrics/..", "/metric%73", "/live%7A"] {
        let answer = Client::connect(gateway.admin).request("GET", target, &[], b"");
        let known = !target.contains("..");
        assert_eq!(answer.status == 200, known, "{target}: {answer:?}");
    }
    let purge = Client::connect(gateway.admin).request("GET", "/cache/%70urge", &[], b"");
    assert_eq!(purge.status, 405);
}
