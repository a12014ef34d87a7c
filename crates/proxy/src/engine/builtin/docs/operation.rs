//! One operation: parameters, body, answers.

use std::fmt::Write;

use contract::Operation;
use grammar::pointer;
use serde_json::Value;

use super::example::example;
use super::fields::{kind_of, table};
use super::html::{Prose, Text};
use super::reference::{resolve, text};
use super::rules::rules;

/// Appends the section of an operation of the served document.
pub fn section(html: &mut String, document: &Value, operation: &Operation) {
    let path = format!("/paths/{}", pointer::escape(&operation.path));
    let item = document.pointer(&path).unwrap_or(&Value::Null);
    let method = operation.method.as_str().to_lowercase();
    let own = item.get(&method).unwrap_or(&Value::Null);
    let _ = write!(
        html,
        "<section aria-labelledby=\"{id}\"><h3 id=\"{id}\"><code><span class=\"m\">{}</span> {}</code> {}</h3>\
         <p><code>{id}</code></p>",
        operation.method,
        Text(&operation.path),
        Text(&operation.summary),
        id = Text(&operation.id),
    );
    if own.get("deprecated") == Some(&Value::Bool(true)) {
        html.push_str("<p><b>Deprecated.</b></p>");
    }
    paragraph(html, text(own, "/description"));
    parameters(html, document, item, own);
    if let Some(body) = own.get("requestBody") {
        request(html, document, resolve(document, body).value);
    }
    html.push_str("<h4>Answers</h4>");
    let answers = own.get("responses").and_then(Value::as_object);
    for (status, response) in answers.into_iter().flatten() {
        answer(html, document, status, resolve(document, response).value);
    }
    html.push_str("</section>");
}

fn parameters(html: &mut String, document: &Value, item: &Value, own: &Value) {
    let of = |value: &'_ Value| value.get("parameters").and_then(Value::as_array).cloned();
    let all: Vec<Value> = [of(item), of(own)]
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    if all.is_empty() {
        return;
    }
    html.push_str(
        "<h4>Parameters</h4><table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">In</th><th scope=\"col\">Type</th>\
         <th scope=\"col\">Required</th><th scope=\"col\">Rules</th><th scope=\"col\">Meaning</th></tr></thead><tbody>",
    );
    for parameter in &all {
        let parameter = resolve(document, parameter).value;
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let mut said = rules(resolve(document, schema).value);
        if parameter.get("deprecated") == Some(&Value::Bool(true)) {
            said.push("<b>deprecated</b>".to_owned());
        }
        let required = parameter.get("required") == Some(&Value::Bool(true));
        let _ = write!(
            html,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            Text(text(parameter, "/name")),
            Text(text(parameter, "/in")),
            kind_of(document, schema),
            if required { "yes" } else { "" },
            said.join("; "),
            Prose(text(parameter, "/description")),
        );
    }
    html.push_str("</tbody></table>");
}

fn request(html: &mut String, document: &Value, body: &Value) {
    let optional = body.get("required") != Some(&Value::Bool(true));
    html.push_str(if optional {
        "<h4>Request body (may be left out)</h4>"
    } else {
        "<h4>Request body</h4>"
    });
    paragraph(html, text(body, "/description"));
    for (types, media) in contents(body) {
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let _ = write!(
            html,
            "<p>{types}: {}</p>{}",
            kind_of(document, schema),
            table(document, schema)
        );
        if let Some(example) = example(document, media) {
            let _ = write!(
                html,
                "<p>For example:</p><pre tabindex=\"0\">{}</pre>",
                Text(&pretty(example))
            );
        }
    }
}

fn answer(html: &mut String, document: &Value, status: &str, response: &Value) {
    let status_shown = if status == "default" {
        "any other"
    } else {
        status
    };
    let _ = write!(html, "<h5>{}</h5>", Text(status_shown));
    paragraph(html, text(response, "/description"));
    if let Some(fields) = response.get("headers").and_then(Value::as_object) {
        html.push_str("<ul>");
        for (name, field) in fields {
            let field = resolve(document, field).value;
            let _ = write!(
                html,
                "<li><code>{}</code>: {}</li>",
                Text(name),
                Prose(text(field, "/description"))
            );
        }
        html.push_str("</ul>");
    }
    let is_success = status.starts_with('2');
    for (types, media) in contents(response) {
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let _ = write!(html, "<p>{types}: {}</p>", kind_of(document, schema));
        // A problem has the same fields everywhere: they stand once, among the schemas.
        if is_success || resolve(document, schema).name.is_none() {
            html.push_str(&table(document, schema));
        }
    }
}

/// The media types of a body, those of one content together.
fn contents(body: &Value) -> Vec<(String, &Value)> {
    let mut contents: Vec<(String, &Value)> = Vec::new();
    let all = body.get("content").and_then(Value::as_object);
    for (name, media) in all.into_iter().flatten() {
        let name = format!("<code>{}</code>", Text(name));
        match contents.iter_mut().find(|(_, known)| *known == media) {
            Some((names, _)) => {
                names.push_str(" or ");
                names.push_str(&name);
            }
            None => contents.push((name, media)),
        }
    }
    contents
}

fn paragraph(html: &mut String, text: &str) {
    if !text.is_empty() {
        let _ = write!(html, "<p>{}</p>", Prose(text));
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
