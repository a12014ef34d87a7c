//! What an environment variable can be compared with: every single value that the table knows, the free names
//! of the file filled in.

use grammar::pointer;
use serde_json::Value;

use crate::settings::key::{Row, ValueType};

/// What the names of all overrides begin with.
pub const PREFIX: &str = "LMS_GATEWAY__";
/// What stands between two levels of a name.
pub const LEVEL: &str = "__";

/// One value of the settings.
pub struct Target {
    /// The variable that means it.
    pub variable: String,
    pub pointer: String,
    pub row: &'static Row,
    pub takes: Takes,
}

/// Whether a variable may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Value,
    Secret,
    List,
}

impl Target {
    /// Whether a variable means this value, or something in it.
    pub fn takes(&self, variable: &str) -> bool {
        let rest = variable.strip_prefix(&self.variable);
        rest.is_some_and(|rest| {
            rest.is_empty() || (self.takes != Takes::Value && rest.starts_with(LEVEL))
        })
    }

    /// As people write it: `upstreams.netex.base_url`.
    pub fn path(&self) -> String {
        pointer::tokens(&self.pointer).unwrap_or_default().join(".")
    }
}

/// Every value that the settings have, or could have without another free name.
pub fn all(document: &Value, rows: &[&'static Row]) -> Vec<Target> {
    let mut targets = Vec::new();
    let root = Level {
        value: Some(document),
        pointer: "",
        variable: PREFIX.trim_end_matches('_'),
    };
    root.collect(rows, &mut targets);
    targets
}

/// A mapping on the way.
struct Level<'a> {
    value: Option<&'a Value>,
    pointer: &'a str,
    variable: &'a str,
}

impl Level<'_> {
    fn collect(&self, rows: &[&'static Row], targets: &mut Vec<Target>) {
        for row in rows {
            self.below(row.name, |level| level.of_row(row, targets));
        }
    }

    fn of_row(&self, row: &'static Row, targets: &mut Vec<Target>) {
        let takes = match &row.holds {
            ValueType::Section(rows) => return self.collect(rows, targets),
            ValueType::Variants(variants) => {
                let mut seen: Vec<&'static Row> = Vec::new();
                for row in variants.iter().flat_map(|variant| variant.rows) {
                    if !seen.iter().any(|known| std::ptr::eq(*known, *row)) {
                        seen.push(row);
                    }
                }
                return self.collect(&seen, targets);
            }
            ValueType::Named { rows, .. } => {
                return self.each_name(|level| level.collect(rows, targets));
            }
            ValueType::NamedTexts { .. } | ValueType::NamedValues { .. } => {
                return self.each_name(|level| {
                    let takes = level.plain();
                    targets.push(level.target(row, takes));
                });
            }
            ValueType::Texts | ValueType::Listed(_) => Takes::List,
            ValueType::Secret => Takes::Secret,
            ValueType::TextOrSecret => self.plain(),
            ValueType::Text
            | ValueType::Address
            | ValueType::Flag
            | ValueType::Count { .. }
            | ValueType::Size
            | ValueType::Ratio
            | ValueType::Time(_)
            | ValueType::OneOf(_) => Takes::Value,
        };
        targets.push(self.target(row, takes));
    }

    /// What the file keeps as a secret stays one.
    fn plain(&self) -> Takes {
        match self.value {
            Some(Value::Object(_)) => Takes::Secret,
            _ => Takes::Value,
        }
    }

    fn target(&self, row: &'static Row, takes: Takes) -> Target {
        Target {
            variable: self.variable.to_owned(),
            pointer: self.pointer.to_owned(),
            row,
            takes,
        }
    }

    fn each_name(&self, mut then: impl FnMut(&Level<'_>)) {
        let members = self.value.and_then(Value::as_object);
        for name in members.into_iter().flat_map(|members| members.keys()) {
            self.below(name, &mut then);
        }
    }

    fn below(&self, name: &str, then: impl FnOnce(&Level<'_>)) {
        then(&Level {
            value: self.value.and_then(|value| value.get(name)),
            pointer: &pointer::child(self.pointer, name),
            variable: &format!("{}{LEVEL}{}", self.variable, spelled(name)),
        });
    }
}

/// A name as a variable spells it: in capitals, and `_` for whatever no shell takes.
fn spelled(name: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    name.chars().map(letter).collect()
}
