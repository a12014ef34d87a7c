//! A success status whose body says that it is none.

use std::collections::HashSet;

use validate::{Node, Place, View};

use crate::answer::{FailsIf, Success};
use crate::decode::texts_at;
use crate::document::{Document, Tree};
use crate::mismatch::Mismatch;

/// Most entries that are named; a bulk call with thousands of failures must not become an answer
/// of megabytes.
const MAX_ITEMS: usize = 100;

/// Whether the place, in the answer's own names, says the value. A place that is not there says
/// nothing.
pub(super) fn holds(fails_if: &FailsIf, document: &Document) -> bool {
    texts_at(document, fails_if.at.tokens())
        .iter()
        .any(|text| text.trim() == fails_if.equals)
}

/// An XML answer whose root is neither the one that the predicate names nor one that the value stands in:
/// it is of somebody else, such as a proxy's error page, and says nothing of success.
pub(super) fn check_root<E>(success: &Success<E>, document: &Document) -> Result<(), Mismatch> {
    let (Some(fails_if), Tree::Xml(root)) = (&success.fails_if, &document.tree) else {
        return Ok(());
    };
    let Some(named) = fails_if.at.tokens().first() else {
        return Ok(());
    };
    let mut known = success.at.iter().filter_map(|at| at.first());
    if *root.name == **named || known.any(|at| *root.name == **at) {
        return Ok(());
    }
    Err(Mismatch::new(
        format!("the root element `{named}`"),
        "another root element",
    )
    .or_excerpt(&document.excerpt))
}

pub(super) fn unclear(fails_if: &FailsIf) -> Mismatch {
    Mismatch::new(
        format!("anything but `{}`", fails_if.equals),
        "the value that means failure",
    )
    .at(fails_if.at.to_string())
}

/// Pointers of the request's scalars that equal one of the named values, in the request's order.
/// Linear in both: how many there are is the vendor's choice and the caller's.
pub(super) fn named_entries(
    fails_if: &FailsIf,
    document: &Document,
    request: Option<Node<'_>>,
) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(items), Some(request)) = (&fails_if.items, request) {
        let texts = texts_at(document, items.tokens());
        let named: HashSet<&str> = texts.iter().map(|text| text.trim()).collect();
        search(request, &named, &Place::Root, &mut found);
    }
    found
}

fn search(value: Node<'_>, named: &HashSet<&str>, place: &Place<'_>, found: &mut Vec<String>) {
    if found.len() >= MAX_ITEMS {
        return;
    }
    match value.view() {
        View::Text(text) if named.contains(text.trim()) => found.push(place.pointer()),
        View::Number(number) if named.contains(&*number.to_string()) => {
            found.push(place.pointer());
        }
        View::Array(items) => {
            for (index, item) in items.enumerate() {
                search(item, named, &Place::Index(place, index), found);
            }
        }
        View::Object(members) => {
            for (name, member) in members {
                search(member, named, &Place::Key(place, name), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use grammar::Pointer;
    use serde_json::{Value, json};

    use super::*;
    use crate::encoding::Encoding;

    fn entries(answer: &Value, request: &Value) -> Vec<String> {
        let fails_if = FailsIf {
            at: Pointer::root(),
            equals: String::new(),
            row: None,
            items: Some("/ids".parse().unwrap()),
        };
        let answer = answer.to_string();
        let document = Document::parse(Encoding::Json, None, answer.as_bytes()).unwrap();
        named_entries(&fails_if, &document, Some(request.into()))
    }

    /// Each against each would be 40,000,000,000 comparisons, and one copy of the long key for each
    /// entry 50 GB.
    #[test]
    fn many_names_and_many_entries_are_matched_in_linear_time() {
        let key = "k".repeat(500_000);
        let ids: Vec<Value> = (0..200_000).map(|n| json!(format!("none {n}"))).collect();
        let mut sent: Vec<Value> = (0..200_000).map(Value::from).collect();
        sent[7] = json!(" none 3 ");
        let found = entries(
            &json!({"ids": ids}),
            &json!({"a/b": sent, key: [1, "none 4"]}),
        );
        assert_eq!(
            found,
            ["/a~1b/7", ""],
            "a place too long is its nearest ancestor"
        );
    }
}
