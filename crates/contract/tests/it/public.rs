//! The public document: nothing internal, everything that callers meet.

use jsonschema::Draft;
use serde_json::{Value, json};

use crate::support::{SHELF, compiled, repository};

fn documents() -> Vec<Value> {
    let served = repository("config/contract.yaml");
    vec![
        compiled("shelf.yaml", SHELF).openapi,
        compiled("contract.yaml", &served).openapi,
    ]
}

/// The schema of an answer, self-contained so that a plain JSON Schema validator reads it.
fn validator(document: &Value, pointer: &str) -> jsonschema::Validator {
    let mut schema = document.clone();
    schema["$ref"] = json!(format!("#{pointer}"));
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&schema)
        .unwrap()
}

#[test]
fn nothing_internal_is_left() {
    for document in documents() {
        let text = document.to_string();
        for internal in [
            "\"x-",
            "\"xml\"",
            "allOf",
            "/rest/",
            "physicalrooms",
            "externalid",
            "SHF",
            "ERR00",
        ] {
            assert!(!text.contains(internal), "{internal}");
        }
    }
}

#[test]
fn every_operation_documents_the_problem() {
    for document in documents() {
        let mut operations = 0;
        for item in document["paths"].as_object().unwrap().values() {
            for (method, operation) in item.as_object().unwrap() {
                if method != "parameters" {
                    operations += 1;
                    let default = &operation["responses"]["default"];
                    assert_eq!(
                        default["$ref"], "#/components/responses/Problem",
                        "{operation}"
                    );
                }
            }
        }
        assert!(operations > 5);
    }
}

#[test]
fn a_written_default_stands_once_behind_all_others() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let responses = |path: &str, method: &str| -> Vec<String> {
        let all = document["paths"][path][method]["responses"].as_object();
        all.unwrap().keys().cloned().collect()
    };
    for (path, method, first) in [("/v1/books", "post", "201"), ("/v1/books", "get", "200")] {
        let all = responses(path, method);
        assert_eq!(all.first().map(String::as_str), Some(first));
        assert_eq!(all.last().map(String::as_str), Some("default"));
        let statuses: Vec<u16> = all.iter().filter_map(|one| one.parse().ok()).collect();
        assert!(
            statuses.is_sorted() && statuses.len() == all.len() - 1,
            "{all:?}"
        );
    }
}

#[test]
fn the_problem_takes_what_the_gateway_says_and_no_other_code() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let validator = validator(&document, "/components/schemas/Problem");
    let mut problem = json!({
        "type": "/problems/isbn-taken", "title": "ISBN already in use", "status": 409, "code": "isbn-taken",
        "detail": "…", "instance": "/v1/books", "outcome": "not-done", "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "errors": [{"pointer": "/isbn", "code": "isbn-taken", "detail": "…"}],
        "upstream": {"name": "shelf", "status": 400, "code": "SHF409", "message": "…"}, "hint": "…",
    });
    assert!(validator.is_valid(&problem));
    problem["code"] = json!("isbn-lost");
    assert!(!validator.is_valid(&problem));
}

#[test]
fn a_flattened_answer_takes_the_fields_of_every_part() {
    // Unflattened, the closed part would refuse `id`.
    let document = compiled("shelf.yaml", SHELF).openapi;
    let validator = validator(&document, "/components/schemas/CreatedBook");
    assert!(validator.is_valid(&json!({"id": "7", "kind": "PAPER", "isbn": "a", "title": "t"})));
    assert!(
        !validator
            .is_valid(&json!({"id": "7", "kind": "PAPER", "isbn": "a", "title": "t", "x": 1}))
    );
}

#[test]
fn a_part_that_only_all_of_names_is_not_served() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let schemas = &document["components"]["schemas"];
    assert!(SHELF.contains("    BookFields:\n"));
    assert_eq!(schemas["BookFields"], Value::Null);
    // A part that is an answer or a request of its own as well.
    assert!(schemas["NewBook"].is_object());
}

#[test]
fn a_location_is_documented_where_it_is_sent() {
    let document = compiled("shelf.yaml", SHELF).openapi;
    let header = |path: &str, method: &str, status: &str| {
        document["paths"][path][method]["responses"][status]["headers"]["Location"].is_object()
    };
    assert!(header("/v1/books", "post", "201"));
    // The answer of a create that an update became is the create's.
    assert!(header("/v1/books/by-isbn/{isbn}", "put", "201"));
    assert!(!header("/v1/books/by-isbn/{isbn}", "put", "204"));
}

#[test]
fn references_of_the_public_document_lead_somewhere() {
    fn walk<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| walk(member, found));
            }
            Value::Array(entries) => entries.iter().for_each(|entry| walk(entry, found)),
            _ => {}
        }
    }
    for document in documents() {
        let mut references = Vec::new();
        walk(&document, &mut references);
        assert!(references.len() > 10);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
