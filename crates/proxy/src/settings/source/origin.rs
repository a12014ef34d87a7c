//! Where a value was written, and a finding with that place.

use contract::{Diagnostic, Place};

/// An environment variable, as the place of a value or of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// Its value, where that may be shown.
    pub text: String,
}

impl Variable {
    /// All of its value.
    pub fn place(&self) -> Place {
        Place {
            length: self.text.chars().count().max(1),
            ..Place::START
        }
    }
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: the default holds.
    Default,
    /// 1-based line of the settings file.
    File {
        line: usize,
    },
    Variable(Variable),
}

/// A finding with its place, which is in the settings file or is a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub variable: Option<Variable>,
    pub diagnostic: Diagnostic,
}
