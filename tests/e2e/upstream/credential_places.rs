//! A credential behind a prefix, in the query or in the form: sent there with every call, and seen nowhere
//! else. What cannot be sent is refused before it could be lost.

use crate::settings::lab::findings;
use crate::support::gateway::{CONTRACT, Setup, command};
use crate::support::{Scripted, Vendor};

const SECRET: &str = "kG7v/Q2m&Wx9+";
const CORE: &str = "Q2m";
const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

const FORMS: &str = r#"openapi: 3.1.0
info: {title: Things, version: 1.0.0}
x-vendors:
  v: {error_code: {json: [/code]}}
x-problems:
  thing-not-found: {status: 404, title: Thing not found, hint: Look for it.}
paths:
  /v1/things:
    post:
      operationId: createThing
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'204': {description: Made.}}
      x-upstream:
        upstream: v
        method: POST
        path: /things
        request: {encoding: form}
        response: {encoding: json, success: [{status: [200], body: ignored, emit: {status: 204}}]}
        errors: {statuses: {'404': thing-not-found}}
        write: {repeatable: false}
components:
  schemas:
    Thing: {type: object, additionalProperties: false, properties: {name: {type: string}}}
"#;

fn settings(vendor: &Vendor, names: &[&str], auth: &str) -> String {
    let old = "auth: {kind: header, name: X-Auth-Token, value: {env: VENDOR_TOKEN}}";
    let text = vendor.settings(names);
    assert!(text.contains(old));
    text.replace(old, &format!("auth: {auth}"))
}

fn setup(vendor: &Vendor, auth: &str) -> Setup {
    let settings = settings(vendor, &["netex", "ispring"], auth);
    let more = "log: {level: trace}\ncache: {enabled: false}\n";
    Setup::new(format!("{more}{settings}")).env("KEY", SECRET)
}

fn explain(setup: &Setup, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let any = "127.0.0.1:0".parse().expect("an address");
    setup.write(folder.path(), any, any);
    let output = command()
        .arg("explain")
        .args(arguments)
        .arg("--config")
        .arg(folder.path().join("gateway.yaml"))
        .env("KEY", SECRET)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_prefix_stands_before_the_bare_key() {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(404, r#"{"code":"kG7v/Q2m&Wx9+"}"#));
    let setup = setup(
        &vendor,
        "{kind: header, name: Authorization, value: {env: KEY}, prefix: 'Token '}",
    );
    let shown = explain(&setup, &["getRoom", "--param", "id=1"]);
    assert!(shown.contains("authorization: Token ***"), "{shown}");
    let gateway = setup.start();
    let answer = gateway.get(ROOM);
    assert!(!answer.text().contains(CORE), "{answer:?}");
    let seen = vendor.seen();
    assert_eq!(seen[0].header("authorization"), Some("Token kG7v/Q2m&Wx9+"));
}

#[test]
fn a_key_in_the_query_goes_with_every_call_and_is_seen_nowhere() {
    let vendor = Vendor::start();
    let setup = setup(
        &vendor,
        "{kind: query, name: api key, value: {env: KEY}}"
            .replace("api key", "apikey")
            .as_str(),
    );
    let encoded = "apikey=kG7v%2FQ2m%26Wx9%2B";
    let url = explain(
        &setup,
        &["listRooms", "--param", "limit=3", "--format", "json"],
    );
    assert!(url.contains("startIndex=0&count=3&apikey=***\""), "{url}");
    let curl = explain(&setup, &["getRoom", "--param", "id=1"]);
    assert!(
        curl.contains("/id/1?apikey=***") && !curl.contains(CORE),
        "{curl}"
    );
    let gateway = setup.start();
    // A vendor that repeats what it was asked, as servers do in their error pages.
    let echo = format!("http://{}/x?{encoded}", vendor.address);
    let page = format!("<html>GET /x?{encoded} HTTP/1.1</html>");
    let scripts = [
        Scripted::json(
            404,
            &format!(r#"{{"code":"ERR004","message":"no {echo}"}}"#),
        ),
        Scripted::answer(302, &[("Location", &echo)], &page),
        Scripted::answer(200, &[("Content-Type", "text/html")], &page),
        Scripted::answer(
            201,
            &[
                ("Location", &format!("{echo}&id=1")),
                ("Content-Type", "application/json"),
            ],
            "",
        ),
        Scripted::answer(500, &[], &page),
        Scripted::Close(Vec::new()),
        Scripted::Close(page.clone().into_bytes()),
    ];
    let mut calls = 0;
    for script in scripts {
        vendor.always(script);
        for answer in [
            gateway.get(ROOM),
            gateway.get("/v1/rooms?limit=3"),
            gateway.get(DAY),
            gateway.send_json(
                "POST",
                "/v1/rooms",
                r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"b"}"#,
            ),
            gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#),
        ] {
            calls += 1;
            assert!(!format!("{answer:?}").contains(CORE), "{answer:?}");
        }
    }
    let seen = vendor.seen();
    assert!(seen.len() >= calls);
    for call in &seen {
        assert!(call.target.ends_with(encoded), "{}", call.target);
        assert_eq!(call.target.matches("apikey").count(), 1);
        assert!(call.headers.iter().all(|(_, value)| !value.contains(CORE)));
    }
    assert!(
        seen.iter()
            .any(|call| call.target.contains("count=3&apikey"))
    );
    vendor.always(Scripted::answer(404, &[], ""));
    let last = gateway.get(ROOM);
    gateway.wait_for_log(last.json()["trace_id"].as_str().expect("an id"));
    for (what, text) in [
        ("the log", gateway.log()),
        ("the metrics", gateway.admin_get("/metrics").text()),
        ("the status", gateway.admin_get("/status").text()),
    ] {
        let line = text.lines().find(|line| line.contains(CORE));
        assert_eq!(line, None, "{what}");
    }
}

#[test]
fn keys_in_a_form_stand_behind_its_own_fields() {
    let vendor = Vendor::start();
    vendor.always(Scripted::answer(200, &[], ""));
    let auth = "{kind: form, fields: {user: 'lms & co', token: {env: KEY}}}";
    let settings = settings(&vendor, &["v"], auth);
    let setup = Setup::new(format!("limits: {{form: 70B}}\n{settings}"))
        .contract(FORMS)
        .env("KEY", SECRET);
    let body = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(body.path(), r#"{"name":"a&b"}"#).expect("writable");
    let path = body.path().to_str().expect("a path");
    let shown = explain(&setup, &["createThing", "--body", path]);
    assert!(shown.contains("name=a%26b&user=***&token=***"), "{shown}");
    assert!(shown.contains("content-length: ***"), "{shown}");
    let gateway = setup.start();
    let post = |body: &str| gateway.send_json("POST", "/v1/things", body);
    assert_eq!(post(r#"{"name":"a&b"}"#).status, 204);
    assert_eq!(post("{}").status, 204);
    let credentials = "user=lms+%26+co&token=kG7v%2FQ2m%26Wx9%2B";
    let seen = vendor.seen();
    assert_eq!(seen[0].text(), format!("name=a%26b&{credentials}"));
    assert_eq!(seen[1].text(), credentials);
    // With them the form is over its limit, and the vendor would read none of it.
    let large = post(&format!(r#"{{"name":"{}"}}"#, "x".repeat(40)));
    assert_eq!(large.problem(), "content-too-large");
    assert_eq!(vendor.seen().len(), 2);
}

fn codes(auth: &str, contract: &str) -> Vec<String> {
    let names: &[&str] = if contract == FORMS {
        &["v"]
    } else {
        &["netex", "ispring"]
    };
    let upstreams = names
        .iter()
        .map(|name| format!("  {name}:\n    base_url: https://v.example\n    auth: {auth}\n"));
    let settings = format!("upstreams:\n{}", upstreams.collect::<String>());
    let (found, text) = findings(&settings, contract);
    assert!(!text.contains("canary"), "{text}");
    found.into_iter().map(|(_, code, _)| code).collect()
}

#[test]
fn a_credential_that_cannot_be_sent_is_refused_with_its_place() {
    for (auth, contract, code) in [
        (
            "{kind: form, name: key, value: {env: KEY}}",
            CONTRACT,
            "credential-unsendable",
        ),
        (
            "{kind: form, name: name, value: {env: KEY}}",
            FORMS,
            "credential-collision",
        ),
        (
            "{kind: form, fields: {Name: {env: KEY}}}",
            FORMS,
            "credential-collision",
        ),
        (
            "{kind: query, name: startIndex, value: {env: KEY}}",
            CONTRACT,
            "credential-collision",
        ),
        (
            "{kind: query, fields: {COUNT: {env: KEY}}}",
            CONTRACT,
            "credential-collision",
        ),
        (
            "{kind: query, name: key, value: canary}",
            CONTRACT,
            "secret-in-the-open",
        ),
        (
            "{kind: query, fields: {api_key: canary}}",
            CONTRACT,
            "secret-in-the-open",
        ),
        (
            "{kind: query, fields: {wsToken: canary}}",
            CONTRACT,
            "secret-in-the-open",
        ),
        ("{kind: query, fields: {}}", CONTRACT, "no-fields"),
        (
            "{kind: query, fields: {a: {env: X}, A: {env: Y}}}",
            CONTRACT,
            "duplicate-field",
        ),
        (
            "{kind: query, name: 'a b', value: {env: KEY}}",
            CONTRACT,
            "bad-field",
        ),
        ("{kind: query, name: key}", CONTRACT, "missing-key"),
        (
            "{kind: query, nam: key, value: {env: KEY}}",
            CONTRACT,
            "unknown-key",
        ),
        (
            "{kind: query, name: k, value: {env: KEY}, fields: {a: {env: X}}}",
            CONTRACT,
            "unknown-key",
        ),
        (
            "{kind: qery, name: key, value: {env: KEY}}",
            CONTRACT,
            "unknown-auth",
        ),
        (
            "{kind: header, name: Authorization, value: {env: KEY}, prefix: Token}",
            CONTRACT,
            "bad-scheme",
        ),
        (
            "{kind: header, name: X, value: {env: KEY}, prefix: \"a\\nb\"}",
            CONTRACT,
            "bad-header",
        ),
        (
            "{kind: headers, headers: {X: \"a\\nb\"}}",
            CONTRACT,
            "bad-header",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: X}, client_authentication: post}",
            CONTRACT,
            "unknown-word",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: X}, scope: 'a  b'}",
            CONTRACT,
            "bad-scope",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: X}, audience: ''}",
            CONTRACT,
            "bad-audience",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: X}, parameters: {grant_type: password}}",
            CONTRACT,
            "reserved-parameter",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: X}, parameters: {password: canary}}",
            CONTRACT,
            "secret-in-the-open",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: '/t?client_secret=canary', client_id: a, client_secret: {env: X}}",
            CONTRACT,
            "secret-in-the-open",
        ),
        (
            "{kind: oauth2_client_credentials, token_path: t, client_id: a, client_secret: {env: X}}",
            CONTRACT,
            "bad-path",
        ),
    ] {
        let found = codes(auth, contract);
        assert!(found.iter().any(|found| found == code), "{auth}: {found:?}");
    }
}

#[test]
fn only_a_header_field_asks_a_secret_to_be_ascii() {
    const ODD: &str = "contrase\u{f1}a-\u{1f511}";
    const ENCODED: &str = "contrase%C3%B1a-%F0%9F%94%91";
    let vendor = Vendor::start();
    let echo = format!(r#"{{"code":"ERR004","message":"no key {ODD}, no key {ENCODED}"}}"#);
    vendor.always(Scripted::json(404, &echo));
    let gateway = setup(&vendor, "{kind: query, name: apikey, value: {env: KEY}}")
        .env("KEY", ODD)
        .start();
    let answer = gateway.get(ROOM);
    assert_eq!(answer.status, 404, "{answer:?}");
    let target = &vendor.seen()[0].target;
    assert!(target.ends_with(&format!("?apikey={ENCODED}")), "{target}");
    for all in [answer.text(), gateway.log()] {
        assert!(!all.contains("contrase"), "{all}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let any = "127.0.0.1:0".parse().expect("an address");
    setup(&vendor, "{kind: header, name: X-Key, value: {env: KEY}}").write(folder.path(), any, any);
    let output = command()
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .env("KEY", ODD)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("KEY holds characters that an HTTP header cannot carry"),
        "{text}"
    );
}
