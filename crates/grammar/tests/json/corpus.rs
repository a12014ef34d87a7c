//! Texts whose verdict is known.

use grammar::json::{Expected, SyntaxError};

use crate::{agree, checked, tree};

/// What must be read, after the cases of JSONTestSuite (github.com/nst/JSONTestSuite), `y_` and `i_`: limits
/// of numbers and of depth, and half pairs, are no matter of grammar.
const SOUND: [&str; 52] = [
    "[]",
    "{}",
    "[[]   ]",
    "[\"\"]",
    "[[[[[[]]]]]]",
    " [1] ",
    "\n\t\r [ ] \r\n",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "\"\"",
    "\"a\"",
    "42",
    "-0.1",
    "[-0]",
    "[-0.0]",
    "[0e+1]",
    "[0e1]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[1e-2]",
    "[1.5e+9999]",
    "[123123e100000]",
    "[-123123123123123123123123123123]",
    "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    "{\"a\":[]}",
    "{\"\":0}",
    "{\"a\":\"b\",\"a\":\"c\"}",
    "{\"a\\u0000b\": 1}",
    "{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"x\"}",
    "{\"title\":\"\\u041f\\u043e\\u043b\"}",
    "{\n\"a\": \"b\"\n}",
    r#"["\u0060\u012a\u12AB"]"#,
    r#"["\uD801\udc37"]"#,
    r#"["\ud83d\ude39\ud83d\udc8d"]"#,
    r#"["\"\\\/\b\f\n\r\t"]"#,
    r#"["\\u0000"]"#,
    r#"["\u0000"]"#,
    r#"["\uDADA"]"#,
    r#"["\uD888\u1234"]"#,
    r#"["\uDd1e\uD834"]"#,
    "[\"a/*b*/c/*d//e\"]",
    "[\"\u{7f}\u{80}\u{feff}\u{ffff}\u{10ffff}\"]",
    "[\"\u{2028}\u{2029}\"]",
    "[\"\u{5d0}\", \"⍂㈴⍂\", \"😀\"]",
    "[1,null,true,false,\"x\",{},[]]",
];

/// What must be refused (`n_`), and where.
const WRONG: [(&str, usize, Expected); 86] = {
    use Expected::*;
    [
        ("", 0, Value),
        (" \n", 2, Value),
        ("\u{feff}{}", 0, Value),
        ("\u{a0}1", 0, Value),
        ("\u{c}1", 0, Value),
        ("[", 1, FirstItem),
        ("[ ", 2, FirstItem),
        ("[,1]", 1, FirstItem),
        ("[,]", 1, FirstItem),
        ("[:]", 1, FirstItem),
        ("[a]", 1, FirstItem),
        ("['a']", 1, FirstItem),
        ("[}", 1, FirstItem),
        ("[*]", 1, FirstItem),
        ("[\u{b}]", 1, FirstItem),
        ("[\u{2060}]", 1, FirstItem),
        ("[+1]", 1, FirstItem),
        ("[.1]", 1, FirstItem),
        ("[NaN]", 1, FirstItem),
        ("[Infinity]", 1, FirstItem),
        ("[True]", 1, FirstItem),
        ("[\\u000A\"\"]", 1, FirstItem),
        ("[1,]", 3, Value),
        ("[1,,2]", 3, Value),
        ("[1,\n", 4, Value),
        ("[\"\",]", 4, Value),
        ("[1", 2, NextItem),
        ("[1 true]", 3, NextItem),
        ("[1:2]", 2, NextItem),
        ("[\"\"", 3, NextItem),
        ("[\"a\" \"b\"]", 5, NextItem),
        ("[3[4]]", 2, NextItem),
        ("[1}", 2, NextItem),
        ("[\"x\"}", 4, NextItem),
        ("[1 000]", 3, NextItem),
        ("[0x1]", 2, NextItem),
        ("[1a]", 2, NextItem),
        ("[0.1.2]", 4, NextItem),
        ("[1.2a-3]", 4, NextItem),
        ("[truth]", 4, Word),
        ("[nul]", 4, Word),
        ("[fals]", 5, Word),
        ("tru", 3, Word),
        ("nUll", 1, Word),
        ("f\n", 1, Word),
        ("truex", 4, End),
        ("[-]", 2, Digit),
        ("[-a]", 2, Digit),
        ("[-Infinity]", 2, Digit),
        ("[--1]", 2, Digit),
        ("-", 1, Digit),
        ("[1.]", 3, Digit),
        ("[2.e3]", 3, Digit),
        ("[0.e1]", 3, Digit),
        ("[1e]", 3, Digit),
        ("[1eE2]", 3, Digit),
        ("[1e+]", 4, Digit),
        ("[0e+-1]", 4, Digit),
        ("1.0e", 4, Digit),
        ("[-.1]", 2, Digit),
        ("[01]", 2, NoLeadingZero),
        ("[-012]", 3, NoLeadingZero),
        ("{", 1, Name),
        ("{,}", 1, Name),
        ("{1:1}", 1, Name),
        ("{a:1}", 1, Name),
        ("{'a':0}", 1, Name),
        ("{[:\"x\"}", 1, Name),
        ("{]", 1, Name),
        ("{\"a\":0,}", 7, Name),
        ("{\"a\":0,,}", 7, Name),
        ("{\"a\"", 4, Colon),
        ("{\"a\" b}", 5, Colon),
        ("{\"a\",1}", 4, Colon),
        ("{\"a\":", 5, Value),
        ("{\"a\"::1}", 5, Value),
        ("{\"a\":}", 5, Value),
        ("{\"a\":1 \"b\":2}", 7, NextMember),
        ("{\"a\":1]", 6, NextMember),
        ("{\"a\":1", 6, NextMember),
        ("[\"a", 3, Quote),
        ("[\"\\", 3, Quote),
        ("[\"a\\\"]", 6, Quote),
        ("[\"\\x00\"]", 3, Escape),
        ("[\"\\u00A\"]", 7, Escape),
        ("[\"a\nb\"]", 3, EscapedControl),
    ]
};

/// More of the same, which only a value of its own can hold.
const FOLLOWED: [(&str, usize); 12] = [
    ("1 2", 2),
    ("{} {}", 3),
    ("[][]", 2),
    ("[1]]", 3),
    ("{}}", 2),
    ("\"a\"x", 3),
    ("null,", 4),
    ("{\"a\":1}//", 7),
    ("{\"a\":1}/**/", 7),
    ("[1],", 3),
    ("2 \u{0}", 2),
    ("123\u{0}", 3),
];

#[test]
fn what_is_json_is_read_as_serde_json_reads_it() {
    for text in SOUND {
        assert_eq!(checked(text), Ok(()), "{text}");
        agree(text);
    }
}

#[test]
fn what_is_not_json_is_refused_at_its_byte() {
    for (text, offset, expected) in WRONG {
        assert_eq!(
            checked(text),
            Err(SyntaxError { offset, expected }),
            "{text:?}"
        );
        agree(text);
    }
    for (text, offset) in FOLLOWED {
        let expected = Expected::End;
        assert_eq!(checked(text), Err(SyntaxError { offset, expected }));
        agree(text);
    }
}

#[test]
fn a_text_that_ends_too_early_is_refused_wherever_it_ends() {
    for text in SOUND.iter().filter(|text| text.starts_with(['[', '{'])) {
        let last = text.trim_end().len();
        for end in (0..last).filter(|end| text.is_char_boundary(*end)) {
            let cut = &text[..end];
            let error = checked(cut).unwrap_err();
            assert_eq!(error.offset, end, "{cut:?}: {error}");
            assert_eq!(tree(cut), Err(error));
        }
    }
}
