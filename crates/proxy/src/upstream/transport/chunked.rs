//! The chunked coding of answers (RFC 9112 §7.1). Lines end with CR LF and nothing else; blanks may stand
//! behind a size, as some servers write them (§7.1.1 calls them bad whitespace).

/// Digits of a size; 16 fill an `u64`.
const MOST_DIGITS: u8 = 16;
/// All extensions of one body together: they cost without being content (§7.1.1).
const MOST_EXTENSIONS: usize = 16 * 1024;
/// All trailers together; they are read and dropped (§7.1.2).
const MOST_TRAILERS: usize = 64 * 1024;

/// Where in the coding a reader is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chunked {
    state: State,
    size: u64,
    extensions: usize,
    trailers: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Of a size, behind so many digits.
    Size(u8),
    #[default]
    Start,
    Blank,
    Extension,
    SizeEnd,
    Data,
    DataCr,
    DataLf,
    /// At the begin of a line behind the last chunk.
    LastLine,
    Trailer,
    TrailerEnd,
    LastEnd,
    Done,
}

/// What the bytes that are there begin with.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// So many bytes are content.
    Data(usize),
    /// More bytes are needed.
    More,
    End,
}

impl Chunked {
    /// Goes over what is framing at the begin of `bytes`; returns its length, and what follows. Content that
    /// it tells of is taken for read.
    ///
    /// # Errors
    /// What is wrong with the coding; nothing behind it can be read.
    pub fn next(&mut self, bytes: &[u8]) -> Result<(usize, Step), &'static str> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.state == State::Data {
                let there = bytes.len() - at;
                let data = usize::try_from(self.size).map_or(there, |size| size.min(there));
                self.size -= data as u64;
                if self.size == 0 {
                    self.state = State::DataCr;
                }
                return Ok((at, Step::Data(data)));
            }
            self.state = self.after(*byte)?;
            if self.state == State::Done {
                return Ok((at + 1, Step::End));
            }
        }
        Ok((bytes.len(), Step::More))
    }

    fn after(&mut self, byte: u8) -> Result<State, &'static str> {
        Ok(match (self.state, byte) {
            (State::Start, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                self.size = digit(byte);
                State::Size(1)
            }
            (State::Size(digits), b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                if digits == MOST_DIGITS {
                    return Err("a chunk size has too many digits");
                }
                self.size = self.size << 4 | digit(byte);
                State::Size(digits + 1)
            }
            (State::Size(_) | State::Blank, b' ' | b'\t') => State::Blank,
            (State::Size(_) | State::Blank, b';') => State::Extension,
            (State::Size(_) | State::Blank | State::Extension, b'\r') => State::SizeEnd,
            (State::Start | State::Size(_) | State::Blank, _) => {
                return Err("a chunk size is no hexadecimal number");
            }
            (State::Extension, b'\n') => return Err("a bare line feed in the chunked coding"),
            (State::Extension, _) => {
                self.extensions += 1;
                if self.extensions > MOST_EXTENSIONS {
                    return Err("too many chunk extensions");
                }
                State::Extension
            }
            (State::SizeEnd, b'\n') if self.size == 0 => State::LastLine,
            (State::SizeEnd, b'\n') => State::Data,
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Start,
            (State::DataCr | State::DataLf, _) => return Err("a chunk is longer than its size"),
            (State::LastLine, b'\r') => State::LastEnd,
            (State::LastEnd, b'\n') => State::Done,
            (State::Trailer, b'\r') => State::TrailerEnd,
            (State::TrailerEnd, b'\n') => State::LastLine,
            (State::LastLine | State::Trailer, byte) if byte != b'\n' => {
                self.trailers += 1;
                if self.trailers > MOST_TRAILERS {
                    return Err("too many trailers");
                }
                State::Trailer
            }
            _ => return Err("a line of the chunked coding does not end with CR LF"),
        })
    }
}

fn digit(byte: u8) -> u64 {
    char::from(byte).to_digit(16).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content and what is left behind it; `None`: more would have to come.
    fn whole(pieces: &[&str]) -> Result<Option<(String, String)>, &'static str> {
        let (mut chunked, mut content) = (Chunked::default(), String::new());
        for (index, piece) in pieces.iter().enumerate() {
            let mut rest = *piece;
            loop {
                let (framing, step) = chunked.next(rest.as_bytes())?;
                rest = &rest[framing..];
                match step {
                    Step::Data(length) => {
                        content.push_str(&rest[..length]);
                        rest = &rest[length..];
                    }
                    Step::More => break,
                    Step::End => {
                        return Ok(Some((
                            content,
                            rest.to_owned() + &pieces[index + 1..].concat(),
                        )));
                    }
                }
            }
        }
        Ok(None)
    }

    #[test]
    fn good_chunks_in_any_pieces() {
        for (text, content) in [
            ("0\r\n\r\n", ""),
            ("3\r\nabc\r\n0\r\n\r\n", "abc"),
            ("3\r\nabc\r\n000\r\n\r\n", "abc"),
            ("3  \r\nabc\r\n0\t\r\n\r\n", "abc"),
            ("00000003;a\r\nabc\r\n0;b=c\r\n\r\n", "abc"),
            ("3 ; a = \"b\"\r\nabc\r\n0\r\n\r\n", "abc"),
            (
                "A\r\n0123456789\r\n1\r\n\n\r\n0\r\nX: y\r\nZ:\r\n\r\n",
                "0123456789\n",
            ),
        ] {
            let next = format!("{text}HTTP");
            let want = Ok(Some((content.to_owned(), "HTTP".to_owned())));
            assert_eq!(whole(&[&next]), want, "{text:?}");
            for end in 0..text.len() {
                assert_eq!(whole(&[&text[..end]]), Ok(None), "{text:?} at {end}");
                assert_eq!(
                    whole(&[&next[..end], &next[end..]]),
                    want,
                    "{text:?} at {end}"
                );
            }
            let bytes: Vec<&str> = text.split("").filter(|byte| !byte.is_empty()).collect();
            assert_eq!(whole(&bytes), Ok(Some((content.to_owned(), String::new()))));
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
            "1\r\na\r\n0\r\nX: y\rZ\r\n\r\n",
            "1\rb\r\na\r\n0\r\n\r\n",
            "1;\rb\r\na\r\n0\r\n\r\n",
            "+1\r\na\r\n0\r\n\r\n",
            "-1\r\na\r\n0\r\n\r\n",
            "0x1\r\na\r\n0\r\n\r\n",
            " 1\r\na\r\n0\r\n\r\n",
            "1 2\r\na\r\n0\r\n\r\n",
            "1,2\r\na\r\n0\r\n\r\n",
            ";a\r\n\r\n",
            "\r\n0\r\n\r\n",
            "\n",
            "g\r\n",
            "00000000000000001\r\na\r\n0\r\n\r\n",
        ] {
            assert!(whole(&[text]).is_err(), "{text:?}: {:?}", whole(&[text]));
        }
    }

    #[test]
    fn what_is_no_content_is_bounded() {
        let many = format!("1;{}\r\na\r\n", "a".repeat(4_000)).repeat(5);
        assert_eq!(whole(&[&many]), Err("too many chunk extensions"));
        let trailers = format!("0\r\n{}\r\n", "X: y\r\n".repeat(20_000));
        assert_eq!(whole(&[&trailers]), Err("too many trailers"));
        let huge = "ffffffffffffffff\r\nabc";
        assert_eq!(whole(&[huge]), Ok(None), "its bytes count where they come");
    }
}
