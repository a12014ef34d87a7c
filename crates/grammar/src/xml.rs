//! Characters and names of XML 1.0 (fifth edition), and Namespaces in XML 1.0 (third edition).

/// What the prefix `xml` is bound to, and no other one (Namespaces section 3).
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// What the prefix `xmlns` is bound to; nothing may declare it (Namespaces section 3).
pub const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// Production 2 `Char`: what an XML 1.0 document can carry, in any spelling.
pub const fn is_xml_char(character: char) -> bool {
    matches!(character,
        '\u{9}' | '\u{A}' | '\u{D}' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..='\u{10FFFF}')
}

/// Production 3 `S`.
pub const XML_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A text without the white space around it.
#[must_use]
pub fn trim(text: &str) -> &str {
    // Most texts have none, and a look at two bytes tells.
    let is_space = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n' | b'\r'));
    let bytes = text.as_bytes();
    if is_space(bytes.first()) || is_space(bytes.last()) {
        text.trim_matches(XML_SPACE)
    } else {
        text
    }
}

/// Whether a text is nothing but white space.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// What a byte may be in an `NCName` of ASCII.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NameByte {
    Start,
    Behind,
    Other,
}

/// Productions 4 and 4a for ASCII, the colon left out.
static ASCII_NAME: [NameByte; 256] = {
    let mut table = [NameByte::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => NameByte::Start,
            b'0'..=b'9' | b'-' | b'.' => NameByte::Behind,
            _ => NameByte::Other,
        };
        byte += 1;
    }
    table
};

/// An `NCName` (Namespaces in XML 1.0, production 4): a name without a colon.
pub fn is_nc_name(name: &str) -> bool {
    // Nearly every name is of ASCII, and each element of a document has one: by a table it takes a tenth.
    if let [first, rest @ ..] = name.as_bytes()
        && ASCII_NAME[usize::from(*first)] == NameByte::Start
        && rest
            .iter()
            .all(|byte| ASCII_NAME[usize::from(*byte)] != NameByte::Other)
    {
        return true;
    }
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_char)
}

/// Splits a `QName` into prefix and local part; `None` where it is not one.
pub fn split_q_name(name: &str) -> Option<(Option<&str>, &str)> {
    // Most names have no prefix.
    if is_nc_name(name) {
        return Some((None, name));
    }
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    (prefix.is_none_or(is_nc_name) && is_nc_name(local)).then_some((prefix, local))
}

/// Production 4 `NameStartChar`, the colon left out.
const fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// Production 4a `NameChar`, the colon left out.
const fn is_name_char(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether a document may bind `prefix` (`None`: the default namespace) to `namespace` (Namespaces
/// section 3): XML's own two stay where they are, and a prefix never stands for no namespace.
pub fn may_bind(prefix: Option<&str>, namespace: &str) -> bool {
    match prefix {
        Some("xmlns") => false,
        Some("xml") => namespace == XML_NAMESPACE,
        _ if matches!(namespace, XML_NAMESPACE | XMLNS_NAMESPACE) => false,
        Some(_) => !namespace.is_empty(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["a", "_a-1.b", "ñ", "día", "名前", "e\u{301}", "a·b"] {
            assert!(is_nc_name(name), "{name}");
        }
        for name in [
            "", "1a", "-a", "a b", "a:b", "a/b", "a<", "×", "ª", "\u{301}e", "a²",
        ] {
            assert!(!is_nc_name(name), "{name}");
        }
        assert_eq!(split_q_name("p:a"), Some((Some("p"), "a")));
        assert_eq!(split_q_name("a"), Some((None, "a")));
        for name in [":a", "a:", "a:b:c", ":"] {
            assert_eq!(split_q_name(name), None, "{name}");
        }
    }

    #[test]
    fn bindings() {
        for (prefix, namespace) in [
            (None, ""),
            (None, "urn:a"),
            (Some("p"), "urn:a"),
            (Some("xml"), XML_NAMESPACE),
        ] {
            assert!(may_bind(prefix, namespace), "{prefix:?} {namespace}");
        }
        for (prefix, namespace) in [
            (None, XML_NAMESPACE),
            (None, XMLNS_NAMESPACE),
            (Some("p"), ""),
            (Some("p"), XML_NAMESPACE),
            (Some("p"), XMLNS_NAMESPACE),
            (Some("xml"), "urn:a"),
            (Some("xmlns"), XMLNS_NAMESPACE),
            (Some("xmlns"), "urn:a"),
        ] {
            assert!(!may_bind(prefix, namespace), "{prefix:?} {namespace}");
        }
    }

    #[test]
    fn characters() {
        for character in ['\t', '\r', 'a', '\u{85}', '\u{FFFD}', '😀'] {
            assert!(is_xml_char(character));
        }
        for character in ['\0', '\u{1}', '\u{1F}', '\u{B}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(!is_xml_char(character));
        }
    }
}
