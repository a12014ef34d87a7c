//! What a caller sends beside the operation's own fields never reaches a vendor.

use sandbox::{Config, Recorded};

use crate::support::Sandboxed;

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const HOSTILE: &[(&str, &str)] = &[
    ("X-Auth-Token", "callers"),
    ("X-Auth-Email", "callers@example.com"),
    ("X-Auth-Password", "callers"),
    ("X-Auth-Account-Url", "https://evil.example"),
    ("X_Auth_Email", "callers"),
    ("Authorization", "Bearer callers"),
    ("Cookie", "JSESSIONID=callers"),
    ("Connection", "keep-alive, authorization, x-auth-token"),
    ("Accept", "application/json;q=0.3, */*;q=0.2"),
    ("Accept-Encoding", "gzip, br"),
    ("Accept-Language", "gl"),
    ("Range", "bytes=0-1"),
    ("If-Range", "\"x\""),
    ("TE", "trailers"),
    ("X-Forwarded-For", "10.9.8.7"),
    ("X-Forwarded-Host", "evil.example"),
    ("Forwarded", "for=10.9.8.7"),
    ("X-Original-URL", "/admin"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("User-Agent", "callers/1.0"),
    (
        "traceparent",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    ("tracestate", "callers=1"),
    ("baggage", "callers=1"),
];

/// The names that a vendor call carries.
fn names(seen: &Recorded) -> Vec<String> {
    let mut names: Vec<String> = seen
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort();
    names
}

#[test]
fn no_header_of_the_caller_reaches_a_vendor() {
    let gateway = Sandboxed::start();
    let with = |own: &[(&'static str, &'static str)]| [HOSTILE, own].concat();
    let json = ("Content-Type", "application/json; charset=utf-8");
    assert_eq!(
        gateway
            .request("GET", "/v1/rooms/2101", &with(&[]), b"")
            .status,
        200
    );
    assert_eq!(
        gateway
            .request(
                "PUT",
                "/v1/rooms/2101/status",
                &with(&[json]),
                br#"{"status":"active"}"#
            )
            .status,
        204
    );
    assert_eq!(gateway.request("GET", DAY, &with(&[]), b"").status, 200);
    assert_eq!(
        gateway
            .request(
                "PATCH",
                DAY,
                &with(&[json]),
                br#"{"url":"https://a.example"}"#
            )
            .status,
        200
    );
    let ledger = gateway.sandbox.ledger();
    let of = |operation: &str| {
        ledger
            .iter()
            .find(|seen| seen.operation == operation)
            .unwrap_or_else(|| panic!("no {operation}"))
    };

    let read = of("netex.get");
    let ours = [
        "accept",
        "accept-encoding",
        "host",
        "user-agent",
        "x-auth-token",
    ];
    assert_eq!(names(read), ours);
    assert_eq!(read.header("accept"), Some("application/json"));
    assert_eq!(read.header("x-auth-token"), Some("sandbox-netex-token"));
    assert_eq!(
        read.header("host"),
        Some(gateway.sandbox.netex_addr().to_string().as_str())
    );

    let write = of("netex.status");
    assert_eq!(
        names(write),
        [
            "accept",
            "accept-encoding",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-auth-token"
        ]
    );
    assert_eq!(
        write.header("content-type"),
        Some("application/x-www-form-urlencoded; charset=UTF-8")
    );

    let day = of("ispring.get_day");
    let ours = [
        "accept",
        "accept-encoding",
        "authorization",
        "host",
        "user-agent",
    ];
    assert_eq!(names(day), ours);
    assert_eq!(day.header("accept"), Some("application/xml"));
    assert!(
        day.header("authorization")
            .expect("a token")
            .starts_with("Bearer ")
    );
    assert!(
        !day.header("authorization")
            .expect("a token")
            .contains("callers")
    );

    let update = of("ispring.update_day");
    assert_eq!(
        names(update),
        [
            "accept",
            "accept-encoding",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent"
        ]
    );
    assert_eq!(update.header("content-type"), Some("application/xml"));

    for seen in &ledger {
        let text = format!("{seen:?}");
        assert!(
            !text.contains("callers") && !text.contains("evil") && !text.contains("10.9.8.7"),
            "{text}"
        );
    }
}

#[test]
fn no_query_of_the_caller_reaches_a_vendor() {
    let gateway = Sandboxed::start();
    let json = |method: &str, target: &str, body: &str| gateway.send_json(method, target, body);
    // On Tomcat a parameter of the query beats the form's of the same name.
    for answer in [
        json(
            "PUT",
            "/v1/rooms/2101?name=evil",
            r#"{"external_id":"pr002","name":"Aula"}"#,
        ),
        json(
            "POST",
            "/v1/rooms?external_id=evil",
            r#"{"type":"PHYSICAL_ROOM","external_id":"q","name":"Aula"}"#,
        ),
        json(
            "PUT",
            "/v1/rooms/2101/status?value=inactive",
            r#"{"status":"active"}"#,
        ),
        gateway.request("DELETE", "/v1/rooms/2101?_method=GET", &[], b""),
        gateway.get("/v1/rooms/2101?x=1"),
        gateway.get("/v1/rooms?startIndex=3&count=4"),
        gateway.get("/v1/rooms?limit=3;count=4"),
        gateway.get(&format!("{DAY}?sessionId=1")),
    ] {
        assert_eq!(answer.problem(), "validation-failed", "{answer:?}");
    }
    let repeated = gateway.get("/v1/rooms?limit=3&limit=4");
    assert_eq!(
        repeated.problem(),
        "validation-failed",
        "which one would be meant? {repeated:?}"
    );
    for broken in [
        "%",
        "limit=%zz",
        "limit=3&%ff=1",
        "limit=%C0%AF",
        "lim%69t=x",
    ] {
        let answer = gateway.get(&format!("/v1/rooms?{broken}"));
        assert_eq!(
            answer.problem(),
            "validation-failed",
            "{broken}: {answer:?}"
        );
    }
    assert_eq!(gateway.sandbox.ledger(), []);
    assert_eq!(
        gateway.get("/v1/rooms/2101?").status,
        200,
        "an empty query is none"
    );
    assert_eq!(
        gateway.get("/v1/rooms?lim%69t=3").json()["items"]
            .as_array()
            .map(Vec::len),
        Some(3),
        "a name may be encoded"
    );
}

#[test]
fn what_netex_is_asked_to_accept_is_a_setting() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        let headers = "    headers: {Accept: application/vnd.netex.v2+json, X-Own: yes}\n    auth: {kind: header";
        setup.settings = setup
            .settings
            .replacen("    auth: {kind: header", headers, 1);
        setup
    });
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    let seen = gateway.sandbox.ledger().pop().expect("one call");
    assert_eq!(seen.header("accept"), Some("application/vnd.netex.v2+json"));
    assert_eq!(seen.header("x-own"), Some("yes"));
    let ours = [
        "accept",
        "accept-encoding",
        "host",
        "user-agent",
        "x-auth-token",
        "x-own",
    ];
    assert_eq!(names(&seen), ours);
}

#[test]
fn the_form_is_what_the_vendors_page_shows_rightly_encoded() {
    let gateway = Sandboxed::start();
    // The sample of the vendor's page.
    let body = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"pr-sample","name":"Sala de conferencias 1","capacity":100,
        "address":"Calle Icaria 30","telephone":"+34981523698","postal_code":"15008","city":"Burgo","province":"A Coruña",
        "observations":"Sala de conferencias para eventos externos","contact_email":"netex@elearning.com"}"#;
    assert_eq!(gateway.send_json("POST", "/v1/rooms", body).status, 201);
    let seen = gateway.sandbox.ledger().pop().expect("one call");
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        "type=EXTERNAL_PHYSICAL_ROOM&external_id=pr-sample&name=Sala+de+conferencias+1&capacity=100&address=Calle+Icaria+30\
         &telephone=%2B34981523698&postalCode=15008&city=Burgo&province=A+Coru%C3%B1a\
         &observations=Sala+de+conferencias+para+eventos+externos&contactEmail=netex%40elearning.com"
    );
}

#[test]
fn the_document_is_what_the_vendors_page_shows() {
    let gateway = Sandboxed::start();
    assert_eq!(
        gateway
            .send_json("PATCH", DAY, r#"{"url":"https://google.meet.com"}"#)
            .status,
        200
    );
    let seen = gateway.sandbox.ledger().pop().expect("a call");
    let text = String::from_utf8(seen.body).expect("UTF-8");
    let document = roxmltree::Document::parse(&text).expect("well-formed");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "request");
    let children: Vec<_> = root
        .children()
        .filter(roxmltree::Node::is_element)
        .collect();
    assert_eq!(children.len(), 1);
    assert_eq!(
        (children[0].tag_name().name(), children[0].text()),
        ("url", Some("https://google.meet.com"))
    );
    assert!(
        text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
        "{text}"
    );
}
