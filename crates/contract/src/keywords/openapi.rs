//! The part of OpenAPI 3.1 that the gateway honours.

use super::table::{Note, Table, may, must, no, note};

pub(crate) const DOCUMENT: Table = Table {
    what: "the document",
    words: &[
        must("openapi"),
        must("info"),
        must("paths"),
        must("x-vendors"),
        may("x-problems"),
        may("components"),
        note("tags", Note::Tags),
        note("externalDocs", Note::ExternalDocs),
        no(
            "servers",
            "where the gateway and its vendors stand is told in `gateway.yaml`",
        ),
        no("security", "callers' keys are told in `gateway.yaml`"),
        no("webhooks", "the gateway serves paths only"),
        no(
            "jsonSchemaDialect",
            "schemas are JSON Schema 2020-12, as far as `docs/contract.md` lists it",
        ),
    ],
};

pub(crate) const INFO: Table = Table {
    what: "`info`",
    words: &[
        must("title"),
        must("version"),
        note("summary", Note::Text),
        note("description", Note::Text),
        note("termsOfService", Note::Text),
        note("contact", Note::Contact),
        note("license", Note::License),
    ],
};

pub(crate) const CONTACT: Table = Table {
    what: "`contact`",
    words: &[
        note("name", Note::Text),
        note("url", Note::Text),
        note("email", Note::Text),
    ],
};

pub(crate) const LICENSE: Table = Table {
    what: "`license`",
    words: &[
        must("name"),
        note("identifier", Note::Text),
        note("url", Note::Text),
    ],
};

pub(crate) const EXTERNAL_DOCS: Table = Table {
    what: "`externalDocs`",
    words: &[must("url"), note("description", Note::Text)],
};

pub(crate) const TAG: Table = Table {
    what: "a tag",
    words: &[
        must("name"),
        note("description", Note::Text),
        note("externalDocs", Note::ExternalDocs),
    ],
};

/// What stands beside a `$ref` that is no schema.
pub(crate) const REFERENCE: Table = Table {
    what: "a reference",
    words: &[
        must("$ref"),
        note("summary", Note::Text),
        note("description", Note::Text),
    ],
};

/// An entry of `examples` of a parameter or media type.
pub(crate) const EXAMPLE: Table = Table {
    what: "an entry of `examples`",
    words: &[
        must("value"),
        note("summary", Note::Text),
        note("description", Note::Text),
        no("externalValue", "write the example out as `value`"),
    ],
};

pub(crate) const PATH_ITEM: Table = Table {
    what: "a path",
    words: &[
        may("get"),
        may("post"),
        may("put"),
        may("patch"),
        may("delete"),
        may("parameters"),
        note("summary", Note::Text),
        note("description", Note::Text),
        no("head", "HEAD runs the GET of the path"),
        no("options", "OPTIONS is answered by the gateway"),
        no("trace", "TRACE is never served"),
        no(
            "servers",
            "where the gateway stands is told in `gateway.yaml`",
        ),
        no("$ref", "write the path out"),
    ],
};

pub(crate) const OPERATION: Table = Table {
    what: "an operation",
    words: &[
        must("operationId"),
        must("responses"),
        must("x-upstream"),
        may("parameters"),
        may("requestBody"),
        may("x-deprecation"),
        note("summary", Note::Text),
        note("description", Note::Text),
        note("tags", Note::Texts),
        note("deprecated", Note::Flag),
        note("externalDocs", Note::ExternalDocs),
        no("security", "callers' keys are told in `gateway.yaml`"),
        no(
            "servers",
            "where the gateway stands is told in `gateway.yaml`",
        ),
        no("callbacks", "the gateway calls nobody but the vendor"),
    ],
};

pub(crate) const PARAMETER: Table = Table {
    what: "a parameter",
    words: &[
        must("name"),
        must("in"),
        must("schema"),
        may("required"),
        may("example"),
        may("examples"),
        note("description", Note::Text),
        note("deprecated", Note::Flag),
        no(
            "style",
            "a query takes `k=a&k=b`, a path one segment; there is no other style",
        ),
        no(
            "explode",
            "a query takes `k=a&k=b`; there is no other style",
        ),
        no(
            "allowEmptyValue",
            "an empty value is a value: say `minLength` in the schema",
        ),
        no("allowReserved", "values are always percent-encoded"),
        no("content", "say `schema`"),
    ],
};

pub(crate) const REQUEST_BODY: Table = Table {
    what: "`requestBody`",
    words: &[
        must("content"),
        may("required"),
        note("description", Note::Text),
    ],
};

pub(crate) const MEDIA_TYPE: Table = Table {
    what: "a media type",
    words: &[
        must("schema"),
        may("example"),
        may("examples"),
        no(
            "encoding",
            "bodies of callers are JSON; the vendor's encoding stands in `x-upstream`",
        ),
    ],
};

pub(crate) const RESPONSE: Table = Table {
    what: "a response",
    words: &[
        must("description"),
        may("content"),
        no(
            "headers",
            "`Location` is documented where `emit.location` stands; other headers are the gateway's",
        ),
        no("links", "the gateway does not make links"),
    ],
};

pub(crate) const COMPONENTS: Table = Table {
    what: "`components`",
    words: &[
        may("schemas"),
        may("parameters"),
        may("responses"),
        may("x-errors"),
        may("x-responses"),
        no(
            "requestBodies",
            "write the request body where it is used; its schema may be shared",
        ),
        no("headers", "headers are the gateway's"),
        no(
            "securitySchemes",
            "callers' keys are told in `gateway.yaml`",
        ),
        no("examples", "write the example beside its schema"),
        no("links", "the gateway does not make links"),
        no("callbacks", "the gateway calls nobody but the vendor"),
        no("pathItems", "write the path out"),
    ],
};

pub(crate) const SCHEMA: Table = Table {
    what: "a schema",
    words: &[
        may("type"),
        may("properties"),
        may("required"),
        may("items"),
        may("additionalProperties"),
        may("$ref"),
        may("allOf"),
        may("enum"),
        may("const"),
        may("pattern"),
        may("format"),
        may("minimum"),
        may("maximum"),
        may("exclusiveMinimum"),
        may("exclusiveMaximum"),
        may("minLength"),
        may("maxLength"),
        may("minItems"),
        may("maxItems"),
        may("minProperties"),
        may("maxProperties"),
        may("if"),
        may("then"),
        may("readOnly"),
        may("xml"),
        may("x-name"),
        may("x-form"),
        may("x-type"),
        may("x-sensitive"),
        may("x-extensible-enum"),
        may("example"),
        may("examples"),
        may("default"),
        note("title", Note::Text),
        note("description", Note::Text),
        note("deprecated", Note::Flag),
        note("externalDocs", Note::ExternalDocs),
        note("$comment", Note::Text),
        no("nullable", "OpenAPI 3.1 says `type: [string, 'null']`"),
        no(
            "writeOnly",
            "leave the field out of the schema of the answer",
        ),
        no(
            "else",
            "write a second `if` with the opposite test in another schema",
        ),
        no(
            "oneOf",
            "the translation follows one shape; write one schema, with `if` and `then` for conditions",
        ),
        no(
            "anyOf",
            "the translation follows one shape; write one schema, with `if` and `then` for conditions",
        ),
        no("not", "say what is allowed"),
        no("discriminator", "the translation follows one shape"),
    ],
};

/// What may stand beside a `$ref` in a schema: words that speak of the place, not of the value.
pub(crate) const BESIDE_REFERENCE: &[&str] = &[
    "$ref",
    "title",
    "description",
    "deprecated",
    "readOnly",
    "example",
    "examples",
    "default",
    "xml",
    "x-name",
    "x-form",
    "x-type",
    "x-sensitive",
];
