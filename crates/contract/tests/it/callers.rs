//! What a caller needs to know of an operation beside its schemas: fields of requests and answers, statuses,
//! problems, and which texts are refused. It holds for every contract.

use std::collections::BTreeSet;

use contract::{Plan, guarded_document};
use serde_json::Value;

use crate::support::{NOTES, POST, SHELF, compiled, repository};

const FOREIGN: [&str; 5] = [
    "depot",
    "ispring-sessions",
    "moved-shelf",
    "netex-courses",
    "netex-plans",
];

fn plans() -> Vec<Plan> {
    let foreign = FOREIGN.map(|name| format!("tests/contracts/{name}.yaml"));
    let files = foreign
        .iter()
        .map(String::as_str)
        .chain(["config/contract.yaml"]);
    let mut plans: Vec<Plan> = files
        .map(|path| compiled(path, &repository(path)))
        .collect();
    plans.extend(
        [
            ("shelf.yaml", SHELF),
            ("notes.yaml", NOTES),
            ("post.yaml", POST),
        ]
        .map(|(name, text)| compiled(name, text)),
    );
    plans
}

/// Method, and what is served of it.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let items = document["paths"].as_object().unwrap().values();
    let members = items.flat_map(|item| item.as_object().unwrap());
    let members = members.map(|(method, operation)| (method.as_str(), operation));
    members.filter(|(_, operation)| operation.get("operationId").is_some())
}

fn find<'d>(document: &'d Value, id: &str) -> &'d Value {
    operations(document)
        .find(|(_, one)| one["operationId"] == id)
        .unwrap()
        .1
}

/// The fields of requests that an operation names.
fn fields(operation: &Value) -> Vec<&str> {
    let list = operation["parameters"].as_array().into_iter().flatten();
    list.filter(|one| one["in"] == "header")
        .map(|one| one["name"].as_str().unwrap())
        .collect()
}

fn headers<'d>(operation: &'d Value, status: &str) -> BTreeSet<&'d str> {
    let all = operation["responses"][status]["headers"]
        .as_object()
        .into_iter()
        .flatten();
    all.map(|(name, _)| name.as_str()).collect()
}

fn codes<'d>(operation: &'d Value, status: &str) -> Vec<&'d str> {
    let examples =
        &operation["responses"][status]["content"]["application/problem+json"]["examples"];
    examples
        .as_object()
        .into_iter()
        .flatten()
        .map(|(code, _)| code.as_str())
        .collect()
}

#[test]
fn the_fields_of_requests_stand_where_they_count() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    for (id, expected) in [
        (
            "createBook",
            &["Idempotency-Key", "If-Match", "Request-Timeout"][..],
        ),
        (
            "listBooks",
            &[
                "If-None-Match",
                "If-Match",
                "Cache-Control",
                "Request-Timeout",
            ],
        ),
        (
            "getBook",
            &[
                "If-None-Match",
                "If-Match",
                "Cache-Control",
                "Request-Timeout",
            ],
        ),
        (
            "upsertBookByIsbn",
            &["If-Match", "If-None-Match", "Request-Timeout"],
        ),
        ("deleteBookByIsbn", &["If-Match", "Request-Timeout"]),
    ] {
        assert_eq!(fields(find(&document, id)), expected, "{id}");
    }
    for plan in plans() {
        for (method, operation) in operations(&plan.openapi) {
            let names = fields(operation);
            assert!(names.contains(&"Request-Timeout"), "{operation}");
            let write = codes(operation, "504").contains(&"write-outcome-unknown");
            assert_eq!(
                names.contains(&"Idempotency-Key"),
                method == "post" && write,
                "{operation}"
            );
            assert_eq!(names.contains(&"Cache-Control"), !write, "{operation}");
        }
    }
}

#[test]
fn the_fields_of_answers_stand_where_they_are_sent() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let create = find(&document, "createBook");
    assert_eq!(
        headers(create, "201"),
        BTreeSet::from(["Location", "Idempotent-Replayed"])
    );
    assert_eq!(
        headers(create, "409"),
        BTreeSet::from(["Retry-After", "Idempotent-Replayed"])
    );
    assert_eq!(
        headers(create, "503"),
        BTreeSet::from(["Retry-After", "Idempotent-Replayed"])
    );
    assert_eq!(
        headers(create, "415"),
        BTreeSet::from(["Accept", "Accept-Encoding"])
    );
    let read = find(&document, "getBookByIsbn");
    let cached = BTreeSet::from(["ETag", "Cache-Control", "Age", "Cache-Status"]);
    assert_eq!(headers(read, "200"), cached);
    assert_eq!(headers(read, "304"), cached);
    assert_eq!(
        headers(read, "404"),
        BTreeSet::from(["Cache-Control", "Cache-Status", "Age"])
    );
    assert_eq!(
        headers(find(&document, "getBook"), "200"),
        BTreeSet::from(["ETag", "Cache-Control"])
    );
    for (name, field) in document["components"]["headers"].as_object().unwrap() {
        assert!(
            field["description"].is_string() && field["schema"]["type"].is_string(),
            "{name}"
        );
    }
}

#[test]
fn a_deprecated_operation_says_in_every_answer_what_is_sent_with_it() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let list = find(&document, "listBooks");
    let statuses = list["responses"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|status| *status != "default");
    for status in statuses {
        let fields = headers(list, status);
        assert!(
            fields.is_superset(&BTreeSet::from(["Deprecation", "Sunset", "Link"])),
            "{status}: {fields:?}"
        );
    }
    for (_, operation) in operations(&document).filter(|(_, one)| one["deprecated"] != true) {
        assert!(
            !operation.to_string().contains("headers/Deprecation"),
            "{operation}"
        );
    }
}

#[test]
fn every_status_that_an_operation_can_answer_stands_there_with_its_codes() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let create = find(&document, "createBook");
    let statuses: Vec<&str> = create["responses"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        statuses,
        [
            "201", "400", "404", "406", "408", "409", "412", "413", "414", "415", "422", "431",
            "500", "502", "503", "504", "default"
        ]
    );
    assert_eq!(
        codes(create, "409"),
        ["isbn-taken", "loans-blocked", "request-in-progress"]
    );
    assert_eq!(
        codes(create, "504"),
        ["upstream-timeout", "write-outcome-unknown"]
    );
    let read = find(&document, "getBook");
    assert_eq!(codes(read, "504"), ["not-in-cache", "upstream-timeout"]);
    assert!(read["responses"].get("422").is_none() && read["responses"].get("415").is_none());
    // A predicate's problem, and those of the create that it may become.
    let upsert = codes(find(&document, "upsertBookByIsbn"), "409");
    assert!(
        upsert.contains(&"loans-blocked") && upsert.contains(&"isbn-taken"),
        "{upsert:?}"
    );
    let paged = codes(find(&document, "listBooks"), "400");
    assert!(
        paged.contains(&"invalid-cursor") && !paged.contains(&"malformed-json"),
        "{paged:?}"
    );
}

#[test]
fn every_code_is_shown_by_an_example_of_its_status() {
    for plan in plans() {
        let guarded = guarded_document(&plan);
        for document in [&plan.openapi, &guarded] {
            for (_, operation) in operations(document) {
                for status in operation["responses"].as_object().unwrap().keys() {
                    for code in codes(operation, status) {
                        let example = &document["components"]["examples"][code]["value"];
                        assert_eq!(example["code"], code);
                        assert_eq!(example["status"].to_string(), *status, "{code}");
                    }
                }
            }
        }
    }
}

#[test]
fn where_callers_need_keys_each_operation_says_so() {
    for plan in plans() {
        let open = plan.openapi.to_string();
        for code in ["unauthenticated", "forbidden", "rate-limited"] {
            assert!(!open.contains(&format!("examples/{code}")), "{code}");
        }
        let document = guarded_document(&plan);
        let scheme = &document["components"]["securitySchemes"]["caller_key"];
        assert_eq!(
            (&scheme["type"], &scheme["scheme"]),
            (&"http".into(), &"bearer".into())
        );
        assert_eq!(
            document["security"][0]["caller_key"],
            Value::Array(Vec::new())
        );
        for (_, operation) in operations(&document) {
            assert_eq!(codes(operation, "401"), ["unauthenticated"]);
            assert!(headers(operation, "401").contains("WWW-Authenticate"));
            assert!(codes(operation, "403").contains(&"forbidden"));
            assert!(codes(operation, "429").contains(&"rate-limited"));
            assert!(headers(operation, "429").contains("Retry-After"));
            assert!(operation["responses"]["default"].is_object());
        }
        for field in ["WWW-Authenticate", "Retry-After"] {
            assert!(
                document["components"]["headers"][field].is_object(),
                "{field}"
            );
        }
    }
}

#[test]
fn what_stands_in_a_served_document_is_read_by_its_own_meta_schema() {
    for plan in plans() {
        for document in [&plan.openapi, &guarded_document(&plan)] {
            let schemas = document["components"]["schemas"].as_object().unwrap();
            for (name, schema) in schemas {
                assert!(jsonschema::meta::is_valid(schema), "{name}: {schema}");
            }
            assert!(document["servers"][0]["url"].is_string());
        }
    }
}

#[test]
fn no_name_of_our_schemas_is_another_ones_constructor_or_the_same_in_another_spelling() {
    let plan = compiled("contract.yaml", &repository("config/contract.yaml"));
    let names: Vec<String> = plan.openapi["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let plain = |name: &str| name.replace(['_', '-', '.'], "").to_lowercase();
    let mut seen = BTreeSet::new();
    for name in &names {
        // Go calls the constructor of `Room` `NewRoom`.
        let made = name.strip_prefix("New");
        assert!(
            !made.is_some_and(|made| names.iter().any(|other| other == made)),
            "{name}"
        );
        assert!(seen.insert(plain(name)), "{name}");
    }
    let ids: Vec<String> = operations(&plan.openapi)
        .map(|(_, one)| one["operationId"].as_str().unwrap().to_owned())
        .collect();
    for id in ids {
        // Generators make `<Operation>Params`, `<Operation>Response` and `<Operation>JSONRequestBody` of an operation.
        for suffix in [
            "",
            "params",
            "response",
            "request",
            "jsonrequestbody",
            "jsonbody",
        ] {
            assert!(
                !seen.contains(&format!("{}{suffix}", plain(&id))),
                "{id}{suffix}"
            );
        }
    }
    assert_eq!(plan.openapi["info"]["license"]["identifier"], "Apache-2.0");
}
