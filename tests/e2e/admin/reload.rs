//! `POST /reload`: as SIGHUP does, with an answer.

use crate::support::{Answer, Client, Gateway, Sandboxed};

pub fn reload(gateway: &Gateway) -> Answer {
    Client::connect(gateway.admin).request("POST", "/reload", &[], b"")
}

/// Rewrites a file of a running gateway.
pub fn rewrite(gateway: &Gateway, file: &str, change: impl FnOnce(String) -> String) {
    let path = gateway.folder().join(file);
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(path, change(text)).expect("writable");
}

#[test]
fn a_reload_is_answered_when_it_has_ended() {
    let gateway = Sandboxed::start();
    assert!(gateway.admin_get("/status").json()["last_reload"].is_null());
    rewrite(&gateway, "contract.yaml", |text| {
        text.replace("/v1/", "/v2/")
    });
    let answer = reload(&gateway);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    assert_eq!(told["outcome"], "accepted");
    assert_eq!(told["trigger"], "request");
    assert_eq!(told["findings"].as_array().map(Vec::len), Some(0));
    let status = gateway.admin_get("/status").json();
    assert_eq!(told["contract_digest"], status["contract"]["digest"]);
    assert_eq!(status["last_reload"], told);
    let get = |target: &str| gateway.client().request("GET", target, &[], b"").status;
    assert_eq!((get("/v2/rooms/2101"), get("/v1/rooms/2101")), (200, 404));
    // SIGHUP is told of as well.
    gateway.signal("HUP");
    crate::support::eventually("the signal's reload", || {
        let last = &gateway.admin_get("/status").json()["last_reload"];
        if last["trigger"] == "signal" {
            Ok(())
        } else {
            Err(last.clone())
        }
    });
}

#[test]
fn a_refused_reload_tells_every_mistake_with_its_place_and_no_secret() {
    const SECRET: &str = "canary-secret-77f1";
    let gateway = Sandboxed::start();
    rewrite(&gateway, "contract.yaml", |text| {
        text.replace("operationId: getRoom\n", "operationID: getRoom\n")
    });
    rewrite(&gateway, "gateway.yaml", |text| {
        let open = format!("callers: [{{name: a, key: {SECRET}}}]\nlimit: 1<script>\n");
        format!("{open}{text}")
    });
    let answer = reload(&gateway);
    assert_eq!(answer.status, 422, "{}", answer.text());
    let told = answer.json();
    assert_eq!(told["outcome"], "refused");
    let findings = told["findings"].as_array().expect("a list");
    let of = |file: &str, code: &str| {
        let found = findings.iter().find(|one| {
            one["code"] == code
                && one["file"]
                    .as_str()
                    .is_some_and(|name| name.ends_with(file))
        });
        found.unwrap_or_else(|| panic!("no {code} in {findings:?}"))
    };
    let open = of("gateway.yaml", "secret-in-the-open");
    assert_eq!((&open["line"], &open["column"]), (&1.into(), &26.into()));
    assert_eq!(open["help"], "Write {env: NAME} or {file: PATH}.");
    assert_eq!(of("gateway.yaml", "unknown-key")["line"], 2);
    assert!(
        findings.iter().any(|one| one["file"]
            .as_str()
            .is_some_and(|name| name.ends_with("contract.yaml"))),
        "{findings:?}"
    );
    let status = gateway.admin_get("/status").json();
    assert_eq!(status["last_reload"], told);
    let page = gateway.admin_get("/status.html").text();
    assert!(page.contains("refused; what ran before goes on"), "{page}");
    assert!(
        page.contains("gateway.yaml:1:26: [secret-in-the-open]"),
        "{page}"
    );
    assert!(!page.contains("<script"), "{page}");
    for text in [answer.text(), page, gateway.admin_get("/status").text()] {
        assert!(!text.contains(SECRET), "{text}");
    }
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
}

#[test]
fn a_reload_takes_no_body_and_no_other_method() {
    let gateway = Sandboxed::start();
    let mut client = Client::connect(gateway.admin);
    assert_eq!(client.request("POST", "/reload", &[], b"{}").status, 400);
    let get = client.request("GET", "/reload", &[], b"");
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    assert!(gateway.admin_get("/status").json()["last_reload"].is_null());
}

#[test]
fn reloads_at_once_are_one_after_another_and_each_is_answered() {
    let gateway = Sandboxed::start();
    let asked = 8;
    let outcomes: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..asked)
            .map(|_| scope.spawn(|| reload(&gateway).status))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended.map(|status| status.expect("no panic")).collect()
    });
    assert_eq!(outcomes, vec![200; asked]);
    let counted = gateway.metric(r#"lms_gateway_config_reloads_total{result="accepted"}"#);
    assert!((1.0..=8.0).contains(&counted), "{counted}");
}
