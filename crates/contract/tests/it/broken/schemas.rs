use super::{Case, case};

const PAGES: &str = "pages: {type: integer, minimum: 1, maximum: 20000}";
const TITLE: &str = "title: {type: string, minLength: 1}";
const KIND: &str = "properties:\n        kind: {type: string, enum: [PAPER, REFERENCE]}\n      if:";
const AUTHORS: &str = "authors: {type: array, items: {type: string}, minItems: 1, x-form: repeat}";
const LABELS: &str = "labels: {type: object, additionalProperties: {type: string}, minProperties: 1, x-form: brackets}";
const DUE: &str = "        loan_id: {type: string, readOnly: true}\n";
const LOAN: &str = "days: {type: integer}\n    LoanUpdate";

pub const CASES: &[Case] = &[
    // types and words
    // annotations
    case(
        "    BookFields:\n      type: object\n",
        "    BookFields:\n      type: object\n      title: 5\n      description: 6\n      deprecated: 7\n      externalDocs: {url: 8}\n      $comment: 9\n",
        &[
            ("wrong-type", "5"),
            ("wrong-type", "6"),
            ("wrong-type", "7"),
            ("wrong-type", "8"),
            ("wrong-type", "9"),
        ],
    ),
    // what is personal is a property or a parameter
    case(
        "Borrower: {type: string, x-sensitive: true}",
        "Borrower: {type: string, x-sensitive: 'yes'}",
        &[("wrong-type", "'yes'")],
    ),
    case(
        "x-extensible-enum: [lent, back]",
        "x-extensible-enum: [lent, lent]",
        &[("duplicate", "lent")],
    ),
    case(
        "{type: string, x-extensible-enum: [lent, back]}",
        "{type: integer, x-extensible-enum: [lent, back]}",
        &[("misplaced-keyword", "x-extensible-enum")],
    ),
    case(
        "x-extensible-enum: [lent, back]",
        "x-extensible-enum: [lent, 5]",
        &[("wrong-type", "5")],
    ),
    case(
        "x-extensible-enum: [lent, back]",
        "x-extensible-enum: []",
        &[("bad-value", "x-extensible-enum")],
    ),
    case(
        "items: {type: string, xml: {name: reader}}",
        "items: {type: string, x-sensitive: true, xml: {name: reader}}",
        &[("misplaced-keyword", "items")],
    ),
    case(
        "    LoanUpdate:\n      type: object\n",
        "    LoanUpdate:\n      x-sensitive: true\n      type: object\n",
        &[("misplaced-keyword", "LoanUpdate")],
    ),
    case(
        "    BookFields:\n      type: object\n",
        "    BookFields:\n      type: object\n      x-sensitive: true\n",
        &[
            (
                "misplaced-keyword",
                "{$ref: '#/components/schemas/BookFields'}",
            ),
            (
                "misplaced-keyword",
                "{$ref: '#/components/schemas/BookFields'}",
            ),
        ],
    ),
    // names and namespaces that XML keeps for itself
    case(
        "loan_id: {type: string, x-name: loanId}\n        due: {type: string, format: date-time}",
        "loan_id: {type: string, x-name: xmlns}\n        due: {type: string, format: date-time, x-name: 'xmlns:due', xml: {attribute: true}}",
        &[("bad-value", "xmlns"), ("bad-value", "'xmlns:due'")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "xmlns: {type: integer}\n    LoanUpdate",
        &[("bad-value", "xmlns")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "days: {type: integer, xml: {prefix: xmlns, namespace: 'urn:a'}}\n    LoanUpdate",
        &[("reserved-name", "xmlns")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "days: {type: integer, xml: {prefix: xml, namespace: 'urn:a'}}\n    LoanUpdate",
        &[("reserved-name", "xml")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "days: {type: integer, xml: {prefix: p, namespace: 'http://www.w3.org/XML/1998/namespace'}}\n    LoanUpdate",
        &[("reserved-name", "'http://www.w3.org/XML/1998/namespace'")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "days: {type: integer, xml: {prefix: p, namespace: ''}}\n    LoanUpdate",
        &[("bad-value", "''")],
    ),
    case(
        "days: {type: integer}\n    LoanUpdate",
        "days: {type: integer, xml: {attribute: true, namespace: ''}}\n    LoanUpdate",
        &[("bad-value", "''")],
    ),
    case(
        PAGES,
        "pages: {minimum: 1}",
        &[("missing-keyword", "pages")],
    ),
    case(PAGES, "pages: {type: int}", &[("bad-value", "int")]),
    case(
        PAGES,
        "pages: {type: [integer, string]}",
        &[("bad-value", "type")],
    ),
    case(
        PAGES,
        "pages: {type: integer, minimun: 1}",
        &[("unknown-keyword", "minimun")],
    ),
    case(
        PAGES,
        "pages: {type: integer, nullable: true}",
        &[("unknown-keyword", "nullable")],
    ),
    case(
        PAGES,
        "pages: {type: integer, multipleOf: 2}",
        &[("unknown-keyword", "multipleOf")],
    ),
    case(
        PAGES,
        "pages: {oneOf: [{type: integer}]}",
        &[("missing-keyword", "pages"), ("unknown-keyword", "oneOf")],
    ),
    case(
        PAGES,
        "pages: {type: integer, minLength: 1}",
        &[("misplaced-keyword", "minLength")],
    ),
    case(
        PAGES,
        "pages: {type: integer, minimum: 9, maximum: 1}",
        &[("bad-value", "9")],
    ),
    case(
        PAGES,
        "pages: {type: integer, minimum: one}",
        &[("bad-value", "one")],
    ),
    case(
        PAGES,
        "pages: {type: integer, items: {type: string}}",
        &[("misplaced-keyword", "items")],
    ),
    case(PAGES, "pages: 7", &[("wrong-type", "7")]),
    case(
        TITLE,
        "title: {type: string, format: email}",
        &[("bad-value", "email")],
    ),
    case(
        TITLE,
        "title: {type: string, pattern: '('}",
        &[("bad-value", "'('")],
    ),
    case(
        TITLE,
        "title: {type: string, enum: [A, 1]}",
        &[("type-mismatch", "1"), ("example-mismatch", "example")],
    ),
    case(
        TITLE,
        "title: {type: string, minLength: 1, default: ''}",
        &[("example-mismatch", "default")],
    ),
    // It fits the part, and is shown of a whole that requires more.
    case(
        "    BookFields:\n      type: object\n",
        "    BookFields:\n      type: object\n      example: {isbn: 978-84-376}\n",
        &[("example-mismatch", "example")],
    ),
    case(
        TITLE,
        "title: {type: string, writeOnly: true}",
        &[("unknown-keyword", "writeOnly")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, x-form: repeat}",
        &[("missing-keyword", "authors")],
    ),
    case(
        "required: [kind, isbn, title]",
        "required: [kind, isbn, titel]",
        &[("missing-source", "/title"), ("unknown-field", "titel")],
    ),
    case(
        "required: [kind, isbn, title]",
        "required: [kind, isbn, title, kind]",
        &[("duplicate", "kind")],
    ),
    case(
        LABELS,
        "labels: {type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}",
        &[("unsupported-keyword", "additionalProperties")],
    ),
    // allOf and references
    case(
        "allOf: [{$ref: '#/components/schemas/BookFields'}]\n      additionalProperties: false\n      required: [kind",
        "allOf: [{type: object}]\n      additionalProperties: false\n      required: [kind",
        &[("unsupported-keyword", "{type: object}")],
    ),
    case(
        KIND,
        "properties:\n        title: {type: string}\n        kind: {type: string, enum: [PAPER, REFERENCE]}\n      if:",
        &[("duplicate", "title")],
    ),
    case(
        "    BookFields:\n      type: object\n      properties:\n",
        "    BookFields:\n      type: object\n      properties:\n        part: {$ref: '#/components/schemas/NewBook'}\n",
        &[
            ("recursive-reference", "'#/components/schemas/NewBook'"),
            ("recursive-reference", "'#/components/schemas/BookFields'"),
        ],
    ),
    case(
        "items: {$ref: '#/components/schemas/Book'}",
        "items: {$ref: '#/components/schemas/Book', minProperties: 1}",
        &[("misplaced-keyword", "minProperties")],
    ),
    // conditions
    case(
        "if: {properties: {kind: {const: REFERENCE}}, required: [kind]}",
        "if: {properties: {loan_days: {const: 1}}}",
        &[("vacuous-condition", "loan_days")],
    ),
    case(
        "then: {properties: {loan_days: false}}",
        "else: {properties: {loan_days: false}}",
        &[("missing-keyword", "if"), ("unknown-keyword", "else")],
    ),
    case(
        "then: {properties: {loan_days: false}}",
        "then: {properties: {loan_day: false}}",
        &[("unknown-field", "loan_day")],
    ),
    case(
        "then: {properties: {loan_days: false}}",
        "then: {properties: {loan_days: {type: integer}}}",
        &[("unsupported-keyword", "type")],
    ),
    case(
        "then: {properties: {loan_days: false}}",
        "then: {minProperties: 1}",
        &[("unsupported-keyword", "minProperties")],
    ),
    // requests
    case(
        "      additionalProperties: false\n      required: [due]",
        "      required: [due]",
        &[("open-request", "LoanUpdate")],
    ),
    case(
        DUE,
        "        loan_id: {type: string, readOnly: 1}\n",
        &[("wrong-type", "1")],
    ),
    // the wire
    case(
        PAGES,
        "pages: {type: integer, x-name: ''}",
        &[("bad-value", "''")],
    ),
    case(
        PAGES,
        "pages: {type: integer, x-form: repeat}",
        &[("misplaced-keyword", "x-form")],
    ),
    case(
        PAGES,
        "pages: {type: integer, x-type: integer}",
        &[("misplaced-keyword", "x-type")],
    ),
    case(
        PAGES,
        "pages: {type: integer, xml: {wrapped: true}}",
        &[("misplaced-keyword", "xml")],
    ),
    case(
        PAGES,
        "pages: {type: integer, xml: {name: p}}",
        &[("misplaced-keyword", "pages")],
    ),
    case(
        PAGES,
        "pages: {type: integer, xml: {prefix: p}}",
        &[("missing-keyword", "xml")],
    ),
    case(
        PAGES,
        "pages: {type: integer, x-name: title}",
        &[("duplicate-wire-name", "pages")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: string}, minItems: 1, x-form: comma}",
        &[("bad-value", "comma")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: string}, minItems: 1}",
        &[("missing-keyword", "authors")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: string}, x-form: repeat}",
        &[("not-representable", "authors")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: array, items: {type: string}}, minItems: 1, x-form: repeat}",
        &[
            ("not-representable", "authors"),
            ("example-mismatch", "example"),
        ],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: string, x-type: integer}, minItems: 1, x-form: repeat}",
        &[("misplaced-keyword", "items")],
    ),
    case(
        LABELS,
        "labels: {type: object, additionalProperties: {type: string}, x-form: brackets}",
        &[("not-representable", "labels")],
    ),
    case(
        TITLE,
        "title: {type: [string, 'null'], minLength: 1}",
        &[("not-representable", "title")],
    ),
    case(
        DUE,
        "        loan_id: {type: string, readOnly: true}\n        notes: {type: array, items: {type: string}}\n",
        &[("not-representable", "notes")],
    ),
    case(
        DUE,
        "        loan_id: {type: string, readOnly: true}\n        a b: {type: string}\n",
        &[("bad-value", "a b")],
    ),
    // answers
    case(
        LOAN,
        "days: {type: integer, minimum: 0}\n    LoanUpdate",
        &[("answer-check", "minimum")],
    ),
    case(
        "due: {type: string, format: date-time}\n        days: {type: integer}\n    LoanUpdate",
        "due: {type: string, format: uuid}\n        days: {type: integer}\n    LoanUpdate",
        &[("answer-check", "format")],
    ),
    case(
        "properties:\n        id: {type: string}\n    BookUpsert",
        "properties:\n        id: {type: string, minLength: 1}\n    BookUpsert",
        &[("answer-check", "minLength")],
    ),
    case(
        "items: {$ref: '#/components/schemas/Book'}}",
        "items: {$ref: '#/components/schemas/Book'}, maxItems: 500}",
        &[("answer-check", "maxItems")],
    ),
    case(
        TITLE,
        "title: {type: string, enum: [Follas novas, B, B]}",
        &[("duplicate", "B")],
    ),
    case(
        KIND,
        "properties:\n        kind: {type: string, enum: [PAPER, REFERENCE]}\n      maxProperties: {}\n      if:",
        &[("bad-value", "maxProperties")],
    ),
    case(
        "    CreatedBook:\n      type: object\n      allOf: [{$ref: '#/components/schemas/NewBook'}]\n      properties:\n        id: {type: string}\n",
        "    CreatedBook:\n      type: object\n      allOf: [{$ref: '#/components/schemas/NewBook'}]\n      properties:\n        id: {type: string}\n      if: {required: [id]}\n      then: {required: [title]}\n",
        &[("unsupported-keyword", "if")],
    ),
    case(
        "    BookFields:\n      type: object\n",
        "    Part:\n      type: object\n      properties: {title: {type: string}}\n      maxProperties: 9\n    Both:\n      type: object\n      allOf: [{$ref: '#/components/schemas/BookFields'}, {$ref: '#/components/schemas/Part'}]\n    BookFields:\n      type: object\n",
        &[("duplicate", "{$ref: '#/components/schemas/Part'}")],
    ),
    case(
        "    BookFields:\n      type: object\n",
        "    One: {type: object, maxProperties: 9}\n    Other: {type: object, maxProperties: 8}\n    Both:\n      type: object\n      allOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Other'}]\n    BookFields:\n      type: object\n",
        &[(
            "unsupported-keyword",
            "{$ref: '#/components/schemas/Other'}",
        )],
    ),
    case(
        "    BookFields:\n      type: object\n",
        "    Text: {type: string}\n    Both:\n      type: object\n      allOf: [{$ref: '#/components/schemas/Text'}]\n    BookFields:\n      type: object\n",
        &[("type-mismatch", "{$ref: '#/components/schemas/Text'}")],
    ),
    case(
        TITLE,
        "title: {type: string, minLength: 1, x-type: number}",
        &[("bad-value", "number")],
    ),
    case(
        LABELS,
        "labels: {type: object, additionalProperties: {type: string, x-name: l}, minProperties: 1, x-form: brackets}",
        &[("misplaced-keyword", "additionalProperties")],
    ),
    case(
        TITLE,
        "title: {type: string, minLength: 1, x-form: brackets}",
        &[("misplaced-keyword", "x-form")],
    ),
    case(
        AUTHORS,
        "authors: {type: array, items: {type: string}, minItems: 1, x-form: repeat, xml: {attribute: true}}",
        &[("misplaced-keyword", "xml")],
    ),
    case(
        LABELS,
        "labels: {type: object, properties: {a: {type: string}}, additionalProperties: false}",
        &[("not-representable", "labels")],
    ),
    case(
        DUE,
        "        loan_id: {type: string, readOnly: true}\n        grid: {type: array, minItems: 1, items: {type: array, minItems: 1, items: {type: string}}}\n",
        &[("not-representable", "grid")],
    ),
    case(
        "    LoanUpdate:\n      type: object\n",
        "    LoanUpdate:\n      type: [object, 'null']\n",
        &[("bad-value", "LoanUpdate")],
    ),
    // The caller's own value keeps the checks that it passed, and no other.
    case(
        "due: {type: string, format: date-time, maxLength: 40}\n        days",
        "due: {type: string, format: date-time, maxLength: 50}\n        days",
        &[("answer-check", "maxLength")],
    ),
    case(
        DUE,
        "        loan_id: {type: string, readOnly: true}\n        notes: {type: array, items: {type: string}, readOnly: true}\n",
        &[],
    ),
    case(
        "if: {properties: {kind: {const: REFERENCE}}, required: [kind]}",
        "if: {properties: {kind: {const: REFERENCE}}}",
        &[],
    ),
    case(
        "      required: [items]\n",
        "      required: [items, total]\n",
        &[("unknown-field", "total")],
    ),
    case(
        "        next_cursor: {type: [string, 'null']}\n",
        "        next_cursor: {type: [string, 'null']}\n        summary: {type: object, required: [total], properties: {total: {type: integer}}}\n",
        &[],
    ),
    case(
        "      required: [items]\n      properties:\n",
        "      required: [items, total]\n      properties:\n        total: {type: integer}\n",
        &[
            (
                "missing-producer",
                "{status: [200, 206], body: required, value: [{to: /items, from: body}], emit: {status: 200}}",
            ),
            (
                "missing-producer",
                "{status: [204], body: ignored, value: [{to: /items, from: empty}], emit: {status: 200}}",
            ),
        ],
    ),
    case(
        "then: {properties: {loan_days: false}}",
        "then: {properties: {}}",
        &[("dead-keyword", "then")],
    ),
];
