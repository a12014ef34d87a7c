//! `docs/contract.md`: every example compiles, every word and code is explained.

use contract::CODES;
use contract::yaml::Document;
use serde_json::Value;

use crate::support::{rendered, repository};

const PAGE: &str = "docs/contract.md";

/// The fenced YAML blocks with the line on which each begins.
fn examples(page: &str) -> Vec<(usize, String)> {
    let mut examples: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (index, line) in page.lines().enumerate() {
        match (inside, line) {
            (false, "```yaml") => {
                inside = true;
                examples.push((index + 2, String::new()));
            }
            (true, "```") => inside = false,
            (true, text) => {
                let (_, example) = examples.last_mut().unwrap();
                example.push_str(text);
                example.push('\n');
            }
            _ => {}
        }
    }
    examples
}

/// RFC 7396.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Default::default());
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(&name);
        } else {
            merge(&mut target[&name], value);
        }
    }
}

#[test]
fn every_example_compiles() {
    let page = repository(PAGE);
    let examples = examples(&page);
    assert!(examples.len() > 8);
    let parse = |(line, text): &(usize, String)| match Document::parse(text) {
        Ok(document) => document.value,
        Err(findings) => panic!("{PAGE}:{line}\n{}", rendered(PAGE, text, &findings)),
    };
    let whole = parse(&examples[0]);
    for example in &examples {
        let mut value = whole.clone();
        merge(&mut value, parse(example));
        let text = serde_json::to_string_pretty(&value).unwrap();
        if let Err(findings) = contract::compile(&text) {
            panic!(
                "{PAGE}:{}\n{}",
                example.0,
                rendered("merged", &text, &findings)
            );
        }
    }
}

#[test]
fn every_word_stands_in_an_example_and_on_the_page() {
    let page = repository(PAGE);
    let examples: String = examples(&page).into_iter().map(|(_, text)| text).collect();
    let schema = contract::schema();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        if definition["additionalProperties"] != false {
            continue;
        }
        for word in definition["properties"].as_object().unwrap().keys() {
            assert!(
                examples.contains(&format!("{word}:")),
                "no example with `{word}` of {name}"
            );
            assert!(
                page.contains(&format!("`{word}")),
                "`{word}` of {name} is not explained"
            );
        }
    }
}

#[test]
fn every_code_is_listed_with_its_meaning() {
    let page = repository(PAGE);
    let listed: Vec<&str> = page
        .lines()
        .skip_while(|line| *line != "| code | meaning |")
        .skip(2)
        .collect();
    let expected: Vec<String> = CODES
        .iter()
        .map(|(code, meaning)| format!("| `{code}` | {meaning} |"))
        .collect();
    assert_eq!(listed, expected);
}
