//! Tags of the contract → tags with values.

use std::sync::Arc;

use contract::{Operation, Source, TagReach, TagSource};
use translate::JsonText;
use validate::Node;

use crate::cache::{FenceTag, Tag};
use crate::engine::accept::input::Input;
use crate::engine::accept::invocation::Invocation;

/// What a read asks for: the tags that are known before the answer.
pub fn asked(tags: &[TagSource], input: &Input) -> Vec<Tag> {
    tags.iter()
        .filter(|tag| !reads_answer(tag))
        .map(|tag| of_request(tag, input))
        .collect()
}

/// What an answer shows besides. What is absent makes no tag.
pub fn shown<'t>(
    tags: &'t [TagSource],
    answer: Option<&'t JsonText>,
) -> impl Iterator<Item = Tag> + use<'t> {
    tags.iter().filter_map(move |tag| {
        let TagReach::Kind {
            kind,
            value: Some(Source::Pointer(place)),
        } = &tag.reach
        else {
            return None;
        };
        let text = answer?.scalar(place.tokens())?;
        Some(Tag::of_kind(
            tag.name.clone(),
            kind.clone(),
            Some((*text).into()),
        ))
    })
}

/// What a problem shows: that something is not there, which every write to anything of the name may
/// change.
pub fn of_absence(asked: &[Tag]) -> Vec<Tag> {
    let mut tags = asked.to_vec();
    for tag in asked {
        let whole = tag.whole();
        if !tags.contains(&whole) {
            tags.push(whole);
        }
    }
    tags
}

/// What a write may change, and what it may change as the create that it may become, by upstream.
pub fn written(write: Invocation<'_>) -> Vec<(&Arc<str>, Vec<Tag>)> {
    let mut changes = Vec::new();
    collect(write, &mut changes);
    if let Some(create) = write.binding().create_if_absent() {
        collect(write.of(create.operation, write.input), &mut changes);
    }
    changes
}

fn collect<'r>(write: Invocation<'r>, changes: &mut Vec<(&'r Arc<str>, Vec<Tag>)>) {
    let Invocation { runtime, input, .. } = write;
    let operation = write.operation();
    let plan = operation.binding.write().into_iter();
    let invalidates = plan.flat_map(|plan| &plan.invalidates);
    for tag in invalidates.map(|tag| of_request(tag, input)) {
        add(changes, &operation.binding.upstream, tag);
    }
    // RFC 9111 §4.4: what the GET of the same path shows is void, whatever the contract says of it.
    let Some(read) = runtime
        .read_of(write.index)
        .map(|read| runtime.operation(read))
    else {
        return;
    };
    if let Some(rule) = read.binding.cache() {
        for tag in asked(&rule.tags, &as_read(operation, read, input)) {
            add(changes, &read.binding.upstream, tag);
        }
    }
}

/// The request of the GET of the same path, which may name the parameters otherwise.
fn as_read(write: &Operation, read: &Operation, input: &Input) -> Input {
    let names = write.placeholders().zip(read.placeholders());
    let path =
        names.filter_map(|(own, theirs)| Some((theirs.to_owned(), input.path.get(own)?.clone())));
    Input {
        path: path.collect(),
        query: input.query.clone(),
        body: None,
    }
}

fn add<'r>(changes: &mut Vec<(&'r Arc<str>, Vec<Tag>)>, upstream: &'r Arc<str>, tag: Tag) {
    let at = changes.iter().position(|(known, _)| *known == upstream);
    let at = at.unwrap_or_else(|| {
        changes.push((upstream, Vec::new()));
        changes.len() - 1
    });
    let Some((_, tags)) = changes.get_mut(at) else {
        return;
    };
    let other = tag.without_zeros();
    for tag in [Some(tag), other].into_iter().flatten() {
        let is_known =
            |known: &Tag| *known == tag || (known.kind().is_none() && known.name() == tag.name());
        if !tags.iter().any(is_known) {
            tags.push(tag);
        }
    }
}

fn reads_answer(tag: &TagSource) -> bool {
    matches!(
        tag.reach,
        TagReach::Kind {
            value: Some(Source::Pointer(_)),
            ..
        }
    )
}

/// A value that the request lacks could be any.
fn of_request(tag: &TagSource, input: &Input) -> Tag {
    let TagReach::Kind { kind, value } = &tag.reach else {
        return Tag::all(tag.name.clone());
    };
    let value = match value {
        None => None,
        Some(source) => match input.look_at(source).and_then(Node::scalar_text) {
            Some(text) => Some(text.into()),
            None => return Tag::all(tag.name.clone()),
        },
    };
    Tag::of_kind(tag.name.clone(), kind.clone(), value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use validate::FlatJson;

    use super::*;

    fn source(kind: &str, value: Option<Source>) -> TagSource {
        TagSource {
            name: "room".into(),
            reach: TagReach::Kind {
                kind: kind.into(),
                value,
            },
        }
    }

    fn pointer(name: &str) -> Option<Source> {
        Some(Source::Pointer(format!("/{name}").parse().unwrap()))
    }

    fn texts(tags: impl IntoIterator<Item = Tag>) -> Vec<String> {
        tags.into_iter().map(|tag| tag.to_string()).collect()
    }

    #[test]
    fn a_read_has_the_name_that_was_asked_for_and_what_the_answer_says() {
        let tags = [
            source("id", Some(Source::Path("id".to_owned()))),
            source("id", pointer("id")),
            source("external_id", pointer("external_id")),
            source("list", None),
        ];
        let input = Input {
            path: [("id".to_owned(), "7".parse().unwrap())].into(),
            ..Input::default()
        };
        assert_eq!(texts(asked(&tags, &input)), ["room.id=7", "room.list"]);
        let answer = JsonText::from(&json!({"id": 7, "external_id": null}));
        assert_eq!(texts(shown(&tags, Some(&answer))), ["room.id=7"]);
        assert_eq!(texts(shown(&tags, None)), Vec::<String>::new());
    }

    #[test]
    fn what_a_request_lacks_could_be_any() {
        let tags = [source("external_id", pointer("external_id"))];
        let body = |body| Input {
            body: Some(FlatJson::from(&body)),
            ..Input::default()
        };
        let write = |input: &Input| of_request(&tags[0], input).to_string();
        assert_eq!(
            write(&body(json!({"external_id": "a=b"}))),
            "room.external_id=a=b"
        );
        assert_eq!(write(&body(json!({}))), "room.*");
        assert_eq!(write(&Input::default()), "room.*");
    }

    #[test]
    fn an_absence_shows_the_whole_name_once() {
        let asked = [
            Tag::parse("room.id=1").unwrap(),
            Tag::parse("room.external_id=a").unwrap(),
        ];
        assert_eq!(
            texts(of_absence(&asked)),
            ["room.id=1", "room.external_id=a", "room.*"]
        );
    }
}
