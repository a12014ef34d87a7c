//! Who may read what on the operators' port. All peers of a test are of this machine; what others may is told by
//! the unit tests of `admin/access.rs`.

use crate::support::{Answer, Client, Sandboxed};

const COMMANDS: [(&str, &str); 2] = [("/cache/purge", r#"{"all": true}"#), ("/reload", "")];

/// One request with a head of the test's own.
fn ask(gateway: &Sandboxed, method: &str, target: &str, fields: &str, body: &str) -> Answer {
    let mut client = Client::connect(gateway.admin);
    let length = body.len();
    let head = format!("{method} {target} HTTP/1.1\r\n{fields}Content-Length: {length}\r\n\r\n");
    client.send_raw(head.as_bytes());
    client.send_raw(body.as_bytes());
    client.read(false).expect("an answer")
}

#[test]
fn no_page_under_another_name_reads_or_commands_this_machine() {
    let gateway = Sandboxed::start();
    for host in ["evil.example", "gateway", "localhost.evil.example:9464"] {
        let host = format!("Host: {host}\r\n");
        for target in ["/status", "/status.json", "/status.html"] {
            let answer = ask(&gateway, "GET", target, &host, "");
            assert_eq!(answer.status, 421, "{host}{target}");
            assert!(!answer.text().contains("digest"), "{host}{target}");
        }
        for (target, body) in COMMANDS {
            let answer = ask(&gateway, "POST", target, &host, body);
            assert_eq!(answer.status, 421, "{host}{target}");
        }
        for target in ["/metrics", "/livez", "/readyz"] {
            assert_eq!(ask(&gateway, "GET", target, &host, "").status, 200);
        }
    }
    for host in ["localhost:9464", "127.0.0.1", "[::1]:9464", "10.1.2.3"] {
        let host = format!("Host: {host}\r\n");
        assert_eq!(ask(&gateway, "GET", "/status", &host, "").status, 200);
    }
    assert_eq!(
        gateway.metric(r#"lms_gateway_config_reloads_total{result="accepted"}"#),
        0.0
    );
}

#[test]
fn no_page_of_a_browser_commands_the_gateway() {
    let gateway = Sandboxed::start();
    for field in [
        "Origin: null",
        "Origin: http://127.0.0.1:9464",
        "Sec-Fetch-Site: same-origin",
    ] {
        for (target, body) in COMMANDS {
            let fields = format!("Host: 127.0.0.1\r\n{field}\r\n");
            let answer = ask(&gateway, "POST", target, &fields, body);
            assert_eq!(answer.status, 403, "{field} {target}");
            assert!(answer.text().contains("browser"), "{}", answer.text());
        }
        let fields = format!("Host: 127.0.0.1\r\n{field}\r\n");
        assert_eq!(ask(&gateway, "GET", "/status", &fields, "").status, 200);
    }
    assert_eq!(
        gateway.metric(r#"lms_gateway_config_reloads_total{result="accepted"}"#),
        0.0
    );
}

/// With a key the name does not matter: no page has one.
#[test]
fn an_operator_s_key_reads_and_does_not_command_and_rotates_by_a_reload() {
    let gateway = Sandboxed::with(sandbox::Config::default(), |mut setup| {
        let keys = "admin_keys: [{name: ops, key: {file: ops-key}}]\n";
        setup.settings = format!("{keys}{}", setup.settings);
        setup.file("ops-key", "first-admin-key\n")
    });
    let shown = |key: &str| format!("Host: gateway.internal\r\nAuthorization: Bearer {key}\r\n");
    let read = |key: &str| ask(&gateway, "GET", "/status", &shown(key), "");
    assert_eq!(read("first-admin-key").status, 200);
    let wrong = read("second-admin-key");
    assert_eq!(wrong.status, 401);
    let challenge = wrong.header("www-authenticate").unwrap_or_default();
    assert!(
        challenge.starts_with("Bearer realm=") && challenge.contains("invalid_token"),
        "{challenge}"
    );
    for (target, body) in COMMANDS {
        let answer = ask(&gateway, "POST", target, &shown("first-admin-key"), body);
        assert_eq!(answer.status, 421, "{target}");
    }
    // A caller's port knows nothing of it.
    let get = |target: &str| {
        let key = [("Authorization", "Bearer first-admin-key")];
        gateway.client().request("GET", target, &key, b"").status
    };
    assert_eq!((get("/status"), get("/metrics")), (404, 404));
    let file = gateway.folder().join("ops-key");
    std::fs::write(file, "second-admin-key\n").expect("writable");
    let reloaded = ask(&gateway, "POST", "/reload", "Host: localhost\r\n", "");
    assert_eq!(reloaded.status, 200, "{}", reloaded.text());
    assert_eq!(read("first-admin-key").status, 401);
    assert_eq!(read("second-admin-key").status, 200);
    let status = gateway.admin_get("/status").text();
    assert!(!gateway.log().contains("admin-key") && !status.contains("admin-key"));
}

#[test]
fn a_key_that_is_a_caller_s_too_or_missing_is_refused_at_the_start_and_on_a_reload() {
    let gateway = Sandboxed::start();
    for (keys, why) in [
        (
            "admin_keys: [{name: ops, key: {env: NETEX_TOKEN}}, {name: two, key: {env: NETEX_TOKEN}}]",
            "admin_keys.two: the key is that of `ops`; give each a key of its own",
        ),
        (
            "admin_keys: [{name: ops, key: {env: NETEX_TOKEN}}]\ncallers: [{name: app, key: {env: NETEX_TOKEN}}]",
            "admin_keys.ops: the key is that of `callers.app`; give each a key of its own",
        ),
        (
            "admin_keys: [{name: ops, key: {env: NO_SUCH_KEY}}]",
            "admin_keys.ops: the environment variable NO_SUCH_KEY is not set",
        ),
    ] {
        let path = gateway.folder().join("gateway.yaml");
        let good = std::fs::read_to_string(&path).expect("it is there");
        std::fs::write(&path, format!("{keys}\n{good}")).expect("writable");
        let answer = ask(&gateway, "POST", "/reload", "Host: localhost\r\n", "");
        std::fs::write(&path, good).expect("writable");
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["findings"][0]["message"], why);
    }
}
