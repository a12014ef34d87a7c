//! A success status whose body says that it is none.

use std::collections::HashSet;

use validate::{Node, Place, View};

use crate::answer::{FailsIf, Success};
use crate::document::{Document, Format, Wanted};
use crate::mismatch::Mismatch;

/// Most entries that are named; a bulk call with thousands of failures must not become an answer
/// of megabytes.
const MAX_ITEMS: usize = 100;

/// Whether the place, in the answer's own names, says the value. A place that is not there says
/// nothing.
///
/// # Errors
/// A document that is not well-formed. An XML answer whose root is neither the one that the predicate names nor
/// one that the value stands in: it is of somebody else, such as a proxy's error page, and says nothing of
/// success.
pub(super) fn holds<E>(
    success: &Success<E>,
    fails_if: &FailsIf,
    document: &Document<'_>,
) -> Result<bool, Mismatch> {
    let place = fails_if.at.tokens();
    let roots = std::iter::once(place).chain(success.at.iter().map(Vec::as_slice));
    let roots: Vec<&[String]> = roots.filter_map(|path| path.get(..1)).collect();
    let mut wanted = vec![Wanted::Texts { path: place }];
    if document.format == Format::Xml {
        wanted.extend(roots.iter().map(|root| Wanted::Value {
            path: root,
            namespace: None,
        }));
    }
    let found = document.search(&wanted)?;
    let (predicate, roots) = found
        .split_first()
        .map_or((None, &[][..]), |(first, others)| (Some(first), others));
    if let (Some(named), [_, ..]) = (place.first(), roots)
        && roots.iter().all(|root| root.values == 0)
    {
        let mismatch = Mismatch::new(
            format!("the root element `{named}`"),
            "another root element",
        );
        return Err(mismatch.or_excerpt(|| document.excerpt()));
    }
    let mut texts = predicate.into_iter().flat_map(|found| &found.texts);
    Ok(texts.any(|text| text.trim() == fails_if.equals))
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
    document: &Document<'_>,
    request: Option<Node<'_>>,
) -> Result<Vec<String>, Mismatch> {
    let mut found = Vec::new();
    if let (Some(items), Some(request)) = (&fails_if.items, request) {
        let path = items.tokens();
        let texts = document.search(&[Wanted::Texts { path }])?;
        let texts = texts.iter().flat_map(|found| &found.texts);
        let named: HashSet<&str> = texts.map(|text| text.trim()).collect();
        search(request, &named, &Place::Root, &mut found);
    }
    Ok(found)
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
    use crate::document::AnswerLimits;
    use crate::encoding::Encoding;

    fn entries(answer: &Value, request: &Value) -> Vec<String> {
        let fails_if = FailsIf {
            at: Pointer::root(),
            equals: String::new(),
            row: None,
            items: Some("/ids".parse().unwrap()),
        };
        let answer = answer.to_string();
        let limits = AnswerLimits::default();
        let document = Document::of(Encoding::Json, None, answer.as_bytes(), &limits).unwrap();
        named_entries(&fails_if, &document, Some(request.into())).unwrap()
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
