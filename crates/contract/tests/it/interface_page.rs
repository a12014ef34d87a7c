//! The tables of `docs/interface.md` are made from the served contract. `UPDATE_DOCS=1` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use contract::Plan;
use contract::yaml::Document;
use serde_json::Value;
use validate::Format;

use crate::support::{compiled, repository};

const CONTRACT: &str = "config/contract.yaml";
const PAGE: &str = "docs/interface.md";

/// The contract as it is written, and what is served of it.
struct Contract {
    written: Value,
    plan: Plan,
}

impl Contract {
    fn read() -> Self {
        let text = repository(CONTRACT);
        Self {
            written: Document::parse(&text).unwrap().value,
            plan: compiled(CONTRACT, &text),
        }
    }

    /// Path, method and served operation, in the order of the text.
    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.plan.openapi["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            let operations = methods.filter(|(_, value)| value.get("operationId").is_some());
            operations.map(move |(method, value)| (path.as_str(), method.as_str(), value))
        })
    }

    fn binding(&self, path: &str, method: &str) -> &Value {
        &self.written["paths"][path][method]["x-upstream"]
    }

    /// What a served `$ref` leads to, or the value itself.
    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        match value["$ref"].as_str() {
            Some(text) => self.plan.openapi.pointer(&text[1..]).unwrap(),
            None => value,
        }
    }

    /// The object that a body is, or holds a list of.
    fn object<'v>(&'v self, content: &'v Value) -> Option<&'v Value> {
        let media_type = content.as_object()?.values().next()?;
        let whole = self.resolved(&media_type["schema"]);
        let items = &whole["properties"]["items"]["items"];
        Some(match items.is_null() {
            true => whole,
            false => self.resolved(items),
        })
    }

    /// The vendor's names of fields, as all schemas together say.
    fn wire_names(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        let schemas = self.written["components"]["schemas"].as_object().unwrap();
        for schema in schemas.values() {
            let properties = schema["properties"].as_object().into_iter().flatten();
            for (name, property) in properties {
                let Some(wire) = property["x-name"].as_str() else {
                    continue;
                };
                let known = names.insert(name.clone(), wire.to_owned());
                assert!(known.is_none_or(|known| known == wire), "{name}: {wire}");
            }
        }
        names
    }

    fn operations_table(&self) -> String {
        let mut table =
            "| operation | call | answer | vendor call |\n| --- | --- | --- | --- |\n".to_owned();
        for (path, method, operation) in self.operations() {
            let id = operation["operationId"].as_str().unwrap();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters
                .map(|one| self.resolved(one))
                .filter(|one| one["in"] == "query");
            let query: String = query
                .map(|one| format!(", `?{}=`", one["name"].as_str().unwrap()))
                .collect();
            let responses = operation["responses"].as_object().unwrap().iter();
            let answers: Vec<String> = responses
                .filter(|(status, _)| status.starts_with('2'))
                .map(|(status, answer)| match answer["headers"].get("Location") {
                    Some(_) => format!("{status} with `Location`"),
                    None => status.clone(),
                })
                .collect();
            let binding = self.binding(path, method);
            let text = |word: &str| binding[word].as_str().unwrap();
            let then = binding["create_if_absent"]["operation"].as_str();
            let then = then.map(|create| format!(", then that of `{create}`"));
            table.push_str(&format!(
                "| `{id}` | `{} {path}`{query} | {} | {} `{} {}`{} |\n",
                method.to_uppercase(),
                answers.join(" or "),
                text("upstream"),
                text("method"),
                text("path"),
                then.unwrap_or_default(),
            ));
        }
        table
    }

    fn fields_table(&self, vendor: &str) -> String {
        let wire = self.wire_names();
        let mut rows: Vec<Row> = Vec::new();
        for (path, method, operation) in self.operations() {
            if self.binding(path, method)["upstream"] != vendor {
                continue;
            }
            let id = operation["operationId"].as_str().unwrap();
            if let Some(body) = self.object(&operation["requestBody"]["content"]) {
                for (name, property) in body["properties"].as_object().unwrap() {
                    if property["readOnly"] == true {
                        continue;
                    }
                    let required = body["required"].as_array().unwrap();
                    let star = if required.contains(&name.as_str().into()) {
                        "*"
                    } else {
                        ""
                    };
                    let row = Row::of(&mut rows, name, property);
                    row.sent_by.push(format!("`{id}`{star}"));
                    row.rule = rule(property);
                }
            }
            let answers = operation["responses"].as_object().unwrap().iter();
            for (_, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
                let properties = self
                    .object(&answer["content"])
                    .and_then(|schema| schema["properties"].as_object());
                for (name, property) in properties.into_iter().flatten() {
                    if *property != Value::Bool(false) {
                        Row::of(&mut rows, name, property)
                            .shown_by
                            .push(id.to_owned());
                    }
                }
            }
        }
        let mut table = "| field | vendor's name | what it takes | sent by (* where it must be) | shown by |\n| --- | --- | --- | --- | --- |\n".to_owned();
        for mut row in rows {
            row.shown_by.dedup();
            let shown: Vec<String> = row.shown_by.iter().map(|id| format!("`{id}`")).collect();
            let name = wire.get(&row.name).unwrap_or(&row.name);
            table.push_str(&format!(
                "| `{}` | `{name}` | {} | {} | {} |\n",
                row.name,
                row.rule,
                row.sent_by.join(", "),
                shown.join(", "),
            ));
        }
        table
    }

    fn problems_table(&self) -> String {
        let mut problems: Vec<_> = self.plan.problems.values().collect();
        problems.sort_by_key(|problem| (problem.status, problem.code.clone()));
        let mut table =
            "| status | code | when | what to do |\n| --- | --- | --- | --- |\n".to_owned();
        for problem in problems {
            let title = format!("{}.", problem.title);
            let when = match problem.description == title {
                true => title,
                false => format!("{title} {}", problem.description),
            };
            table.push_str(&format!(
                "| {} | `{}` | {when} | {} |\n",
                problem.status,
                problem.code,
                problem.hint.as_deref().unwrap_or_default(),
            ));
        }
        table.replace("\u{a0}", " ")
    }
}

struct Row {
    name: String,
    rule: String,
    sent_by: Vec<String>,
    shown_by: Vec<String>,
}

impl Row {
    /// The row of a field, made where it is met first.
    fn of<'r>(rows: &'r mut Vec<Row>, name: &str, property: &Value) -> &'r mut Row {
        let index = rows.iter().position(|row| row.name == name);
        let index = index.unwrap_or_else(|| {
            rows.push(Row {
                name: name.to_owned(),
                rule: rule(property),
                sent_by: Vec::new(),
                shown_by: Vec::new(),
            });
            rows.len() - 1
        });
        &mut rows[index]
    }
}

/// A property's schema in words.
fn rule(property: &Value) -> String {
    let mut words: Vec<String> = Vec::new();
    let text = |word: &str| property[word].as_str().map(str::to_owned);
    match (&property["enum"], text("format")) {
        (Value::Array(values), _) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("`{}`", value.as_str().unwrap()))
                .collect();
            words.push(values.join(" or "));
        }
        (_, Some(format)) => words.push(format!("`{format}`")),
        _ => words.extend(text("type")),
    }
    if let (Some(least), Some(most)) = (property["minimum"].as_u64(), property["maximum"].as_u64())
    {
        words.push(format!("{least} to {most}"));
    }
    if property["minLength"] == 1 {
        words.push("not empty".to_owned());
    }
    // What a format means says the page once, below the tables.
    let format = text("format").and_then(|name| Format::named(&name)?.published());
    let most = property["maxLength"].as_u64();
    if let Some(most) =
        most.filter(|most| format.and_then(|said| said.max_length) != Some(*most as usize))
    {
        words.push(format!("at most {most} characters"));
    }
    let rule = words.join(", ");
    let meaning = format.map_or("", |said| said.meaning);
    let description = text("description").unwrap_or_default();
    match description
        .strip_suffix(meaning)
        .unwrap_or(&description)
        .trim()
    {
        "" => rule,
        own => format!("{rule}. {own}"),
    }
}

/// The page with what `made` says between each pair of marks.
fn renewed(page: &str, made: &[(&str, String)]) -> String {
    let mut page = page.to_owned();
    for (name, table) in made {
        let open = format!("<!-- made from the contract: {name} -->\n");
        let from = page
            .find(&open)
            .unwrap_or_else(|| panic!("{PAGE} lacks {open}"))
            + open.len();
        let to = from + page[from..].find("<!-- end -->").unwrap();
        page.replace_range(from..to, table);
    }
    page
}

#[test]
fn the_tables_of_the_page_are_those_of_the_contract() {
    let contract = Contract::read();
    let made = [
        ("operations", contract.operations_table()),
        ("fields of netex", contract.fields_table("netex")),
        ("fields of ispring", contract.fields_table("ispring")),
        ("problems", contract.problems_table()),
    ];
    let page = repository(PAGE);
    let renewed = renewed(&page, &made);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        assert!(
            std::env::var_os("CI").is_none(),
            "UPDATE_DOCS is for authors, not for CI"
        );
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(PAGE);
        fs::write(file, renewed).unwrap();
        return;
    }
    let wrong = page
        .lines()
        .zip(renewed.lines())
        .find(|(old, new)| old != new);
    assert!(
        page == renewed,
        "{PAGE} is not what the contract says; UPDATE_DOCS=1 writes it: {wrong:?}"
    );
}
