//! Settings and contract from files, with every mistake of both.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use contract::yaml::Document;
use contract::{Diagnostic, Place, Plan};
use serde_json::{Value, json};

use crate::settings::{SECRET_IN_THE_OPEN, Settings};

/// A configuration that is good.
#[derive(Debug)]
pub struct Loaded {
    pub settings: Settings,
    pub plan: Plan,
    /// Things that work and are probably not meant.
    pub warnings: Vec<String>,
}

/// Everything that is wrong, by file.
#[derive(Debug, Default)]
pub struct Mistakes {
    files: Vec<(String, String, Vec<Diagnostic>)>,
    /// Files that could not be read.
    pub unreadable: Vec<String>,
}

impl Mistakes {
    fn is_empty(&self) -> bool {
        self.unreadable.is_empty() && self.files.iter().all(|(_, _, list)| list.is_empty())
    }

    fn count(&self) -> usize {
        self.unreadable.len()
            + self
                .files
                .iter()
                .map(|(_, _, list)| list.len())
                .sum::<usize>()
    }

    /// As a compiler would print it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.unreadable {
            let _ = writeln!(text, "error: {line}\n");
        }
        for (file, source, list) in &self.files {
            let source = masked(source, list);
            for diagnostic in list {
                let _ = writeln!(text, "{}", diagnostic.render(file, &source));
            }
        }
        let count = self.count();
        let _ = write!(text, "{count} error{}", if count == 1 { "" } else { "s" });
        text
    }

    pub fn json(&self) -> Value {
        let unreadable = self
            .unreadable
            .iter()
            .map(|message| json!({"code": "unreadable-file", "message": message}));
        let found = self.files.iter().flat_map(|(file, _, list)| {
            list.iter().map(move |diagnostic| diagnostic.to_json(file))
        });
        json!({"errors": unreadable.chain(found).collect::<Vec<_>>()})
    }
}

/// The source without the secrets that were found in the open: snippets end up in the logs of build
/// servers.
fn masked(source: &str, list: &[Diagnostic]) -> String {
    let mut lines: Vec<String> = source.split('\n').map(str::to_owned).collect();
    for diagnostic in list {
        let Some(place) = diagnostic
            .place
            .filter(|_| diagnostic.code == SECRET_IN_THE_OPEN)
        else {
            continue;
        };
        if let Some(line) = lines.get_mut(place.line - 1) {
            let secret = place.column..place.column + place.length;
            *line = (1..)
                .zip(line.chars())
                .map(|(column, c)| if secret.contains(&column) { '*' } else { c })
                .collect();
        }
    }
    lines.join("\n")
}

/// Reads both files. The contract is read even if the settings are wrong, so that one run shows all.
///
/// # Errors
/// Every mistake of both files.
pub fn load(config: &Path) -> Result<Loaded, Mistakes> {
    let mut mistakes = Mistakes::default();
    let folder = config.parent().unwrap_or(Path::new("")).to_owned();
    let text = read(config, &mut mistakes);
    let settings = match &text {
        None => None,
        Some(text) => match Settings::parse(text, &folder) {
            Ok(settings) => Some(settings),
            Err(list) => {
                mistakes
                    .files
                    .push((config.display().to_string(), text.clone(), list));
                None
            }
        },
    };
    let path = match (&settings, &text) {
        (Some(settings), _) => Some(settings.contract.clone()),
        (None, Some(text)) => contract_path(text, &folder),
        (None, None) => None,
    };
    let contract = path.as_ref().and_then(|path| read(path, &mut mistakes));
    let plan = match (&path, contract) {
        (Some(path), Some(text)) => match contract::compile(&text) {
            Ok(plan) => Some(plan),
            Err(list) => {
                mistakes
                    .files
                    .push((path.display().to_string(), text, list));
                None
            }
        },
        _ => None,
    };
    let mut warnings = Vec::new();
    if let (Some(text), Some(plan)) = (&text, &plan) {
        join(config, text, plan, &mut mistakes, &mut warnings);
        overrides(config, text, plan, &mut mistakes);
        permissions(config, text, plan, &mut mistakes);
    }
    match (settings, plan) {
        (Some(settings), Some(plan)) if mistakes.is_empty() => Ok(Loaded {
            settings,
            plan,
            warnings,
        }),
        _ => Err(mistakes),
    }
}

/// The contract's vendors against the settings' upstreams, whatever else is wrong with the settings.
fn join(
    config: &Path,
    text: &str,
    plan: &Plan,
    mistakes: &mut Mistakes,
    warnings: &mut Vec<String>,
) {
    let Ok(document) = Document::parse(text) else {
        return;
    };
    // Without the key the settings have said so themselves.
    let Some(upstreams) = document.value.get("upstreams").and_then(Value::as_object) else {
        return;
    };
    let missing = plan
        .upstreams
        .iter()
        .filter(|name| !upstreams.contains_key(*name));
    let missing: Vec<_> = missing
        .map(|name| Diagnostic {
            code: "missing-upstream",
            message: format!(
                "the contract uses the upstream `{name}`, and `upstreams` does not have it"
            ),
            pointer: "/upstreams".to_owned(),
            place: document.key_place("/upstreams"),
            help: Some(format!(
                "Add `upstreams.{name}` with its `base_url` and `auth`."
            )),
        })
        .collect();
    mistakes
        .files
        .push((config.display().to_string(), text.to_owned(), missing));
    for name in upstreams
        .keys()
        .filter(|name| !plan.upstreams.contains(*name))
    {
        warnings.push(format!(
            "`upstreams.{name}` is used by no operation of the contract"
        ));
    }
}

/// `cache.operations` against the contract's operations: an override of nothing would be ignored.
fn overrides(config: &Path, text: &str, plan: &Plan, mistakes: &mut Mistakes) {
    let Ok(document) = Document::parse(text) else {
        return;
    };
    let overrides = document.value.pointer("/cache/operations");
    let Some(overrides) = overrides.and_then(Value::as_object) else {
        return;
    };
    let cached: Vec<&str> = plan
        .operations
        .iter()
        .filter(|operation| operation.binding.cache.is_some())
        .map(|operation| &*operation.id)
        .collect();
    let unknown = overrides.keys().filter(|id| !cached.contains(&id.as_str()));
    let unknown = unknown.map(|id| {
        let name = id.replace('~', "~0").replace('/', "~1");
        let pointer = format!("/cache/operations/{name}");
        let place = document.key_place(&pointer);
        let message = format!("the contract has no cached operation `{id}`");
        unknown_operation(message, pointer, place, id, &cached)
    });
    mistakes.files.push((
        config.display().to_string(),
        text.to_owned(),
        unknown.collect(),
    ));
}

/// `callers[].operations` against the contract's operations: a caller would be refused what was meant.
fn permissions(config: &Path, text: &str, plan: &Plan, mistakes: &mut Mistakes) {
    let Ok(document) = Document::parse(text) else {
        return;
    };
    let known: Vec<&str> = plan
        .operations
        .iter()
        .map(|operation| &*operation.id)
        .collect();
    let mut found = Vec::new();
    let callers = document.value.get("callers").and_then(Value::as_array);
    for (caller, value) in callers.into_iter().flatten().enumerate() {
        let ids = value.get("operations").and_then(Value::as_array);
        for (index, id) in ids.into_iter().flatten().enumerate() {
            let Some(id) = id.as_str().filter(|id| !known.contains(id)) else {
                continue;
            };
            let pointer = format!("/callers/{caller}/operations/{index}");
            let place = document.place(&pointer);
            let message = format!("the contract has no operation `{id}`");
            found.push(unknown_operation(message, pointer, place, id, &known));
        }
    }
    mistakes
        .files
        .push((config.display().to_string(), text.to_owned(), found));
}

fn unknown_operation(
    message: String,
    pointer: String,
    place: Option<Place>,
    id: &str,
    known: &[&str],
) -> Diagnostic {
    Diagnostic {
        code: "unknown-operation",
        message,
        pointer,
        place,
        help: Some(match validate::closest(id, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("These can stand here: {}.", known.join(", ")),
        }),
    }
}

fn contract_path(text: &str, folder: &Path) -> Option<PathBuf> {
    let document = Document::parse(text).ok()?;
    let name = document
        .value
        .get("contract")
        .and_then(Value::as_str)
        .unwrap_or("contract.yaml");
    Some(folder.join(name))
}

fn read(path: &Path, mistakes: &mut Mistakes) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) => {
            mistakes
                .unreadable
                .push(format!("{} cannot be read: {error}", path.display()));
            None
        }
    }
}
