//! `cache` on reads and `invalidates` on writes.

use std::time::Duration;

use crate::code::Code;
use crate::keywords::CACHE;
use crate::model::Model;
use crate::operation::cache::tag::{self, Tagged};
use crate::operation::scope::Scope;
use crate::plan::CacheRule;
use crate::problem;
use crate::source::Node;

/// What was read of `cache` or `invalidates`.
#[derive(Debug, Default)]
pub(crate) struct Caching<'a> {
    pub(crate) rule: Option<CacheRule>,
    /// The tags of the rule, or those that a write may change.
    pub(crate) tags: Vec<Tagged<'a>>,
    /// Something was reported, so that nothing can be said about what is missing.
    pub(crate) broken: bool,
}

/// Reads `cache` of a read, or `invalidates` of a write. `not_found` is checked against the problems
/// that the vendor's answer can end in.
pub(crate) fn caching<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    problems: Option<&[String]>,
) -> Caching<'a> {
    let (own, other) = if scope.is_read() {
        ("cache", "invalidates")
    } else {
        ("invalidates", "cache")
    };
    if let Some(misplaced) = upstream.get(other) {
        misplaced.key().report(
            Code::MisplacedKeyword,
            "`cache` stands on a GET, `invalidates` on everything else",
        );
    }
    let Some(node) = upstream.get(own) else {
        return Caching::default();
    };
    let read = if scope.is_read() {
        rule(scope, &node, problems)
    } else if node.value.as_array().is_some_and(Vec::is_empty) {
        Some(Caching::default())
    } else {
        tag::tags(scope, &node).map(|tags| Caching {
            tags,
            ..Caching::default()
        })
    };
    read.unwrap_or(Caching {
        broken: true,
        ..Caching::default()
    })
}

fn rule<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    problems: Option<&[String]>,
) -> Option<Caching<'a>> {
    node.object(&CACHE)?;
    let time = |word: &str| match node.get(word) {
        None => Some(None),
        Some(time) => lifetime(&time).map(Some),
    };
    let ttl = time("ttl");
    let revalidate = time("stale_while_revalidate");
    let error = time("stale_if_error");
    let not_found = time("not_found");
    if let (Some(word), Some(problems)) = (node.get("not_found"), problems)
        && scope.model.problems_readable
        && !problems.iter().any(|code| is_absence(scope.model, code))
    {
        word.key().report_help(
            Code::DeadKeyword,
            format!(
                "`{}` never ends in a problem of status 404",
                scope.operation.id
            ),
            "map the vendor's answer in `errors`, or take `not_found` out",
        );
    }
    let tags = tag::tags(scope, &node.get("tags")?)?;
    Some(Caching {
        rule: Some(CacheRule {
            ttl: ttl??,
            stale_while_revalidate: revalidate?.unwrap_or_default(),
            stale_if_error: error?.unwrap_or_default(),
            not_found: not_found?,
            tags: tags.iter().map(|one| one.tag.clone()).collect(),
        }),
        tags,
        broken: false,
    })
}

fn is_absence(model: &Model<'_>, code: &str) -> bool {
    model
        .problems
        .get(code)
        .is_none_or(|problem| matches!(problem.status, 404 | problem::BROKEN))
}

/// A longer time is a mistake in the unit, and the store's clock has an end.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// `500ms`, `30s`, `10m`, `1h`; above zero and at most a year.
fn lifetime(node: &Node<'_>) -> Option<Duration> {
    let text = node.string()?;
    let time = crate::duration(text).filter(|time| !time.is_zero() && *time <= LONGEST);
    if time.is_none() {
        node.report_help(
            Code::BadValue,
            format!("`{text}` is no time"),
            "write a number and its unit: 500ms, 30s, 10m, 1h; above zero, at most a year",
        );
    }
    time
}
