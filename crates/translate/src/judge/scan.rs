//! The search for an error code in text whose form nobody has documented.

/// What a scan finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    Nothing,
    /// One code, wherever and however often it stands.
    Code(String),
    /// Different codes, of which none is to be preferred.
    Ambiguous,
}

/// Looks for matches of `pattern` (`A` a letter A–Z, `9` a digit, all else itself) that do not stand
/// inside a longer word. A code of the catalogue beats others; two different ones cancel out.
/// `cut`: the text goes on after its end, so a match that touches the end may be half a word.
pub(super) fn scan(text: &str, cut: bool, pattern: &str, catalogue: &[String]) -> Scan {
    let (mut known, mut other) = (Vec::new(), Vec::new());
    for (start, _) in text.char_indices() {
        let Some(found) = match_at(text, start, pattern) else {
            continue;
        };
        let rest = text.get(start + found.len()..).unwrap_or_default();
        let before = text
            .get(..start)
            .and_then(|before| before.chars().next_back());
        let whole = match rest.chars().next() {
            Some(after) => !is_word(after),
            None => !cut,
        };
        if !whole || before.is_some_and(is_word) {
            continue;
        }
        let list = if catalogue.iter().any(|code| code == found) {
            &mut known
        } else {
            &mut other
        };
        if !list.contains(&found) {
            list.push(found);
        }
        if known.len() > 1 {
            return Scan::Ambiguous; // nothing can change this any more
        }
    }
    let candidates = if known.is_empty() { other } else { known };
    match candidates.as_slice() {
        [] => Scan::Nothing,
        [code] => Scan::Code((*code).to_owned()),
        _ => Scan::Ambiguous,
    }
}

/// Whether a whole text is of the pattern.
pub(super) fn fits(text: &str, pattern: &str) -> bool {
    !text.is_empty() && match_at(text, 0, pattern).is_some_and(|found| found.len() == text.len())
}

fn match_at<'t>(text: &'t str, start: usize, pattern: &str) -> Option<&'t str> {
    let rest = text.get(start..)?;
    let mut characters = rest.char_indices();
    let mut end = 0;
    for expected in pattern.chars() {
        let (at, character) = characters.next()?;
        let fits = match expected {
            'A' => character.is_ascii_uppercase(),
            '9' => character.is_ascii_digit(),
            literal => character == literal,
        };
        if !fits {
            return None;
        }
        end = at + character.len_utf8();
    }
    rest.get(..end).filter(|found| !found.is_empty())
}

const fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Scan {
        let catalogue = ["ERR001".to_owned(), "ERR006".to_owned()];
        scan(text, false, "AAA999", &catalogue)
    }

    fn code(text: &str) -> Scan {
        Scan::Code(text.to_owned())
    }

    #[test]
    fn a_code_is_found_in_any_clothes() {
        for text in [
            "ERR001",
            r#"{"x":"ERR001"}"#,
            "<html>Error ERR001: ERR001</html>",
            "ñERR001ñ",
            "(ERR001)",
            "UTF008 ERR001",
        ] {
            assert_eq!(find(text), code("ERR001"), "{text}");
        }
        assert_eq!(
            find("ROO009"),
            code("ROO009"),
            "not of the catalogue, but alone"
        );
    }

    #[test]
    fn a_longer_word_is_no_code() {
        for text in [
            "XERR001", "ERR0011", "_ERR001", "ERR001_", "err001", "ERR01", "",
        ] {
            assert_eq!(find(text), Scan::Nothing, "{text}");
        }
    }

    #[test]
    fn two_different_codes_cancel_out() {
        assert_eq!(find("ERR001 ERR006"), Scan::Ambiguous);
        assert_eq!(find("ABC001 ABC002"), Scan::Ambiguous);
        assert_eq!(find("ABC001 ABC002 ERR006"), code("ERR006"));
    }

    #[test]
    fn a_match_at_the_cut_may_be_half_a_word() {
        assert_eq!(scan("x ERR001", true, "AAA999", &[]), Scan::Nothing);
        assert_eq!(scan("x ERR001.", true, "AAA999", &[]), code("ERR001"));
    }

    #[test]
    fn patterns() {
        assert!(fits("ERR001", "AAA999"));
        assert!(fits("E-1", "A-9"));
        for text in ["", "ERR0011", "ERR01", "err001"] {
            assert!(!fits(text, "AAA999"), "{text}");
        }
        assert_eq!(scan("abc", false, "", &[]), Scan::Nothing);
    }
}
