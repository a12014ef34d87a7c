//! Every keyword that the compiler reads, by the object it stands in. What is not here is refused;
//! `extensions.json` says the same of the extensions, for editors.

/// The keywords of one kind of object.
#[derive(Debug)]
pub(crate) struct Table {
    /// The object in a message: "… has no keyword `x`".
    pub(crate) what: &'static str,
    pub(crate) words: &'static [Word],
}

#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) usage: Use,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Required,
    Optional,
    /// For people: it binds nothing and passes into the public document.
    Annotation,
    /// Part of the vocabulary, refused until the named issue builds its machinery.
    NotYet(&'static str),
    /// Part of OpenAPI, refused for the reason given.
    Refused(&'static str),
}

impl Table {
    /// The names that a document may use.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let usable = |word: &&Word| !matches!(word.usage, Use::NotYet(_) | Use::Refused(_));
        self.words.iter().filter(usable).map(|word| word.name)
    }
}

const fn must(name: &'static str) -> Word {
    Word { name, usage: Use::Required }
}

const fn may(name: &'static str) -> Word {
    Word { name, usage: Use::Optional }
}

const fn note(name: &'static str) -> Word {
    Word { name, usage: Use::Annotation }
}

const fn later(name: &'static str, issue: &'static str) -> Word {
    Word { name, usage: Use::NotYet(issue) }
}

const fn no(name: &'static str, why: &'static str) -> Word {
    Word { name, usage: Use::Refused(why) }
}

/// Delete a line that uses it to switch a keyword on.
const CACHE: &str = "the issue on the cache";

pub(crate) const DOCUMENT: Table = Table {
    what: "the document",
    words: &[
        must("openapi"),
        must("info"),
        must("paths"),
        must("x-vendors"),
        may("x-problems"),
        may("components"),
        note("tags"),
        note("externalDocs"),
        no("servers", "where the gateway and its vendors stand is told in `gateway.yaml`"),
        no("security", "callers' keys are told in `gateway.yaml`"),
        no("webhooks", "the gateway serves paths only"),
        no("jsonSchemaDialect", "schemas are JSON Schema 2020-12, as far as `docs/contract.md` lists it"),
    ],
};

pub(crate) const INFO: Table = Table {
    what: "`info`",
    words: &[
        must("title"),
        must("version"),
        note("summary"),
        note("description"),
        note("termsOfService"),
        note("contact"),
        note("license"),
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
        note("summary"),
        note("description"),
        no("head", "HEAD runs the GET of the path"),
        no("options", "OPTIONS is answered by the gateway"),
        no("trace", "TRACE is never served"),
        no("servers", "where the gateway stands is told in `gateway.yaml`"),
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
        note("summary"),
        note("description"),
        note("tags"),
        note("deprecated"),
        note("externalDocs"),
        no("security", "callers' keys are told in `gateway.yaml`"),
        no("servers", "where the gateway stands is told in `gateway.yaml`"),
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
        note("description"),
        note("deprecated"),
        no("style", "a query takes `k=a&k=b`, a path one segment; there is no other style"),
        no("explode", "a query takes `k=a&k=b`; there is no other style"),
        no("allowEmptyValue", "an empty value is a value: say `minLength` in the schema"),
        no("allowReserved", "values are always percent-encoded"),
        no("content", "say `schema`"),
    ],
};

pub(crate) const REQUEST_BODY: Table = Table {
    what: "`requestBody`",
    words: &[must("content"), may("required"), note("description")],
};

pub(crate) const MEDIA_TYPE: Table = Table {
    what: "a media type",
    words: &[
        must("schema"),
        may("example"),
        may("examples"),
        no("encoding", "bodies of callers are JSON; the vendor's encoding stands in `x-upstream`"),
    ],
};

pub(crate) const RESPONSE: Table = Table {
    what: "a response",
    words: &[
        must("description"),
        may("content"),
        no("headers", "`Location` is documented where `emit.location` stands; other headers are the gateway's"),
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
        no("requestBodies", "write the request body where it is used; its schema may be shared"),
        no("headers", "headers are the gateway's"),
        no("securitySchemes", "callers' keys are told in `gateway.yaml`"),
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
        may("example"),
        may("examples"),
        may("default"),
        note("title"),
        note("description"),
        note("deprecated"),
        note("externalDocs"),
        note("$comment"),
        no("nullable", "OpenAPI 3.1 says `type: [string, 'null']`"),
        no("writeOnly", "leave the field out of the schema of the answer"),
        no("else", "write a second `if` with the opposite test in another schema"),
        no("oneOf", "the translation follows one shape; write one schema, with `if` and `then` for conditions"),
        no("anyOf", "the translation follows one shape; write one schema, with `if` and `then` for conditions"),
        no("not", "say what is allowed"),
        no("discriminator", "the translation follows one shape"),
    ],
};

/// What may stand beside a `$ref` in a schema: words that speak of the place, not of the value.
pub(crate) const BESIDE_REFERENCE: &[&str] = &[
    "$ref", "title", "description", "deprecated", "readOnly", "example", "examples", "xml",
    "x-name", "x-form", "x-type",
];

pub(crate) const XML: Table = Table {
    what: "`xml`",
    words: &[
        may("name"),
        may("attribute"),
        may("wrapped"),
        may("namespace"),
        may("prefix"),
    ],
};

pub(crate) const VENDOR: Table = Table {
    what: "a vendor",
    words: &[may("error_code"), may("error_message"), may("catalogue")],
};

pub(crate) const ERROR_CODE: Table = Table {
    what: "`error_code`",
    words: &[may("json"), may("xml"), may("scan")],
};

pub(crate) const ERROR_MESSAGE: Table = Table {
    what: "`error_message`",
    words: &[may("json"), may("xml")],
};

pub(crate) const PROBLEM: Table = Table {
    what: "a problem",
    words: &[must("status"), must("title"), may("hint"), may("description")],
};

pub(crate) const UPSTREAM: Table = Table {
    what: "`x-upstream`",
    words: &[
        must("upstream"),
        must("method"),
        must("path"),
        must("response"),
        must("errors"),
        may("query"),
        may("request"),
        may("paging"),
        may("write"),
        may("create_if_absent"),
        later("cache", CACHE),
        later("invalidates", CACHE),
    ],
};

pub(crate) const REQUEST: Table = Table {
    what: "`request`",
    words: &[must("encoding"), may("root"), may("needs"), may("set"), may("omit")],
};

pub(crate) const ANSWER: Table = Table {
    what: "`response`",
    words: &[must("encoding"), must("success")],
};

pub(crate) const SUCCESS: Table = Table {
    what: "a `success` entry",
    words: &[
        must("status"),
        must("body"),
        must("emit"),
        may("at"),
        may("value"),
        may("fails_if"),
    ],
};

pub(crate) const PRODUCER: Table = Table {
    what: "a `value` entry",
    words: &[
        must("from"),
        may("to"),
        may("pointer"),
        may("name"),
        may("segment_after"),
        may("missing"),
    ],
};

pub(crate) const EMIT: Table = Table {
    what: "`emit`",
    words: &[must("status"), may("location")],
};

pub(crate) const FAILS_IF: Table = Table {
    what: "`fails_if`",
    words: &[must("at"), must("equals"), may("problem"), may("outcome"), may("items")],
};

pub(crate) const ERRORS: Table = Table {
    what: "an error map",
    words: &[may("codes"), may("statuses")],
};

pub(crate) const ROW: Table = Table {
    what: "a row",
    words: &[must("problem"), may("pointer"), may("outcome")],
};

pub(crate) const PAGING: Table = Table {
    what: "`paging`",
    words: &[must("style"), must("start"), must("first"), must("count"), must("end")],
};

pub(crate) const WRITE: Table = Table {
    what: "`write`",
    words: &[must("repeatable"), may("unclear")],
};

pub(crate) const LOOK_UP: Table = Table {
    what: "`unclear` with `look_up`",
    words: &[must("look_up"), must("with"), must("different")],
};

pub(crate) const READ_BACK: Table = Table {
    what: "`unclear` with `read_back`",
    words: &[must("read_back"), must("with"), must("compare")],
};

pub(crate) const CREATE_IF_ABSENT: Table = Table {
    what: "`create_if_absent`",
    words: &[
        must("operation"),
        must("when"),
        must("requires"),
        may("same"),
        may("again_when"),
    ],
};

pub(crate) const SOURCE: Table = Table {
    what: "a source",
    words: &[may("from"), may("name"), may("const")],
};

/// The tables that the JSON Schema of the extensions repeats, by the name of the definition there.
#[cfg(test)]
pub(crate) const EXTENSIONS: &[(&str, &Table)] = &[
    ("answer", &ANSWER),
    ("createIfAbsent", &CREATE_IF_ABSENT),
    ("emit", &EMIT),
    ("errorCode", &ERROR_CODE),
    ("errorMap", &ERRORS),
    ("errorMessage", &ERROR_MESSAGE),
    ("failsIf", &FAILS_IF),
    ("lookUp", &LOOK_UP),
    ("paging", &PAGING),
    ("problem", &PROBLEM),
    ("producer", &PRODUCER),
    ("readBack", &READ_BACK),
    ("request", &REQUEST),
    ("row", &ROW),
    ("source", &SOURCE),
    ("success", &SUCCESS),
    ("upstream", &UPSTREAM),
    ("vendor", &VENDOR),
    ("write", &WRITE),
    ("xml", &XML),
];
