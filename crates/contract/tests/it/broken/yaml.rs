use super::{Case, case};

pub const CASES: &[Case] = &[
    case("  desk: {}", "  desk: {}\n bad: x", &[("yaml-syntax", "b")]),
    case("  desk: {}", "  desk: &d {}", &[("yaml-anchor", "&d")]),
    case("x-vendors:", "x-vendors: &all", &[("yaml-anchor", "&all")]),
    case(
        "  desk: {}",
        "  desk: {}\n  &k other: {}",
        &[("yaml-anchor", "&k")],
    ),
    case(
        "title: Library, version: 1.0.0",
        "title: &t Library, version: *t",
        &[("yaml-anchor", "&t"), ("yaml-anchor", "*t")],
    ),
    case(
        "version: 1.0.0",
        "version: !!str 1.0",
        &[("yaml-tag", "!!str")],
    ),
    case(
        "  desk: {}",
        "  desk: !vendor {}",
        &[("yaml-tag", "!vendor")],
    ),
    case(
        "  desk: {}",
        "  desk: {<<: {a: 1}}",
        &[("merge-key", "<<"), ("unknown-keyword", "a")],
    ),
    case(
        "  desk: {}",
        "  desk: {}\n  desk: {}",
        &[("duplicate-key", "desk")],
    ),
    case(
        "        '204': {description: Deleted}",
        "        204: {description: Deleted}",
        &[("non-string-key", "204")],
    ),
    case(
        "  desk: {}",
        "  desk: {}\n  ? [a]\n  : b",
        &[("non-string-key", "[a]")],
    ),
    case(
        "maximum: 20000",
        "maximum: 0o20000",
        &[("number-spelling", "0o20000")],
    ),
    case(
        "maximum: 20000",
        "maximum: 0x4e20",
        &[("number-spelling", "0x4e20")],
    ),
    case(
        "maximum: 20000",
        "maximum: 020000",
        &[("number-spelling", "020000")],
    ),
    case(
        "maximum: 20000",
        "maximum: .inf",
        &[("number-spelling", ".inf")],
    ),
    case(
        "maximum: 20000",
        "maximum: 99999999999999999999",
        &[("number-spelling", "99999999999999999999")],
    ),
    case(
        "maximum: 20000",
        "maximum: 1e999",
        &[("number-spelling", "1e999")],
    ),
    // One of these hides no other mistake.
    case(
        "  desk: {}",
        "  desk: {}\n  shelf: {nothing: 1}\n  desc: &d {scan: 1}",
        &[
            ("duplicate-key", "shelf"),
            ("yaml-anchor", "&d"),
            ("unknown-keyword", "scan"),
        ],
    ),
    case(
        "        '204': {description: Deleted}",
        "        204: {descripton: Deleted}",
        &[("non-string-key", "204"), ("unknown-keyword", "descripton")],
    ),
    case(
        "components:\n",
        "---\ncomponents:\n",
        &[("several-documents", "components:")],
    ),
];
