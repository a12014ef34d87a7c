//! What can go wrong: all of it, and the page that the `type` of a problem leads to.

use std::fmt::Write;

use contract::Problem;

use super::html::{Prose, Text, head};

/// All problems on a page of their own.
#[must_use]
pub fn all<'p>(problems: impl Iterator<Item = &'p Problem>) -> String {
    format!(
        "{}<main><h1>Problems</h1>{}</main></body></html>",
        head("Problems", ""),
        table(problems)
    )
}

/// One problem.
#[must_use]
pub fn one(problem: &Problem) -> String {
    let mut html = head(&problem.title, "../");
    let _ = write!(
        html,
        "<main><h1>{}</h1><p><code>{}</code>, status {}</p><p>{}</p>",
        Text(&problem.title),
        Text(&problem.code),
        problem.status,
        Prose(&problem.description),
    );
    if let Some(hint) = &problem.hint {
        let _ = write!(html, "<p><b>What to do:</b> {}</p>", Prose(hint));
    }
    html.push_str("<p><a href=\"../problems\">All problems</a></p></main></body></html>");
    html
}

/// The rows of all problems.
pub fn table<'p>(problems: impl Iterator<Item = &'p Problem>) -> String {
    let mut html = String::from(
        "<table><thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Status</th><th scope=\"col\">When</th>\
         <th scope=\"col\">What to do</th></tr></thead><tbody>",
    );
    for problem in problems {
        // Most descriptions of a contract's problems are its titles.
        let description = match &*problem.description {
            known if known.trim_end_matches('.') == &*problem.title => "",
            other => other,
        };
        let _ = write!(
            html,
            "<tr id=\"problem-{code}\"><td><code>{code}</code></td><td>{}</td><td>{}. {}</td><td>{}</td></tr>",
            problem.status,
            Prose(&problem.title),
            Prose(description),
            Prose(problem.hint.as_deref().unwrap_or_default()),
            code = Text(&problem.code),
        );
    }
    html.push_str("</tbody></table>");
    html
}
