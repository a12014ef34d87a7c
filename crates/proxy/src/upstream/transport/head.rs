//! The head of an answer (RFC 9112 §4, §5).

use std::mem::MaybeUninit;

use httparse::{ParserConfig, Response, Status};

use crate::upstream::call::answer_fields::AnswerFields;
use crate::upstream::call::failure::{Failure, FailureKind};

/// A vendor's answer head: enough for anything sane, too little to hurt.
const MAX_HEAD: usize = 64 * 1024;
const MAX_FIELDS: usize = 100;

#[derive(Debug)]
pub struct Head {
    pub status: u16,
    /// HTTP/1.0, which ends its connections.
    pub old: bool,
    pub fields: AnswerFields,
}

/// The head at the begin of `bytes` and its length; `None`: it is not whole yet.
///
/// # Errors
/// It is not HTTP/1.0 or 1.1, or too large.
pub fn parse(bytes: &[u8]) -> Result<Option<(Head, usize)>, Failure> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut fields = [const { MaybeUninit::uninit() }; MAX_FIELDS];
    let mut response = Response::new(&mut []);
    let mut parser = ParserConfig::default();
    parser
        // RFC 9112 §5.1: who passes an answer on removes a blank before the colon.
        .allow_spaces_after_header_name_in_responses(true)
        // RFC 9112 §5.2: a folded line of an answer is read as one, with blanks for the fold.
        .allow_obsolete_multiline_headers_in_responses(true);
    let parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    let length = match parsed {
        Ok(Status::Complete(length)) if length <= MAX_HEAD => length,
        Ok(Status::Partial) if bytes.len() <= MAX_HEAD => return Ok(None),
        Ok(_) => return Err(garbled("the head of the answer is too large")),
        Err(error) => return Err(garbled(&error.to_string())),
    };
    let (Some(status @ 100..=999), Some(version)) = (response.code, response.version) else {
        return Err(garbled("the answer has no status"));
    };
    let mut all = AnswerFields::with_capacity(response.headers.len(), length);
    for field in response.headers.iter() {
        all.push(field.name.as_bytes(), field.value);
    }
    let head = Head {
        status,
        old: version == 0,
        fields: all,
    };
    Ok(Some((head, length)))
}

fn garbled(detail: &str) -> Failure {
    Failure::new(FailureKind::Garbled, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        let (head, length) = parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!(length, text.len(), "{text:?}");
        head
    }

    #[test]
    fn a_head_is_read_as_soon_as_it_is_whole() {
        let text = "\r\nHTTP/1.0 404 \r\nA : b\r\nC: d\r\n e\r\nContent-Length:7\r\n\r\n";
        for end in 0..text.len() {
            assert!(parse(&text.as_bytes()[..end]).unwrap().is_none(), "{end}");
        }
        let head = head(text);
        assert_eq!((head.status, head.old), (404, true));
        assert_eq!(head.fields.text("a"), Some("b"));
        assert_eq!(head.fields.text("c"), Some("d e"));
    }

    #[test]
    fn what_is_no_head_or_too_much_of_one_is_refused() {
        for text in [
            "ICY 200 OK\r\n\r\n",
            "HTTP/1.2 200 OK\r\n\r\n",
            "HTTP/1.1 099 OK\r\n\r\n",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        let whole = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
        assert!(parse(whole(&"A: b\r\n".repeat(MAX_FIELDS)).as_bytes()).is_ok());
        assert!(parse(whole(&"A: b\r\n".repeat(MAX_FIELDS + 1)).as_bytes()).is_err());
        let long = whole(&format!("A: {}\r\n", "b".repeat(MAX_HEAD)));
        assert!(parse(long.as_bytes()).is_err());
        assert!(
            parse(&long.as_bytes()[..long.len() - 4]).is_err(),
            "nor waited for"
        );
    }
}
