//! Body bytes ⇄ the lines of a file. Each form names exactly one text, and what a form cannot say is
//! written in `escaped`, which can say anything.

/// How the lines of a body are written, as in `|: form`. Without such a line they are [`Form::Plain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// UTF-8, the lines joined by LF, no LF at the end.
    Plain,
    /// JSON whose white space between tokens does not count: the bytes have none.
    CompactJson,
    /// One pair a line; the bytes join them by `&`.
    Fields,
    /// As plain, with `\xNN` (a byte), `\n`, `\r`, `\t`, `\s` (a blank) and `\\`.
    Escaped,
    /// As plain, in UTF-16 behind its byte order mark.
    Utf16Le,
    Utf16Be,
}

const FORMS: [(&str, Form); 5] = [
    ("compact json", Form::CompactJson),
    ("form", Form::Fields),
    ("escaped", Form::Escaped),
    ("utf-16le with mark", Form::Utf16Le),
    ("utf-16be with mark", Form::Utf16Be),
];

impl Form {
    pub fn named(name: &str) -> Option<Self> {
        let mut forms = FORMS.iter();
        forms
            .find(|(known, _)| *known == name)
            .map(|(_, form)| *form)
    }

    fn name(self) -> Option<&'static str> {
        let mut forms = FORMS.iter();
        forms.find(|(_, form)| *form == self).map(|(name, _)| *name)
    }

    /// The bytes that the lines mean.
    pub fn bytes(self, lines: &[&str]) -> Result<Vec<u8>, String> {
        let text = lines.join("\n");
        match self {
            Self::Plain => Ok(text.into_bytes()),
            Self::CompactJson => Ok(compact(&text).into_bytes()),
            Self::Fields => Ok(lines.join("&").into_bytes()),
            Self::Escaped => unescape(&text),
            Self::Utf16Le => Ok(utf16(&text, u16::to_le_bytes)),
            Self::Utf16Be => Ok(utf16(&text, u16::to_be_bytes)),
        }
    }
}

/// Lines that mean these bytes, in the most readable form, each with its `|` and line end.
pub fn lines(content_type: Option<&str>, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let is = |kind: &str| content_type.is_some_and(|text| text.contains(kind));
    let text = std::str::from_utf8(bytes).ok();
    let readable = text.filter(|text| text.lines().all(is_plain) && !text.contains('\r'));
    let (form, text) = match readable {
        Some(text) if is("json") => match pretty(text) {
            Some(pretty) => (Form::CompactJson, pretty),
            None => (Form::Plain, text.to_owned()),
        },
        Some(text) if is("x-www-form-urlencoded") && text.contains('&') => {
            (Form::Fields, text.replace('&', "\n"))
        }
        Some(text) => (Form::Plain, text.to_owned()),
        None => (Form::Escaped, escape(bytes)),
    };
    let mut out = String::new();
    if let Some(name) = form.name() {
        out.push_str(&format!("|: {name}\n"));
    }
    for line in text.split('\n') {
        out.push_str(format!("| {line}").trim_end());
        out.push('\n');
    }
    out
}

fn is_plain(line: &str) -> bool {
    !line.ends_with(char::is_whitespace) && !line.chars().any(char::is_control)
}

/// Only if the bytes are the compact spelling of what is shown.
fn pretty(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let pretty = serde_json::to_string_pretty(&value).ok()?;
    (compact(&pretty) == text).then_some(pretty)
}

/// Drops white space outside of texts; everything else stays byte for byte.
fn compact(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    text.chars()
        .filter(|character| {
            let keep = inside || !character.is_ascii_whitespace();
            match character {
                '"' if !escaped => inside = !inside,
                _ => {}
            }
            escaped = inside && *character == '\\' && !escaped;
            keep
        })
        .collect()
}

fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

fn escape(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                ' ' if out.is_empty() || out.ends_with("\\n") => out.push_str("\\s"),
                '\\' => out.push_str("\\\\"),
                character if character.is_control() => {
                    let mut encoded = [0; 4];
                    for byte in character.encode_utf8(&mut encoded).bytes() {
                        out.push_str(&format!("\\x{byte:02X}"));
                    }
                }
                character => out.push(character),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
    match out.strip_suffix(' ') {
        Some(front) => format!("{front}\\s"),
        None => out,
    }
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.extend(character.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match rest.next() {
            Some('n') => out.push(b'\n'),
            Some('r') => out.push(b'\r'),
            Some('t') => out.push(b'\t'),
            Some('s') => out.push(b' '),
            Some('\\') => out.push(b'\\'),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16);
                out.push(byte.map_err(|_| format!("`\\x{digits}` is no byte; write \\xNN"))?);
            }
            other => {
                let shown = other.map(String::from).unwrap_or_default();
                return Err(format!(
                    "`\\{shown}` is no escape; there are \\xNN \\n \\r \\t \\s \\\\"
                ));
            }
        }
    }
    Ok(out)
}

#[test]
fn what_is_written_reads_back() {
    let bodies: [(&str, &[u8]); 9] = [
        ("application/json", br#"{"a":"b \" c","d":[1.0,{}]}"#),
        ("application/json", br#"{"a": 1}"#),
        ("application/json", b"not json"),
        ("application/x-www-form-urlencoded", b"a=1&b=%20"),
        ("application/xml", "<a>\n  <b>ñ</b>\n</a>".as_bytes()),
        ("text/plain", b" a \r\n\t\\x41 "),
        ("text/plain", b"Coru\xf1a\x00"),
        ("text/plain", b"ends with a line end\n"),
        ("text/plain", b"\n"),
    ];
    for (content_type, bytes) in bodies {
        let written = lines(Some(content_type), bytes);
        assert_eq!(
            crate::read::body_of(&written),
            Ok(bytes.to_vec()),
            "{written}"
        );
    }
}

#[test]
fn utf_16_has_its_mark() {
    assert_eq!(
        crate::read::body_of("|: utf-16be with mark\n| <ñ"),
        Ok(b"\xfe\xff\x00<\x00\xf1".to_vec())
    );
    assert_eq!(
        crate::read::body_of("|: utf-16le with mark\n| <"),
        Ok(b"\xff\xfe<\x00".to_vec())
    );
}
