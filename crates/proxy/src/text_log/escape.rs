//! Texts that a terminal only shows.

use std::fmt::{self, Display, Write};

/// Characters that do something else to a terminal, or to who reads it, than stand there: C0, DEL and C1
/// (ECMA-48), ends of line, marks that turn the direction of text (Unicode UAX #9), and what has no width and
/// nothing to join.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
        // Tags, which once named languages.
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

/// A text in which such characters are written out: `\n`, `\u{1b}`.
pub struct Plain<'t>(pub &'t str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        put(f, self.0, steers)
    }
}

/// A value of a field: as it is where it is one word, else in quotes, so that a blank or a sign of equality in
/// it cannot pass for the next field.
pub struct Word<'t>(pub &'t str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let odd = |c: char| c.is_whitespace() || steers(c) || matches!(c, '"' | '\\' | '=');
        if !self.0.is_empty() && !self.0.contains(odd) {
            return f.write_str(self.0);
        }
        f.write_char('"')?;
        put(f, self.0, |c| steers(c) || matches!(c, '"' | '\\'))?;
        f.write_char('"')
    }
}

fn put(f: &mut fmt::Formatter<'_>, text: &str, odd: impl Fn(char) -> bool) -> fmt::Result {
    for c in text.chars() {
        match c {
            '"' if odd(c) => f.write_str("\\\"")?,
            c if odd(c) => write!(f, "{}", c.escape_default())?,
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_its_reader_is_written_out() {
        for (text, shown) in [
            (
                "\u{1b}[2J\u{1b}]0;title\u{7}",
                r"\u{1b}[2J\u{1b}]0;title\u{7}",
            ),
            ("\u{9b}31m\u{7f}\0", r"\u{9b}31m\u{7f}\u{0}"),
            ("one\r\ntwo\u{2028}three", r"one\r\ntwo\u{2028}three"),
            ("user\u{202e}nimda\u{2066}", r"user\u{202e}nimda\u{2066}"),
            (
                "\u{feff}a\u{200b}b\u{e0041}",
                r"\u{feff}a\u{200b}b\u{e0041}",
            ),
            // Wide, combining and joined characters only stand there.
            (
                "会议室 Coruña e\u{301} 👩\u{200d}💻",
                "会议室 Coruña e\u{301} 👩\u{200d}💻",
            ),
        ] {
            assert_eq!(Plain(text).to_string(), shown);
        }
    }

    #[test]
    fn a_value_cannot_pass_for_another_field() {
        for (text, shown) in [
            ("getRoom", "getRoom"),
            ("会议室", "会议室"),
            ("", r#""""#),
            ("a status=200", r#""a status=200""#),
            ("a=b", r#""a=b""#),
            (r#"" status="200"#, r#""\" status=\"200""#),
            (r"\u{1b}", r#""\\u{1b}""#),
            ("\u{a0}", "\"\u{a0}\""),
        ] {
            assert_eq!(Word(text).to_string(), shown);
        }
    }
}
