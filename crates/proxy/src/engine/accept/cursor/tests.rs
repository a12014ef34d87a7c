use serde_json::json;

use super::*;

const CONTRACT: &str = r#"
openapi: 3.1.0
info: {title: Library, version: 1.0.0}
x-vendors: {shelf: {}}
paths:
  /v1/shelves/{shelf}/books:
    get:
      operationId: listBooks
      parameters:
        - {name: shelf, in: path, required: true, schema: {type: integer}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 500}}
        - {name: cursor, in: query, schema: {type: string, maxLength: 256}}
        - {name: subject, in: query, required: true, schema: {type: array, items: {type: string}, maxItems: 3, x-form: repeat}}
        - {name: price, in: query, schema: {type: number, maximum: 100}}
      responses:
        '200': {description: A page., content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
      x-upstream:
        upstream: shelf
        method: GET
        path: /shelves/{shelf}/books
        query: {topic: {from: query, name: subject}, most: {from: query, name: price}}
        paging: {style: offset, start: from, first: 1, count: size, end: ['204']}
        response:
          encoding: json
          success: [{status: [200], body: required, value: [{to: /items, from: body}], emit: {status: 200}}]
        errors: {}
components:
  schemas:
    Page:
      type: object
      required: [items]
      properties:
        items: {type: array, items: {type: string}}
        next_cursor: {type: [string, 'null']}
"#;

fn operation() -> Operation {
    let mut plan = contract::compile(CONTRACT).expect("the contract compiles");
    plan.operations.remove(0)
}

fn path(shelf: &str) -> BTreeMap<String, PathSegment> {
    [("shelf".to_owned(), shelf.parse().unwrap())].into()
}

fn query(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    pairs.collect()
}

fn given(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    pairs
        .iter()
        .map(|(name, values)| ((*name).to_owned(), texts(values)))
        .collect()
}

#[test]
fn a_cursor_reads_back_and_nothing_else_does() {
    let (operation, path_1, path_2) = (operation(), path("1"), path("2"));
    let list = List {
        operation: &operation,
        path: &path_1,
    };
    let asked = query(&[
        ("subject", json!(["ñ &=", "b"])),
        ("price", json!(1.5)),
        ("limit", json!(25)),
    ]);
    let cursor = Cursor::of(50, 25, &asked);
    assert_eq!(cursor.carried["price"], ["1.5"]);
    let text = cursor.write(list);
    assert_eq!(Cursor::read(list, &text), Some(cursor));
    assert_eq!(
        Cursor::read(
            List {
                path: &path_2,
                ..list
            },
            &text
        ),
        None,
        "another list"
    );
    for at in 0..text.len() {
        let mut broken = text.clone().into_bytes();
        broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
        let broken = String::from_utf8(broken).unwrap();
        assert_eq!(Cursor::read(list, &broken), None, "{broken}");
    }
    for bad in [
        "",
        "zz",
        "3",
        "é",
        "31",
        "Ag",
        &text[1..],
        &format!("{text}A"),
    ] {
        assert_eq!(Cursor::read(list, bad), None, "{bad}");
    }
}

#[test]
fn what_a_cursor_carries_is_checked_as_a_query_is() {
    let (operation, path) = (operation(), path("1"));
    let list = List {
        operation: &operation,
        path: &path,
    };
    let forged = |start: u64, limit: u64, pairs: &[(&str, &[&str])]| {
        let cursor = Cursor {
            start,
            limit,
            carried: given(pairs).into_iter().collect(),
        };
        let text = cursor.write(list);
        check(list, &given(&[("cursor", &[&text])]), true)
    };
    let subject: (&str, &[&str]) = ("subject", &["a"]);
    let good = forged(51, 25, &[subject, ("price", &["99"])]).unwrap();
    let expected = [
        ("subject", json!(["a"])),
        ("price", json!(99)),
        ("limit", json!(25)),
        ("cursor", json!(51)),
    ];
    assert_eq!(good, query(&expected));
    for (start, limit, pairs) in [
        (51, 1_000_000_000, &[subject][..]),
        (51, 0, &[subject]),
        (0, 25, &[subject]),
        (LAST_INDEX + 1, 25, &[subject]),
        (u64::MAX, 25, &[subject]),
        (51, 25, &[]),
        (51, 25, &[("subject", &["a", "b", "c", "d"])]),
        (51, 25, &[("subject", &[])]),
        (51, 25, &[subject, ("price", &["1000"])]),
        (51, 25, &[subject, ("price", &["1", "2"])]),
        (51, 25, &[subject, ("colour", &["red"])]),
        (51, 25, &[subject, ("shelf", &["2"])]),
        (51, 25, &[subject, ("limit", &["25"])]),
        (51, 25, &[subject, ("cursor", &["x"])]),
    ] {
        let refused = forged(start, limit, pairs);
        assert!(
            refused
                .as_ref()
                .is_err_and(|refusal| refusal.is(GatewayProblem::InvalidCursor)),
            "{start} {limit} {pairs:?}: {refused:?}"
        );
    }
}

#[test]
fn a_parameter_is_repeated_equal_or_not_at_all() {
    let (operation, path) = (operation(), path("1"));
    let list = List {
        operation: &operation,
        path: &path,
    };
    let asked = query(&[("subject", json!(["a b", "c"])), ("price", json!(1.5))]);
    let text = Cursor::of(51, 25, &asked).write(list);
    let with = |pairs: &[(&str, &[&str])]| {
        let mut all = given(&[("cursor", &[&text])]);
        all.extend(given(pairs));
        check(list, &all, true)
    };
    let alone = with(&[]).unwrap();
    for pairs in [
        &[("limit", &["25"][..])][..],
        &[("subject", &["a b", "c"])],
        &[
            ("price", &["1.50"]),
            ("subject", &["a b", "c"]),
            ("limit", &["25"]),
        ],
    ] {
        assert_eq!(with(pairs).unwrap(), alone, "{pairs:?}");
    }
    for pairs in [
        &[("limit", &["26"][..])][..],
        &[("limit", &["25", "25"])],
        &[("limit", &["x"])],
        &[("subject", &["c", "a b"])],
        &[("subject", &["a b"])],
        &[("price", &["2"])],
        &[("colour", &["red"])],
    ] {
        assert!(with(pairs).is_err(), "{pairs:?}");
    }
    let old = check(list, &given(&[("cursor", &["31206c6973"])]), true).unwrap_err();
    assert!(old.detail.contains("earlier release"), "{}", old.detail);
}

#[test]
fn a_query_that_no_cursor_could_carry_is_known_before_the_first_page() {
    let (operation, path) = (operation(), path("1"));
    let list = List {
        operation: &operation,
        path: &path,
    };
    assert!(fits(
        list,
        500,
        &query(&[("subject", json!(["a".repeat(100)]))])
    ));
    assert!(!fits(
        list,
        500,
        &query(&[("subject", json!(["a".repeat(200)]))])
    ));
}
