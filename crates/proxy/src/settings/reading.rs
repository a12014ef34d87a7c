//! What one reading of the settings found: mistakes, which keys were asked, and files to look at.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use contract::Diagnostic;

use super::key::Row;
use super::source::{Mistake, Source};

/// One reading, from its first key to its last.
pub struct Reading<'a> {
    pub source: &'a Source,
    /// Where relative paths start.
    pub folder: &'a Path,
    mistakes: RefCell<Vec<Mistake>>,
    asked: RefCell<Vec<ReadKey>>,
    ca_files: RefCell<Vec<(String, PathBuf)>>,
}

/// A key that was read.
#[derive(Debug)]
pub struct ReadKey {
    pub pointer: String,
    pub row: &'static Row,
    /// The free name, of a member of a mapping that has such names.
    pub member: Option<String>,
    /// What the program chose where neither file nor table has a value.
    pub chosen: Option<String>,
}

/// All that was found, each in the order of the reading.
pub struct Findings {
    pub mistakes: Vec<Mistake>,
    pub asked: Vec<ReadKey>,
    /// By pointer. Whoever opens them tells what is wrong with them.
    pub ca_files: Vec<(String, PathBuf)>,
}

impl<'a> Reading<'a> {
    pub fn new(source: &'a Source, folder: &'a Path) -> Self {
        Self {
            source,
            folder,
            mistakes: RefCell::new(source.refused().collect()),
            asked: RefCell::default(),
            ca_files: RefCell::default(),
        }
    }

    pub fn asked(&self, asked: ReadKey) {
        self.asked.borrow_mut().push(asked);
    }

    pub fn ca_file(&self, pointer: String, path: PathBuf) {
        self.ca_files.borrow_mut().push((pointer, path));
    }

    pub fn refuse(&self, diagnostic: Diagnostic) {
        // That the value could not be read was told; null stands for it.
        if diagnostic.code != "unknown-key" && self.source.is_unread(&diagnostic.pointer) {
            return;
        }
        let mistake = self.source.mistake(diagnostic);
        self.mistakes.borrow_mut().push(mistake);
    }

    pub fn finish(self) -> Findings {
        Findings {
            mistakes: self.mistakes.into_inner(),
            asked: self.asked.into_inner(),
            ca_files: self.ca_files.into_inner(),
        }
    }
}
