//! Settings and contract from files, with every mistake of both.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use contract::yaml::Document;
use contract::{Diagnostic, Place, Plan};
use grammar::pointer;
use serde_json::Value;

use super::mistakes::Mistakes;
use crate::settings::{Settings, credential_checks};

/// A configuration that is good.
#[derive(Debug)]
pub struct Loaded {
    pub settings: Settings,
    pub plan: Plan,
    /// Things that work and are probably not meant.
    pub warnings: Vec<String>,
}

/// Reads both files. The contract is read even if the settings are wrong, so that one run shows all.
///
/// # Errors
/// Every mistake of both files.
pub fn load(config: &Path) -> Result<Loaded, Mistakes> {
    let mut mistakes = Mistakes::new(config);
    let folder = config.parent().unwrap_or(Path::new("")).to_owned();
    let text = settings_text(config, &mut mistakes);
    let settings = match &text {
        None => None,
        Some(text) => match Settings::parse(text, &folder) {
            Ok(settings) => Some(settings),
            Err(list) => {
                mistakes.add(config, text, list);
                None
            }
        },
    };
    let path = match (&settings, &text) {
        (Some(settings), _) => Some(settings.contract.clone()),
        (None, Some(text)) => contract_path(text, &folder),
        (None, None) => None,
    };
    let contract = match (&path, &text) {
        (Some(path), Some(text)) => contract_text(path, config, text, &mut mistakes),
        _ => None,
    };
    let plan = match (&path, contract) {
        (Some(path), Some(text)) => match contract::compile(&text) {
            Ok(plan) => Some(plan),
            Err(list) => {
                mistakes.add(path, &text, list);
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
        if let Ok((document, _)) = Document::read(text) {
            mistakes.add(config, text, credential_checks::check(&document, plan));
        }
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
    let Ok((document, _)) = Document::read(text) else {
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
            place: document.key_place("/upstreams").unwrap_or(Place::START),
            help: format!("Add `upstreams.{name}` with its `base_url` and `auth`."),
        })
        .collect();
    mistakes.add(config, text, missing);
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
    let Ok((document, _)) = Document::read(text) else {
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
        let pointer = pointer::child("/cache/operations", id);
        let place = document.key_place(&pointer);
        let message = format!("the contract has no cached operation `{id}`");
        unknown_operation(message, pointer, place, id, &cached)
    });
    mistakes.add(config, text, unknown.collect());
}

/// `callers[].operations` against the contract's operations: a caller would be refused what was meant.
fn permissions(config: &Path, text: &str, plan: &Plan, mistakes: &mut Mistakes) {
    let Ok((document, _)) = Document::read(text) else {
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
    mistakes.add(config, text, found);
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
        place: place.unwrap_or(Place::START),
        help: match validate::closest(id, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("These can stand here: {}.", known.join(", ")),
        },
    }
}

/// Where the contract stands, whatever else is wrong with the settings. `None`: they do not say.
fn contract_path(text: &str, folder: &Path) -> Option<PathBuf> {
    let (document, _) = Document::read(text).ok()?;
    let name = match document.value.get("contract") {
        Some(name) => name.as_str()?,
        None => "contract.yaml",
    };
    Some(folder.join(name))
}

fn settings_text(config: &Path, mistakes: &mut Mistakes) -> Option<String> {
    match read(config) {
        Ok(text) => Some(text),
        Err(message) => {
            let help = "Name the settings file by `--config FILE`; see config/gateway.yaml.";
            let finding = unreadable(message, "", Place::START, help);
            mistakes.add(config, "", vec![finding]);
            None
        }
    }
}

/// The text of the contract. Where there is none, the settings name the wrong file: so the finding
/// stands there.
fn contract_text(
    path: &Path,
    config: &Path,
    settings: &str,
    mistakes: &mut Mistakes,
) -> Option<String> {
    let message = match read(path) {
        Ok(text) if text.trim().is_empty() => format!("{} is empty", path.display()),
        Ok(text) => return Some(text),
        Err(message) => message,
    };
    let document = Document::read(settings).ok();
    let place = document.and_then(|(document, _)| document.place("/contract"));
    let finding = unreadable(
        message,
        "/contract",
        place.unwrap_or(Place::START),
        "Name the contract under `contract`, relative to the folder of the settings; without the key it is contract.yaml.",
    );
    mistakes.add(config, settings, vec![finding]);
    None
}

fn unreadable(message: String, pointer: &str, place: Place, help: &str) -> Diagnostic {
    Diagnostic {
        code: "unreadable-file",
        message,
        pointer: pointer.to_owned(),
        place,
        help: help.to_owned(),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!("{} is not UTF-8 text", path.display()),
        _ => format!("{} cannot be read: {error}", path.display()),
    })
}
