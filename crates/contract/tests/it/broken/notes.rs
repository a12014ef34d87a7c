//! Patches of the second document: JSON, nested objects, nulls, references with words beside them.

use super::{Case, case};

pub const CASES: &[Case] = &[
    case("x-vendors:", "x-vendors:", &[]),
    case(
        "remark: {type: [string, 'null']}\n        size: {type: number}",
        "remark: {type: string}\n        size: {type: number}",
        &[("type-mismatch", "{from: request}")],
    ),
    case(
        "size: {type: number}",
        "size: {type: string}",
        &[("type-mismatch", "{from: request}")],
    ),
    case("size: {type: integer}", "size: {type: number}", &[]),
    case(
        "size: {type: integer}",
        "size: {type: boolean}",
        &[("type-mismatch", "{from: request}")],
    ),
    // What is inside an object of the caller's is as sure as the caller's schema says.
    case(
        "          required: [city]\n          properties:\n            city: {type: string, minLength: 1}\n            street: {type: string}\n    CreatedNote",
        "          properties:\n            city: {type: string, minLength: 1}\n            street: {type: string}\n    CreatedNote",
        &[("missing-producer", "status: [201]")],
    ),
    case(
        "required: [text, place]",
        "required: [text, place, stamp]",
        &[],
    ),
    case(
        "        stamp:\n          type: object\n",
        "        stamp:\n          type: object\n          required: [number]\n",
        &[("missing-producer", "status: [201]")],
    ),
    case(
        "required: [language, place, id]",
        "required: [language, id]",
        &[
            ("missing-producer", "status: [201]"),
            ("answer-check", "minLength"),
        ],
    ),
    case(
        "            city: {type: string, minLength: 1}\n            street: {type: string}\n",
        "            city: {type: string, minLength: 2}\n            street: {type: string}\n",
        &[("answer-check", "minLength")],
    ),
    case(
        "additionalProperties: false\n          required: [city]",
        "required: [city]",
        &[("open-request", "place")],
    ),
    case(
        "      additionalProperties: false\n      required: [text]",
        "      required: [text]",
        &[("open-request", "NewNote")],
    ),
    // A caller may not send what is read-only, so it is no source.
    case(
        "needs: [/text]",
        "needs: [/text, /id]",
        &[("missing-source", "/id")],
    ),
    case(
        "needs: [/text]",
        "needs: [/place/city, /place/town]",
        &[("unknown-field", "/place/town")],
    ),
    case(
        "needs: [/text]",
        "set: {/remark: {from: query, name: color}}, needs: [/remark]",
        &[("missing-source", "/remark")],
    ),
    case(
        "needs: [/text]",
        "set: {/remark: {const: none}}, needs: [/remark]",
        &[],
    ),
    case(
        "lang: /language",
        "lang: /place",
        &[("not-representable", "/place")],
    ),
    case(
        "x-name: parentId}",
        "x-name: identifier}",
        &[("duplicate-wire-name", "parent")],
    ),
    case(
        "x-name: parentId}",
        "required: true}",
        &[
            ("duplicate-wire-name", "parent"),
            ("misplaced-keyword", "required"),
        ],
    ),
    case(
        "        required: true\n",
        "",
        &[
            ("missing-source", "requestBody"),
            ("answer-check", "minLength"),
        ],
    ),
    case(
        "{$ref: '#/components/schemas/Text'}",
        "{$ref: '#/components/schemas/Text/properties'}",
        &[(
            "unresolved-reference",
            "'#/components/schemas/Text/properties'",
        )],
    ),
    case(
        "path: /notes",
        "path: /a/../notes",
        &[("bad-value", "/a/../notes")],
    ),
    case(
        "text: {type: string, minLength: 1}",
        "text: {type: string, minLength: 1}\n        tags: {type: array, items: {type: string, example: 7}}",
        &[("example-mismatch", "example")],
    ),
    case(
        "query: {tint: {from: query, name: color}, lang: /language}\n        request: {encoding: json, needs: [/text]}",
        "query: {tint: {from: query, name: color}, lang: /language}\n        request: {encoding: json, needs: [/text, /place/street]}",
        &[("missing-source", "/place/street")],
    ),
];
