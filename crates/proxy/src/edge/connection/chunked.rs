//! The chunked coding (RFC 9112 §7.1), by the letter: every line ends with CR LF. Who takes a bare line
//! feed for the end of a line sees another end of the body than who does not, and what one takes for
//! an extension is a request for the other.

use bytes::{Buf, Bytes, BytesMut};

/// Digits of a size; 16 fill an `u64`.
const MOST_DIGITS: usize = 16;
/// One line of a size or a trailer.
const LONGEST_LINE: usize = 4 * 1024;
/// All extensions of one body together: they cost without being content (§7.1.1).
const MOST_EXTENSIONS: usize = 16 * 1024;
/// All trailers together; they are read and dropped (§7.1.2).
const MOST_TRAILERS: usize = 8 * 1024;

#[derive(Debug, Default)]
pub struct Chunked {
    state: State,
    extensions: usize,
    trailers: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Size,
    Data(u64),
    DataEnd,
    Trailers,
    Done,
}

/// What the bytes that are there give.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Data(Bytes),
    /// More bytes are needed.
    More,
    End,
}

impl Chunked {
    /// Takes the next piece out of `buffer`.
    ///
    /// # Errors
    /// What is wrong with the coding; nothing behind it can be read.
    pub fn next(&mut self, buffer: &mut BytesMut) -> Result<Piece, &'static str> {
        loop {
            match self.state {
                State::Size => {
                    let Some(line) = line(buffer)? else {
                        return Ok(Piece::More);
                    };
                    let (size, extension) = size(&line)?;
                    self.extensions += extension;
                    if self.extensions > MOST_EXTENSIONS {
                        return Err("too many chunk extensions");
                    }
                    self.state = if size == 0 {
                        State::Trailers
                    } else {
                        State::Data(size)
                    };
                }
                State::Data(left) => {
                    if buffer.is_empty() {
                        return Ok(Piece::More);
                    }
                    let taken =
                        usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
                    let data = buffer.split_to(taken).freeze();
                    let left = left - taken as u64;
                    self.state = if left == 0 {
                        State::DataEnd
                    } else {
                        State::Data(left)
                    };
                    return Ok(Piece::Data(data));
                }
                State::DataEnd => match &buffer[..] {
                    [b'\r', b'\n', ..] => {
                        buffer.advance(2);
                        self.state = State::Size;
                    }
                    [] | [b'\r'] => return Ok(Piece::More),
                    _ => return Err("a chunk is longer than its size"),
                },
                State::Trailers => {
                    let Some(line) = line(buffer)? else {
                        return Ok(Piece::More);
                    };
                    if line.is_empty() {
                        self.state = State::Done;
                        continue;
                    }
                    self.trailers += line.len();
                    if self.trailers > MOST_TRAILERS {
                        return Err("too many trailers");
                    }
                    let colon = line.iter().position(|byte| *byte == b':');
                    let name = colon
                        .and_then(|colon| line.get(..colon))
                        .unwrap_or_default();
                    if http::HeaderName::from_bytes(name).is_err() {
                        return Err("a trailer is not `Name: value`");
                    }
                }
                State::Done => return Ok(Piece::End),
            }
        }
    }
}

/// The next line without its CR LF, once it is whole.
fn line(buffer: &mut BytesMut) -> Result<Option<Bytes>, &'static str> {
    let end = buffer
        .iter()
        .take(LONGEST_LINE)
        .position(|byte| *byte == b'\n');
    // What cannot become a good line is refused before its end comes.
    let seen = buffer.get(..end.unwrap_or(buffer.len()).min(LONGEST_LINE));
    let seen = seen.unwrap_or_default();
    let text = seen.strip_suffix(b"\r").unwrap_or(seen);
    if text
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        return Err("a control character in a line of the chunked coding");
    }
    match end {
        Some(end) if end == text.len() => Err("a bare line feed in the chunked coding"),
        Some(end) => {
            let mut line = buffer.split_to(end + 1);
            line.truncate(end - 1);
            Ok(Some(line.freeze()))
        }
        None if buffer.len() >= LONGEST_LINE => Err("a line of the chunked coding is too long"),
        None => Ok(None),
    }
}

/// The size, and how long the extensions are.
fn size(line: &[u8]) -> Result<(u64, usize), &'static str> {
    const BAD: &str = "a chunk size is no hexadecimal number";
    let digits = line
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let (number, rest) = line.split_at(digits);
    if digits > MOST_DIGITS {
        return Err("a chunk size has too many digits");
    }
    let number = std::str::from_utf8(number).map_err(|_| BAD)?;
    let size = u64::from_str_radix(number, 16).map_err(|_| BAD)?;
    // RFC 9112 §7.1.1: blanks stand before a semicolon only.
    if !rest.is_empty() && !rest.trim_ascii_start().starts_with(b";") {
        return Err(BAD);
    }
    Ok((size, rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content and what is left behind it.
    fn whole(text: &str) -> Result<Option<(String, String)>, &'static str> {
        let mut buffer = BytesMut::from(text);
        let mut chunked = Chunked::default();
        let mut content = Vec::new();
        loop {
            match chunked.next(&mut buffer)? {
                Piece::Data(data) => content.extend_from_slice(&data),
                Piece::More => return Ok(None),
                Piece::End => break,
            }
        }
        assert_eq!(chunked.state, State::Done);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ok(Some((text(&content), text(&buffer))))
    }

    #[test]
    fn good_chunks() {
        for (text, content) in [
            ("0\r\n\r\n", ""),
            ("3\r\nabc\r\n0\r\n\r\n", "abc"),
            ("3\r\nabc\r\n000\r\n\r\n", "abc"),
            ("00000003;a\r\nabc\r\n0;b=c\r\n\r\n", "abc"),
            ("3 ; a = \"b\u{e9}\"\r\nabc\r\n0\r\n\r\n", "abc"),
            (
                "A\r\n0123456789\r\n1\r\n\n\r\n0\r\nX: y\r\nZ:\r\n\r\n",
                "0123456789\n",
            ),
        ] {
            let want = Ok(Some((content.to_owned(), "GET".to_owned())));
            assert_eq!(whole(&format!("{text}GET")), want, "{text:?}");
            for end in 0..text.len() {
                if text.is_char_boundary(end) {
                    assert_eq!(whole(&text[..end]), Ok(None), "{text:?} at {end}");
                }
            }
        }
    }

    #[test]
    fn whatever_two_readers_could_read_in_two_ways_is_refused() {
        for text in [
            "1;a\nb\r\n0\r\n\r\n",
            "1\na\r\n0\r\n\r\n",
            "1\r\na\n0\r\n\r\n",
            "1\r\na\r0\r\n\r\n",
            "1\r\nab\r\n0\r\n\r\n",
            "1\r\na\r\n0\n\r\n",
            "1\r\na\r\n0\r\n\n",
            "1\r\na\r\n0\r\nX: y\n\r\n",
            "1\r\na\r\n0\r\nX y\r\n\r\n",
            "1\r\na\r\n0\r\n X: y\r\n\r\n",
            "1\r\na\r\n0\r\nX : y\r\n\r\n",
            "1\rb\r\na\r\n0\r\n\r\n",
            "1;\rb\r\na\r\n0\r\n\r\n",
            "1;a\0\r\na\r\n0\r\n\r\n",
            "+1\r\na\r\n0\r\n\r\n",
            "-1\r\na\r\n0\r\n\r\n",
            "0x1\r\na\r\n0\r\n\r\n",
            " 1\r\na\r\n0\r\n\r\n",
            "1 \r\na\r\n0\r\n\r\n",
            "1 2\r\na\r\n0\r\n\r\n",
            "1,2\r\na\r\n0\r\n\r\n",
            "1_0\r\na\r\n0\r\n\r\n",
            ";a\r\n\r\n",
            "\r\n0\r\n\r\n",
            "\n",
            "g\r\n",
            "00000000000000001\r\na\r\n0\r\n\r\n",
            "fffffffffffffffff\r\n",
        ] {
            assert!(whole(text).is_err(), "{text:?}: {:?}", whole(text));
        }
    }

    #[test]
    fn what_is_no_content_is_bounded() {
        let long = format!("1;{}", "a".repeat(LONGEST_LINE));
        assert_eq!(
            whole(&long),
            Err("a line of the chunked coding is too long")
        );
        let many = format!("1;{}\r\na\r\n", "a".repeat(4_000)).repeat(5);
        assert_eq!(whole(&many), Err("too many chunk extensions"));
        let trailers = format!("0\r\n{}\r\n", "X: y\r\n".repeat(3_000));
        assert_eq!(whole(&trailers), Err("too many trailers"));
    }
}
