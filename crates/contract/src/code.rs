//! The stable codes of diagnostics: one closed list, which `docs/contract.md` repeats.

/// Declares the enum together with its table, so that no code can be used that is not listed: name,
/// meaning, and the help of a finding that has none of its own.
macro_rules! codes {
    ($($variant:ident $code:literal $meaning:literal $help:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Code { $($variant),* }

        impl Code {
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// How to fix such a finding, where whoever found it knows nothing nearer.
            pub(crate) const fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),* }
            }
        }

        /// Every diagnostic code with its meaning.
        pub const CODES: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    YamlSyntax "yaml-syntax" "The text is not YAML 1.2."
        "close every bracket and quote, indent by spaces, and quote a text that holds `: ` or ` #`"
    YamlAnchor "yaml-anchor" "An anchor or an alias: every value stands where it is used."
        "write the value where it is used, or use `$ref` where the contract takes it"
    YamlTag "yaml-tag" "A tag such as `!!str`: quotes say the type."
        "quote what shall be a string"
    YamlMergeKey "merge-key" "A merge key `<<`."
        "write the members out, or use `$ref` where the contract takes it"
    YamlDuplicateKey "duplicate-key" "A key stands twice in one mapping."
        "keep one of the two; neither would win silently"
    YamlSeveralDocuments "several-documents" "More than one document in the file, or none."
        "keep exactly one document in the file"
    YamlNonStringKey "non-string-key" "A key that is not a string, such as a bare `200:`."
        "put the key into quotes"
    YamlNumber "number-spelling" "A number that JSON cannot spell, such as `0o17`, `007` or `.inf`."
        "write the number in decimal, or put a text into quotes"
    TooLarge "too-large" "The text, or a schema after its references were followed, is larger than the limit."
        "make it smaller: is it the right file, and does every `$ref` lead to what is meant?"
    TooDeep "too-deep" "Values nest deeper than the limit."
        "flatten the document: nest fewer levels, or name a part under `components`"
    UnknownKeyword "unknown-keyword" "A key that means nothing at this place."
        "take it out, or look the word up in `docs/contract.md`"
    MissingKeyword "missing-keyword" "A key that is required at this place."
        "add it; `docs/contract.md` shows an example of each keyword"
    WrongType "wrong-type" "A value of another type than the keyword takes."
        "write a value of the type that the keyword takes"
    BadValue "bad-value" "A value of the right type that the keyword does not take."
        "look up in `docs/contract.md` what the keyword takes"
    Duplicate "duplicate" "Something that may stand once stands twice."
        "keep one of them"
    UnresolvedReference "unresolved-reference" "A `$ref` that leads nowhere, or out of the document."
        "declare it under `components`, or fix the name"
    RecursiveReference "recursive-reference" "A `$ref` that leads back to itself."
        "write out what it leads to: everything here has a fixed depth"
    UnknownName "unknown-name" "The name of an operation, problem, vendor or parameter that is not declared."
        "declare it, or fix the name"
    UnknownField "unknown-field" "A pointer or name of a field that the schema does not have."
        "point at a field that the schema has, or add the field to the schema"
    ReservedName "reserved-name" "A name or path that is the gateway's own."
        "choose another name"
    UnsupportedKeyword "unsupported-keyword" "A JSON Schema keyword that the gateway cannot honour."
        "take it out: the gateway could not keep what it promises"
    MisplacedKeyword "misplaced-keyword" "A keyword that has no effect where it stands."
        "take it out here, or move it to where it has an effect"
    OpenRequest "open-request" "An object of a request that admits unknown fields."
        "add `additionalProperties: false`"
    AnswerCheck "answer-check" "A check in a schema for answers that decoding cannot promise."
        "take the check out of the answer's schema; it may stay in the request's"
    NotRepresentable "not-representable" "A value that the schema admits and the encoding cannot write."
        "change the schema so that it admits only what the encoding can write"
    DuplicateWireName "duplicate-wire-name" "Two fields of one object that bear the same name on the wire."
        "give one of them another `x-name`"
    VacuousCondition "vacuous-condition" "An `if` that also holds where the tested field is absent."
        "add `required` with the tested field to the `if`"
    ExampleMismatch "example-mismatch" "An example or default that does not fit its own schema."
        "fix the example, or the schema if the example is right"
    RouteTaken "route-taken" "Two operations with the same method on the same route."
        "give one of them another path or method"
    UnknownParameter "unknown-parameter" "A placeholder or source names a parameter that is not declared."
        "declare the parameter, or fix the name"
    UnsafeSegment "unsafe-segment" "A path parameter that admits `..`, a slash or an empty text."
        "add `format: identifier`, `format: uuid`, or a `pattern` anchored at both ends, such as '^[0-9]+$'"
    UnusedParameter "unused-parameter" "A declared parameter that nothing uses."
        "use it in the vendor's `path` or `query`, or take it out"
    UnusedBody "unused-body" "A request body that nothing sends."
        "add `request` to `x-upstream`, or take the body out"
    MissingSource "missing-source" "Something the vendor needs and nothing surely gives."
        "point at a required field or parameter, or fill the field by `set`"
    MissingProducer "missing-producer" "A required field of the answer that nothing surely gives."
        "add a `value` entry that surely gives it, or take it out of `required`"
    TypeMismatch "type-mismatch" "A source whose type is not that of its target."
        "change one of the types, so that what is given fits what is asked for"
    MissingResponse "missing-response" "An emitted status without an entry under `responses`."
        "add the status under `responses`"
    UnusedResponse "unused-response" "An entry under `responses` that nothing emits."
        "add an `emit` for it, or take it out"
    StatusOverlap "status-overlap" "Two success entries for one vendor status."
        "name each status of the vendor in one entry"
    MissingCodeRow "missing-code-row" "A code of the vendor's catalogue without a row."
        "add a row for the code"
    NotInCatalogue "unknown-vendor-code" "A row for a code that the vendor's catalogue does not have."
        "add the code to the vendor's `catalogue`, or take the row out"
    CallersProblem "callers-problem" "A problem that speaks of the caller's own request, mapped to a vendor's answer."
        "name a problem of `x-problems`, `validation-failed` or an `upstream-` problem"
    DeadKeyword "dead-keyword" "A keyword that another one makes void."
        "take it out, or take out what makes it void"
    BadFollowUp "bad-follow-up" "A follow-up to an operation that cannot serve as one."
        "name an operation of the same vendor that can follow; `docs/contract.md` says what each follow-up needs"
    BadPaging "bad-paging" "`paging` without the parameters or the answer that it needs."
        "see the example of `paging` in `docs/contract.md`"
    DeprecatedKeyword "deprecated-keyword" "A warning: a word that has a better successor, and loads."
        "write its successor"
    TooManyErrors "too-many-errors" "The count of the errors beyond the hundred that are listed."
        "fix those above first; many others may be their consequence"
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
