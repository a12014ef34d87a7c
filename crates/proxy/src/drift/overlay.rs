//! An OpenAPI Overlay 1.0 that would make a contract accept what was seen. It is a proposal: nothing applies it.

use contract::place::{Placed, answer, requires, step};
use grammar::pointer;
use serde_json::{Map, Value, json};

use super::report::{DriftReport, Line};

/// What is proposed, and what an overlay cannot say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposal {
    pub actions: Vec<Action>,
    pub comments: Vec<String>,
}

/// One action of an overlay.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The names on the way to the target.
    pub path: Vec<String>,
    pub description: String,
    pub does: Does,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    Update(Value),
    Remove,
}

/// The proposal for a contract, as the document that it is.
#[must_use]
pub fn propose(document: &Value, report: &DriftReport) -> Proposal {
    let mut proposal = Proposal::default();
    for operation in &report.operations {
        for line in &operation.findings {
            let writer = Writer {
                document,
                operation: &operation.operation,
                is_xml: operation.encoding == "xml",
                line,
            };
            if let Err(why) = writer.propose(&mut proposal.actions) {
                let comment = format!(
                    "{}: {} at {}: {why}",
                    operation.operation, line.kind, line.at
                );
                proposal.comments.push(comment);
            }
        }
        if operation.more > 0 {
            let comment = format!(
                "{}: {} further findings were not kept; apply this and look again",
                operation.operation, operation.more
            );
            proposal.comments.push(comment);
        }
    }
    proposal
}

impl Proposal {
    /// The overlay as a document.
    #[must_use]
    pub fn overlay(&self, title: &str) -> Value {
        let actions = self.actions.iter().map(Action::value);
        let mut info = Map::new();
        info.insert("title".into(), json!(title));
        info.insert("version".into(), json!("1.0.0"));
        if !self.comments.is_empty() {
            info.insert("description".into(), json!(self.comments.join("\n")));
        }
        json!({"overlay": "1.0.0", "info": info, "actions": actions.collect::<Vec<_>>()})
    }
}

impl Action {
    fn value(&self) -> Value {
        let mut value = Map::new();
        value.insert("target".into(), json!(normalized(&self.path)));
        value.insert("description".into(), json!(self.description));
        match &self.does {
            Does::Update(update) => value.insert("update".into(), update.clone()),
            Does::Remove => value.insert("remove".into(), json!(true)),
        };
        Value::Object(value)
    }

    /// Applies it to a document: what an overlay tool does with a target that is one place.
    pub fn apply(&self, document: &mut Value) {
        let Some((last, parents)) = self.path.split_last() else {
            return;
        };
        let mut node = document;
        for name in parents {
            let index = name.parse::<usize>().ok();
            let next = match node {
                Value::Array(items) => index.and_then(|index| items.get_mut(index)),
                other => other.get_mut(name),
            };
            let Some(next) = next else { return };
            node = next;
        }
        let Value::Object(members) = node else { return };
        match &self.does {
            Does::Remove => drop(members.shift_remove(last)),
            Does::Update(update) => match members.get_mut(last) {
                Some(Value::Array(items)) => items.push(update.clone()),
                Some(target) => merge(target, update),
                None => {}
            },
        }
    }
}

fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (name, value) in update {
                match target.get_mut(name) {
                    Some(known) if known.is_object() => merge(known, value),
                    _ => drop(target.insert(name.clone(), value.clone())),
                }
            }
        }
        (target, update) => *target = update.clone(),
    }
}

/// RFC 9535 §2.7. Names of a contract with a quote or a backslash are escaped.
fn normalized(path: &[String]) -> String {
    let steps = path.iter().map(|name| {
        let name = name.replace('\\', "\\\\").replace('\'', "\\'");
        format!("['{name}']")
    });
    format!("${}", steps.collect::<String>())
}

struct Writer<'d> {
    document: &'d Value,
    operation: &'d str,
    is_xml: bool,
    line: &'d Line,
}

impl<'d> Writer<'d> {
    fn propose(&self, actions: &mut Vec<Action>) -> Result<(), String> {
        let mut tokens = pointer::tokens(&self.line.at).ok_or("no such place")?;
        match self.line.kind.as_str() {
            "unknown-field" => {
                let name = tokens.pop().ok_or("no such place")?;
                if name == "?" {
                    return Err(
                        "the name is no plain word, so it was not kept; see the vendor's answer"
                            .to_owned(),
                    );
                }
                let owner = self.at(&tokens)?;
                actions.push(self.field(&owner, &name)?);
            }
            "new-value" => {
                let Some(value) = &self.line.value else {
                    return Err("the text is no plain word or personal, so it was not kept; see the vendor's answer".to_owned());
                };
                let mut path = self.at(&tokens)?.path;
                path.push("x-extensible-enum".to_owned());
                actions.push(self.action(path, "a new value", Does::Update(json!(value))));
            }
            "missing-field" => {
                let name = tokens.pop().ok_or("no such place")?;
                self.optional(&self.at(&tokens)?, &name, actions)?;
            }
            "changed-type" => self.retype(&self.at(&tokens)?, actions)?,
            other => return Err(format!("this version knows no `{other}`")),
        }
        Ok(())
    }

    fn at(&self, tokens: &[String]) -> Result<Placed<'d>, String> {
        let answer = answer(self.document, self.operation, self.line.status);
        let answer = answer.ok_or("the contract has no such answer any more")?;
        let found = tokens
            .iter()
            .try_fold(answer, |at, token| step(self.document, &at, token));
        found.ok_or_else(|| "the contract has no such place any more".to_owned())
    }

    fn action(&self, path: Vec<String>, what: &str, does: Does) -> Action {
        let line = self.line;
        Action {
            path,
            description: format!(
                "{what}: {} in {} of {}'s answers with {} that were looked through, last at {}",
                line.at, line.answers, self.operation, line.status, line.last_seen
            ),
            does,
        }
    }

    /// A property of its own, with a name as ours are.
    fn field(&self, owner: &Placed<'d>, wire: &str) -> Result<Action, String> {
        if owner.schema["type"] != "object" && owner.schema["type"][0] != "object" {
            return Err("it stands where the contract has no object".to_owned());
        }
        let mut name = snake(wire);
        while step(self.document, owner, &name).is_some() {
            name.push('_');
        }
        let found = self
            .line
            .found
            .clone()
            .ok_or("nothing is known of its value")?;
        let mut schema = self.named(found);
        if name != wire {
            schema["x-name"] = json!(wire);
        }
        let mut what = "a field that the contract does not have".to_owned();
        if self
            .line
            .found
            .as_ref()
            .is_some_and(|found| found["type"][1] == "null")
        {
            what.push_str(" (only null was seen: the type is a guess)");
        }
        let update = json!({"properties": {name: schema}});
        Ok(self.action(owner.path.clone(), &what, Does::Update(update)))
    }

    /// Members of a guess under our names.
    fn named(&self, mut schema: Value) -> Value {
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            let members = std::mem::take(properties);
            for (wire, member) in members {
                let mut member = self.named(member);
                let mut name = snake(&wire);
                while properties.contains_key(&name) {
                    name.push('_');
                }
                if name != wire {
                    member["x-name"] = json!(wire);
                }
                properties.insert(name, member);
            }
        }
        if let Some(items) = schema.get_mut("items") {
            let inner = self.named(items.take());
            *items = inner;
        }
        if !self.is_xml
            && let Some(members) = schema.as_object_mut()
        {
            members.shift_remove("xml");
        }
        schema
    }

    /// A list cannot lose an entry by an update alone.
    fn optional(
        &self,
        owner: &Placed<'d>,
        name: &str,
        actions: &mut Vec<Action>,
    ) -> Result<(), String> {
        let lists = requires(self.document, owner, name);
        let lists = lists.ok_or("the contract does not require it any more")?;
        let mut path = lists.path.clone();
        path.push("required".to_owned());
        // Several of one list: each leaves out what the others do.
        let gone = |action: &&mut Action| action.path == lists.path && is_required(&action.does);
        if let Some(Action {
            does: Does::Update(update),
            ..
        }) = actions.iter_mut().find(gone)
        {
            if let Some(names) = update["required"].as_array_mut() {
                names.retain(|one| one != name);
            }
            return Ok(());
        }
        let rest: Vec<Value> = lists.schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| *one != name)
            .cloned()
            .collect();
        let what = "a required field is missing; it becomes optional for callers";
        actions.push(self.action(path, what, Does::Remove));
        let update = Does::Update(json!({"required": rest}));
        actions.push(self.action(lists.path, "what is still required", update));
        Ok(())
    }

    fn retype(&self, place: &Placed<'d>, actions: &mut Vec<Action>) -> Result<(), String> {
        let found = self
            .line
            .found
            .clone()
            .ok_or("nothing is known of its value")?;
        let mut update = self.named(found);
        let declared = &place.schema["type"];
        let is_nullable = declared.is_array();
        let own = declared
            .as_str()
            .or(declared[0].as_str())
            .unwrap_or("string");
        if update["type"][1] == "null" {
            update = json!({"type": [own, "null"]});
        } else if update["type"] == "array" && own != "array" {
            update["items"] = json!({"type": own});
        } else if is_nullable {
            update["type"] = json!([update["type"], "null"]);
        }
        if update["type"] == "string" && own == "string" && place.schema.get("format").is_some() {
            let mut path = place.path.clone();
            path.push("format".to_owned());
            actions.push(self.action(path, "a text of another format", Does::Remove));
            return Ok(());
        }
        let what = "another type; callers get it too";
        actions.push(self.action(place.path.clone(), what, Does::Update(update)));
        Ok(())
    }
}

fn is_required(does: &Does) -> bool {
    matches!(does, Does::Update(update) if update.get("required").is_some())
}

/// `dayId` → `day_id`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    for c in name.chars() {
        let begins = c.is_ascii_uppercase()
            && before
                .is_some_and(|before: char| before.is_ascii_lowercase() || before.is_ascii_digit());
        if begins {
            out.push('_');
        }
        out.push(match c {
            '-' => '_',
            c => c.to_ascii_lowercase(),
        });
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_ours() {
        for (wire, name) in [
            ("dayId", "day_id"),
            ("postal-code", "postal_code"),
            ("URL", "url"),
            ("a1B", "a1_b"),
        ] {
            assert_eq!(snake(wire), name);
        }
    }

    #[test]
    fn a_target_is_a_normalized_path() {
        let path = ["paths", "/v1/a'b", "x\\y"].map(str::to_owned);
        assert_eq!(normalized(&path), r"$['paths']['/v1/a\'b']['x\\y']");
    }
}
