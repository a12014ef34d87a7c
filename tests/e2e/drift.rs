//! What vendors answer that the contract does not say, and the overlay that would accept it.

use serde_json::Value;

use crate::support::gateway::{CONTRACT, Setup, run};
use crate::support::{Gateway, Scripted, Vendor, eventually};

const SHELF: &str = r"
openapi: 3.1.0
info: {title: Shelf, version: 1.0.0}
x-vendors: {shelf: {}}
paths:
  /v1/books/{isbn}:
    get:
      operationId: getBook
      parameters: [{name: isbn, in: path, required: true, schema: {type: string, format: identifier}}]
      responses: {'200': {description: The book, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}
      x-upstream:
        upstream: shelf
        method: GET
        path: /books/{isbn}
        response: {encoding: ENCODING, success: [{status: [200], body: required, at: AT, value: [{from: body}], emit: {status: 200}}]}
        errors: {}
components:
  schemas:
    Book:
      type: object
      required: [id, title]
      properties:
        id: {type: string}
        title: {type: string}
        pages: {type: integer}
        state: {type: string, x-extensible-enum: [lent, back]}
        reader: {type: string, x-sensitive: true, x-extensible-enum: [nobody]}
";

fn shelf(encoding: &str, at: &str) -> String {
    SHELF.replace("ENCODING", encoding).replace("AT", at)
}

fn start(vendor: &Vendor, contract: &str) -> Gateway {
    let settings = vendor.settings(&["shelf"]);
    let setup = Setup::new(settings).contract(contract);
    setup.env("VENDOR_TOKEN", "vendor-token").start()
}

/// `kind at` of all findings, once there are as many as that.
fn findings(gateway: &Gateway, count: usize) -> Vec<String> {
    eventually("the findings", || {
        let report = gateway.admin_get("/drift").json();
        let all = report["operations"].as_array().unwrap().iter();
        let lines = all.flat_map(|one| one["findings"].as_array().unwrap());
        let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        let found: Vec<String> = lines
            .map(|line| format!("{} {}", text(line, "kind"), text(line, "at")))
            .collect();
        if found.len() >= count {
            Ok(found)
        } else {
            Err(report.to_string())
        }
    })
}

/// The overlay that the command prints in JSON, which is what it prints in YAML.
fn overlay(gateway: &Gateway) -> Value {
    let config = gateway.folder().join("gateway.yaml");
    let config = config.to_str().unwrap();
    let json = run(&["drift", "--config", config, "--format", "json"]);
    assert!(json.status.success(), "{json:?}");
    let overlay: Value = serde_json::from_slice(&json.stdout).unwrap();
    let yaml = run(&["drift", "--config", config]);
    let yaml = contract::yaml::Document::parse(&String::from_utf8(yaml.stdout).unwrap()).unwrap();
    assert_eq!(yaml.value, overlay);
    overlay
}

/// Applies an overlay as its specification says (Overlay 1.0.0, "Action Object"): not the command's own code.
fn applied(contract: &str, overlay: &Value) -> String {
    let mut document = contract::yaml::Document::parse(contract).unwrap().value;
    assert_eq!(overlay["overlay"], "1.0.0");
    for action in overlay["actions"].as_array().unwrap() {
        let target = action["target"].as_str().unwrap();
        let names: Vec<&str> = target
            .strip_prefix("$['")
            .and_then(|rest| rest.strip_suffix("']"))
            .unwrap()
            .split("']['")
            .collect();
        let (last, parents) = names.split_last().unwrap();
        let mut parent = &mut document;
        for name in parents {
            parent = match name.parse::<usize>() {
                Ok(index) if parent.is_array() => &mut parent[index],
                _ => parent.get_mut(*name).unwrap_or_else(|| panic!("{target}")),
            };
        }
        if action["remove"] == true {
            parent.as_object_mut().unwrap().shift_remove(*last).unwrap();
            continue;
        }
        let node = parent.get_mut(*last).unwrap_or_else(|| panic!("{target}"));
        match node {
            Value::Array(items) => items.push(action["update"].clone()),
            node => merge(node, &action["update"]),
        }
    }
    document.to_string()
}

fn merge(target: &mut Value, update: &Value) {
    for (name, value) in update.as_object().unwrap() {
        match target.get_mut(name) {
            Some(known) if known.is_object() && value.is_object() => merge(known, value),
            _ => target[name] = value.clone(),
        }
    }
}

/// A second gateway under the contract with the overlay: it takes the same answer, and nothing is told of it.
fn assert_accepts(contract: &str, overlay: &Value, answer: &Scripted) -> Value {
    let contract = applied(contract, overlay);
    let vendor = Vendor::start();
    let gateway = start(&vendor, &contract);
    vendor.always(answer.clone());
    let read = gateway.get("/v1/books/1");
    assert_eq!(read.status, 200, "{read:?}");
    let report = gateway.admin_get("/drift").json();
    assert_eq!(report["operations"], serde_json::json!([]), "{report}");
    let unknown =
        r#"lms_gateway_upstream_unknown_fields_total{operation="getBook",upstream="shelf"}"#;
    assert_eq!(gateway.metric(unknown), 0.0);
    read.json()
}

#[test]
fn json_that_has_moved_is_told_and_its_overlay_accepts_it() {
    let contract = shelf("json", "[[]]").replace("at: [[]], ", "");
    let vendor = Vendor::start();
    let gateway = start(&vendor, &contract);
    assert_eq!(
        gateway
            .metric(r#"lms_gateway_vendor_drift_total{kind="unknown-field",operation="getBook"}"#),
        0.0
    );
    let answer = Scripted::json(
        200,
        r#"{"id": "1", "title": "Follas novas", "pages": "many", "state": "lost", "reader": "Rosalia",
            "shelfMark": "A 7", "loan": {"since": "2026", "days": 3, "rosalia@example.es": 1}, "tags": ["a"], "juan@netex.es": 5}"#,
    );
    vendor.always(answer.clone());
    let read = gateway.get("/v1/books/1");
    assert_eq!(read.problem(), "upstream-contract-violation");
    assert_eq!(
        findings(&gateway, 7),
        [
            "changed-type /pages",
            "new-value /state",
            "new-value /reader",
            "unknown-field /shelfMark",
            "unknown-field /loan",
            "unknown-field /tags",
            "unknown-field /?"
        ]
    );
    let told = gateway.admin_get("/drift").text() + &gateway.admin_get("/status.json").text();
    for value in ["juan", "Rosalia", "rosalia", "A 7", "Follas", "many"] {
        assert!(!told.contains(value), "{value}: {told}");
    }
    assert!(
        gateway
            .metric(r#"lms_gateway_vendor_drift_total{kind="changed-type",operation="getBook"}"#)
            >= 1.0
    );
    let overlay = overlay(&gateway);
    let told = overlay["info"]["description"].as_str().unwrap();
    assert!(
        told.contains("unknown-field at /?") && told.contains("new-value at /reader"),
        "{told}"
    );
    // What was not told cannot be proposed, so the second answer lacks it.
    let proposed = Scripted::json(
        200,
        r#"{"id": "1", "title": "Follas novas", "pages": "many", "state": "lost", "reader": "nobody",
            "shelfMark": "A 7", "loan": {"since": "2026", "days": 3}, "tags": ["a"]}"#,
    );
    let book = assert_accepts(&contract, &overlay, &proposed);
    assert_eq!(book["shelf_mark"], "A 7");
    assert_eq!(book["loan"]["days"], 3);
}

#[test]
fn what_is_missing_becomes_optional() {
    let contract = shelf("json", "[[]]").replace("at: [[]], ", "");
    let vendor = Vendor::start();
    let gateway = start(&vendor, &contract);
    let answer = Scripted::json(200, r#"{"pages": 5, "title": null}"#);
    vendor.always(answer.clone());
    assert_eq!(gateway.get("/v1/books/1").status, 502);
    assert_eq!(
        findings(&gateway, 2),
        ["changed-type /title", "missing-field /id"]
    );
    let overlay = overlay(&gateway);
    let book = assert_accepts(&contract, &overlay, &answer);
    assert_eq!(book, serde_json::json!({"title": null, "pages": 5}));
}

#[test]
fn xml_alike() {
    let contract = shelf("xml", "[book]");
    let vendor = Vendor::start();
    let gateway = start(&vendor, &contract);
    let answer = Scripted::xml(
        200,
        "<book lang='es'><id>1</id><title>Follas</title><pages>many</pages><state>lost</state><mark>A</mark>\
         <loan><since>2026</since><by>a</by><by>b</by></loan><tag>x</tag><tag>y</tag></book>",
    );
    vendor.always(answer.clone());
    assert_eq!(gateway.get("/v1/books/1").status, 502);
    assert_eq!(
        findings(&gateway, 6),
        [
            "unknown-field /lang",
            "changed-type /pages",
            "new-value /state",
            "unknown-field /mark",
            "unknown-field /loan",
            "unknown-field /tag"
        ]
    );
    let overlay = overlay(&gateway);
    let book = assert_accepts(&contract, &overlay, &answer);
    assert_eq!(book["lang"], "es");
    assert_eq!(book["tag"], serde_json::json!(["x", "y"]));
    assert_eq!(book["loan"]["by"], serde_json::json!(["a", "b"]));
}

#[test]
fn what_is_as_agreed_tells_nothing_and_the_shipped_contract_can_be_overlaid() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::json(200, r#"[{"id": "1", "name": "Sala"}]"#));
    assert_eq!(gateway.get("/v1/rooms").status, 200);
    let report = gateway.admin_get("/drift").json();
    assert_eq!(report["operations"], serde_json::json!([]), "{report}");
    vendor.will(Scripted::json(
        200,
        r#"{"id": "7", "name": "Sala", "floorNumber": 3}"#,
    ));
    assert_eq!(gateway.get("/v1/rooms/7").status, 200);
    assert_eq!(findings(&gateway, 1), ["unknown-field /floorNumber"]);
    let overlay = overlay(&gateway);
    assert_eq!(
        overlay["actions"][0]["target"],
        "$['components']['schemas']['Room']"
    );
    let plan = contract::compile(&applied(CONTRACT, &overlay)).unwrap();
    assert!(
        plan.openapi["components"]["schemas"]["Room"]["properties"]["floor_number"].is_object()
    );
}
