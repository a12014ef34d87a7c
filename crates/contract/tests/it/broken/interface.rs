use super::{Case, case};

const POST: &str = "operationId: createBook\n";

const DEPRECATED: &str = "      x-deprecation: {since: 2026-11-01, sunset: 2027-05-01, link: 'https://docs.example/books'}\n";

pub const CASES: &[Case] = &[
    // the end of an operation
    case(
        "      deprecated: true\n      x-deprecation",
        "      x-deprecation",
        &[("missing-keyword", "x-deprecation")],
    ),
    case(
        "      deprecated: true\n      x-deprecation",
        "      deprecated: false\n      x-deprecation",
        &[("missing-keyword", "x-deprecation")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {sunset: 2027-05-01}\n",
        &[("missing-keyword", "x-deprecation")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: 2026-11-01, until: 2027-05-01}\n",
        &[("unknown-keyword", "until")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: 2027-02-29}\n",
        &[("bad-value", "2027-02-29")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: 2026-11-01, sunset: 2026-10-31}\n",
        &[("bad-value", "2026-10-31")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: '2026-11-01T00:00:00Z'}\n",
        &[("bad-value", "'2026-11-01T00:00:00Z'")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: 2026-11-01, link: /docs}\n",
        &[("bad-value", "/docs")],
    ),
    case(
        DEPRECATED,
        "      x-deprecation: {since: 2026-11-01, link: 'https://docs.example/a>b'}\n",
        &[("bad-value", "'https://docs.example/a>b'")],
    ),
    // paths and routes
    case(
        "  /v1/loans/{loan_id}:",
        "  v1/loans/{loan_id}:",
        &[("bad-value", "v1/loans/{loan_id}")],
    ),
    case(
        "  /v1/loans/{loan_id}:",
        "  /v1/loans/l-{loan_id}:",
        &[("bad-value", "/v1/loans/l-{loan_id}")],
    ),
    case(
        "  /v1/loans/{loan_id}:",
        "  /v1//{loan_id}:",
        &[("bad-value", "/v1//{loan_id}")],
    ),
    case(
        "  /v1/loans/{loan_id}:",
        "  /problems/{loan_id}:",
        &[("reserved-name", "/problems/{loan_id}")],
    ),
    case(
        "  /v1/loans/{loan_id}:",
        "  /v1/books/{loan_id}:",
        &[("route-taken", "get")],
    ),
    case(
        "  /v1/loans/{loan_id}:",
        "  /v1/loans/{loan_id}/{loan_id}:",
        &[("duplicate", "/v1/loans/{loan_id}/{loan_id}")],
    ),
    case(
        "  /v1/books/{id}:\n",
        "  /v1/books/{id}:\n    head: {}\n",
        &[("unknown-keyword", "head")],
    ),
    // operations
    case(
        "operationId: getBook\n",
        "operationId: listBooks\n",
        &[("unknown-name", "getBook"), ("duplicate", "listBooks")],
    ),
    case(
        "operationId: deleteBookByIsbn",
        "operationId: delete book",
        &[("bad-value", "delete book")],
    ),
    case(
        POST,
        "operationId: createBook\n      security: []\n",
        &[("unknown-keyword", "security")],
    ),
    case(
        "      operationId: deleteBookByIsbn\n",
        "",
        &[("missing-keyword", "delete")],
    ),
    case(
        POST,
        "operationId: createBook\n      tags: [5]\n      summary: 1\n      description: {}\n      deprecated: 'yes'\n      externalDocs: {uri: x}\n",
        &[
            ("wrong-type", "5"),
            ("wrong-type", "1"),
            ("wrong-type", "description"),
            ("wrong-type", "'yes'"),
            ("unknown-keyword", "uri"),
        ],
    ),
    case(
        "'201': {description: Created, content",
        "'201': {description: 7, content",
        &[("wrong-type", "7")],
    ),
    case(
        "{$ref: '#/components/responses/Book'}",
        "{$ref: '#/components/responses/Book', summary: 3}",
        &[("wrong-type", "3")],
    ),
    case(
        "  /v1/books/{id}:\n",
        "  /v1/books/{id}:\n    summary: 1\n",
        &[("wrong-type", "1")],
    ),
    case(
        "      requestBody:\n        required: true\n        content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        "      requestBody:\n        required: true\n        description: 4\n        content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        &[("wrong-type", "4")],
    ),
    // parameters
    case(
        "{name: isbn, in: path, required: true,",
        "{name: isbn, deprecated: 'yes', description: 2, in: path, required: true,",
        &[("wrong-type", "'yes'"), ("wrong-type", "2")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, pattern: '^([0-9]{1,18}|x.y)$'}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, pattern: '^b.c$'}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, pattern: '^[^a-z]{4}$'}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, enum: [one, two/three]}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "in: query, schema: {type: string, maxLength: 512}",
        "in: header, schema: {type: string, maxLength: 512}",
        &[("bad-value", "header")],
    ),
    case(
        "{name: isbn, in: path, required: true,",
        "{name: isbn, in: path,",
        &[("bad-value", "isbn")],
    ),
    case(
        "{name: isbn, in: path, required: true,",
        "{name: isbm, in: path, required: true,",
        &[
            (
                "unknown-parameter",
                "{$ref: '#/components/parameters/isbn'}",
            ),
            ("unknown-parameter", "get"),
        ],
    ),
    case(
        "{type: string, format: identifier}, example: 978-84-376}",
        "{type: object}, example: {}}",
        &[("type-mismatch", "schema")],
    ),
    case(
        "schema: {type: string, format: identifier}, example: 978-84-376}",
        "schema: {type: string}}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, pattern: '[0-9]*'}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "example: 978-84-376}",
        "example: a/b}",
        &[("example-mismatch", "example")],
    ),
    case(
        "example: 978-84-376}",
        "examples: {one: {externalValue: x}}}",
        &[
            ("missing-keyword", "one"),
            ("unknown-keyword", "externalValue"),
        ],
    ),
    case(
        "example: 978-84-376}",
        "style: simple}",
        &[("unknown-keyword", "style")],
    ),
    case(
        "parameters: [{$ref: '#/components/parameters/limit'}, ",
        "parameters: [{$ref: '#/components/parameters/limit'}, {name: q, in: query, schema: {type: string}}, ",
        &[(
            "unused-parameter",
            "{name: q, in: query, schema: {type: string}}",
        )],
    ),
    case(
        "parameters: [{$ref: '#/components/parameters/limit'}, ",
        "parameters: [{$ref: '#/components/parameters/limit'}, {$ref: '#/components/parameters/limit'}, ",
        &[("duplicate", "{$ref: '#/components/parameters/limit'}")],
    ),
    case(
        "    parameters: [{name: loan_id, in: path, required: true, schema: {type: string, format: uuid}}]\n",
        "",
        &[("unknown-parameter", "get")],
    ),
    // bodies
    case(
        "operationId: listBooks\n",
        "operationId: listBooks\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n",
        &[("misplaced-keyword", "requestBody")],
    ),
    case(
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        "content: {text/plain: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        &[("bad-value", "text/plain")],
    ),
    case(
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        "content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        &[("bad-value", "application/merge-patch+json")],
    ),
    case(
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        "content: {}",
        &[("missing-keyword", "content")],
    ),
    case(
        "application/merge-patch+json: {schema: {$ref: '#/components/schemas/LoanUpdate'}}",
        "application/merge-patch+json: {schema: {$ref: '#/components/schemas/Loan'}}",
        &[("bad-value", "application/merge-patch+json")],
    ),
    case(
        "content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}",
        "content: {application/json: {schema: {type: string}}}",
        &[("type-mismatch", "schema")],
    ),
    case(
        "{schema: {$ref: '#/components/schemas/NewBook'}}",
        "{schema: {$ref: '#/components/schemas/NewBook'}, example: {kind: PAPER}}",
        &[("example-mismatch", "example")],
    ),
    // responses
    case(
        "'204': {description: Deleted}",
        "default: {description: Bad}\n        '204': {description: Deleted}",
        &[("reserved-name", "default")],
    ),
    case(
        "default: {$ref: '#/components/responses/Problem'}",
        "default: {$ref: '#/components/responses/Book'}",
        &[("reserved-name", "default")],
    ),
    case(
        "default: {$ref: '#/components/responses/Problem'}",
        "default: {$ref: '#/components/responses/Problem', description: Mine}",
        &[("reserved-name", "default")],
    ),
    case(
        "'204': {description: Deleted}",
        "'404': {description: Bad}\n        '204': {description: Deleted}",
        &[("bad-value", "'404'")],
    ),
    case(
        "'204': {description: Deleted}",
        "'202': {description: Later}\n        '204': {description: Deleted}",
        &[("unused-response", "'202'")],
    ),
    case(
        "'204': {description: Deleted}",
        "'204': {description: Deleted, headers: {}}",
        &[("unknown-keyword", "headers")],
    ),
    case(
        "'204': {description: Deleted}",
        "'204': {description: Deleted, content: {application/json: {schema: {type: string}}}}",
        &[("misplaced-keyword", "content")],
    ),
    case(
        "'204': {description: Deleted}",
        "'204': {}",
        &[("missing-keyword", "'204'")],
    ),
    case(
        "'200': {description: A page, content: {application/json:",
        "'200': {description: A page, content: {text/csv:",
        &[("missing-keyword", "content"), ("bad-value", "text/csv")],
    ),
    case(
        "schema: {type: string, pattern: '^[0-9]{1,19}$'}",
        "schema: {type: string, pattern: '^x|y$'}",
        &[("unsafe-segment", "schema")],
    ),
    case(
        "  /v1/books/{id}:\n",
        "  /v1/shelves: {description: Later}\n  /v1/books/{id}:\n",
        &[("missing-keyword", "/v1/shelves")],
    ),
];
