use super::{Case, case};

const LIST: &str =
    "cache: {ttl: 30s, stale_while_revalidate: 30s, stale_if_error: 10m, tags: [book.list]}";
const BY_ISBN: &str = "cache: {ttl: 1h, not_found: 500ms, tags: [{book.isbn: {from: path}}, {book.isbn: /isbn}, {book.id: /id}]}";
const CREATE: &str = "invalidates: [book.list, {book.isbn: /isbn}]";
const UPSERT: &str = "invalidates: [book.*]";

pub const CASES: &[Case] = &[
    // words and values
    case(LIST, "cache: {ttl: 30s}", &[("missing-keyword", "cache")]),
    case(
        LIST,
        "cache: {tags: [book.list]}",
        &[("missing-keyword", "cache")],
    ),
    case(
        LIST,
        "cache: {ttl: 30s, tags: []}",
        &[("bad-value", "tags")],
    ),
    case(
        LIST,
        "cache: {ttl: 30s, tags: [book.list], swr: 1s}",
        &[("unknown-keyword", "swr")],
    ),
    case(
        LIST,
        "cache: {ttl: 30, tags: [book.list]}",
        &[("wrong-type", "30")],
    ),
    case(
        LIST,
        "cache: {ttl: 30 s, tags: [book.list]}",
        &[("bad-value", "30 s")],
    ),
    case(
        LIST,
        "cache: {ttl: 0s, tags: [book.list]}",
        &[("bad-value", "0s")],
    ),
    case(
        LIST,
        "cache: {ttl: 8761h, tags: [book.list]}",
        &[("bad-value", "8761h")],
    ),
    case(
        LIST,
        "cache: {ttl: 30s, stale_if_error: soon, tags: [book.list]}",
        &[("bad-value", "soon")],
    ),
    // places
    case(
        UPSERT,
        "invalidates: [book.*]\n        cache: {ttl: 1s, tags: [book.list]}",
        &[("misplaced-keyword", "cache")],
    ),
    case(
        LIST,
        "invalidates: [book.list]",
        &[
            ("unknown-name", "book.list"),
            ("misplaced-keyword", "invalidates"),
        ],
    ),
    // tags
    case(
        LIST,
        "cache: {ttl: 30s, tags: [book]}",
        &[("bad-value", "book")],
    ),
    case(
        LIST,
        "cache: {ttl: 30s, tags: [book.a.b]}",
        &[("bad-value", "book.a.b")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, book.list]",
        &[("duplicate", "book.list")],
    ),
    case(
        CREATE,
        "invalidates: [{book.list: /isbn, book.isbn: /isbn}]",
        &[("wrong-type", "{book.list: /isbn, book.isbn: /isbn}")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, {book.*: /isbn}]",
        &[("bad-value", "book.*")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, {book.isbn: /isbm}]",
        &[("unknown-field", "/isbm")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, {book.isbn: /authors}]",
        &[("type-mismatch", "/authors")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, {book.isbn: {from: path}}]",
        &[("unknown-parameter", "path")],
    ),
    case(
        BY_ISBN,
        "cache: {ttl: 1h, tags: [{book.isbn: /isbm}]}",
        &[("unknown-field", "/isbm")],
    ),
    case(
        BY_ISBN,
        "cache: {ttl: 1h, tags: [{book.isbn: /authors}]}",
        &[("type-mismatch", "/authors")],
    ),
    case(
        LIST,
        "cache: {ttl: 30s, not_found: 1s, tags: [book.list]}",
        &[],
    ),
    case(
        "errors: {statuses: {'404': loan-not-found}}\n    patch:",
        "errors: {statuses: {'400': validation-failed}}\n        cache: {ttl: 1s, not_found: 1s, tags: [loan.all]}\n    patch:",
        &[
            ("dead-keyword", "not_found"),
            ("missing-keyword", "x-upstream"),
        ],
    ),
    // reads and writes of one vendor
    case(UPSERT, "", &[("missing-keyword", "x-upstream")]),
    case(UPSERT, "invalidates: []", &[]),
    case(
        CREATE,
        "invalidates: [book.lst, {book.isbn: /isbn}]",
        &[("unknown-name", "book.lst")],
    ),
    case(
        CREATE,
        "invalidates: [books.*]",
        &[("unknown-name", "books.*")],
    ),
    case(
        CREATE,
        "invalidates: [book.list, book.isbn]",
        &[("type-mismatch", "book.isbn")],
    ),
    // What only a tag names does not reach the vendor.
    case(
        "{$ref: '#/components/parameters/cursor'}]",
        "{$ref: '#/components/parameters/cursor'}, {name: shelf, in: query, schema: {type: string}}]",
        &[(
            "unused-parameter",
            "{name: shelf, in: query, schema: {type: string}}",
        )],
    ),
];
