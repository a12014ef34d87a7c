//! What is the same, and what never is.

use sandbox::{FaultKind, When};

use super::{FRESH, is_hit, lab, reads};
use crate::support::eventually;
use crate::support::{Scripted, Vendor};

#[test]
fn spellings_of_one_thing_are_one_entry() {
    let lab = lab(FRESH);
    for (first, second) in [
        (
            "/v1/rooms/by-external-id/pr001",
            "/v1/rooms/by-external-id/%70r001",
        ),
        (
            "/v1/rooms/by-external-id/aula-%C3%B1",
            "/v1/rooms/by-external-id/aul%61-%c3%b1",
        ),
        ("/v1/rooms/2101", "/v1/rooms/%32101"),
    ] {
        assert_eq!(lab.gateway.get(first).status, 200);
        assert!(is_hit(&lab.gateway.get(second)), "{second}");
    }
    let page = lab.gateway.get("/v1/rooms?limit=2").json();
    let cursor = page["next_cursor"].as_str().unwrap();
    lab.gateway
        .get(&format!("/v1/rooms?limit=2&cursor={cursor}"));
    for same in [
        format!("cursor={cursor}&limit=2"),
        format!("cursor={cursor}"),
    ] {
        assert!(
            is_hit(&lab.gateway.get(&format!("/v1/rooms?{same}"))),
            "{same}"
        );
    }
    assert!(!is_hit(&lab.gateway.get("/v1/rooms?limit=3")));
    assert!(!is_hit(&lab.gateway.get("/v1/rooms")));
    assert_eq!(
        lab.gateway.get("/v1/rooms/by-external-id/PR001").status,
        404,
        "case counts"
    );
}

#[test]
fn an_answer_about_another_room_is_not_kept() {
    let lab = lab(FRESH);
    for (target, name, raw) in [
        ("/v1/rooms/2101", "id", "2102"),
        ("/v1/rooms/by-external-id/pr002", "external_id", "\"PR002\""),
    ] {
        let before = reads(&lab);
        lab.break_next(
            "netex.get",
            When::After,
            FaultKind::SetMember {
                name: name.to_owned(),
                raw: Some(raw.to_owned()),
            },
        );
        let odd = lab.gateway.get(target);
        assert_eq!(odd.json()[name], raw.trim_matches('"'), "{odd:?}");
        assert_eq!(odd.header("cache-control"), Some("private, no-cache"));
        assert!(!is_hit(&lab.gateway.get(target)));
        assert!(is_hit(&lab.gateway.get(target)));
        assert_eq!(reads(&lab), before + 2);
    }
}

/// `netex` with a secret of its own in a file, and again after the file was changed.
#[test]
fn two_credentials_never_share() {
    let room = |name: &str| {
        let body = format!(r#"{{"id": 7, "external_id": "a", "name": "{name}"}}"#);
        Scripted::json(200, &body)
    };
    let vendor = Vendor::start();
    vendor
        .will(room("of the first account"))
        .will(room("of the second account"));
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "first").unwrap();
    let file = format!("{{file: {}}}", secret.path().display());
    let mut setup = vendor.setup();
    setup.settings = setup.settings.replace("{env: VENDOR_TOKEN}", &file);
    let gateway = setup.start();
    let name = || gateway.get("/v1/rooms/7").json()["name"].clone();
    assert_eq!(name(), "of the first account");
    assert_eq!(name(), "of the first account");
    std::fs::write(secret.path(), "second").unwrap();
    gateway.signal("HUP");
    gateway.wait_for_log("reloaded");
    assert_eq!(name(), "of the second account");
    assert_eq!(name(), "of the second account");
    let tokens: Vec<_> = vendor
        .seen()
        .iter()
        .map(|seen| seen.header("X-Auth-Token").unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["first", "second"]);
}

#[test]
fn a_reload_keeps_what_still_holds() {
    let lab = lab(FRESH);
    let room = "/v1/rooms/2101";
    lab.gateway.get(room);
    let reload =
        |settings: &dyn Fn(String) -> String, contract: &dyn Fn(String) -> String, count: f64| {
            for (file, change) in [("gateway.yaml", settings), ("contract.yaml", contract)] {
                let path = lab.gateway.folder().join(file);
                let text = std::fs::read_to_string(&path).unwrap();
                std::fs::write(&path, change(text)).unwrap();
            }
            lab.gateway.signal("HUP");
            let series = r#"lms_gateway_config_reloads_total{result="accepted"}"#;
            eventually("the reload", || lab.gateway.metric(series) == count);
        };
    let same = |text: String| text;
    reload(&same, &same, 1.0);
    assert!(is_hit(&lab.gateway.get(room)));
    reload(
        &|text| text.replace("getRoom: {ttl: 1h}", "getRoom: {ttl: 2h}"),
        &same,
        2.0,
    );
    assert!(
        !is_hit(&lab.gateway.get(room)),
        "other rules, other entries"
    );
    reload(
        &same,
        &|text| text.replacen("version: 1.0.0", "version: 1.0.1", 1),
        3.0,
    );
    assert!(
        !is_hit(&lab.gateway.get(room)),
        "another contract, another answer"
    );
    // A write is seen across a reload.
    assert_eq!(
        lab.gateway
            .send_json("PUT", room, &super::replacement("pr002", "new"))
            .status,
        204
    );
    reload(
        &same,
        &|text| text.replacen("version: 1.0.1", "version: 1.0.0", 1),
        4.0,
    );
    assert_eq!(lab.gateway.get(room).json()["name"], "new");
}

/// RFC 9111 §4.4: a write voids what the GET of its own path shows, also where the contract says that it
/// changes nothing, and where another vendor gets it.
#[test]
fn a_write_voids_the_get_of_its_own_path_whatever_the_contract_says() {
    let contract = r"
openapi: 3.1.0
info: {title: things, version: 1.0.0}
x-vendors: {shelf: {}, desk: {}}
x-problems: {}
paths:
  /v1/things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string, format: identifier}}]
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
      x-upstream:
        upstream: shelf
        method: GET
        path: /things/{id}
        response:
          encoding: json
          success: [{status: [200], body: required, value: [{from: body}], emit: {status: 200}}]
        errors: {}
        cache: {ttl: 1h, tags: [{thing.id: {from: path}}]}
    delete:
      operationId: deleteThing
      parameters: [{name: id, in: path, required: true, schema: {type: string, format: identifier}}]
      responses: {'204': {description: Gone.}}
      x-upstream:
        upstream: UPSTREAM
        method: DELETE
        path: /things/{id}
        response:
          encoding: json
          success: [{status: [200, 204], body: ignored, emit: {status: 204}}]
        errors: {}
        write: {repeatable: false}
        INVALIDATES
components:
  schemas:
    Thing: {type: object, properties: {name: {type: string}}}
";
    for (upstream, invalidates) in [("shelf", "invalidates: []"), ("desk", "")] {
        let contract = contract
            .replace("UPSTREAM", upstream)
            .replace("INVALIDATES", invalidates);
        let vendor = Vendor::start();
        let mut setup = vendor.setup().contract(contract);
        setup.settings = vendor.settings(&["shelf", "desk"]);
        let gateway = setup.start();
        vendor
            .will(Scripted::json(200, r#"{"name": "before"}"#))
            .will(Scripted::json(200, r#"{"name": "another"}"#))
            .will(Scripted::answer(204, &[], ""))
            .will(Scripted::json(200, r#"{"name": "after"}"#));
        let name = |target: &str| gateway.get(target).json()["name"].clone();
        assert_eq!(name("/v1/things/1"), "before");
        assert_eq!(name("/v1/things/2"), "another");
        assert_eq!(name("/v1/things/1"), "before");
        let answer = gateway.request("DELETE", "/v1/things/1", &[], b"");
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(name("/v1/things/1"), "after");
        assert_eq!(name("/v1/things/2"), "another", "not concerned");
    }
}
