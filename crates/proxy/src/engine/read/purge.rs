//! What an operator drops from the cache.

use std::collections::BTreeSet;

use contract::TagReach;

use super::read_cache::ReadCache;
use crate::cache::{NotATag, Tag};
use crate::engine::runtime::Runtime;
use crate::shared::Scope;

/// Everything, or what a tag covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purge {
    All,
    Tag(Tag),
}

/// What a purge came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Entries that went here.
    pub entries: usize,
    /// Whether no member serves any more what was there before; where not all could be told now, they are told
    /// later. `None`: there are no others.
    pub all_members: Option<bool>,
}

impl Purge {
    /// As the other members are told of it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::All => Scope::All,
            Self::Tag(tag) => Scope::Tags(vec![tag.to_string().into()]),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PurgeError {
    #[error("{0}")]
    NotATag(#[from] NotATag),
    #[error("no cached operation bears `{tag}`; there are {known}")]
    Unknown { tag: String, known: String },
}

/// Drops entries, and makes void what is being read just now; says how many entries went.
///
/// # Errors
/// A tag of a name or kind that no cached operation bears: a misspelled purge must not look like
/// one that found nothing.
pub fn purge(cache: &ReadCache, runtime: &Runtime, purge: &Purge) -> Result<usize, PurgeError> {
    let purged = match purge {
        Purge::All => cache.cache.purge_all(),
        Purge::Tag(tag) => {
            check(runtime, tag)?;
            cache.cache.purge(tag)
        }
    };
    cache.metrics.cache.purged(purged);
    Ok(purged)
}

fn check(runtime: &Runtime, tag: &Tag) -> Result<(), PurgeError> {
    let rules = runtime.plan.operations.iter();
    let borne = rules
        .filter_map(|operation| operation.binding.cache())
        .flat_map(|rule| &rule.tags);
    let mut known = BTreeSet::new();
    for source in borne {
        let (kind, valued) = match &source.reach {
            TagReach::All => (None, false),
            TagReach::Kind { kind, value } => (Some(&**kind), value.is_some()),
        };
        let same_kind = tag.kind().is_none() || kind.is_none() || tag.kind() == kind;
        let spelled = tag.kind().is_none() || kind.is_none() || tag.has_value() == valued;
        if tag.name() == &*source.name && same_kind && spelled {
            return Ok(());
        }
        let value = if valued { "=VALUE" } else { "" };
        known.insert(format!("{}.{}{value}", source.name, kind.unwrap_or("*")));
        known.insert(format!("{}.*", source.name));
    }
    Err(PurgeError::Unknown {
        tag: tag.to_string(),
        known: known.into_iter().collect::<Vec<_>>().join(", "),
    })
}
