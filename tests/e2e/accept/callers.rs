//! Who may call, what, and how often.

use crate::support::{Answer, Gateway, Scripted, Vendor};

const ROOM: &str = "/v1/rooms/2101";

fn gateway(vendor: &Vendor, callers: &str) -> Gateway {
    let mut setup = vendor.setup();
    setup.settings = format!("callers:\n{callers}{}", setup.settings);
    setup
        .env("KEY_A", "key-of-a")
        .env("KEY_B", "key-of-b")
        .start()
}

fn with_key(gateway: &Gateway, method: &str, target: &str, key: &str) -> Answer {
    let authorization = format!("Bearer {key}");
    gateway.request(method, target, &[("Authorization", &authorization)], b"")
}

fn vendor() -> Vendor {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, r#"{"id":2101,"name":"Aula"}"#));
    vendor
}

#[test]
fn a_key_is_for_the_operations_that_it_names() {
    let vendor = vendor();
    let gateway = gateway(
        &vendor,
        "  - {name: a, key: {env: KEY_A}, operations: [getRoom]}\n  - {name: b, key: {env: KEY_B}}\n",
    );
    assert_eq!(with_key(&gateway, "GET", ROOM, "key-of-a").status, 200);
    assert_eq!(with_key(&gateway, "HEAD", ROOM, "key-of-a").status, 200);
    let seen = vendor.seen().len();
    let denied = with_key(&gateway, "DELETE", ROOM, "key-of-a");
    assert_eq!(denied.status, 403, "{denied:?}");
    assert_eq!(denied.problem(), "forbidden");
    assert_eq!(
        denied.header("www-authenticate"),
        Some(r#"Bearer realm="lms-gateway", error="insufficient_scope""#),
        "RFC 6750 §3.1"
    );
    assert_eq!(denied.json()["outcome"], "not-done");
    assert_eq!(vendor.seen().len(), seen, "nothing reached the vendor");
    assert_eq!(with_key(&gateway, "GET", ROOM, "wrong").status, 401);
    let other = with_key(&gateway, "DELETE", ROOM, "key-of-b");
    assert_ne!(other.status, 403, "{other:?}");
    // What needs no key needs none of these either.
    assert_eq!(gateway.get("/problems").status, 200);
}

#[test]
fn a_quota_is_each_callers_own() {
    let vendor = vendor();
    let gateway = gateway(
        &vendor,
        "  - {name: a, key: {env: KEY_A}, quota: {requests: 3, per: 1h}}\n  - {name: b, key: {env: KEY_B}}\n",
    );
    for _ in 0..3 {
        assert_eq!(with_key(&gateway, "GET", ROOM, "key-of-a").status, 200);
    }
    let limited = with_key(&gateway, "GET", ROOM, "key-of-a");
    assert_eq!(limited.status, 429, "{limited:?}");
    assert_eq!(limited.problem(), "rate-limited");
    let wait: u64 = limited
        .header("retry-after")
        .expect("a time")
        .parse()
        .expect("seconds");
    assert!((1..=1200).contains(&wait), "a third of the hour: {wait}");
    for _ in 0..10 {
        assert_eq!(with_key(&gateway, "GET", ROOM, "key-of-b").status, 200);
    }
    // The order of refusals: 405, 401, 403, 429, 406.
    let accept: &[(&str, &str)] = &[
        ("Authorization", "Bearer key-of-a"),
        ("Accept", "text/html"),
    ];
    assert_eq!(gateway.request("GET", ROOM, accept, b"").status, 429);
    assert_eq!(with_key(&gateway, "PATCH", ROOM, "key-of-a").status, 405);
}

#[test]
fn a_caller_of_operations_that_are_not_there_is_refused_at_the_start() {
    let vendor = vendor();
    let folder = tempfile::tempdir().expect("a folder");
    let mut setup = vendor.setup();
    setup.settings = format!(
        "callers: [{{name: a, key: {{env: KEY_A}}, operations: [getRom], quota: {{requests: 0, per: 1s}}}}, {{name: b, key: {{env: KEY_B}}, quota: {{requests: 1}}}}]\n{}",
        setup.settings
    );
    setup.write(folder.path(), vendor.address, vendor.address);
    let file = folder.path().join("gateway.yaml");
    let output = crate::support::gateway::run(&["check", "--config", &file.display().to_string()]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in ["requests", "`per`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    setup.settings = setup
        .settings
        .replace("requests: 0", "requests: 5")
        .replace("quota: {requests: 1}", "operations: [getRoom]");
    setup.write(
        folder.path(),
        vendor.address,
        crate::support::gateway::free_port(),
    );
    let output = crate::support::gateway::run(&["check", "--config", &file.display().to_string()]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("Did you mean `getRoom`?"), "{text}");
}
