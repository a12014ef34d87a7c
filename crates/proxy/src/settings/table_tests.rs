//! The table against the code that reads by it, and against the document that shows it.

mod document;

use std::path::Path;

use grammar::pointer;
use serde_json::Value;

use super::effective::value_of;
use super::key::{Need, Row, ValueType};
use super::node::Node;
use super::reading::{ReadKey, Reading};
use super::source::Source;
use super::{ROOT, Settings, read};

/// In which every variant, every mapping of names and every list occurs.
const EVERYTHING: &str = "
admin_keys: [{name: a, key: {env: A}}]
callers: [{name: a, key: {env: A}, operations: [getRoom], quota: {requests: 1, per: 1s}}]
cache: {operations: {getRoom: {ttl: 1s}}}
traces: {endpoint: 'https://v.example', headers: {X-Key: {env: A}}}
evidence: {}
shared:
  sentinel: {master: m, addresses: ['a:1'], tls: true, username: u, password: {env: A}}
  username: u
  password: {env: A}
  ca_file: a.pem
upstreams:
  none: {base_url: 'https://v.example', auth: {kind: none}, headers: {Accept: text/xml}, rate: {requests: 1, per: 1s}}
  header: {base_url: 'https://v.example', auth: {kind: header, name: X-Key, value: {env: A}}}
  headers: {base_url: 'https://v.example', auth: {kind: headers, headers: {X-Key: {env: A}}}}
  query: {base_url: 'https://v.example', auth: {kind: query, name: key, value: {env: A}}}
  form: {base_url: 'https://v.example', auth: {kind: form, fields: {key: {env: A}}}}
  oauth:
    base_url: https://v.example
    auth: {kind: oauth2_client_credentials, token_path: /t, client_id: a, client_secret: {env: A}, parameters: {a: b}}
";

fn asked(text: &str) -> Vec<ReadKey> {
    let source = Source::read(text, Vec::new(), ROOT).unwrap();
    let reading = Reading::new(&source, Path::new(""));
    let (settings, _) = read(&Node::root(&reading, ROOT), Path::new(""));
    let found = reading.finish();
    assert_eq!(found.mistakes, [], "{text}");
    assert!(settings.is_some());
    found.asked
}

/// Rows that a mapping with these can have; each with the path that leads to it.
fn walk(rows: &[&'static Row], path: &str, each: &mut dyn FnMut(String, &'static Row)) {
    for row in rows {
        let path = format!("{path}{}", row.name);
        each(path.clone(), row);
        match &row.holds {
            ValueType::Section(rows) => walk(rows, &format!("{path}."), each),
            ValueType::Variants(variants) => {
                for variant in *variants {
                    walk(variant.rows, &format!("{path}."), each);
                }
            }
            ValueType::Named { rows, placeholder } => {
                walk(rows, &format!("{path}.{placeholder}."), each);
            }
            ValueType::Listed(rows) => walk(rows, &format!("{path}[]."), each),
            _ => {}
        }
    }
}

/// The rows that may stand where a pointer leads, free names and indices left out.
fn rows_at(at: &str) -> Vec<&'static Row> {
    let mut level: Vec<&'static Row> = ROOT.to_vec();
    let mut found = Vec::new();
    let mut tokens = pointer::tokens(at).unwrap().into_iter();
    while let Some(token) = tokens.next() {
        found = level.into_iter().filter(|row| row.name == token).collect();
        level = Vec::new();
        for row in &found {
            match &row.holds {
                ValueType::Section(rows) => level.extend(*rows),
                ValueType::Variants(variants) => {
                    level.extend(variants.iter().flat_map(|variant| variant.rows));
                }
                ValueType::Named { rows, .. } | ValueType::Listed(rows) => {
                    tokens.next();
                    level.extend(*rows);
                }
                ValueType::NamedTexts { .. } | ValueType::NamedValues { .. } => {
                    tokens.next();
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_key_that_is_read_has_a_row_where_it_is_read() {
    for asked in asked(EVERYTHING) {
        let rows = rows_at(&asked.pointer);
        assert!(
            rows.iter().any(|row| std::ptr::eq(*row, asked.row)),
            "`{}` is read at {} and has no row in the table there",
            asked.row.name,
            asked.pointer
        );
    }
}

#[test]
fn every_row_is_read() {
    let asked = asked(EVERYTHING);
    walk(ROOT, "", &mut |path, row| {
        assert!(
            asked.iter().any(|asked| std::ptr::eq(asked.row, row)),
            "`{path}` has a row in the table, and nobody reads it"
        );
    });
}

/// A default that the reader would not take, or that is another than the table says, would be a lie.
#[test]
fn every_default_is_what_its_spelling_says() {
    let mut written: Value = serde_json::json!({});
    walk(ROOT, "", &mut |path, row| {
        let Need::Default(default) = &row.need else {
            return;
        };
        let mut node = &mut written;
        for name in path.split('.') {
            let name = name
                .replace("<operationId>", "getRoom")
                .replace("<name>", "v");
            node = &mut node[name];
        }
        *node = value_of(default);
    });
    written["traces"]["endpoint"] = "https://v.example".into();
    written["shared"]["sentinel"]["master"] = "m".into();
    written["shared"]["sentinel"]["addresses"] = serde_json::json!(["a:1"]);
    let short = "{evidence: {}, shared: {sentinel: {master: m, addresses: ['a:1']}}, traces: {endpoint: 'https://v.example'}, cache: {operations: {getRoom: {}}}, upstreams: {v: {base_url: 'https://v.example', auth: AUTH}}}";
    let grant = r#"{"kind": "oauth2_client_credentials", "token_path": "/t", "client_id": "a", "client_secret": {"env": "A"}}"#;
    let vendor = &mut written["upstreams"]["v"];
    vendor["base_url"] = "https://v.example".into();
    let members: Value = serde_json::from_str(grant).unwrap();
    for (name, value) in members.as_object().unwrap() {
        vendor["auth"][name] = value.clone();
    }
    let parse = |text: &str| Settings::parse(text, Path::new("")).unwrap();
    let (short, long) = (short.replace("AUTH", grant), written.to_string());
    assert!(long.matches(':').count() > 40, "{long}");
    assert_eq!(parse(&long), parse(&short));
}
