//! The ways in which a text writes a character of a secret: as itself, and escaped for a URL, a form, JSON,
//! XML, HTML, a JSON Pointer or a log, once or twice over. Each character may be written in another way.

/// How often an escape may be escaped again, and how many backslashes that makes.
const LAYERS: usize = 3;
const MOST: usize = 8;

/// Gives the length of each way in which the text may begin with the character.
pub fn spelled(text: &str, c: char, fold: bool, found_end: &mut dyn FnMut(usize)) {
    spelled_in(text, c, fold, LAYERS, found_end);
    if !c.is_ascii() {
        let mut buffer = [0; 4];
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        spelled_as_bytes(text, bytes, 0, found_end);
        surrogates(text, c, found_end);
    }
}

/// The bytes of UTF-8, each taken for a character: `%C3%B1`, `\xc3\xb1`, or a text that was read as Latin-1.
/// `at` is how far the bytes before reach.
fn spelled_as_bytes(text: &str, bytes: &[u8], at: usize, found_end: &mut dyn FnMut(usize)) {
    let Some((first, others)) = bytes.split_first() else {
        return found_end(at);
    };
    let rest = text.get(at..).unwrap_or_default();
    spelled_in(rest, char::from(*first), false, LAYERS, &mut |length| {
        spelled_as_bytes(text, others, at + length, found_end);
    });
}

/// Beyond the basic plane JSON escapes a character as two (RFC 8259 §7).
fn surrogates(text: &str, c: char, found_end: &mut dyn FnMut(usize)) {
    let mut buffer = [0; 2];
    let units = c.encode_utf16(&mut buffer);
    if units.len() < 2 {
        return;
    }
    let mut rest = text;
    for unit in units {
        let escape = rest.trim_start_matches('\\');
        let slashes = rest.len() - escape.len();
        let digits = escape
            .strip_prefix(['u', 'U'])
            .and_then(|digits| digits.get(..4));
        let same = |digits: &str| u16::from_str_radix(digits, 16) == Ok(*unit);
        if slashes == 0 || slashes > MOST || !digits.is_some_and(same) {
            return;
        }
        rest = escape.get(5..).unwrap_or_default();
    }
    found_end(text.len() - rest.len());
}

/// The same in so many layers of escapes: what begins an escape may be escaped itself.
fn spelled_in(text: &str, c: char, fold: bool, layers: usize, found_end: &mut dyn FnMut(usize)) {
    let same = |found: char| found == c || fold && found.eq_ignore_ascii_case(&c);
    let Some(first) = text.chars().next() else {
        return;
    };
    if same(first) || c == ' ' && (first == '+' || first.is_whitespace()) {
        found_end(first.len_utf8());
    }
    // RFC 6901 §3
    if matches!((c, text.get(..2)), ('~', Some("~0")) | ('/', Some("~1"))) {
        found_end(2);
    }
    if layers == 0 || !matches!(first, '%' | '&' | '\\') {
        return;
    }
    for begin in ['%', '&', '\\'] {
        let mut begun = |length: usize| {
            let rest = text.get(length..).unwrap_or_default();
            match begin {
                '%' if hex(rest, 2).is_some_and(same) => found_end(length + 2),
                '&' => {
                    if let Some((found, end)) = entity(rest)
                        && same(found)
                    {
                        found_end(length + end);
                    }
                }
                '\\' => backslashed(rest, c, &same, &mut |end| found_end(length + end)),
                _ => {}
            }
        };
        spelled_in(text, begin, false, layers - 1, &mut begun);
    }
}

/// A character by exactly so many digits at the start of a text.
fn hex(text: &str, digits: usize) -> Option<char> {
    let digits = text.get(..digits)?;
    let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok()?;
    char::from_u32(code).filter(|_| plain)
}

/// An entity's character, and its length without the `&`.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let name = text.get(..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
        None => match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => ' ',
            "sol" => '/',
            "bsol" => '\\',
            "plus" => '+',
            "equals" => '=',
            _ => return None,
        },
    };
    Some((c, end + 1))
}

/// What follows the first backslash of an escape of JSON or of a program's string. There may be more
/// backslashes, where the escape was escaped again.
fn backslashed(text: &str, c: char, same: &dyn Fn(char) -> bool, found_end: &mut dyn FnMut(usize)) {
    let count = text.bytes().take(MOST).take_while(|b| *b == b'\\').count();
    if c == '\\' {
        (1..=count).for_each(&mut *found_end);
    }
    let rest = text.get(count..).unwrap_or_default();
    let Some(escaped) = rest.chars().next() else {
        return;
    };
    if same(escaped) && !escaped.is_alphanumeric() {
        found_end(count + escaped.len_utf8());
    }
    let digits = rest.get(1..).unwrap_or_default();
    match escaped {
        'u' | 'U' => {
            if hex(digits, 4).is_some_and(same) {
                found_end(count + 5);
            }
            if let Some(braced) = digits.strip_prefix('{')
                && let Some(end) = braced.bytes().take(7).position(|b| b == b'}')
                && hex(braced, end).is_some_and(same)
            {
                found_end(count + end + 3);
            }
        }
        'x' | 'X' if hex(digits, 2).is_some_and(same) => found_end(count + 3),
        _ => {}
    }
}
