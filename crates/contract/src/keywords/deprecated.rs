//! Words that load and have a better successor. `check` warns of them; a later major version refuses them.

use super::openapi::SCHEMA;
use super::table::Table;

/// A deprecated word of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeprecatedWord {
    /// The object that it stands in, as messages call it: "a schema".
    pub place: &'static str,
    /// The member's name.
    pub word: &'static str,
    /// The version of the gateway that warns of it first.
    pub since: &'static str,
    /// What says the same.
    pub instead: &'static str,
}

/// All of them; `docs/compatibility.md` repeats the list.
pub const DEPRECATED_WORDS: &[DeprecatedWord] = &[
    // OpenAPI 3.1.0, "Schema Object": `example` is deprecated in favour of JSON Schema's `examples`.
    // Parameters and media types keep theirs.
    DeprecatedWord {
        place: SCHEMA.what,
        word: "example",
        since: "0.1.0",
        instead: "`examples`, a list of them",
    },
];

pub(crate) fn deprecated(table: &Table, word: &str) -> Option<&'static DeprecatedWord> {
    let mut all = DEPRECATED_WORDS.iter();
    all.find(|one| one.place == table.what && one.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deprecated_word_still_loads() {
        for old in DEPRECATED_WORDS {
            let tables = [&SCHEMA];
            let table = tables.iter().find(|table| table.what == old.place);
            let mut names = table.unwrap_or_else(|| panic!("{old:?}")).names();
            assert!(names.any(|name| name == old.word), "{old:?}");
        }
    }
}
