//! The header fields of a vendor call that are the gateway's own.

use crate::support::{Gateway, Scripted, Vendor};

const AGENT: &str = concat!("lms-gateway/", env!("CARGO_PKG_VERSION"));

/// Every method, none of them with a body.
fn contract() -> String {
    let operation = |method: &str, write: &str| {
        format!(
            "    {method}:
      operationId: {method}Thing
      responses: {{'204': {{description: Done}}}}
      x-upstream:
        upstream: plain
        method: {}
        path: /things/{{id}}
        response: {{encoding: json, success: [{{status: [200, 204], body: ignored, emit: {{status: 204}}}}]}}
        errors: {{}}
{write}",
            method.to_uppercase()
        )
    };
    let mut text = "openapi: 3.1.0
info: {title: Plain, version: 1.0.0}
x-vendors: {plain: {}}
paths:
  /v1/things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}]
"
    .to_owned();
    for method in ["post", "put", "patch", "delete"] {
        text.push_str(&operation(method, "        write: {repeatable: false}\n"));
    }
    text.push_str(&operation("get", ""));
    text
}

fn pair(headers: &str) -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup().contract(contract());
    setup.settings = format!("{}{headers}", vendor.settings(&["plain"]));
    let gateway = setup.start();
    vendor.always(Scripted::answer(204, &[], ""));
    (vendor, gateway)
}

#[test]
fn a_method_that_means_a_body_states_that_there_is_none() {
    let (vendor, gateway) = pair("");
    for (method, length) in [
        ("POST", Some("0")),
        ("PUT", Some("0")),
        ("PATCH", Some("0")),
        ("DELETE", None),
        ("GET", None),
    ] {
        let answer = gateway.client().request(method, "/v1/things/a", &[], b"");
        assert_eq!(answer.status, 204, "{method}: {answer:?}");
        let seen = vendor.seen().pop().expect("a call");
        assert_eq!(seen.method, method);
        let lengths: Vec<_> = seen
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(lengths, Vec::from_iter(length), "{method}");
        assert_eq!(seen.header("transfer-encoding"), None);
        assert_eq!(seen.header("content-type"), None);
        assert_eq!(seen.header("user-agent"), Some(AGENT));
        assert_eq!(seen.header("accept-encoding"), Some("identity"));
        assert_eq!(
            seen.headers[0].0.to_ascii_lowercase(),
            "host",
            "RFC 9110 §7.2: first"
        );
        for none in [
            "connection",
            "te",
            "upgrade",
            "expect",
            "keep-alive",
            "cookie",
            "via",
        ] {
            assert_eq!(seen.header(none), None, "{method} {none}");
        }
    }
}

#[test]
fn the_settings_have_the_last_word() {
    let (vendor, gateway) =
        pair("    headers: {user-agent: 'school/7', Accept-Encoding: 'gzip;q=0.5'}\n");
    assert_eq!(
        gateway
            .client()
            .request("POST", "/v1/things/a", &[], b"")
            .status,
        204
    );
    let seen = vendor.seen().pop().expect("a call");
    assert_eq!(seen.header("user-agent"), Some("school/7"));
    assert_eq!(seen.header("accept-encoding"), Some("gzip;q=0.5"));
    let agents = seen
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
    assert_eq!(agents.count(), 1);
}

#[test]
fn they_hold_for_the_token_too() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup().contract(contract());
    setup.settings = format!(
        "upstreams:\n  plain:\n    base_url: http://{}\n    headers: {{User-Agent: 'school/7', Accept: 'text/x-odd'}}\n    auth: {{kind: oauth2_client_credentials, token_path: /token, client_id: us, client_secret: {{env: VENDOR_TOKEN}}}}\n",
        vendor.address
    );
    let gateway = setup.start();
    vendor.will(Scripted::json(
        200,
        r#"{"access_token":"abc","expires_in":1800}"#,
    ));
    vendor.always(Scripted::answer(204, &[], ""));
    assert_eq!(
        gateway
            .client()
            .request("GET", "/v1/things/a", &[], b"")
            .status,
        204
    );
    let seen = vendor.seen();
    assert_eq!(seen.len(), 2);
    for call in &seen {
        assert_eq!(
            call.header("user-agent"),
            Some("school/7"),
            "{}",
            call.target
        );
        assert_eq!(call.header("accept-encoding"), Some("identity"));
    }
    assert_eq!(
        seen[0].header("accept"),
        Some("application/json"),
        "the token is JSON"
    );
    assert_eq!(seen[1].header("accept"), Some("text/x-odd"));
}
