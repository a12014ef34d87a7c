//! Planted secrets appear nowhere: not in a log of any level, a problem, a metric, a page or an
//! explanation; nor does what callers send.

use sandbox::{Config, Fault, FaultKind, When};

use crate::support::eventually;
use crate::support::gateway::command;
use crate::support::{Answer, Sandboxed, Scripted};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const NETEX: &str = "canary-netex-6f1d2c";
const CLIENT: &str = "canary-client-8b7e11";
const SECRET: &str = "canary-secret-2a90fe";
const CALLER: &str = "canary-caller-77d0aa";
const BODY: &str = "canary-body-c3c3c3";

fn config() -> Config {
    Config {
        netex_token: NETEX.to_owned(),
        ispring_client_id: CLIENT.to_owned(),
        ispring_client_secret: SECRET.to_owned(),
        ..Config::default()
    }
}

fn planted(level: &str) -> Sandboxed {
    Sandboxed::plain_with(config(), |mut setup| {
        let more = format!(
            "deadline: 1s\nlog: {{level: {level}}}\ncallers: [{{name: tests, key: {{env: CALLER_KEY}}}}]\n"
        );
        setup.settings = format!("{more}{}", setup.settings);
        setup.env("CALLER_KEY", CALLER)
    })
}

/// Walks every kind of success and failure, and returns all that was answered.
fn walk(gateway: &Sandboxed) -> Vec<Answer> {
    let key = format!("Bearer {CALLER}");
    let own = ("Authorization", key.as_str());
    let json = ("Content-Type", "application/json");
    let get = |target: &str| gateway.request("GET", target, &[own], b"");
    let mut answers = vec![get("/v1/rooms/2101"), get("/v1/rooms"), get(DAY)];
    let room = format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"a","name":"{BODY}"}}"#);
    answers.push(gateway.request("POST", "/v1/rooms", &[own, json], room.as_bytes()));
    answers.push(gateway.request(
        "POST",
        "/v1/rooms",
        &[own, json],
        format!(r#"{{"name":"{BODY}","#).as_bytes(),
    ));
    let link = format!(r#"{{"url":"https://a.example/{BODY}"}}"#);
    answers.push(gateway.request("PATCH", DAY, &[own, json], link.as_bytes()));
    answers.push(gateway.request(
        "GET",
        "/v1/rooms/2101",
        &[("Authorization", &format!("Bearer x{CALLER}"))],
        b"",
    ));
    for (operation, target) in [("netex.get", "/v1/rooms/2101"), ("ispring.get_day", DAY)] {
        for kind in [
            FaultKind::status(401),
            FaultKind::status(403),
            FaultKind::status(500),
            FaultKind::Garbage { raw: None },
            FaultKind::Html { status: 200 },
            FaultKind::Close,
            FaultKind::Hang,
        ] {
            answers.push(gateway.while_failing(operation, kind, || get(target)));
        }
    }
    for kind in [FaultKind::status(500), FaultKind::Html { status: 200 }] {
        gateway.sandbox.revoke_tokens();
        answers.push(gateway.while_failing("ispring.token", kind, || get(DAY)));
    }
    // Heads that are quoted in errors.
    for head in [
        format!("GET /v1/rooms HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\nbroken\r\n\r\n"),
        format!("GET /v1/rooms HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: {key}\r\n\r\n"),
        format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\nTransfer-Encoding: gzip\r\n\r\n"
        ),
    ] {
        let mut client = gateway.client();
        client.send_raw(head.as_bytes());
        answers.push(client.read(false).expect("an answer"));
    }
    answers
}

/// The tokens that iSpring gave out: secrets too, made at run time.
fn tokens(gateway: &Sandboxed) -> Vec<String> {
    let ledger = gateway.sandbox.ledger();
    let values = ledger
        .iter()
        .filter_map(|seen| seen.header("authorization"));
    values
        .filter_map(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned)
        .collect()
}

fn must_be_clean(what: &str, text: &str, tokens: &[String]) {
    let planted = [NETEX, CLIENT, SECRET, CALLER];
    for secret in planted.into_iter().chain(tokens.iter().map(String::as_str)) {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what} shows a secret");
    }
}

#[test]
fn no_secret_and_no_body_is_seen_anywhere() {
    let gateway = planted("trace");
    let answers = walk(&gateway);
    let last = gateway.request(
        "GET",
        "/v1/rooms/1",
        &[("Authorization", &format!("Bearer {CALLER}"))],
        b"",
    );
    gateway.wait_for_log(last.json()["trace_id"].as_str().expect("an id"));
    let tokens = tokens(&gateway);
    assert!(!tokens.is_empty(), "there were tokens");
    let log = gateway.log();
    assert!(
        log.contains("\"DEBUG\"") || log.contains("\"TRACE\""),
        "the level is on"
    );
    must_be_clean("the log", &log, &tokens);
    assert!(
        !log.contains(BODY),
        "the log shows a body: {:?}",
        log.lines().find(|line| line.contains(BODY))
    );
    for answer in &answers {
        must_be_clean("an answer", &format!("{answer:?}"), &tokens);
    }
    for page in ["/metrics", "/status", "/livez", "/readyz"] {
        must_be_clean(page, &gateway.admin_get(page).text(), &tokens);
    }
    for page in ["/openapi.json", "/docs", "/problems"] {
        must_be_clean(page, &gateway.get(page).text(), &tokens);
    }
    let arguments =
        std::fs::read_to_string(format!("/proc/{}/cmdline", gateway.id())).expect("Linux shows it");
    must_be_clean("the command line", &arguments, &tokens);
}

#[test]
fn an_explanation_masks_what_it_would_send() {
    let gateway = Sandboxed::with(config(), |setup| setup);
    let file = gateway.folder().join("gateway.yaml");
    for operation in [
        ["getRoom", "id=1"],
        [
            "getTrainingDay",
            "day_id=4728d47a-c96a-11ed-97ec-b6c48b3dc692",
        ],
    ] {
        for format in ["text", "json"] {
            let output = command()
                .args([
                    "explain",
                    operation[0],
                    "--param",
                    operation[1],
                    "--format",
                    format,
                    "--config",
                ])
                .arg(&file)
                .env("NETEX_TOKEN", NETEX)
                .env("ISPRING_CLIENT_ID", CLIENT)
                .env("ISPRING_CLIENT_SECRET", SECRET)
                .output()
                .expect("it runs");
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(text.contains("***"), "{text}");
            must_be_clean("explain", &text, &[]);
        }
    }
    assert_eq!(gateway.sandbox.ledger(), [], "and it sends nothing");
}

#[test]
fn a_missing_or_bad_secret_is_named_and_never_shown() {
    let gateway = Sandboxed::with(config(), |setup| setup);
    let file = gateway.folder().join("gateway.yaml");
    let output = command()
        .args(["serve", "--config"])
        .arg(&file)
        .env("NETEX_TOKEN", format!("{NETEX}\u{e9}"))
        .env("ISPRING_CLIENT_ID", "  ")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    for name in ["NETEX_TOKEN", "ISPRING_CLIENT_ID"] {
        assert!(text.contains(name), "{text}");
    }
    must_be_clean("the refusal", &text, &[]);
}

#[test]
fn a_file_may_hold_a_secret_and_change_while_we_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "wrong\n").expect("writable");
    let gateway = Sandboxed::plain_with(config(), |mut setup| {
        let file = format!("{{file: {}}}", path.display());
        setup.settings = setup.settings.replace("{env: NETEX_TOKEN}", &file);
        setup
    });
    assert_eq!(
        gateway.get("/v1/rooms/2101").problem(),
        "upstream-credentials-rejected"
    );
    std::fs::write(&path, format!("{NETEX}\n")).expect("writable");
    eventually("the new secret", || {
        gateway.get("/v1/rooms/2101").status == 200
    });
    // A file that went away keeps its last value.
    std::fs::remove_file(&path).expect("it is there");
    gateway.sandbox.add_fault(Fault::every(
        "netex.list",
        When::Before,
        FaultKind::status(401),
    ));
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
}

#[test]
fn a_credential_that_the_vendor_repeats_is_struck_out() {
    let vendor = crate::support::Vendor::start();
    let mut setup = vendor.setup();
    setup.settings = format!(
        "log: {{level: trace}}\ncache: {{enabled: false}}\n{}",
        setup.settings
    );
    let gateway = setup.start();
    let token = "vendor-token";
    let scripts = [
        Scripted::json(
            400,
            r#"{"code":"ERR001","message":"bad token vendor-token"}"#,
        ),
        Scripted::json(401, r#"{"code":"vendor-token","message":"vendor-token?"}"#),
        Scripted::json(403, r#"{"message":"no rights: vendor-token"}"#),
        Scripted::answer(
            200,
            &[("Content-Type", "text/html")],
            "<html>vendor-token</html>",
        ),
        Scripted::answer(200, &[("Content-Type", "text/vendor-token")], "x"),
        Scripted::json(500, r#"{"message":"vendor-token"}"#),
    ];
    for script in scripts {
        vendor.always(script);
        let answers = [
            gateway.get("/v1/rooms/2101"),
            gateway.send_json(
                "PUT",
                "/v1/rooms/2101",
                r#"{"external_id":"pr001","name":"Aula"}"#,
            ),
            gateway.get(DAY),
        ];
        for answer in answers {
            assert!(answer.status >= 400, "{answer:?}");
            assert!(!answer.text().contains(token), "{answer:?}");
        }
    }
    gateway.wait_for_log("PUT");
    let log = gateway.log();
    let leak = log.lines().find(|line| line.contains(token));
    assert_eq!(leak, None);
}
