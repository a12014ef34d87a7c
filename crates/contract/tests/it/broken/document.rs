use super::{Case, case};

pub const CASES: &[Case] = &[
    case(
        "openapi: 3.1.0",
        "openapi: 3.0.3",
        &[("bad-value", "3.0.3")],
    ),
    case(
        "openapi: 3.1.0\n",
        "",
        &[("missing-keyword", "info: {title: Library, version: 1.0.0}")],
    ),
    case("version: 1.0.0}", "version: 1.0}", &[("wrong-type", "1.0")]),
    case(
        "info: {",
        "info: {titel: x, ",
        &[("unknown-keyword", "titel")],
    ),
    case(
        "x-vendors:",
        "servers: [{url: 'https://a.example'}]\nx-vendors:",
        &[("unknown-keyword", "servers")],
    ),
    case(
        "x-vendors:",
        "x-cache: 1\nx-vendors:",
        &[("unknown-keyword", "x-cache")],
    ),
    // x-vendors
    case(
        "  desk: {}",
        "  Desk: {}\n  desk: {}",
        &[("bad-value", "Desk")],
    ),
    case(
        "  desk: {}",
        "  desk: {error_codes: {}}",
        &[("unknown-keyword", "error_codes")],
    ),
    case(
        "  desk: {}",
        "  desk: {catalogue: [D1]}",
        &[("dead-keyword", "catalogue")],
    ),
    case("scan: AAA999", "scan: AAA9X", &[("bad-value", "AAA9X")]),
    case(
        "json: [/code, /error]",
        "json: [code, /error]",
        &[("bad-value", "code")],
    ),
    case(
        "xml: [response/code]",
        "xml: [/response/code]",
        &[("bad-value", "/response/code")],
    ),
    case(
        "json: [/code, /error]",
        "json: []",
        &[("bad-value", "json")],
    ),
    case(
        "json: [/code, /error]",
        "json: /code",
        &[("wrong-type", "/code")],
    ),
    case(
        "SHF404, SHF409, SHF410]",
        "SHF404, SHF409, SHF410, SHF001]",
        &[("duplicate", "SHF001")],
    ),
    // x-problems
    case(
        "  isbn-taken: {status: 409,",
        "  isbn-taken: {status: 200,",
        &[("bad-value", "200")],
    ),
    case(
        "  isbn-taken: {status: 409, title: ISBN already in use,",
        "  isbn-taken: {status: 409,",
        &[("missing-keyword", "isbn-taken")],
    ),
    case(
        "  loan-not-found:",
        "  upstream-error: {status: 502, title: X}\n  loan-not-found:",
        &[("reserved-name", "upstream-error")],
    ),
    case(
        "  loan-not-found:",
        "  Loan_Lost: {status: 404, title: X}\n  loan-not-found:",
        &[("bad-value", "Loan_Lost")],
    ),
    case("title: Loan not found", "title: ''", &[("bad-value", "''")]),
    // annotations
    case(
        "info: {",
        "info: {license: 5, contact: {emial: a}, ",
        &[("wrong-type", "5"), ("unknown-keyword", "emial")],
    ),
    case(
        "info: {",
        "info: {license: {url: u}, summary: 1, contact: {url: 2}, termsOfService: [], ",
        &[
            ("missing-keyword", "license"),
            ("wrong-type", "1"),
            ("wrong-type", "2"),
            ("wrong-type", "termsOfService"),
        ],
    ),
    case(
        "x-vendors:",
        "tags: [5, {description: 1}]\nexternalDocs: 6\nx-vendors:",
        &[
            ("wrong-type", "5"),
            ("missing-keyword", "{description: 1}"),
            ("wrong-type", "1"),
            ("wrong-type", "6"),
        ],
    ),
    // components
    case(
        "  responses:\n    Book:",
        "  responses:\n    Problem: {description: Mine}\n    Book:",
        &[("reserved-name", "Problem")],
    ),
    case(
        "  responses:\n    Book:",
        "  securitySchemes: {}\n  responses:\n    Book:",
        &[("unknown-keyword", "securitySchemes")],
    ),
    case(
        "    BookList:",
        "    Problem: {type: string}\n    BookList:",
        &[("reserved-name", "Problem")],
    ),
    case(
        "  x-errors:\n",
        "  x-errors:\n    lost: {statuses: {'404': nothing}}\n",
        &[("dead-keyword", "lost")],
    ),
    // references
    case(
        "{$ref: '#/components/schemas/NewBook'}}}",
        "{$ref: '#/components/schemas/NewBok'}}}",
        &[("unresolved-reference", "'#/components/schemas/NewBok'")],
    ),
    case(
        "{$ref: '#/components/schemas/NewBook'}}}",
        "{$ref: 'other.yaml#/NewBook'}}}",
        &[("unresolved-reference", "'other.yaml#/NewBook'")],
    ),
    case(
        "'200': {$ref: '#/components/responses/Book'}",
        "'200': {$ref: '#/components/responses/Boo'}",
        &[("unresolved-reference", "'#/components/responses/Boo'")],
    ),
    case(
        "parameters: [{$ref: '#/components/parameters/isbn'}]",
        "parameters: [{$ref: '#/components/parameters/isbn', required: true}]",
        &[("unknown-keyword", "required")],
    ),
    case(
        "        errors: {$ref: '#/components/x-errors/books'}\n        write:\n          repeatable",
        "        errors: {$ref: '#/components/x-errors/book'}\n        write:\n          repeatable",
        &[("unresolved-reference", "'#/components/x-errors/book'")],
    ),
    case(
        "    Book: {description: The book, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}",
        "    Book: {$ref: '#/components/responses/Book'}",
        &[("recursive-reference", "'#/components/responses/Book'")],
    ),
];
