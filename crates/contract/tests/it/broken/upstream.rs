use super::{Case, case};

const REQUEST: &str = "          encoding: form\n          needs: [/isbn, /title]";
const CREATED: &str = "                - {from: request}\n";
const UPSERT: &str =
    "request: {encoding: form, set: {/isbn: {from: path}}, omit: [/kind], needs: [/isbn, /title]}";
const KO: &str = "fails_if: {at: /status, equals: KO, problem: loans-blocked}";
const QUERY: &str = "query: {mode: {const: full}}";
const PAGING: &str =
    "paging: {style: offset, start: from, first: 0, count: size, end: ['204', '416']}";
const LOCATION: &str = "{to: /id, from: location, segment_after: id, missing: look_up}";
const LOAN_ERRORS: &str = "errors: {statuses: {'404': loan-not-found}}";
const ROW: &str = "SHF002: {problem: validation-failed, pointer: /kind}";

pub const CASES: &[Case] = &[
    case(
        "{status: [204], body: ignored, value: [{to: /items, from: empty}]",
        "{status: [204], body: required, value: [{to: /items, from: body}]",
        &[("dead-keyword", "required")],
    ),
    // the call
    case(
        "upstream: desk\n        method: GET",
        "upstream: desc\n        method: GET",
        &[("unknown-name", "desc")],
    ),
    case(
        "upstream: desk\n        method: GET",
        "upstream: desk\n        methode: GET",
        &[("unknown-keyword", "methode")],
    ),
    case(
        "upstream: desk\n        method: GET",
        "upstream: desk\n        method: FETCH",
        &[("bad-value", "FETCH")],
    ),
    case(
        "upstream: desk\n        method: GET",
        "upstream: desk\n        method: DELETE",
        &[("bad-value", "DELETE")],
    ),
    case(
        "path: /rest/books/id/{id}",
        "path: /rest/books/id/{isbn}",
        &[
            (
                "unused-parameter",
                "{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]{1,19}$'}}",
            ),
            ("unknown-parameter", "/rest/books/id/{isbn}"),
        ],
    ),
    case(
        "path: /rest/books/id/{id}",
        "path: /rest/books/id/{id}?full=1",
        &[
            (
                "unused-parameter",
                "{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]{1,19}$'}}",
            ),
            ("bad-value", "/rest/books/id/{id}?full=1"),
        ],
    ),
    case(
        "path: /rest/books/id/{id}",
        "path: /rest/books/id;x/{id}",
        &[
            (
                "unused-parameter",
                "{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]{1,19}$'}}",
            ),
            ("bad-value", "/rest/books/id;x/{id}"),
        ],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: 0, count: size, end: ['204', '200', '206']}",
        &[("dead-keyword", "'200'"), ("dead-keyword", "'206'")],
    ),
    // constants
    case(
        "set: {/isbn: {from: path}}, omit",
        "set: {/isbn: {from: path}, /pages: {const: 0}}, omit",
        &[("bad-value", "0")],
    ),
    case(
        "set: {/isbn: {from: path}}, omit",
        "set: {/isbn: {const: a/b}}, omit",
        &[("bad-value", "a/b")],
    ),
    case(
        "same: {/isbn: {from: path}}",
        "same: {/isbn: {const: ..}}",
        &[("bad-value", "..")],
    ),
    case(
        "with: {loan_id: {from: path}}, compare",
        "with: {loan_id: {const: seven}}, compare",
        &[("bad-value", "seven")],
    ),
    // query
    case(QUERY, "query: {mode: full}", &[("bad-value", "full")]),
    case(QUERY, "query: {mode: /full}", &[("unknown-field", "/full")]),
    case(
        QUERY,
        "query: {mode: {from: query}}",
        &[("unknown-parameter", "query")],
    ),
    case(
        QUERY,
        "query: {mode: {from: body}}",
        &[("bad-value", "body")],
    ),
    case(
        QUERY,
        "query: {mode: {const: full, from: query}}",
        &[("missing-keyword", "mode")],
    ),
    case(
        QUERY,
        "query: {mode: {const: null}}",
        &[("wrong-type", "null")],
    ),
    case(QUERY, "query: {mode: [a]}", &[("wrong-type", "mode")]),
    // paging
    case(
        PAGING,
        "paging: {style: page, start: from, first: 0, count: size, end: ['204']}",
        &[("bad-value", "page")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: -1, count: size, end: ['204']}",
        &[("wrong-type", "-1")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: 0, count: from, end: ['204']}",
        &[("duplicate", "paging")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: mode, first: 0, count: size, end: ['204']}",
        &[("duplicate", "mode")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: 0, count: size, end: [204]}",
        &[("wrong-type", "204")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: 0, count: size, end: ['20x']}",
        &[("bad-value", "'20x'")],
    ),
    case(
        "schema: {type: integer, minimum: 1, maximum: 500}",
        "schema: {type: integer}",
        &[("bad-paging", "schema")],
    ),
    case(
        "next_cursor: {type: [string, 'null']}",
        "next_cursor: {type: string}",
        &[("bad-paging", "BookList")],
    ),
    case(
        "next_cursor: {type: [string, 'null']}",
        "next_cursor: {type: [string, 'null']}\n        more: {type: array, items: {type: string}}",
        &[("bad-paging", "BookList")],
    ),
    case(
        "        path: /rest/books/id/{id}\n",
        "        path: /rest/books/id/{id}\n        paging: {style: offset, start: a, first: 0, count: b, end: ['204']}\n",
        &[
            ("bad-paging", "paging"),
            ("bad-paging", "paging"),
            ("bad-paging", "Book"),
        ],
    ),
    // request
    case(
        REQUEST,
        "          ecnoding: form\n          needs: [/isbn, /title]",
        &[("unknown-keyword", "ecnoding")],
    ),
    case(
        REQUEST,
        "          encoding: yaml\n          needs: [/isbn, /title]",
        &[("bad-value", "yaml")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          root: book\n          needs: [/isbn, /title]",
        &[("misplaced-keyword", "root")],
    ),
    case(
        "request: {encoding: xml, root: request}",
        "request: {encoding: xml}",
        &[("missing-keyword", "request")],
    ),
    case(
        "request: {encoding: xml, root: request}",
        "request: {encoding: xml, root: a b}",
        &[("bad-value", "a b")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          needs: [/isbn, /titel]",
        &[("unknown-field", "/titel")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          needs: [/isbn, /pages]",
        &[("missing-source", "/pages")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          omit: [/isbn]\n          needs: [/isbn, /title]",
        &[("missing-source", "/isbn")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          set: {/isbn: {const: x}}\n          needs: [/isbn, /title]",
        &[("dead-keyword", "/isbn")],
    ),
    case(
        UPSERT,
        "request: {encoding: form, set: {isbn: {from: path}}, omit: [/kind], needs: [/title]}",
        &[("bad-value", "isbn"), ("missing-source", "/isbn")],
    ),
    case(
        UPSERT,
        "request: {encoding: form, set: {/isbn: {from: path}, /pages: {const: x}}, omit: [/kind], needs: [/isbn]}",
        &[("type-mismatch", "/pages")],
    ),
    case(
        "        request: {encoding: xml, root: request}\n",
        "",
        &[("unused-body", "requestBody")],
    ),
    case(
        "        path: /rest/books/id/{id}\n",
        "        path: /rest/books/id/{id}\n        request: {encoding: json}\n",
        &[("misplaced-keyword", "request")],
    ),
    // success entries
    case(
        "status: [201]\n",
        "status: [404]\n",
        &[("bad-value", "404")],
    ),
    case("status: [201]\n", "status: 201\n", &[("wrong-type", "201")]),
    case(
        "{status: [200, 206], body: required,",
        "{status: [200, 204], body: required,",
        &[("dead-keyword", "required"), ("status-overlap", "204")],
    ),
    case(
        "{status: [200, 206], body: required,",
        "{status: [200, 206], body: always,",
        &[("bad-value", "always")],
    ),
    case(
        "body: ignored\n",
        "body: ignored\n              fails_if: {at: /a, equals: x}\n",
        &[("dead-keyword", "fails_if")],
    ),
    case(
        "emit: {status: 201, location: getBook}",
        "emit: {status: 202, location: getBook}",
        &[("missing-response", "202")],
    ),
    case(
        "emit: {status: 201, location: getBook}",
        "emit: {status: 201, location: getBok}",
        &[("unknown-name", "getBok")],
    ),
    case(
        "emit: {status: 201, location: getBook}",
        "emit: {status: 201, location: getLoan}",
        &[("unknown-field", "getLoan")],
    ),
    case(
        "{status: [200, 204], body: ignored, emit: {status: 204}}",
        "{status: [200, 204], body: ignored, emit: {status: 204, location: getBook}}",
        &[("misplaced-keyword", "location")],
    ),
    case(
        "{status: [200, 204], body: ignored, emit: {status: 204}}",
        "{status: [200, 204], body: ignored, value: [{from: path}], emit: {status: 204}}",
        &[("misplaced-keyword", "value")],
    ),
    case(
        "body: required, at: [response/loan, response], value: [{from: body}], emit",
        "body: required, at: [response/loan, /response], value: [{from: body}], emit",
        &[("bad-value", "/response")],
    ),
    case(
        "{status: [200, 204], body: ignored, emit: {status: 204}}",
        "{status: [200, 204], body: optional, at: a, emit: {status: 204}}",
        &[("dead-keyword", "at")],
    ),
    case(
        "value: [{from: body}], emit: {status: 200}}\n        errors: {statuses",
        "emit: {status: 200}}\n        errors: {statuses",
        &[(
            "missing-keyword",
            "{status: [200], body: required, at: [response/loan, response], emit: {status: 200}}",
        )],
    ),
    // producers
    case(
        CREATED,
        "                - {form: request}\n",
        &[("unknown-keyword", "form")],
    ),
    case(
        CREATED,
        "                - {from: query}\n",
        &[("bad-value", "query")],
    ),
    case(
        CREATED,
        "                - {from: request, name: x}\n",
        &[("misplaced-keyword", "name")],
    ),
    case(
        CREATED,
        "                - {from: request}\n                - {to: /isbm, from: path}\n",
        &[("unknown-field", "/isbm")],
    ),
    case(
        CREATED,
        "                - {from: request}\n                - {from: body}\n",
        &[("dead-keyword", "body")],
    ),
    case(
        CREATED,
        "                - {to: /title, from: request, pointer: /pages}\n",
        &[(
            "type-mismatch",
            "{to: /title, from: request, pointer: /pages}",
        )],
    ),
    case(
        LOCATION,
        "{to: /id, from: location, missing: look_up}",
        &[(
            "missing-keyword",
            "{to: /id, from: location, missing: look_up}",
        )],
    ),
    case(
        LOCATION,
        "{to: /id, from: location, segment_after: id}",
        &[(
            "missing-keyword",
            "{to: /id, from: location, segment_after: id}",
        )],
    ),
    case(
        LOCATION,
        "{to: /id, from: location, segment_after: id, missing: search}",
        &[("bad-value", "search")],
    ),
    case(
        LOCATION,
        "{to: /id, from: location, segment_after: a/b, missing: look_up}",
        &[("bad-value", "a/b")],
    ),
    case(
        LOCATION,
        "{to: /id, from: header, name: 'X Id'}",
        &[("bad-value", "'X Id'")],
    ),
    case(
        LOCATION,
        "{to: /authors, from: header, name: X-Id}",
        &[("type-mismatch", "{to: /authors, from: header, name: X-Id}")],
    ),
    case(
        "value: [{to: /items, from: empty}]",
        "value: [{to: /next_cursor, from: empty}]",
        &[("type-mismatch", "{to: /next_cursor, from: empty}")],
    ),
    case(
        "properties:\n        id: {type: string}\n    BookUpsert",
        "required: [id]\n      properties:\n        id: {type: string}\n    BookUpsert",
        &[
            ("missing-producer", "status: [201]"),
            ("example-mismatch", "example"),
        ],
    ),
    case(
        "required: [loan_id, due]\n      properties:\n        loan_id: {type: string, x-name: loanId}",
        "required: [loan_id, due, days]\n      properties:\n        loan_id: {type: string, x-name: loanId}",
        &[("missing-producer", "status: [200]")],
    ),
    // fails_if
    case(
        KO,
        "fails_if: {at: status, equals: KO}",
        &[("bad-value", "status")],
    ),
    case(
        KO,
        "fails_if: {at: /status, equals: [KO]}",
        &[("wrong-type", "equals")],
    ),
    case(
        KO,
        "fails_if: {at: /status, equals: KO, outcome: unknown}",
        &[("dead-keyword", "outcome")],
    ),
    case(
        KO,
        "fails_if: {at: /status, equals: KO, problem: loans-blocked, outcome: maybe}",
        &[("bad-value", "maybe")],
    ),
    case(
        KO,
        "fails_if: {at: /status, equals: KO, problem: loan-blocked}",
        &[("unknown-name", "loan-blocked")],
    ),
    case(
        "{status: [200, 204], body: ignored, emit",
        "{status: [200, 204], body: optional, fails_if: {at: /s, equals: KO, problem: loans-blocked, items: /ids}, emit",
        &[("dead-keyword", "items")],
    ),
    // errors
    case(
        LOAN_ERRORS,
        "errors: {statuses: {'404': loan-missing}}",
        &[("unknown-name", "loan-missing")],
    ),
    case(
        LOAN_ERRORS,
        "errors: {statuses: {'404': unauthenticated}}",
        &[("callers-problem", "unauthenticated")],
    ),
    case(
        LOAN_ERRORS,
        "errors: {statuses: {'200': loan-not-found}}",
        &[("bad-value", "'200'")],
    ),
    case(
        LOAN_ERRORS,
        "errors: {status: {'404': loan-not-found}}",
        &[("unknown-keyword", "status")],
    ),
    case(
        LOAN_ERRORS,
        "errors: {codes: {D1: loan-not-found}}",
        &[("dead-keyword", "codes")],
    ),
    case(
        "        SHF001: validation-failed\n",
        "",
        &[("missing-code-row", "codes")],
    ),
    case(
        "        SHF001: validation-failed\n",
        "        SHF001: validation-failed\n        SHF499: validation-failed\n",
        &[("unknown-vendor-code", "SHF499")],
    ),
    case(
        ROW,
        "SHF002: {problem: validation-failed, pointer: /kin}",
        &[("unknown-field", "/kin")],
    ),
    case(
        ROW,
        "SHF002: {problem: validation-failed, field: /kind}",
        &[("unknown-keyword", "field")],
    ),
    case(
        "outcome: unknown}",
        "outcome: lost}",
        &[("bad-value", "lost")],
    ),
    case(
        QUERY,
        "query: {mode: {const: full, name: x}}",
        &[("misplaced-keyword", "name")],
    ),
    case(
        "        query: {mode: {const: full}}\n",
        "        query: {mood: /x}\n",
        &[("unknown-field", "/x")],
    ),
    case(
        "        request: {encoding: xml, root: request}\n",
        "        query: {due: /due, all: ''}\n        request: {encoding: xml, root: request}\n",
        &[("not-representable", "''")],
    ),
    case(
        "        path: /rest/books\n        request:\n",
        "        path: /rest/books\n        query: {writers: /authors, shelf: /shelf_mark}\n        request:\n",
        &[],
    ),
    case(
        "        - {status: [200], body: required, value: [{from: body}], emit: {status: 200}}\n  x-errors",
        "        - {status: [200], body: required, fails_if: {at: /s, equals: KO, problem: book-not-found, outcome: unknown}, value: [{from: body}], emit: {status: 200}}\n  x-errors",
        &[("misplaced-keyword", "outcome")],
    ),
    case(
        "cursor: {name: cursor, in: query, schema: {type: string, maxLength: 512}}",
        "cursor: {name: cursor, in: query, required: true, schema: {type: string, maxLength: 512}}",
        &[("bad-paging", "schema")],
    ),
    case(
        "cursor: {name: cursor, in: query, schema: {type: string, maxLength: 512}}",
        "cursor: {name: cursor, in: query, schema: {type: string, x-name: c}}",
        &[("misplaced-keyword", "schema")],
    ),
    case(
        "id: {type: string}\n    BookUpsert",
        "id: {type: array, items: {type: string}}\n    BookUpsert",
        &[
            (
                "type-mismatch",
                "{to: /id, from: location, segment_after: id, missing: look_up}",
            ),
            ("type-mismatch", "getBook"),
        ],
    ),
    case(
        "path: /rest/books/id/{id}",
        "path: rest/books/id/{id}",
        &[
            (
                "unused-parameter",
                "{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]{1,19}$'}}",
            ),
            ("bad-value", "rest/books/id/{id}"),
        ],
    ),
    case(
        "{to: /loan_id, from: path}",
        "{from: path}",
        &[("type-mismatch", "{from: path}")],
    ),
    case(
        "{to: /loan_id, from: path}",
        "{to: /days, from: path, name: loan_id}",
        &[("type-mismatch", "{to: /days, from: path, name: loan_id}")],
    ),
    case(
        LOCATION,
        "{to: /id, from: header}",
        &[("missing-keyword", "{to: /id, from: header}")],
    ),
    case(
        "        path: /loan/{loan_id}\n        request",
        "        path: /loan/{loan_id}\n        paging: {style: offset, start: a, first: 0, count: b, end: ['204']}\n        request",
        &[("misplaced-keyword", "paging")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: '', first: 0, count: size, end: ['204']}",
        &[("bad-value", "''")],
    ),
    case(
        "schema: {$ref: '#/components/schemas/BookList'}",
        "schema: {type: string}",
        &[
            ("bad-paging", "'200'"),
            ("unknown-field", "/items"),
            ("unknown-field", "/items"),
        ],
    ),
    case(
        "        '200': {description: A page, content: {application/json: {schema: {$ref: '#/components/schemas/BookList'}}}}",
        "        '200': {description: A page}",
        &[
            ("bad-paging", "'200'"),
            ("misplaced-keyword", "value"),
            ("misplaced-keyword", "value"),
        ],
    ),
    case(
        "        '200': {description: A page,",
        "        '206': {description: More, content: {application/json: {schema: {$ref: '#/components/schemas/BookList'}}}}\n        '200': {description: A page,",
        &[("bad-paging", "'206'"), ("unused-response", "'206'")],
    ),
    case(
        "        path: /rest/books\n        request:\n",
        "        path: /rest/books\n        query: {pages: {from: query}}\n        request:\n",
        &[("unknown-parameter", "query")],
    ),
    case(
        "        path: /rest/books\n        request:\n",
        "        path: /rest/books\n        query: {t: /titles}\n        request:\n",
        &[("unknown-field", "/titles")],
    ),
    case(
        "      parameters: [{$ref: '#/components/parameters/limit'}, {$ref: '#/components/parameters/cursor'}]\n      responses:\n        '200': {description: A page, content: {application/json: {schema: {$ref: '#/components/schemas/BookList'}}}}\n      x-upstream:\n        upstream: shelf\n        method: GET\n        path: /rest/books\n        query: {mode: {const: full}}\n",
        "      parameters: [{$ref: '#/components/parameters/limit'}, {$ref: '#/components/parameters/cursor'}, {name: tags, in: query, schema: {type: array, items: {type: string}}}]\n      responses:\n        '200': {description: A page, content: {application/json: {schema: {$ref: '#/components/schemas/BookList'}}}}\n      x-upstream:\n        upstream: shelf\n        method: GET\n        path: /rest/books\n        query: {tags: {from: query}}\n",
        &[("missing-keyword", "tags")],
    ),
    case(
        REQUEST,
        "          encoding: form\n          needs: ['']",
        &[("bad-value", "''")],
    ),
];
