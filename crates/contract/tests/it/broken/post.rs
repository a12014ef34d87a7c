//! What was taken once, and then did something else than it says.

use super::{Case, case};

const LOOK_UP: &str =
    "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken}";
const READ_BACK: &str =
    "unclear: {read_back: getParcel, with: {label: {from: path}}, compare: returned}";
const LOST: &str = "fails_if: {at: /answer/parcel/lost, equals: true}";
const KO: &str =
    "fails_if: {at: /answer/@state, equals: KO, problem: parcel-kept, items: /answer/kept/id}";
const AT: &str = "at: [answer/parcel, answer]";
const CODES: &str = "xml: [error/@code, error/code]";
const PAGING: &str = "paging: {style: offset, start: from, first: 0, count: size, end: ['204']}";
const CURSOR: &str = "{name: cursor, in: query, schema: {type: string, maxLength: 512}}";
const PARCEL: &str = "        '200': {description: A parcel., content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}}\n";
const FOUND: &str = "        '200': {description: Found., content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: string}}}}}}}\n";
const SET: &str = "set: {/source: {const: gateway}}, needs: [/source, /label]";

pub const CASES: &[Case] = &[
    // A look-up must be able to compare something that was surely sent, at least what it looks for.
    case(
        PARCEL,
        FOUND,
        &[
            ("bad-follow-up", "getParcel"),
            ("bad-follow-up", "getParcel"),
        ],
    ),
    case(
        PARCEL,
        "        '200': {description: A parcel., content: {application/json: {schema: {type: object, properties: {town: {type: string}}}}}}\n",
        &[("bad-follow-up", "getParcel")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken, compare: [/town]}",
        &[("bad-follow-up", "getParcel")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken, compare: absent}",
        &[("bad-follow-up", "absent")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken, compare: [/label, /source]}",
        &[("unknown-field", "/source")],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken, compare: [/label, /town]}",
        &[],
    ),
    case(
        LOOK_UP,
        "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken, compare: returned}",
        &[],
    ),
    // What is looked for is not shown, and `compare` says what proves it.
    case(
        "        label: {type: string}\n        weight: {type: integer}\n        town: {type: string}\n        lost",
        "        label: {type: string, x-name: id}\n        weight: {type: integer}\n        town: {type: object, properties: {name: {type: string}}}\n        lost",
        &[
            ("type-mismatch", "getParcel"),
            ("type-mismatch", "getParcel"),
        ],
    ),
    case(
        READ_BACK,
        "unclear: {read_back: getParcel, with: {label: {from: path}}, compare: [/label, /state]}",
        &[("unknown-field", "/state")],
    ),
    case(
        "needs: [/label, /stamp/kind]",
        "omit: [/town], needs: [/label, /stamp/kind]",
        &[],
    ),
    case(
        "set: {/label: {from: path}, /stamp/kind: {const: air}}, needs: [/label, /stamp/kind]",
        "omit: [/town], set: {/stamp/kind: {const: air}}, needs: [/stamp/kind]",
        &[("bad-follow-up", "getParcel")],
    ),
    // Places of an answer that never hold.
    case(
        KO,
        "fails_if: {at: /status, equals: KO}",
        &[("bad-value", "/status")],
    ),
    case(
        KO,
        "fails_if: {at: /@state, equals: KO}",
        &[("bad-value", "/@state")],
    ),
    case(
        KO,
        "fails_if: {at: /answer/@state/text, equals: KO}",
        &[("bad-value", "/answer/@state/text")],
    ),
    case(
        KO,
        "fails_if: {at: /answer//state, equals: KO}",
        &[("bad-value", "/answer//state")],
    ),
    case(
        KO,
        "fails_if: {at: /a:answer/state, equals: KO}",
        &[("bad-value", "/a:answer/state")],
    ),
    case(
        KO,
        "fails_if: {at: /answer/state, equals: ' KO'}",
        &[("bad-value", "' KO'")],
    ),
    case(KO, "fails_if: {at: '', equals: KO}", &[]),
    case(
        "{status: [200], body: optional, fails_if",
        "{status: [200], body: optional, at: done, fails_if",
        &[],
    ),
    case(
        "success: [{status: [201], body: ignored, value: [{from: request}], emit: {status: 201}}]",
        "success: [{status: [201], body: optional, fails_if: {at: /r/-/ok, equals: false}, value: [{from: request}], emit: {status: 201}}]",
        &[("dead-keyword", "/r/-/ok")],
    ),
    case(
        KO,
        "fails_if: {at: /answer/@state, equals: KO, problem: parcel-kept, items: /kept}",
        &[("bad-value", "/kept")],
    ),
    case(
        "{status: [200], body: optional, fails_if",
        "{status: [204], body: optional, fails_if",
        &[("dead-keyword", "fails_if")],
    ),
    case(
        LOST,
        "fails_if: {at: /answer/parcel/lost, equals: maybe}",
        &[],
    ),
    case(
        LOST,
        "fails_if: {at: /answer/parcel/weight, equals: heavy}",
        &[],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: answer/parcel\n              fails_if: {at: /answer/parcel/weight, equals: heavy}",
        &[("type-mismatch", "heavy")],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: answer/parcel\n              fails_if: {at: /answer/parcel/lost/why, equals: rain}",
        &[("dead-keyword", "/answer/parcel/lost/why")],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: answer/parcel\n              fails_if: {at: /answer/parcel/stops, equals: x}",
        &[("dead-keyword", "/answer/parcel/stops")],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: answer/parcel\n              fails_if: {at: /answer/parcel/@town, equals: x}",
        &[("dead-keyword", "/answer/parcel/@town")],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: answer/parcel\n              fails_if: {at: /answer/parcel/state, equals: x}",
        &[],
    ),
    case(
        "at: [answer/parcel, answer]\n              fails_if: {at: /answer/parcel/lost, equals: true}",
        "at: ''\n              fails_if: {at: /any/stops/stop, equals: x}",
        &[],
    ),
    case(
        AT,
        "at: [answer, answer/parcel]",
        &[("dead-keyword", "answer/parcel")],
    ),
    case(AT, "at: ['', answer]", &[("dead-keyword", "answer")]),
    case(AT, "at: answer/@parcel", &[("bad-value", "answer/@parcel")]),
    case(AT, "at: answer/1parcel", &[("bad-value", "answer/1parcel")]),
    case(
        CODES,
        "xml: [error/@code/text]",
        &[("bad-value", "error/@code/text")],
    ),
    case(CODES, "xml: ['@code']", &[("bad-value", "'@code'")]),
    case(CODES, "xml: [error/a b]", &[("bad-value", "error/a b")]),
    // One parameter at the vendor, written at two places.
    case(
        "query: {mode: {const: fast}}",
        "query: {town: {const: fast}}",
        &[("duplicate-wire-name", "town")],
    ),
    case(
        "query: {mode: {const: fast}}",
        "query: {'extras[a]': {const: fast}}",
        &[("duplicate-wire-name", "'extras[a]'")],
    ),
    case(
        "query: {mode: {const: fast}}",
        "query: {more: /extras, 'more[x]': {const: fast}}",
        &[("duplicate-wire-name", "more")],
    ),
    case(
        "        town: {type: string}\n        source",
        "        town: {type: string, x-name: 'extras[town]'}\n        source",
        &[("duplicate-wire-name", "town")],
    ),
    case(
        "        town: {type: string}\n        source",
        "        town: {type: string, x-name: label}\n        source",
        &[("duplicate-wire-name", "town")],
    ),
    case(
        "        town: {type: string}\n        source",
        "        town: {type: array, items: {type: string}, minItems: 1, x-form: repeat, x-name: label}\n        source",
        &[
            ("type-mismatch", "getParcel"),
            ("duplicate-wire-name", "town"),
        ],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: city, first: 0, count: size, end: ['204']}",
        &[("duplicate", "city")],
    ),
    // Constants that the wire cannot carry.
    case(
        SET,
        "set: {/source: {const: gateway}, /number: {const: seven}}, needs: [/label]",
        &[("bad-value", "seven")],
    ),
    case(
        SET,
        "set: {/source: {const: gateway}, /number: {const: '007'}}, needs: [/label]",
        &[("bad-value", "'007'")],
    ),
    case(
        SET,
        "set: {/source: {const: gateway}, /number: {const: '7'}}, needs: [/label]",
        &[],
    ),
    // A name of the whole body, where nothing bears it.
    case(
        "    Sending:\n      type: object\n",
        "    Sending:\n      type: object\n      x-name: parcel\n",
        &[("misplaced-keyword", "Sending")],
    ),
    // Cursors are the gateway's own.
    case(
        CURSOR,
        "{name: cursor, in: query, schema: {type: string, pattern: '^[0-9]+$'}}",
        &[("bad-paging", "pattern")],
    ),
    case(
        CURSOR,
        "{name: cursor, in: query, schema: {type: string, maxLength: 10}}",
        &[("bad-paging", "10")],
    ),
    case(
        CURSOR,
        "{name: cursor, in: query, schema: {type: string, minLength: 100}}",
        &[("bad-paging", "100")],
    ),
    case(
        "city: {from: query, name: town}}",
        "city: {from: query, name: town}, token: {from: query, name: cursor}}",
        &[("bad-paging", "token")],
    ),
    case(
        PAGING,
        "paging: {style: offset, start: from, first: 4294967296, count: size, end: ['204']}",
        &[("bad-value", "4294967296")],
    ),
    // One cause, one message.
    case(
        PAGING,
        "paging: {style: page, page: p, size: s}",
        &[("bad-value", "page")],
    ),
    case(
        PAGING,
        "paging: {stile: offset, start: from, first: 0, count: size, end: ['204']}",
        &[("unknown-keyword", "stile")],
    ),
    case(
        "path: /parcels/{label}/send",
        "path: /parcels/{label}/send/",
        &[("bad-value", "/parcels/{label}/send/")],
    ),
    case(
        "path: /parcels/{label}/send",
        "path: /parcels//{label}",
        &[("bad-value", "/parcels//{label}")],
    ),
    case(
        "  /v1/parcels:\n",
        "  /v1/parcels/:\n",
        &[("bad-value", "/v1/parcels/")],
    ),
    case(
        "x-vendors:\n  post:\n",
        "x-vendors:\n  past:\n",
        &[("unknown-name", "post")],
    ),
    case(
        "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewParcel'}}}}",
        "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewParcel'}}}}",
        &[("missing-source", "requestBody")],
    ),
    case(
        "      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sending'}}}}\n",
        "",
        &[("misplaced-keyword", "request")],
    ),
    case(
        "    parameters: [{name: label, in: path,",
        "    parameters: [{name: label, in: cookie,",
        &[("bad-value", "cookie")],
    ),
    case(
        "  parcel-not-found: {status: 404,",
        "  parcel-not-found: {status: 4040,",
        &[("bad-value", "4040")],
    ),
];
