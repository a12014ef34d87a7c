use super::literal::plain;

/// Appends a text as a literal of JSON, quotes included, in the one spelling that `serde_json` has for it:
/// what must be escaped is, by its short escape where there is one, and nothing else.
pub fn write_string(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_at(plain(rest.as_bytes()));
        out.push_str(before);
        // What is not plain is one byte of ASCII.
        let mut characters = behind.chars();
        match characters.next() {
            None => break,
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                let digit = |shift: u32| char::from_digit(control as u32 >> shift & 0xf, 16);
                out.push_str("\\u00");
                out.extend([digit(4), digit(0)].into_iter().flatten());
            }
        }
        rest = characters.as_str();
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn a_text_is_spelt_as_serde_json_spells_it() {
        let controls: String = (0..0x80).filter_map(char::from_u32).collect();
        for text in [
            "",
            "a",
            "\"",
            "Coruña \\ \u{7f}\u{80}\u{2028}😀 \"quoted\" and long enough\u{1}",
            &controls,
        ] {
            let mut written = String::new();
            write_string(&mut written, text);
            assert_eq!(written, serde_json::Value::from(text).to_string());
        }
    }
}
