//! Settings and contract from files, with every mistake of both. Each file is read once.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use contract::{Diagnostic, Place, Plan};

use super::mistakes::Mistakes;
use crate::secret::SecretSource;
use crate::settings::{
    self, Effective, PREFIX, ReadSettings, Settings, SharedSettings, Source, contract_checks,
};
use crate::upstream::check_ca_file;

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
/// Every mistake of both files, and of the environment's overrides.
pub fn load(config: &Path) -> Result<Loaded, Mistakes> {
    let mut mistakes = Mistakes::new(config);
    let Some((source, read)) = read_settings(config, &mut mistakes) else {
        return Err(mistakes);
    };
    let Some(path) = read.contract else {
        return Err(mistakes);
    };
    let Some(plan) = plan(&path, &source, &mut mistakes) else {
        return Err(mistakes);
    };
    let old_words = plan.warnings.iter().map(|one| one.line(path.display()));
    let mut warnings: Vec<String> = old_words.collect();
    warnings.extend(contract_checks::warnings(&source, &plan));
    mistakes.of_settings(contract_checks::mistakes(&source, &plan));
    let shared = read.settings.iter().filter_map(|one| one.shared.as_ref());
    warnings.extend(shared.flat_map(SharedSettings::warnings));
    match read.settings {
        Some(settings) if mistakes.is_empty() => Ok(Loaded {
            settings,
            plan,
            warnings,
        }),
        _ => Err(mistakes),
    }
}

/// Every file that a reload reads and that nobody else watches: settings, contract, CAs, the keys of callers and
/// operators. (Secrets of upstreams are read again without a reload.) `None`: the settings cannot be read.
pub fn files(config: &Path) -> Option<Vec<PathBuf>> {
    let (_, read) = read_settings(config, &mut Mistakes::new(config))?;
    let settings = read.settings?;
    let mut files = vec![config.to_owned(), settings.contract];
    files.extend(read.ca_files.into_iter().map(|(_, path)| path));
    let keys = settings.callers.iter().map(|caller| &caller.key);
    let keys = keys.chain(settings.admin_keys.iter().map(|one| &one.key));
    files.extend(keys.filter_map(SecretSource::file).map(Path::to_owned));
    Some(files)
}

/// The settings that are in force, key by key; the contract is not looked at.
///
/// # Errors
/// Every mistake of the settings file and of the environment's overrides.
pub fn effective(config: &Path) -> Result<Vec<Effective>, Mistakes> {
    let mut mistakes = Mistakes::new(config);
    let Some((_, read)) = read_settings(config, &mut mistakes) else {
        return Err(mistakes);
    };
    if mistakes.is_empty() {
        Ok(read.effective)
    } else {
        Err(mistakes)
    }
}

/// The settings, as far as they can be read; what is wrong with them is added to the mistakes. `None`: there
/// is nothing to go on with.
fn read_settings(config: &Path, mistakes: &mut Mistakes) -> Option<(Source, ReadSettings)> {
    let source = source(config, mistakes)?;
    let folder = config.parent().unwrap_or(Path::new(""));
    let mut read = Settings::read(&source, folder);
    mistakes.of_settings(std::mem::take(&mut read.mistakes));
    check_ca_files(&source, &read.ca_files, mistakes);
    Some((source, read))
}

/// The settings file with the environment laid over it. `None`: there is nothing to go on with.
fn source(config: &Path, mistakes: &mut Mistakes) -> Option<Source> {
    let text = match read(config) {
        Ok(text) => text,
        Err(message) => {
            let help = "Name the settings file by `--config FILE`; see config/gateway.yaml.";
            let finding = unreadable(message, "", Place::START, help);
            mistakes.add(config, "", vec![finding]);
            return None;
        }
    };
    mistakes.settings_text(&text);
    match settings::source(&text, overrides()) {
        Ok(source) => Some(source),
        Err(list) => {
            mistakes.add(config, &text, list);
            None
        }
    }
}

/// The variables that override settings. A name in small letters is a mistake that must be told.
fn overrides() -> Vec<(String, Option<String>)> {
    let text = |value: OsString| value.into_string().ok();
    let named = std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value))));
    let ours = |name: &str| name.to_ascii_uppercase().starts_with(PREFIX);
    named.filter(|(name, _)| ours(name)).collect()
}

/// Settings open nothing; so their files of CAs are looked at here.
fn check_ca_files(
    source: &Source,
    files: &[(String, std::path::PathBuf)],
    mistakes: &mut Mistakes,
) {
    let bad = files.iter().filter_map(|(pointer, path)| {
        let error = check_ca_file(path).err()?;
        Some(source.mistake(Diagnostic {
            code: "bad-ca-file",
            message: error.to_string(),
            pointer: pointer.clone(),
            place: source.place(pointer),
            help: "Name a PEM file with the certificates of the CA; `openssl x509 -inform der` makes PEM of DER.".to_owned(), related: Vec::new(), }))
    });
    mistakes.of_settings(bad.collect());
}

/// The compiled contract. Where there is none, the settings name the wrong file: so the finding stands there.
fn plan(path: &Path, source: &Source, mistakes: &mut Mistakes) -> Option<Plan> {
    let message = match read(path) {
        Ok(text) if text.trim().is_empty() => format!("{} is empty", path.display()),
        Ok(text) => match contract::compile(&text) {
            Ok(plan) => return Some(plan),
            Err(list) => {
                mistakes.add(path, &text, list);
                return None;
            }
        },
        Err(message) => message,
    };
    let pointer = "/contract";
    let finding = unreadable(
        message,
        pointer,
        source.place(pointer),
        "Name the contract under `contract`, relative to the folder of the settings; without the key it is contract.yaml.",
    );
    mistakes.of_settings(vec![source.mistake(finding)]);
    None
}

fn unreadable(message: String, pointer: &str, place: Place, help: &str) -> Diagnostic {
    Diagnostic {
        code: "unreadable-file",
        message,
        pointer: pointer.to_owned(),
        place,
        help: help.to_owned(),
        related: Vec::new(),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!("{} is not UTF-8 text", path.display()),
        _ => format!("{} cannot be read: {error}", path.display()),
    })
}
