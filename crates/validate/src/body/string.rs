/// A decoded text and the lone surrogates that it held (each became U+FFFD, which never leaves the
/// reader: one lone surrogate is a violation).
pub(super) struct Decoded {
    pub value: String,
    pub lone: Option<LoneSurrogates>,
}

/// The first one, and how many there are.
pub(super) struct LoneSurrogates {
    pub first: u16,
    pub count: usize,
}

/// Decodes the string literal whose first character after the opening quote stands at `start`.
/// Returns it with the offset behind the closing quote; `None` if the text is not JSON.
pub(super) fn decode(text: &str, start: usize) -> Option<(Decoded, usize)> {
    let mut decoded = Decoded {
        value: String::new(),
        lone: None,
    };
    let mut at = start;
    loop {
        let rest = text.get(at..)?;
        let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
        decoded.value.push_str(rest.get(..plain)?);
        at += plain + 1;
        if rest.as_bytes().get(plain) == Some(&b'"') {
            return Some((decoded, at));
        }
        at = escape(text, at, &mut decoded)?;
    }
}

/// Decodes one escape; `at` is the character after the backslash.
fn escape(text: &str, at: usize, decoded: &mut Decoded) -> Option<usize> {
    let character = match text.as_bytes().get(at)? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text, at + 1, decoded),
        other => char::from(*other),
    };
    decoded.value.push(character);
    Some(at + 1)
}

/// Decodes `\uXXXX`, and the second half of a pair where there is one.
fn unicode(text: &str, at: usize, decoded: &mut Decoded) -> Option<usize> {
    let first = hexadecimal(text, at)?;
    let behind = at + 4;
    if let Some(character) = char::from_u32(u32::from(first)) {
        decoded.value.push(character);
        return Some(behind);
    }
    let second = text
        .get(behind..behind + 2)
        .filter(|start| *start == "\\u")
        .and_then(|_| hexadecimal(text, behind + 2));
    if let Some(second) = second
        && let [Ok(character)] = char::decode_utf16([first, second]).collect::<Vec<_>>()[..]
    {
        decoded.value.push(character);
        return Some(behind + 6);
    }
    decoded.value.push(char::REPLACEMENT_CHARACTER);
    let lone = decoded
        .lone
        .get_or_insert(LoneSurrogates { first, count: 0 });
    lone.count += 1;
    Some(behind)
}

fn hexadecimal(text: &str, at: usize) -> Option<u16> {
    u16::from_str_radix(text.get(at..at + 4)?, 16).ok()
}
