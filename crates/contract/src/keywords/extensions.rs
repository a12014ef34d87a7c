//! The words that a contract adds to OpenAPI, and `xml`.

use super::table::{Table, may, must};

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
    words: &[
        may("error_code"),
        may("error_message"),
        may("catalogue"),
        may("probe"),
    ],
};

pub(crate) const ERROR_CODE: Table = Table {
    what: "`error_code`",
    words: &[may("json"), may("xml"), may("scan")],
};

pub(crate) const ERROR_MESSAGE: Table = Table {
    what: "`error_message`",
    words: &[may("json"), may("xml")],
};

pub(crate) const PROBE: Table = Table {
    what: "`probe`",
    words: &[must("operation"), may("with"), may("healthy")],
};

pub(crate) const CONSTANT: Table = Table {
    what: "a parameter of a probe",
    words: &[must("const")],
};

pub(crate) const PROBLEM: Table = Table {
    what: "a problem",
    words: &[
        must("status"),
        must("title"),
        may("hint"),
        may("description"),
    ],
};

pub(crate) const DEPRECATION: Table = Table {
    what: "`x-deprecation`",
    words: &[must("since"), may("sunset"), may("link")],
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
        may("cache"),
        may("invalidates"),
    ],
};

pub(crate) const REQUEST: Table = Table {
    what: "`request`",
    words: &[
        must("encoding"),
        may("root"),
        may("needs"),
        may("set"),
        may("omit"),
    ],
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
    words: &[
        must("at"),
        must("equals"),
        may("problem"),
        may("outcome"),
        may("items"),
    ],
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
    words: &[
        must("style"),
        must("start"),
        must("first"),
        must("count"),
        must("end"),
    ],
};

pub(crate) const WRITE: Table = Table {
    what: "`write`",
    words: &[must("repeatable"), may("unclear")],
};

pub(crate) const LOOK_UP: Table = Table {
    what: "`unclear` with `look_up`",
    words: &[
        must("look_up"),
        must("with"),
        must("different"),
        may("compare"),
    ],
};

pub(crate) const READ_BACK: Table = Table {
    what: "`unclear` with `read_back`",
    words: &[must("read_back"), must("with"), must("compare")],
};

pub(crate) const CACHE: Table = Table {
    what: "`cache`",
    words: &[
        must("ttl"),
        must("tags"),
        may("stale_while_revalidate"),
        may("stale_if_error"),
        may("not_found"),
    ],
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
    ("cache", &CACHE),
    ("constant", &CONSTANT),
    ("createIfAbsent", &CREATE_IF_ABSENT),
    ("deprecation", &DEPRECATION),
    ("emit", &EMIT),
    ("errorCode", &ERROR_CODE),
    ("errorMap", &ERRORS),
    ("errorMessage", &ERROR_MESSAGE),
    ("failsIf", &FAILS_IF),
    ("lookUp", &LOOK_UP),
    ("paging", &PAGING),
    ("probe", &PROBE),
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
