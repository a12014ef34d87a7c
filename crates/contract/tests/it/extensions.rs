//! The JSON Schema of the extensions, beside the compiler.

use jsonschema::Draft;
use serde_json::Value;

use crate::support::{SHELF, repository};

fn validator() -> jsonschema::Validator {
    let schema = contract::schema();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&schema)
        .unwrap()
}

fn value(text: &str) -> Value {
    contract::yaml::Document::parse(text).unwrap().value
}

#[test]
fn what_compiles_fits_the_schema() {
    let validator = validator();
    let files = [
        "config/contract.yaml",
        "tests/contracts/ispring-sessions.yaml",
        "tests/contracts/netex-courses.yaml",
        "tests/contracts/netex-plans.yaml",
    ];
    let texts = files
        .iter()
        .map(|path| repository(path))
        .chain([SHELF.to_owned()]);
    for text in texts {
        let errors: Vec<String> = validator
            .iter_errors(&value(&text))
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn misspelled_words_and_wrong_types_do_not_fit() {
    let validator = validator();
    let patches = [
        ("needs: [/isbn, /title]", "neds: [/isbn, /title]"),
        ("repeatable: false", "repeatable: never"),
        ("body: ignored", "body: never"),
        ("x-form: repeat", "x-form: comma"),
        ("compare: returned", "compare: sent"),
        ("mode: {const: full}", "mode: {const: full, from: path}"),
        ("missing: look_up", "missing: guess"),
        ("scan: AAA999", "scan: AAA9X"),
        ("xml: {wrapped: true}", "xml: {wraped: true}"),
        (
            "SHF002: {problem: validation-failed,",
            "SHF002: {problme: validation-failed,",
        ),
    ];
    for (find, put) in patches {
        assert!(SHELF.contains(find), "{find}");
        assert!(
            !validator.is_valid(&value(&SHELF.replacen(find, put, 1))),
            "{put}"
        );
    }
}
