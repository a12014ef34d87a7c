//! Where a request body ends: RFC 9112 section 6, without its leniencies.

/// How the body of a request is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyForm {
    /// Bytes; 0 without a `Content-Length`.
    Sized(usize),
    Chunked,
}

impl BodyForm {
    pub(crate) fn of(headers: &[(String, Vec<u8>)]) -> Result<Self, &'static str> {
        let values = |wanted: &str| -> Vec<&[u8]> {
            headers
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.trim_ascii())
                .collect()
        };
        match (
            values("transfer-encoding").as_slice(),
            values("content-length").as_slice(),
        ) {
            ([], []) => Ok(Self::Sized(0)),
            ([], [length]) => digits(length)
                .map(Self::Sized)
                .ok_or("Content-Length is no number"),
            ([], _) => Err("more than one Content-Length"),
            ([coding], []) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Self::Chunked),
            (_, []) => Err("a Transfer-Encoding other than chunked"),
            (_, _) => Err("both Transfer-Encoding and Content-Length"),
        }
    }
}

fn digits(text: &[u8]) -> Option<usize> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A chunked body, as far as it has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chunked {
    /// `length` is what the body takes on the wire.
    Whole {
        body: Vec<u8>,
        length: usize,
    },
    Partial {
        body: Vec<u8>,
    },
}

impl Chunked {
    pub(crate) fn read(wire: &[u8]) -> Result<Self, &'static str> {
        let mut body = Vec::new();
        let mut rest = wire;
        loop {
            let Some(Line {
                text: size,
                rest: after,
            }) = Line::split(rest)?
            else {
                return Ok(Self::Partial { body });
            };
            let size = std::str::from_utf8(size)
                .ok()
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .and_then(|digits| usize::from_str_radix(digits, 16).ok())
                .ok_or("a chunk size is no hexadecimal number")?;
            if size == 0 {
                return match Line::split(after)? {
                    None => Ok(Self::Partial { body }),
                    Some(Line { text: b"", rest }) => Ok(Self::Whole {
                        body,
                        length: wire.len() - rest.len(),
                    }),
                    Some(_) => Err("trailers after a chunked body"),
                };
            }
            let Some((chunk, after)) = after.split_at_checked(size) else {
                body.extend_from_slice(after);
                return Ok(Self::Partial { body });
            };
            body.extend_from_slice(chunk);
            rest = match after {
                [b'\r', b'\n', rest @ ..] => rest,
                [] | [b'\r'] => return Ok(Self::Partial { body }),
                _ => return Err("a chunk is longer than its size"),
            };
        }
    }
}

struct Line<'a> {
    text: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Line<'a> {
    /// `None` while the line has no end yet.
    fn split(bytes: &'a [u8]) -> Result<Option<Self>, &'static str> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        match bytes.split_at(end) {
            ([text @ .., b'\r'], [_, rest @ ..]) => Ok(Some(Self { text, rest })),
            _ => Err("a bare line feed in a chunked body"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> (String, Vec<u8>) {
        (name.to_owned(), value.as_bytes().to_vec())
    }

    #[test]
    fn ambiguous_lengths_are_refused() {
        let form = |headers: &[(String, Vec<u8>)]| BodyForm::of(headers);
        assert_eq!(form(&[]), Ok(BodyForm::Sized(0)));
        assert_eq!(
            form(&[header("content-length", "12")]),
            Ok(BodyForm::Sized(12))
        );
        assert_eq!(
            form(&[header("Transfer-Encoding", "chunked")]),
            Ok(BodyForm::Chunked)
        );
        for bad in [
            vec![header("content-length", "+1")],
            vec![header("content-length", "")],
            vec![header("content-length", "1"), header("content-length", "1")],
            vec![
                header("content-length", "1"),
                header("transfer-encoding", "chunked"),
            ],
            vec![header("transfer-encoding", "gzip, chunked")],
        ] {
            assert!(form(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn chunks_are_joined_and_the_rest_is_left() {
        let wire = b"4\r\nWiki\r\nA\r\n0123456789\r\n0\r\n\r\nGET /";
        assert_eq!(
            Chunked::read(wire),
            Ok(Chunked::Whole {
                body: b"Wiki0123456789".to_vec(),
                length: wire.len() - 5
            })
        );
        for length in 0..wire.len() - 5 {
            let part = Chunked::read(wire.get(..length).unwrap());
            assert!(
                matches!(part, Ok(Chunked::Partial { .. })),
                "{length}: {part:?}"
            );
        }
    }

    #[test]
    fn odd_chunks_are_refused() {
        for bad in [
            "4;a\nb\r\nWiki\r\n0\r\n\r\n",
            "-4\r\n",
            "4\nWiki",
            "2\r\nWiki\r\n",
            "\r\n",
            "0\r\nA: b\r\n\r\n",
        ] {
            assert!(Chunked::read(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
