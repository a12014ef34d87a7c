use super::{Case, case};

const LOOK_UP: &str =
    "unclear: {look_up: getBookByIsbn, with: {isbn: /isbn}, different: isbn-taken}";
const READ_BACK: &str =
    "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: [/due]}";
const DELETE: &str =
    "unclear: {read_back: getBookByIsbn, with: {isbn: {from: path}}, compare: absent}";
const CREATE: &str = "operation: createBook\n";

pub const CASES: &[Case] = &[
    // A look-up finds what a create made.
    case(
        "unclear: {read_back: getBookByIsbn, with: {isbn: {from: path}}, compare: absent}",
        "unclear: {look_up: getBookByIsbn, with: {isbn: {from: path}}, different: isbn-taken}",
        &[("bad-follow-up", "look_up")],
    ),
    case(
        "    get:\n      operationId: getBookByIsbn\n",
        "    get:\n      operationId: getBookByIsbn\n      parameters: [{name: q, in: query, required: true, schema: {type: string}}]\n",
        &[
            ("bad-follow-up", "getBookByIsbn"),
            (
                "unused-parameter",
                "{name: q, in: query, required: true, schema: {type: string}}",
            ),
            ("bad-follow-up", "getBookByIsbn"),
            ("bad-follow-up", "getBookByIsbn"),
        ],
    ),
    // write
    case(
        "        write: {repeatable: false, unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: [/due]}}\n",
        "",
        &[("missing-keyword", "x-upstream")],
    ),
    case(
        "        path: /rest/books/id/{id}\n",
        "        path: /rest/books/id/{id}\n        write: {repeatable: true}\n",
        &[("misplaced-keyword", "write")],
    ),
    case(
        "repeatable: false\n          unclear",
        "repeatable: never\n          unclear",
        &[("wrong-type", "never")],
    ),
    case(
        "repeatable: false\n          unclear",
        "repeat: false\n          unclear",
        &[("missing-keyword", "write"), ("unknown-keyword", "repeat")],
    ),
    // look_up and read_back
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbm, with: {isbn: /isbn}, different: isbn-taken}",
        &[("unknown-name", "getBookByIsbm")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: upsertBookByIsbn, with: {isbn: /isbn}, different: isbn-taken}",
        &[("bad-follow-up", "upsertBookByIsbn")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: listBooks, with: {}, different: isbn-taken}",
        &[("bad-follow-up", "listBooks")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getLoan, with: {loan_id: /isbn}, different: isbn-taken}",
        &[("bad-follow-up", "getLoan")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {}, different: isbn-taken}",
        &[("missing-source", "with")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {isbm: /isbn}, different: isbn-taken}",
        &[("missing-source", "with"), ("unknown-parameter", "isbm")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {isbn: /pages}, different: isbn-taken}",
        &[("missing-source", "/pages"), ("type-mismatch", "/pages")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {isbn: /shelf_mark}, different: isbn-taken}",
        &[("missing-source", "/shelf_mark")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {isbn: /isbn}, different: isbn-lost}",
        &[("unknown-name", "isbn-lost")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getBookByIsbn, with: {isbn: /isbn}}",
        &[("missing-keyword", "unclear")],
    ),
    case(
        LOOK_UP,
        "unclear: {with: {isbn: /isbn}}",
        &[("missing-keyword", "unclear")],
    ),
    case(
        "        write:\n          repeatable: false\n          unclear: {look_up: getBookByIsbn, with: {isbn: /isbn}, different: isbn-taken}",
        "        write: {repeatable: false}",
        &[(
            "bad-follow-up",
            "{to: /id, from: location, segment_after: id, missing: look_up}",
        )],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: [/deu]}",
        &[("unknown-field", "/deu")],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: sent}",
        &[("bad-value", "sent")],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: absent}",
        &[("bad-follow-up", "absent")],
    ),
    case(
        DELETE,
        "unclear: {read_back: getBookByIsbn, with: {isbn: {from: path}}, compare: returned}",
        &[("bad-follow-up", "returned")],
    ),
    case(
        DELETE,
        "unclear: {read_back: getBookByIsbn, with: {isbn: {from: path, name: isbm}}, compare: absent}",
        &[("unknown-parameter", "isbm")],
    ),
    // create_if_absent
    case(
        CREATE,
        "operation: createBok\n",
        &[("unknown-name", "createBok")],
    ),
    case(
        CREATE,
        "operation: updateLoan\n",
        &[("bad-follow-up", "updateLoan")],
    ),
    case(
        "when: [book-not-found]",
        "when: [loan-not-found]",
        &[("bad-follow-up", "loan-not-found")],
    ),
    case(
        "again_when: [isbn-taken]",
        "again_when: [loan-not-found]",
        &[("bad-follow-up", "loan-not-found")],
    ),
    case(
        "requires: [/kind]",
        "requires: [/kin]",
        &[("unknown-field", "/kin")],
    ),
    case(
        "requires: [/kind]",
        "requires: []",
        &[("bad-value", "requires")],
    ),
    case(
        "same: {/isbn: {from: path}}",
        "same: {/pages: {from: path, name: isbn}}",
        &[("type-mismatch", "/pages")],
    ),
    case(
        "        '201': {description: Created, content: {application/json: {schema: {$ref: '#/components/schemas/CreatedBook'}}}}\n        '204'",
        "        '204'",
        &[("missing-response", "createBook")],
    ),
    case(
        "        '201': {description: Created, content: {application/json: {schema: {$ref: '#/components/schemas/CreatedBook'}}}}\n        '204'",
        "        '201': {description: Created, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}\n        '204'",
        &[("type-mismatch", "'201'")],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: [/note]}",
        &[("unknown-field", "/note")],
    ),
    case(
        "{to: /id, from: location, segment_after: id, missing: look_up}",
        "{to: /loan_days, from: location, segment_after: id, missing: look_up}",
        &[
            (
                "unknown-field",
                "{to: /loan_days, from: location, segment_after: id, missing: look_up}",
            ),
            ("answer-check", "minimum"),
            ("answer-check", "then"),
        ],
    ),
    case(
        "        write: {repeatable: false, unclear: {read_back: getBookByIsbn, with: {isbn: {from: path}}, compare: absent}}",
        "        write: {repeatable: false}\n        create_if_absent: {operation: createBook, when: [book-not-found], requires: [/kind]}",
        &[("misplaced-keyword", "create_if_absent")],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getLoan, with: {loan_id: {from: path}}, compare: [/desk]}",
        &[("unknown-field", "/desk")],
    ),
    case(
        "with: {isbn: /isbn}, compare: returned",
        "with: {isbn: /isbn}, compare: [/title, /loan_days]",
        &[("unknown-field", "/loan_days")],
    ),
    case(
        "operationId: createBook\n",
        "operationId: createBook\n      parameters: [{name: q, in: query, required: true, schema: {type: string}}]\n",
        &[
            (
                "unused-parameter",
                "{name: q, in: query, required: true, schema: {type: string}}",
            ),
            ("bad-follow-up", "createBook"),
        ],
    ),
    case(
        "  /v1/books:\n    post:\n",
        "  /v1/books/of/{shelf}:\n    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}]\n    post:\n",
        &[
            (
                "unused-parameter",
                "{name: shelf, in: path, required: true, schema: {type: integer}}",
            ),
            (
                "unused-parameter",
                "{name: shelf, in: path, required: true, schema: {type: integer}}",
            ),
            ("bad-follow-up", "createBook"),
        ],
    ),
];
