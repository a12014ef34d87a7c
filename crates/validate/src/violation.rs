use std::fmt;

/// How many violations are listed; the rest is counted. Without the limit a body of 100,000 small
/// mistakes would be answered by one of 20 MB.
pub const MAX_VIOLATIONS: usize = 100;

/// One thing that is wrong in a request: where, which rule, and a sentence that names the limit,
/// what was found, and how to fix it. `code` is one of [`CODES`](crate::CODES).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The value or parameter that is wrong.
    pub at: At,
    /// The rule, stable and in kebab-case.
    pub code: &'static str,
    /// For the caller; what it quotes is shortened and escaped.
    pub detail: String,
}

/// The place of a violation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum At {
    /// A JSON Pointer (RFC 6901) into the body; `""` is the whole body. One that would be longer
    /// than [`MAX_POINTER_BYTES`](crate::MAX_POINTER_BYTES) names the nearest enclosing value.
    Pointer(String),
    /// The name of a path or query parameter.
    Parameter(String),
}

/// Violations, at most [`MAX_VIOLATIONS`] of them listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// In the order in which they were found.
    pub listed: Vec<Violation>,
    /// How many were found beyond those listed.
    pub more: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("the body"),
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Parameter(name) => write!(f, "parameter {name}"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.at, self.detail, self.code)
    }
}

impl Violations {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one: listed while there is room, else counted.
    pub fn push(&mut self, violation: Violation) {
        self.push_with(|| violation);
    }

    /// Builds the violation only if it will be listed, so that the millionth costs nothing.
    pub fn push_with(&mut self, violation: impl FnOnce() -> Violation) {
        if self.listed.len() < MAX_VIOLATIONS {
            self.listed.push(violation());
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Adds all of `other`, listed and counted.
    pub fn append(&mut self, other: Self) {
        self.extend(other.listed);
        self.more = self.more.saturating_add(other.more);
    }

    /// Whether none was found.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// All that were found, listed or not.
    pub fn total(&self) -> usize {
        self.listed.len().saturating_add(self.more)
    }

    /// Those that are listed.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.listed.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.listed.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        if self.more > 0 {
            write!(f, "; and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl Extend<Violation> for Violations {
    fn extend<T: IntoIterator<Item = Violation>>(&mut self, violations: T) {
        for violation in violations {
            self.push(violation);
        }
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self {
            listed: vec![violation],
            more: 0,
        }
    }
}

impl FromIterator<Violation> for Violations {
    fn from_iter<T: IntoIterator<Item = Violation>>(violations: T) -> Self {
        let mut all = Self::new();
        all.extend(violations);
        all
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    /// The listed ones.
    fn into_iter(self) -> Self::IntoIter {
        self.listed.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
