//! The stable codes of diagnostics: one closed list, which `docs/contract.md` repeats.

/// Declares the enum together with its table, so that no code can be used that is not listed.
macro_rules! codes {
    ($($variant:ident $code:literal $meaning:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Code { $($variant),* }

        impl Code {
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
        }

        /// Every diagnostic code with its meaning.
        pub const CODES: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    YamlSyntax "yaml-syntax" "The text is not YAML 1.2."
    YamlAnchor "yaml-anchor" "An anchor or an alias: every value stands where it is used."
    YamlTag "yaml-tag" "A tag such as `!!str`: quotes say the type."
    YamlMergeKey "merge-key" "A merge key `<<`."
    YamlDuplicateKey "duplicate-key" "A key stands twice in one mapping."
    YamlSeveralDocuments "several-documents" "More than one document in the file, or none."
    YamlNonStringKey "non-string-key" "A key that is not a string, such as a bare `200:`."
    YamlNumber "number-spelling" "A number that JSON cannot spell, such as `0o17`, `007` or `.inf`."
    TooLarge "too-large" "The text, or a schema after its references were followed, is larger than the limit."
    TooDeep "too-deep" "Values nest deeper than the limit."
    UnknownKeyword "unknown-keyword" "A key that means nothing at this place."
    MissingKeyword "missing-keyword" "A key that is required at this place."
    WrongType "wrong-type" "A value of another type than the keyword takes."
    BadValue "bad-value" "A value of the right type that the keyword does not take."
    Duplicate "duplicate" "Something that may stand once stands twice."
    UnresolvedReference "unresolved-reference" "A `$ref` that leads nowhere, or out of the document."
    RecursiveReference "recursive-reference" "A `$ref` that leads back to itself."
    UnknownName "unknown-name" "The name of an operation, problem, vendor or parameter that is not declared."
    UnknownField "unknown-field" "A pointer or name of a field that the schema does not have."
    ReservedName "reserved-name" "A name or path that is the gateway's own."
    UnsupportedKeyword "unsupported-keyword" "A JSON Schema keyword that the gateway cannot honour."
    MisplacedKeyword "misplaced-keyword" "A keyword that has no effect where it stands."
    OpenRequest "open-request" "An object of a request that admits unknown fields."
    AnswerCheck "answer-check" "A check in a schema for answers that decoding cannot promise."
    Unsayable "unsayable" "A value that the schema admits and the encoding cannot write."
    DuplicateWireName "duplicate-wire-name" "Two fields of one object that bear the same name on the wire."
    VacuousCondition "vacuous-condition" "An `if` that also holds where the tested field is absent."
    ExampleMismatch "example-mismatch" "An example or default that does not fit its own schema."
    RouteTaken "route-taken" "Two operations with the same method on the same route."
    UnknownParameter "unknown-parameter" "A placeholder or source names a parameter that is not declared."
    UnsafeSegment "unsafe-segment" "A path parameter that admits `..`, a slash or an empty text."
    UnusedParameter "unused-parameter" "A declared parameter that nothing uses."
    UnusedBody "unused-body" "A request body that nothing sends."
    MissingSource "missing-source" "Something the vendor needs and nothing surely gives."
    MissingProducer "missing-producer" "A required field of the answer that nothing surely gives."
    TypeMismatch "type-mismatch" "A source whose type is not that of its target."
    MissingResponse "missing-response" "An emitted status without an entry under `responses`."
    UnusedResponse "unused-response" "An entry under `responses` that nothing emits."
    StatusOverlap "status-overlap" "Two success entries for one vendor status."
    MissingCodeRow "missing-code-row" "A code of the vendor's catalogue without a row."
    NotInCatalogue "unknown-vendor-code" "A row for a code that the vendor's catalogue does not have."
    CallersProblem "callers-problem" "A problem that speaks of the caller's own request, mapped to a vendor's answer."
    DeadKeyword "dead-keyword" "A keyword that another one makes void."
    BadFollowUp "bad-follow-up" "A follow-up to an operation that cannot serve as one."
    BadPaging "bad-paging" "`paging` without the parameters or the answer that it needs."
    TooManyErrors "too-many-errors" "The count of the errors beyond the hundred that are listed."
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let unique: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
        assert_eq!(unique.len(), CODES.len());
        for (code, meaning) in CODES {
            assert!(
                code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{code}"
            );
            assert!(meaning.ends_with('.'), "{code}");
        }
    }
}
