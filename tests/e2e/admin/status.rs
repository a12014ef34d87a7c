//! `/status`: one page for people and for programs.

use crate::support::{Answer, Client, Sandboxed};

fn status(gateway: &Sandboxed, target: &str, accept: &str) -> Answer {
    Client::connect(gateway.admin).request("GET", target, &[("Accept", accept)], b"")
}

#[test]
fn people_and_programs_are_told_the_same_in_their_own_form() {
    let gateway = Sandboxed::start();
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (target, accept, content_type) in [
        ("/status", "*/*", "application/json"),
        ("/status", BROWSER, "text/html; charset=utf-8"),
        ("/status.json", BROWSER, "application/json"),
        ("/status.html", "*/*", "text/html; charset=utf-8"),
    ] {
        let answer = status(&gateway, target, accept);
        assert_eq!(answer.status, 200, "{target} {accept}");
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("vary"), Some("Accept"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let told = gateway.admin_get("/status").json();
    let page = gateway.admin_get("/status.html").text();
    for text in [
        &told["version"],
        &told["contract"]["digest"],
        &told["upstreams"][0]["name"],
    ] {
        let text = text.as_str().expect("a text");
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn the_page_runs_nothing_and_loads_nothing() {
    let gateway = Sandboxed::start();
    let answer = gateway.admin_get("/status.html");
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let page = answer.text();
    assert!(page.len() < 30_000, "{} bytes", page.len());
    for never in [
        "<script", "<img", "<link", "@import", "url(", "http://", "https://", "style=",
    ] {
        let mut found = page.matches(never);
        // The vendors' addresses, as texts.
        let allowed = if never == "http://" { 2 } else { 0 };
        assert_eq!(found.by_ref().count(), allowed, "{never}");
    }
    assert!(page.contains("http-equiv=\"refresh\""));
    let still = gateway.admin_get("/status.html?refresh=off").text();
    assert!(!still.contains("http-equiv"), "who reads slowly stops it");
}

#[test]
fn the_last_problems_are_told_by_template_and_trace() {
    let gateway = Sandboxed::start();
    const VALUE: &str = "canary-value-5513";
    let missing = gateway.get("/v1/rooms/999999");
    for _ in 0..30 {
        gateway.get(&format!("/v1/rooms/by-external-id/{VALUE}"));
        gateway.get(&format!("/{VALUE}"));
    }
    let told = gateway.admin_get("/status").json();
    let problems = told["problems"].as_array().expect("a list");
    assert_eq!(problems.len(), 20, "none of ours, the last of callers");
    assert_eq!(problems[0]["route"], "none");
    assert_eq!(
        problems[1]["route"],
        "/v1/rooms/by-external-id/{external_id}"
    );
    assert_eq!(problems[1]["operation"], "getRoomByExternalId");
    assert_eq!(problems[1]["upstream"], "netex");
    assert_eq!(problems[1]["code"], missing.problem());
    assert_eq!(problems[1]["trace_id"].as_str().map(str::len), Some(32));
    for page in ["/status", "/status.html"] {
        assert!(!gateway.admin_get(page).text().contains(VALUE), "{page}");
    }
}
