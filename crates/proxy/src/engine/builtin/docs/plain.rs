//! `/docs/plain`: the interface as one page that needs no script, no font and no network, and that prints.

use std::fmt::Write;

use contract::{Operation, Plan};
use grammar::pointer;
use serde_json::Value;

use super::fields::table;
use super::html::{Prose, Text, head};
use super::reference::text;
use super::{operation, problems};

/// The whole page. `document` is the one that the gateway serves.
#[must_use]
pub fn page(plan: &Plan, document: &Value) -> String {
    let mut html = head(&format!("{} {}", plan.title, plan.version), "../");
    let _ = write!(
        html,
        "<a class=\"skip\" href=\"#operations\">Skip to the operations</a><header><h1>{} <small>{}</small></h1>",
        Text(&plan.title),
        Text(&plan.version),
    );
    let description = text(document, "/info/description");
    if !description.is_empty() {
        let _ = write!(html, "<p>{}</p>", Prose(description));
    }
    html.push_str(
        "<nav aria-label=\"Other forms\"><p><a href=\"../docs\">With scripts: try the calls</a>, \
         <a href=\"../openapi.json\">OpenAPI document</a>, <a href=\"../problems\">problems alone</a></p></nav></header>",
    );
    let groups = groups(plan, document);
    contents(&mut html, &groups);
    html.push_str("<main id=\"operations\">");
    keys(&mut html, document);
    for group in &groups {
        let _ = write!(html, "<h2>{}</h2>", Text(&group.name));
        if !group.description.is_empty() {
            let _ = write!(html, "<p>{}</p>", Prose(group.description));
        }
        for operation in &group.operations {
            operation::section(&mut html, document, operation);
        }
    }
    let schemas = document.pointer("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object) {
        html.push_str("<h2 id=\"schemas\">Schemas</h2>");
        for (name, schema) in schemas {
            let _ = write!(html, "<h3 id=\"schema-{0}\">{0}</h3>", Text(name));
            let description = text(schema, "/description");
            if !description.is_empty() {
                let _ = write!(html, "<p>{}</p>", Prose(description));
            }
            html.push_str(&table(document, schema));
        }
    }
    let _ = write!(
        html,
        "<h2 id=\"problems\">Problems</h2>{}</main><footer><p>Contract <code>{}</code></p></footer></body></html>",
        problems::table(plan.problems.values()),
        Text(&plan.digest),
    );
    html
}

/// The operations of one tag, in the contract's order.
struct Group<'p> {
    name: String,
    description: &'p str,
    operations: Vec<&'p Operation>,
}

fn groups<'p>(plan: &'p Plan, document: &'p Value) -> Vec<Group<'p>> {
    let mut groups: Vec<Group<'p>> = Vec::new();
    for operation in &plan.operations {
        let tag = format!(
            "/paths/{}/{}/tags/0",
            pointer::escape(&operation.path),
            operation.method.as_str().to_lowercase()
        );
        let name = match text(document, &tag) {
            "" => "Operations",
            tag => tag,
        };
        if let Some(group) = groups.iter_mut().find(|group| group.name == name) {
            group.operations.push(operation);
            continue;
        }
        let tags = document.get("tags").and_then(Value::as_array);
        let known = tags
            .into_iter()
            .flatten()
            .find(|tag| tag.get("name").is_some_and(|known| known == name));
        groups.push(Group {
            name: name.to_owned(),
            description: known.map_or("", |tag| text(tag, "/description")),
            operations: vec![operation],
        });
    }
    groups
}

fn contents(html: &mut String, groups: &[Group<'_>]) {
    html.push_str("<nav aria-label=\"Contents\"><ul>");
    for operation in groups.iter().flat_map(|group| &group.operations) {
        let _ = write!(
            html,
            "<li><a href=\"#{}\"><code>{} {}</code></a> {}</li>",
            Text(&operation.id),
            operation.method,
            Text(&operation.path),
            Text(&operation.summary),
        );
    }
    html.push_str(
        "<li><a href=\"#schemas\">Schemas</a></li><li><a href=\"#problems\">Problems</a></li></ul></nav>",
    );
}

/// How a caller says who he is, where he has to.
fn keys(html: &mut String, document: &Value) {
    let schemes = document.pointer("/components/securitySchemes");
    let Some(schemes) = schemes.and_then(Value::as_object) else {
        return;
    };
    html.push_str("<h2 id=\"keys\">Keys</h2><ul>");
    for scheme in schemes.values() {
        let how = match (text(scheme, "/scheme"), text(scheme, "/in")) {
            ("bearer", _) => "<code>Authorization: Bearer</code> and the key".to_owned(),
            ("", place) => format!(
                "<code>{}</code> in {}",
                Text(text(scheme, "/name")),
                Text(place)
            ),
            (scheme, _) => format!("<code>Authorization</code>, scheme {}", Text(scheme)),
        };
        let _ = write!(
            html,
            "<li>{how}. {}</li>",
            Prose(text(scheme, "/description"))
        );
    }
    html.push_str("</ul>");
}
