//! What `serve` refuses at the start, and who may call afterwards.

use std::process::{Output, Stdio};

use sandbox::Config;

use crate::support::gateway::{Setup, command, free_port};
use crate::support::{Sandboxed, Vendor};

/// Runs `serve`, which must end by itself.
fn serve(setup: &Setup, listen: std::net::SocketAddr, admin: std::net::SocketAddr) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    setup.write(folder.path(), listen, admin);
    command()
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .envs(setup.env.iter().cloned())
        .stdin(Stdio::null())
        .output()
        .expect("it runs")
}

#[test]
fn a_missing_secret_is_named_all_at_once() {
    let vendor = Vendor::start();
    let mut settings = vendor.settings(&["netex", "ispring"]).replacen(
        "{env: VENDOR_TOKEN}",
        "{file: /nowhere/token}",
        1,
    );
    settings = format!("callers: [{{name: team-a, key: {{env: KEY_OF_TEAM_A}}}}]\n{settings}");
    let output = serve(&Setup::new(settings), free_port(), free_port());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    for part in [
        "upstreams.netex",
        "/nowhere/token",
        "upstreams.ispring",
        "VENDOR_TOKEN",
        "team-a",
        "KEY_OF_TEAM_A",
    ] {
        assert!(text.contains(part), "no {part}: {text}");
    }
    let empty = Setup::new(vendor.settings(&["netex", "ispring"])).env("VENDOR_TOKEN", " \n");
    let output = serve(&empty, free_port(), free_port());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("VENDOR_TOKEN is empty"),
        "{output:?}"
    );
}

#[test]
fn a_port_that_is_taken_ends_the_process_and_is_named() {
    let vendor = Vendor::start();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = (taken.local_addr().expect("an address"), taken);
    for (key, listen, admin) in [
        ("`listen`", taken.0, free_port()),
        ("`admin`", free_port(), taken.0),
    ] {
        let output = serve(&vendor.setup(), listen, admin);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(
            text.contains(&taken.0.to_string()) && text.contains(key),
            "{text}"
        );
    }
}

#[test]
fn an_address_that_is_not_ours_ends_the_process_too() {
    let vendor = Vendor::start();
    // TEST-NET-1 (RFC 5737): no machine has it.
    let foreign = "192.0.2.1:8080".parse().expect("an address");
    let output = serve(&vendor.setup(), free_port(), foreign);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("192.0.2.1:8080"),
        "{output:?}"
    );
}

#[test]
fn callers_show_their_key_and_pages_are_open() {
    let gateway = Sandboxed::plain_with(Config::default(), |mut setup| {
        let callers = "callers: [{name: a, key: {env: KEY_A}}, {name: b, key: {env: KEY_B}}]\n";
        setup.settings = format!("{callers}{}", setup.settings);
        setup.env("KEY_A", "key-of-a").env("KEY_B", "key-of-b")
    });
    let room = |authorization: Option<&str>| {
        let headers: Vec<(&str, &str)> = authorization
            .map(|value| ("Authorization", value))
            .into_iter()
            .collect();
        gateway.request("GET", "/v1/rooms/2101", &headers, b"")
    };
    for good in ["Bearer key-of-a", "Bearer key-of-b", "bearer key-of-a"] {
        assert_eq!(room(Some(good)).status, 200, "{good}");
    }
    for bad in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer key-of-c"),
        Some("Bearer key-of-a2"),
        Some("Bearer key-of-"),
        Some("Bearer KEY-OF-A"),
        Some("key-of-a"),
        Some("Basic key-of-a"),
        Some("Bearer key-of-a, Bearer key-of-b"),
    ] {
        let answer = room(bad);
        assert_eq!(answer.status, 401, "{bad:?}: {answer:?}");
        assert_eq!(answer.problem(), "unauthenticated");
        // RFC 6750 §3: a parameter follows the scheme; the error is told to who showed a key.
        let shown =
            bad.is_some_and(|text| text.len() > "Bearer ".len() && text.starts_with("Bearer "));
        let error = if shown {
            r#", error="invalid_token""#
        } else {
            ""
        };
        let challenge = format!(r#"Bearer realm="lms-gateway"{error}"#);
        assert_eq!(
            answer.header("www-authenticate"),
            Some(&*challenge),
            "{bad:?}"
        );
    }
    // Of two keys nobody could say which one counts, though both are good.
    for second in ["Bearer key-of-a", "Bearer key-of-b", "Basic a"] {
        let headers = [
            ("Authorization", "Bearer key-of-a"),
            ("Authorization", second),
        ];
        let answer = gateway.request("GET", "/v1/rooms/2101", &headers, b"");
        assert_eq!(answer.problem(), "unauthenticated", "{second}");
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("Authorization is there twice"), "{detail}");
    }
    let write = gateway.send_json("POST", "/v1/rooms", "{}");
    assert_eq!(write.problem(), "unauthenticated");
    assert_eq!(
        write.json()["outcome"],
        "not-done",
        "every problem of a write tells it"
    );
    for page in [
        "/openapi.json",
        "/docs",
        "/problems",
        "/problems/unauthenticated",
    ] {
        assert_eq!(gateway.get(page).status, 200, "{page}");
    }
    for page in ["/livez", "/readyz", "/metrics", "/status"] {
        assert_eq!(gateway.admin_get(page).status, 200, "{page}");
    }
    assert_eq!(
        gateway.request("OPTIONS", "/v1/rooms", &[], b"").status,
        204
    );
    let calls = gateway.sandbox.ledger().len();
    assert_eq!(calls, 3, "only who may call reaches the vendor");
}

#[test]
fn the_log_names_the_caller_and_not_the_key() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!(
            "callers: [{{name: team-a, key: {{env: KEY_A}}}}]\n{}",
            setup.settings
        );
        setup.env("KEY_A", "key-of-a")
    });
    gateway.request(
        "GET",
        "/v1/rooms/2101",
        &[("Authorization", "Bearer key-of-a")],
        b"",
    );
    gateway.wait_for_log("team-a");
    assert!(!gateway.log().contains("key-of-a"));
}
