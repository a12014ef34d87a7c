//! The JSON Schema of the extensions, for editors and `lms-gateway config schema`.

use serde_json::Value;

/// JSON Schema 2020-12 of a contract's extensions (`x-vendors`, `x-problems`, `x-upstream`,
/// `x-deprecation`, `x-errors`, `x-responses`, `x-name`, `x-form`, `x-type`, `x-sensitive`,
/// `x-extensible-enum`, `xml`). It knows the words and their
/// types; what refers to something else is checked by [`crate::compile`] alone.
#[must_use]
pub fn schema() -> Value {
    // The text is part of the program, and a test parses it: `null` never appears.
    serde_json::from_str(include_str!("extensions.json")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::keywords::{EXTENSIONS, OPERATION, SCHEMA, Use};

    #[test]
    fn the_schema_has_exactly_the_words_of_the_tables() {
        let schema = schema();
        for (name, table) in EXTENSIONS {
            let definition = schema
                .pointer(&format!("/$defs/{name}"))
                .unwrap_or_else(|| panic!("{name}"));
            let words: BTreeSet<&str> = definition["properties"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(words, table.names().collect(), "{name}");
            assert_eq!(definition["additionalProperties"], false, "{name}");
            let required: BTreeSet<&str> = definition["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let must = table
                .words
                .iter()
                .filter(|word| word.usage == Use::Required);
            assert_eq!(required, must.map(|word| word.name).collect(), "{name}");
        }
    }

    #[test]
    fn every_definition_of_closed_words_has_a_table() {
        let schema = schema();
        let closed = schema["$defs"].as_object().unwrap().iter();
        let closed: BTreeSet<&str> = closed
            .filter(|(_, definition)| definition["additionalProperties"] == false)
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(closed, EXTENSIONS.iter().map(|(name, _)| *name).collect());
    }

    #[test]
    fn the_extensions_of_open_objects_are_the_same() {
        let schema = schema();
        let extensions = |place: &str| -> BTreeSet<String> {
            let words = schema
                .pointer(place)
                .and_then(Value::as_object)
                .unwrap()
                .keys();
            words
                .filter(|word| word.starts_with("x-"))
                .cloned()
                .collect()
        };
        let tabled = |table: &crate::keywords::Table| -> BTreeSet<String> {
            table
                .names()
                .filter(|word| word.starts_with("x-"))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(
            extensions("/properties"),
            tabled(&crate::keywords::DOCUMENT)
        );
        assert_eq!(
            extensions("/properties/components/properties"),
            tabled(&crate::keywords::COMPONENTS)
        );
        assert_eq!(
            extensions("/$defs/operation/properties"),
            tabled(&OPERATION)
        );
        assert_eq!(extensions("/$defs/schema/properties"), tabled(&SCHEMA));
    }
}
