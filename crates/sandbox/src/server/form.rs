//! Form parameters as a servlet of a stock Tomcat sees them (measured, reliability notes 0.1).

use crate::assumptions::Charset;
use crate::server::request::Request;
use crate::server::target::escape;

/// Parameters in their order: those of the query, then those of the body; the first of a name wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    parameters: Vec<(String, String)>,
}

/// Tomcat's `maxPostSize`: a longer form has no parameters at all, in silence.
const POST_LIMIT: usize = 2 * 1024 * 1024;

impl Form {
    pub(crate) fn of(request: &Request, query: &str, undeclared: Charset) -> Self {
        let mut parameters = Vec::new();
        parse(query.as_bytes(), Charset::Utf8, &mut parameters);
        if let Some(charset) = form_charset(request.header("content-type"), undeclared)
            && request.body.len() <= POST_LIMIT
        {
            parse(&request.body, charset, &mut parameters);
        }
        Self { parameters }
    }

    /// First value of the parameter, perhaps empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Like [`Form::value`], but `None` where the field is blank ("sin cubrir").
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.trim().is_empty())
    }
}

/// `None` where the body is no form.
fn form_charset(content_type: Option<&str>, undeclared: Charset) -> Option<Charset> {
    let mut parts = content_type?.split(';').map(str::trim);
    if !parts
        .next()?
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        return None;
    }
    let declared = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    Some(match declared.as_deref() {
        Some("utf-8" | "utf8") => Charset::Utf8,
        Some("iso-8859-1" | "latin1" | "us-ascii") => Charset::Latin1,
        _ => undeclared,
    })
}

/// A field with a bad escape, or without a name, is dropped without a word.
fn parse(form: &[u8], charset: Charset, into: &mut Vec<(String, String)>) {
    for field in form.split(|byte| *byte == b'&') {
        let mut halves = field.splitn(2, |byte| *byte == b'=');
        let (Some(name), value) = (halves.next(), halves.next().unwrap_or_default()) else {
            continue;
        };
        if let (Some(name), Some(value)) = (decode(name, charset), decode(value, charset))
            && !name.is_empty()
        {
            into.push((name, value));
        }
    }
}

fn decode(text: &[u8], charset: Charset) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => escape(rest.next(), rest.next())?,
            plain => plain,
        });
    }
    Some(match charset {
        Charset::Utf8 => String::from_utf8_lossy(&bytes).into_owned(),
        Charset::Latin1 => bytes.into_iter().map(char::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF8: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    fn form(content_type: &str, query: &str, body: &[u8]) -> Form {
        let request = Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: vec![("Content-Type".to_owned(), content_type.as_bytes().to_vec())],
            body: body.to_vec(),
            keep_alive: true,
        };
        Form::of(&request, query, Charset::Latin1)
    }

    #[test]
    fn decodes_plus_and_percent_once() {
        let form = form(
            UTF8,
            "",
            b"telephone=%2B34981523698&name=A+Coru%C3%B1a&raw=+34&twice=%252F&nul=%00",
        );
        assert_eq!(form.value("telephone"), Some("+34981523698"));
        assert_eq!(form.value("name"), Some("A Coruña"));
        assert_eq!(
            form.value("raw"),
            Some(" 34"),
            "an unescaped plus is a blank"
        );
        assert_eq!(form.value("twice"), Some("%2F"));
        assert_eq!(form.value("nul"), Some("\0"));
    }

    #[test]
    fn without_a_charset_the_form_is_latin1() {
        let plain = "application/x-www-form-urlencoded";
        assert_eq!(
            form(plain, "", b"city=Coru%C3%B1a").value("city"),
            Some("CoruÃ±a")
        );
        assert_eq!(
            form(UTF8, "", b"city=Coru%F1a").value("city"),
            Some("Coru\u{fffd}a")
        );
        for spelling in [
            "application/x-www-form-urlencoded;charset=\"utf-8\"",
            "Application/X-WWW-Form-Urlencoded; Charset=UTF-8",
        ] {
            assert_eq!(
                form(spelling, "", b"city=Coru%C3%B1a").value("city"),
                Some("Coruña")
            );
        }
    }

    #[test]
    fn the_first_wins_and_the_query_comes_first() {
        assert_eq!(form(UTF8, "", b"a=1&a=2").value("a"), Some("1"));
        assert_eq!(form(UTF8, "a=0", b"a=1").value("a"), Some("0"));
    }

    #[test]
    fn a_bad_escape_drops_the_field_in_silence() {
        let form = form(UTF8, "", b"a=%&b=%zz&%=c&d=1&=e&f");
        assert_eq!(
            form.parameters,
            [
                ("d".to_owned(), "1".to_owned()),
                ("f".to_owned(), String::new())
            ]
        );
    }

    #[test]
    fn a_form_over_two_mebibytes_and_another_type_are_no_form() {
        let long = |length: usize| [b"a=".to_vec(), vec![b'x'; length - 2]].concat();
        assert!(form(UTF8, "", &long(POST_LIMIT)).value("a").is_some());
        assert_eq!(form(UTF8, "", &long(POST_LIMIT + 1)), Form::default());
        assert_eq!(form("application/json", "", b"a=1"), Form::default());
    }
}
