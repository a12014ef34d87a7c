//! What is wrong with the files of a configuration, as a compiler would print it.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use contract::{Diagnostic, Place};
use serde_json::{Value, json};

use crate::reload::Finding;
use crate::settings::{Mistake, SECRET_IN_THE_OPEN};

/// Everything that is wrong, by file; an environment variable that overrides a setting counts as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    files: Vec<(String, String, Vec<Diagnostic>)>,
    /// The name of the settings among the files.
    settings: String,
    settings_text: String,
}

impl Mistakes {
    /// None yet. `settings` is the settings file.
    pub fn new(settings: &Path) -> Self {
        Self {
            files: Vec::new(),
            settings: settings.display().to_string(),
            settings_text: String::new(),
        }
    }

    /// The text of the settings file, for the snippets.
    pub fn settings_text(&mut self, text: &str) {
        text.clone_into(&mut self.settings_text);
    }

    /// Of the settings: their file's, and those of the variables that override it.
    pub fn of_settings(&mut self, list: Vec<Mistake>) {
        for Mistake {
            variable,
            diagnostic,
        } in list
        {
            match variable {
                Some(variable) => {
                    self.add_named(variable.name, &variable.text, vec![diagnostic]);
                }
                None => {
                    let text = self.settings_text.clone();
                    self.add_named(self.settings.clone(), &text, vec![diagnostic]);
                }
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> usize {
        self.files.iter().map(|(_, _, list)| list.len()).sum()
    }

    /// More of one file, in the order of its text.
    pub fn add(&mut self, file: &Path, text: &str, list: Vec<Diagnostic>) {
        self.add_named(file.display().to_string(), text, list);
    }

    fn add_named(&mut self, file: String, text: &str, list: Vec<Diagnostic>) {
        match self.files.iter_mut().find(|(known, ..)| *known == file) {
            Some((_, _, known)) => {
                known.extend(list);
                known.sort_by_key(|one| one.place);
            }
            None => self.files.push((file, text.to_owned(), list)),
        }
    }

    /// As a compiler would print it.
    #[must_use]
    pub fn text(&self) -> String {
        self.drawn(Diagnostic::render)
    }

    /// The same in the colours of a terminal.
    #[must_use]
    pub fn coloured_text(&self) -> String {
        self.drawn(Diagnostic::render_coloured)
    }

    fn drawn(&self, draw: impl Fn(&Diagnostic, &str, &str) -> String) -> String {
        let mut text = String::new();
        for (file, source, list) in &self.files {
            let source = masked(source, list, *file == self.settings);
            for diagnostic in list {
                let _ = writeln!(text, "{}", draw(diagnostic, file, &source));
            }
        }
        let count = self.count();
        let _ = write!(text, "{count} error{}", if count == 1 { "" } else { "s" });
        text
    }

    /// For `/status`: without the source, which may hold what is no business of who reads it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let found = self.files.iter().flat_map(|(file, _, list)| {
            list.iter().map(move |one| Finding {
                file: file.clone(),
                line: Some(one.place.line),
                column: Some(one.place.column),
                code: Some(one.code),
                message: one.message.clone(),
                help: one.help.clone(),
            })
        });
        found.collect()
    }

    /// For programs: `{"errors": [...]}`.
    #[must_use]
    pub fn json(&self) -> Value {
        let found = self.files.iter().flat_map(|(file, _, list)| {
            list.iter().map(move |diagnostic| diagnostic.to_json(file))
        });
        json!({"errors": found.collect::<Vec<_>>()})
    }
}

/// Findings of the YAML reader: what follows them on their line was perhaps never looked at.
const UNREAD: [&str; 4] = ["duplicate-key", "yaml-anchor", "yaml-tag", "merge-key"];

/// The source without the secrets that were found in the open, and in the settings without what may be
/// one: snippets end up in the logs of build servers.
fn masked(source: &str, list: &[Diagnostic], settings: bool) -> String {
    let mut lines: Vec<String> = source.split('\n').map(str::to_owned).collect();
    for diagnostic in list {
        let place = diagnostic.place;
        let end = |place: Place| place.column + place.length;
        match diagnostic.code {
            SECRET_IN_THE_OPEN => strike(&mut lines, place.line, place.column..end(place)),
            code if settings && UNREAD.contains(&code) => {
                strike(&mut lines, place.line, end(place)..usize::MAX);
                for other in diagnostic.related.iter().map(|related| related.place) {
                    strike(&mut lines, other.line, end(other)..usize::MAX);
                    // They may be shown along.
                    for between in other.line + 1..place.line {
                        strike(&mut lines, between, 0..usize::MAX);
                    }
                }
            }
            _ => {}
        }
    }
    lines.join("\n")
}

/// Stars in place of the characters of these columns (1-based).
fn strike(lines: &mut [String], number: usize, columns: Range<usize>) {
    if let Some(line) = number.checked_sub(1).and_then(|at| lines.get_mut(at)) {
        *line = (1..)
            .zip(line.chars())
            .map(|(column, c)| if columns.contains(&column) { '*' } else { c })
            .collect();
    }
}
