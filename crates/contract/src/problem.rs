//! The catalogue of problems: the gateway's own and those of `x-problems`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::GatewayProblem;
use crate::code::Code;
use crate::keywords::PROBLEM;
use crate::plan::Problem;
use crate::source::Node;

/// The gateway's problems with those that the document declares.
pub(crate) fn problems(root: &Node<'_>) -> BTreeMap<Arc<str>, Problem> {
    let mut problems: BTreeMap<Arc<str>, Problem> = GatewayProblem::ALL
        .into_iter()
        .map(|problem| (Arc::from(problem.code()), own(problem)))
        .collect();
    let Some(declared) = root.get("x-problems") else {
        return problems;
    };
    if declared.map().is_none() {
        return problems;
    }
    for (code, node) in declared.members() {
        if problems.contains_key(code) {
            node.key().report_help(
                Code::ReservedName,
                format!("`{code}` is a problem of the gateway itself"),
                "choose another code; error maps may name the gateway's as it is",
            );
            continue;
        }
        let problem = problem(code, &node);
        problems.insert(Arc::clone(&problem.code), problem);
    }
    problems
}

fn own(problem: GatewayProblem) -> Problem {
    Problem {
        code: Arc::from(problem.code()),
        status: problem.status(),
        title: problem.title().to_owned(),
        hint: Some(problem.hint().to_owned()),
        description: problem.description().to_owned(),
        domain: false,
    }
}

/// The status of a problem that was reported: it may be any.
pub(crate) const BROKEN: u16 = 0;

/// What cannot be read is reported, and stands with a value that keeps the rest readable.
fn problem(code: &str, node: &Node<'_>) -> Problem {
    let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !code.starts_with(|c: char| c.is_ascii_lowercase()) || !code.chars().all(kebab) {
        node.key().report_help(
            Code::BadValue,
            format!("`{code}` cannot be the code of a problem"),
            "lower-case words joined by `-`; it is a path segment and a metric label",
        );
    }
    let readable = node.object(&PROBLEM).is_some();
    let text = |word: &str| {
        let node = node.get(word).filter(|_| readable)?;
        let text = node.string()?;
        if text.trim().is_empty() {
            node.report(Code::BadValue, format!("`{word}` is empty"));
        }
        Some(text.to_owned())
    };
    let title = text("title").unwrap_or_else(|| code.to_owned());
    let description = text("description").unwrap_or_else(|| format!("{title}."));
    Problem {
        code: Arc::from(code),
        status: node
            .get("status")
            .filter(|_| readable)
            .map_or(BROKEN, |status| error_status(&status)),
        hint: text("hint"),
        description,
        title,
        domain: true,
    }
}

fn error_status(node: &Node<'_>) -> u16 {
    let Some(status) = node.whole() else {
        return BROKEN;
    };
    match u16::try_from(status) {
        Ok(status @ 400..=599) => status,
        _ => {
            node.report(
                Code::BadValue,
                format!("the status of a problem is 400 to 599, not {status}"),
            );
            BROKEN
        }
    }
}
