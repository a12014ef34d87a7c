//! `/docs`: the public document as one page that needs no script, no font and no network.

use std::fmt::Write;

use contract::{Plan, Problem};
use grammar::pointer;
use serde_json::Value;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
code,pre{font:14px/1.4 ui-monospace,monospace;background:#f4f4f4}pre{padding:.8rem;overflow:auto}\
h2{margin-top:2.5rem;border-top:1px solid #ddd;padding-top:1rem}.m{font-weight:700}table{border-collapse:collapse}\
td,th{border:1px solid #ddd;padding:.2rem .6rem;text-align:left;vertical-align:top}";

/// The whole page.
#[must_use]
pub fn page(plan: &Plan) -> String {
    let title = escape(&plan.title);
    let mut html = head(&title);
    let _ = write!(
        html,
        "<h1>{title} <small>{}</small></h1><p>{}</p><p>Machine-readable: <a href=\"/openapi.json\">/openapi.json</a>, \
         <a href=\"/problems\">/problems</a>.</p><ul>",
        escape(&plan.version),
        escape(text(&plan.openapi, "/info/description")),
    );
    for operation in &plan.operations {
        let _ = write!(
            html,
            "<li><a href=\"#{id}\"><code>{} {}</code></a> {}</li>",
            operation.method,
            escape(&operation.path),
            escape(&operation.summary),
            id = escape(&operation.id),
        );
    }
    html.push_str("</ul>");
    for operation in &plan.operations {
        let pointer = format!(
            "/paths/{}/{}",
            pointer::escape(&operation.path),
            operation.method.as_str().to_lowercase()
        );
        let document = plan.openapi.pointer(&pointer).unwrap_or(&Value::Null);
        let _ = write!(
            html,
            "<h2 id=\"{id}\">{id}</h2><p><code><span class=m>{}</span> {}</code></p><p>{} {}</p>",
            operation.method,
            escape(&operation.path),
            escape(&operation.summary),
            escape(text(document, "/description")),
            id = escape(&operation.id),
        );
        if document.get("deprecated") == Some(&Value::Bool(true)) {
            html.push_str("<p><b>Deprecated.</b></p>");
        }
        for (name, part) in [
            ("Parameters", "parameters"),
            ("Request", "requestBody"),
            ("Answers", "responses"),
        ] {
            if let Some(value) = document.get(part) {
                let _ = write!(html, "<h3>{name}</h3><pre>{}</pre>", escape(&pretty(value)));
            }
        }
    }
    if let Some(schemas) = plan
        .openapi
        .pointer("/components/schemas")
        .and_then(Value::as_object)
    {
        html.push_str("<h2 id=\"schemas\">Schemas</h2>");
        for (name, schema) in schemas {
            let _ = write!(
                html,
                "<h3>{}</h3><pre>{}</pre>",
                escape(name),
                escape(&pretty(schema))
            );
        }
    }
    html.push_str("<h2 id=\"problems\">Problems</h2>");
    html.push_str(&table(plan.problems.values()));
    html.push_str("</html>");
    html
}

/// All problems on a page of their own.
#[must_use]
pub fn problems<'p>(problems: impl Iterator<Item = &'p Problem>) -> String {
    let table = table(problems);
    format!("{}<h1>Problems</h1>{table}</html>", head("Problems"))
}

/// What the `type` of a problem leads to.
#[must_use]
pub fn problem(problem: &Problem) -> String {
    let title = escape(&problem.title);
    let mut html = head(&title);
    let _ = write!(
        html,
        "<h1>{title}</h1><p><code>{}</code>, status {}</p><p>{}</p>",
        escape(&problem.code),
        problem.status,
        escape(&problem.description),
    );
    if let Some(hint) = &problem.hint {
        let _ = write!(html, "<p><b>What to do:</b> {}</p>", escape(hint));
    }
    html.push_str("<p><a href=\"/problems\">All problems</a></p></html>");
    html
}

fn head(title: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>"
    )
}

fn table<'p>(problems: impl Iterator<Item = &'p Problem>) -> String {
    let mut html = String::from("<table><tr><th>code<th>status<th>when<th>what to do</tr>");
    for problem in problems {
        let _ = write!(
            html,
            "<tr><td><code>{}</code><td>{}<td>{}. {}<td>{}</tr>",
            escape(&problem.code),
            problem.status,
            escape(&problem.title),
            escape(&problem.description),
            escape(problem.hint.as_deref().unwrap_or_default()),
        );
    }
    html.push_str("</table>");
    html
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
