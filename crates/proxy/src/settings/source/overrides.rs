//! `LMS_GATEWAY__SECTION__KEY`: single values of the settings file, replaced by environment variables.
//!
//! A variable is known by comparison with the names of all keys that the table and the file have together, so
//! that a name of the file that no variable could be called (`my-vendor`) has its one spelling
//! (`MY_VENDOR`), and what is not among them is refused.

mod target;

use std::collections::BTreeMap;

use contract::{Diagnostic, Place};
use grammar::pointer;
use serde_json::{Map, Value};

use super::origin::{Mistake, Variable};
use crate::settings::key::{Row, ValueType};
pub use target::PREFIX;
use target::{LEVEL, Takes, Target};

/// Replaces values of the document. What a variable replaced stands under its pointer; a variable that names
/// no value is a mistake, in which its value is not shown: it may be a secret.
pub fn apply(
    mut variables: Vec<(String, Option<String>)>,
    document: &mut Value,
    rows: &[&'static Row],
) -> (BTreeMap<String, Variable>, Vec<Mistake>) {
    variables.sort();
    let targets = target::all(document, rows);
    let (mut overrides, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, value) in variables {
        let matching: Vec<&Target> = targets.iter().filter(|one| one.takes(&name)).collect();
        let refused = match (&matching[..], value) {
            ([target], Some(text)) if target.takes == Takes::Value => {
                if put(document, &target.pointer, scalar(target.row, &text)) {
                    overrides.insert(target.pointer.clone(), Variable { name, text });
                }
                continue;
            }
            ([target], Some(_)) => refused_kind(target),
            ([_], None) => Refused {
                code: "bad-override",
                message: format!("the value of {name} is not UTF-8 text"),
                help: "Write the value as the settings file would.".to_owned(),
            },
            ([], _) => unknown(&name, &targets),
            ([one, other, ..], _) => Refused {
                code: "ambiguous-override",
                message: format!("{name} could mean `{}` and `{}`", one.path(), other.path()),
                help: "Set both in the settings file: no variable can tell their names apart."
                    .to_owned(),
            },
        };
        mistakes.push(refused.mistake(name));
    }
    (overrides, mistakes)
}

/// Why a variable is not taken.
struct Refused {
    code: &'static str,
    message: String,
    help: String,
}

impl Refused {
    fn mistake(self, name: String) -> Mistake {
        Mistake {
            variable: Some(Variable {
                name,
                text: String::new(),
            }),
            diagnostic: Diagnostic {
                code: self.code,
                message: self.message,
                pointer: String::new(),
                place: Place::START,
                help: self.help,
                related: Vec::new(),
            },
        }
    }
}

fn refused_kind(target: &Target) -> Refused {
    let path = target.path();
    match target.takes {
        Takes::List => Refused {
            code: "list-override",
            message: format!("`{path}` is a list, and no variable changes one"),
            help: "Write the list in the settings file: its items have no names that would stay the same."
                .to_owned(),
        },
        _ => Refused {
            code: "secret-override",
            message: format!("`{path}` is a secret, and no variable of this form holds one"),
            help: format!(
                "Write {{env: NAME}} or {{file: PATH}} at `{path}` in the settings file, and set that variable or file."
            ),
        },
    }
}

/// Goes as far down as the levels of the name are known, and looks there for one that is near.
fn unknown(name: &str, targets: &[Target]) -> Refused {
    let message = format!("{name} names no key of the settings");
    let levels: Vec<String> = name
        .get(PREFIX.len()..)
        .unwrap_or_default()
        .to_ascii_uppercase()
        .split(LEVEL)
        .map(str::to_owned)
        .collect();
    let known = |depth: usize| {
        let beginning = format!(
            "{PREFIX}{}",
            levels.get(..depth).unwrap_or_default().join(LEVEL)
        );
        let beginning = if depth == 0 {
            beginning
        } else {
            beginning + LEVEL
        };
        let rest = targets.iter().filter_map(move |target| {
            let rest = target.variable.strip_prefix(&beginning)?;
            rest.split(LEVEL).next().map(str::to_owned)
        });
        let mut names: Vec<String> = rest.collect();
        names.dedup();
        names
    };
    let depth = (0..levels.len())
        .rev()
        .find(|depth| !known(*depth).is_empty())
        .unwrap_or_default();
    let names = known(depth);
    let level = levels.get(depth).map(String::as_str).unwrap_or_default();
    let before = levels.get(..depth).unwrap_or_default();
    let before: String = before
        .iter()
        .map(|level| format!("{level}{LEVEL}"))
        .collect();
    let help = match validate::closest(level, names.iter().map(String::as_str)) {
        Some(near) if near == level && depth + 1 == levels.len() && name.contains(level) => {
            format!(
                "Name one of its keys: {PREFIX}{before}{level}{LEVEL}{}.",
                known(depth + 1).join(", ")
            )
        }
        Some(near) => {
            let mut right = levels.clone();
            if let Some(level) = right.get_mut(depth) {
                near.clone_into(level);
            }
            format!("Did you mean `{PREFIX}{}`?", right.join(LEVEL))
        }
        None => {
            format!(
                "Known behind `{PREFIX}{before}`: {}. Names of upstreams, operations and headers must stand in the settings file.",
                names.join(", ")
            )
        }
    };
    Refused {
        code: "unknown-override",
        message,
        help,
    }
}

/// A text as the settings file would hold it under this key.
fn scalar(row: &Row, text: &str) -> Value {
    match row.holds {
        ValueType::Flag => match text {
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            _ => Value::from(text),
        },
        ValueType::Count { .. } => match text.parse::<u64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(text),
        },
        ValueType::Ratio => match text.parse::<f64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(text),
        },
        _ => Value::from(text),
    }
}

/// Puts a value at a pointer, with the mappings on its way. `false` where something else than a mapping is in
/// the way, which the reader of the file tells.
fn put(document: &mut Value, at: &str, value: Value) -> bool {
    let tokens = pointer::tokens(at).unwrap_or_default();
    let Some((last, way)) = tokens.split_last() else {
        return false;
    };
    let mut node = document;
    for token in way {
        let Value::Object(members) = node else {
            return false;
        };
        node = members
            .entry(token.as_str())
            .or_insert_with(|| Value::Object(Map::new()));
    }
    let Value::Object(members) = node else {
        return false;
    };
    members.insert(last.clone(), value);
    true
}
