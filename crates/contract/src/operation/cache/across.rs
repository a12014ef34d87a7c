//! The tags of reads and writes, held against each other.

use std::sync::Arc;

use crate::code::Code;
use crate::operation::cache::rule::Caching;
use crate::operation::cache::tag::Tagged;
use crate::plan::{TagReach, TagSource};
use crate::source::Node;

/// What one operation says of caches.
pub(crate) struct Cached<'d, 'a> {
    pub(crate) id: &'d str,
    pub(crate) is_read: bool,
    pub(crate) vendor: Option<&'d Arc<str>>,
    pub(crate) upstream: &'d Node<'a>,
    pub(crate) caching: &'d Caching<'a>,
}

/// Holds the tags of each vendor's reads and writes against each other.
pub(crate) fn check_tags(all: &[Cached<'_, '_>]) {
    for own in all {
        let neighbours = || {
            all.iter()
                .filter(|other| other.vendor.is_some() && other.vendor == own.vendor)
        };
        let borne = || {
            neighbours()
                .filter(|other| other.is_read)
                .flat_map(|other| &other.caching.tags)
                .map(|one| &one.tag)
        };
        one_spelling(own, neighbours().flat_map(|other| &other.caching.tags));
        if own.is_read || own.caching.broken {
            continue;
        }
        if own.upstream.get("invalidates").is_none() && borne().next().is_some() {
            own.upstream.report_help(
                Code::MissingKeyword,
                format!(
                    "`{}` writes to a vendor whose reads are cached, and lacks `invalidates`",
                    own.id
                ),
                "name the tags of what it may change, or write `invalidates: []`",
            );
        }
        if neighbours().any(|other| other.caching.broken) {
            continue;
        }
        for one in &own.caching.tags {
            if !borne().any(|tag| meets(&one.tag, tag)) {
                let text = written(&one.tag);
                let known: Vec<String> = borne().map(written).collect();
                one.node.report_unknown(
                    Code::UnknownName,
                    format!("no cached read of this vendor bears the tag `{text}`"),
                    &text,
                    known.iter().map(String::as_str),
                );
            }
        }
    }
}

/// Whether a write's tag and a read's can be the same.
fn meets(write: &TagSource, read: &TagSource) -> bool {
    let same_kind = match (&write.reach, &read.reach) {
        (TagReach::Kind { kind, .. }, TagReach::Kind { kind: other, .. }) => kind == other,
        _ => true,
    };
    write.name == read.name && same_kind
}

/// A kind that has a value here and none there would never meet itself.
fn one_spelling<'t, 'a: 't>(
    own: &Cached<'_, 'a>,
    all: impl Iterator<Item = &'t Tagged<'a>> + Clone,
) {
    for one in &own.caching.tags {
        let TagReach::Kind { kind, value: None } = &one.tag.reach else {
            continue;
        };
        let valued = |other: &Tagged<'_>| {
            let TagReach::Kind {
                kind: known,
                value: Some(_),
            } = &other.tag.reach
            else {
                return false;
            };
            other.tag.name == one.tag.name && known == kind
        };
        if all.clone().any(valued) {
            let text = written(&one.tag);
            one.node.report_help(
                Code::TypeMismatch,
                format!("`{text}` has a value elsewhere, and none here"),
                format!(
                    "write `{{{text}: SOURCE}}`, or `{}.*` for all of them",
                    one.tag.name
                ),
            );
        }
    }
}

fn written(tag: &TagSource) -> String {
    match &tag.reach {
        TagReach::All => format!("{}.*", tag.name),
        TagReach::Kind { kind, .. } => format!("{}.{kind}", tag.name),
    }
}
