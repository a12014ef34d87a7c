//! The documentation that the gateway serves of itself.

use sandbox::Config;
use serde_json::Value;

use crate::support::Sandboxed;

fn walk(value: &Value, path: &str, visit: &mut impl FnMut(&str, &str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                visit(path, name, value);
                walk(value, &format!("{path}/{name}"), visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, path, visit)),
        _ => {}
    }
}

#[test]
fn the_document_shows_the_interface_and_no_internals() {
    let gateway = Sandboxed::start();
    let answer = gateway.get("/openapi.json");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    walk(&document, "", &mut |path, name, _| {
        let is_name = path.ends_with("/properties") || path.ends_with("/examples");
        let is_digest = path == "/info" && name == "x-contract-digest";
        assert!(
            is_name || is_digest || !name.starts_with("x-"),
            "{path}/{name}"
        );
    });
    let text = answer.text();
    for internal in [
        "physicalrooms",
        "/training/day",
        "postalCode",
        "ERR0",
        "ROO0",
        "startIndex",
        "netex_token",
    ] {
        assert!(!text.contains(internal), "{internal} is the vendor's");
    }
}

#[test]
fn the_document_is_whole() {
    let gateway = Sandboxed::start();
    let document = gateway.get("/openapi.json").json();
    for member in ["title", "version"] {
        assert!(document["info"][member].is_string());
    }
    // Every reference leads somewhere.
    walk(&document, "", &mut |path, name, value| {
        if name == "$ref" {
            let pointer = value
                .as_str()
                .and_then(|text| text.strip_prefix('#'))
                .unwrap_or_else(|| panic!("{path}: {value}"));
            assert!(document.pointer(pointer).is_some(), "{path}: {pointer}");
        }
    });
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let shared = item["parameters"].as_array().cloned().unwrap_or_default();
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else {
                continue;
            };
            assert!(
                ids.insert(operation["operationId"].as_str().expect("an id").to_owned()),
                "{path}"
            );
            assert!(operation["summary"].is_string(), "{method} {path}");
            let responses = operation["responses"].as_object().expect("responses");
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{method} {path}"
            );
            assert_eq!(
                responses["default"]["$ref"],
                "#/components/responses/Problem"
            );
            assert!(
                responses
                    .iter()
                    .all(|(_, response)| response.get("$ref").is_some()
                        || response["description"].is_string())
            );
            // OpenAPI 3.1.0 §4.8.12.1: each placeholder has its required parameter.
            let parameters = shared
                .iter()
                .chain(operation["parameters"].as_array().into_iter().flatten());
            let declared: Vec<String> = parameters
                .map(|parameter| match parameter["$ref"].as_str() {
                    Some(reference) => document.pointer(&reference[1..]).expect("checked above"),
                    None => parameter,
                })
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| {
                    assert_eq!(parameter["required"], true);
                    parameter["name"].as_str().expect("a name").to_owned()
                })
                .collect();
            let placeholders: Vec<&str> = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            assert_eq!(declared, placeholders, "{method} {path}");
        }
    }
    assert_eq!(ids.len(), 12);
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .expect("schemas")
    {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
        let examples = schema.get("examples").and_then(Value::as_array);
        for example in examples.into_iter().flatten() {
            let reference = serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
            gateway.openapi().check_value(name, &reference, example);
        }
    }
}

#[test]
fn every_problem_has_its_page() {
    let gateway = Sandboxed::start();
    let list = gateway.get("/problems").json();
    let rows = list["problems"].as_array().expect("rows");
    for code in [
        "malformed-request",
        "request-timeout",
        "malformed-json",
        "validation-failed",
        "invalid-cursor",
        "room-not-found",
        "training-day-not-found",
        "route-not-found",
        "method-not-allowed",
        "method-not-implemented",
        "not-acceptable",
        "content-too-large",
        "uri-too-long",
        "unsupported-media-type",
        "headers-too-large",
        "external-id-taken",
        "room-reserved",
        "waiting-list-blocked",
        "idempotency-key-reused",
        "request-in-progress",
        "unauthenticated",
        "forbidden",
        "rate-limited",
        "upstream-credentials-rejected",
        "upstream-access-denied",
        "upstream-contract-violation",
        "upstream-error",
        "upstream-unavailable",
        "upstream-timeout",
        "write-outcome-unknown",
        "not-in-cache",
        "shutting-down",
    ] {
        assert!(
            rows.iter().any(|row| row["code"] == code),
            "{code} is not listed"
        );
    }
    for row in rows {
        let code = row["code"].as_str().expect("a code");
        assert_eq!(gateway.get(&format!("/problems/{code}")).json(), *row);
        assert_eq!(row["type"], format!("/problems/{code}"));
        for member in ["title", "description", "hint"] {
            assert!(
                row[member].as_str().is_some_and(|text| !text.is_empty()),
                "{code} has no {member}"
            );
        }
        assert!(
            row["status"]
                .as_u64()
                .is_some_and(|status| (400..600).contains(&status)),
            "{code}"
        );
    }
    assert_eq!(
        gateway.get("/problems/nothing").problem(),
        "route-not-found"
    );
    // The document names the same codes.
    let codes = &gateway.openapi().document["components"]["schemas"]["Problem"]["properties"]["code"]
        ["enum"];
    assert_eq!(codes.as_array().map(Vec::len), Some(rows.len()));
}

#[test]
fn the_type_of_a_problem_leads_people_to_a_page_and_programs_to_json() {
    let gateway = Sandboxed::start();
    let get = |target: &str, accept: &str| {
        let answer = gateway.request("GET", target, &[("Accept", accept)], b"");
        assert_eq!(answer.status, 200, "{target} {accept}: {answer:?}");
        assert_eq!(answer.header("vary"), Some("Accept"), "RFC 9110 §12.5.5");
        answer
    };
    for (target, words) in [
        (
            "/problems/room-not-found",
            vec!["Room not found", "404", "list the rooms"],
        ),
        (
            "/problems",
            vec!["room-not-found", "malformed-json", "Body is not JSON"],
        ),
    ] {
        for accept in [
            "text/html",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/*, application/json;q=0.5",
        ] {
            let page = get(target, accept);
            assert_eq!(
                page.header("content-type"),
                Some("text/html; charset=utf-8")
            );
            assert!(page.header("content-security-policy").is_some());
            let html = page.text();
            for word in &words {
                assert!(html.contains(word), "{word}: {html}");
            }
        }
        for accept in [
            "*/*",
            "application/json",
            "application/json, text/html",
            "text/html;q=0.5, application/json",
            "application/problem+json",
            "image/png",
            "",
        ] {
            let answer = get(target, accept);
            assert_eq!(
                answer.header("content-type"),
                Some("application/json"),
                "{accept}"
            );
            assert!(answer.json().is_object());
        }
    }
}

#[test]
fn pages_of_one_type_are_sent_whatever_is_accepted() {
    let gateway = Sandboxed::start();
    for accept in [
        "application/vnd.oai.openapi+json",
        "text/html",
        "application/json",
        "a/b;q=0",
    ] {
        for (target, media_type) in [
            ("/openapi.json", "application/json"),
            ("/docs", "text/html; charset=utf-8"),
            ("/docs/plain", "text/html; charset=utf-8"),
            ("/docs/initializer.js", "text/javascript; charset=utf-8"),
        ] {
            let answer = gateway.request("GET", target, &[("Accept", accept)], b"");
            assert_eq!(answer.status, 200, "{target} {accept}");
            assert_eq!(answer.header("content-type"), Some(media_type));
        }
    }
}

#[test]
fn the_document_says_where_it_holds_and_whether_a_key_is_needed() {
    let gateway = Sandboxed::start();
    let open = &gateway.openapi().document;
    assert_eq!(
        open["servers"],
        serde_json::json!([{"url": "/", "description": "The gateway that serves this document."}])
    );
    assert_eq!(open["security"], serde_json::json!([]));
    assert_eq!(open["components"].get("securitySchemes"), None);
    let gateway = Sandboxed::plain_with(Config::default(), |mut setup| {
        setup.settings = format!(
            "callers: [{{name: a, key: {{env: KEY_A}}}}]\n{}",
            setup.settings
        );
        setup.env("KEY_A", "key-of-a")
    });
    let closed = &gateway.openapi().document;
    let needed = closed["security"][0].as_object().expect("a requirement");
    let (name, scopes) = needed.iter().next().expect("one scheme");
    assert_eq!((needed.len(), scopes), (1, &serde_json::json!([])));
    let scheme = &closed["components"]["securitySchemes"][name];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&"http".into(), &"bearer".into())
    );
}
