//! As much of the protocol (RESP 2) as a trial needs to ask a server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Nothing,
    Number(i64),
    Text(String),
    List(Vec<Reply>),
    Error(String),
}

impl Reply {
    #[must_use]
    #[track_caller]
    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    #[must_use]
    #[track_caller]
    pub fn number(self) -> i64 {
        match self {
            Self::Number(number) => number,
            other => panic!("no number: {other:?}"),
        }
    }

    #[must_use]
    #[track_caller]
    pub fn list(self) -> Vec<Self> {
        match self {
            Self::List(list) => list,
            other => panic!("no list: {other:?}"),
        }
    }
}

/// One connection, blocking.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// `None` where nobody listens.
    #[must_use]
    pub fn open(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .ok()?;
        Some(Self {
            stream: BufReader::new(stream),
        })
    }

    /// A connection that ends is an error that says so.
    pub fn ask<W: AsRef<[u8]>>(&mut self, words: &[W]) -> Reply {
        self.send(words);
        self.read()
    }

    /// Without waiting for the reply.
    pub fn send<W: AsRef<[u8]>>(&mut self, words: &[W]) {
        let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            let word = word.as_ref();
            bytes.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            bytes.extend_from_slice(word);
            bytes.extend_from_slice(b"\r\n");
        }
        // Whoever has closed is met when the reply is read.
        let _ = self.stream.get_mut().write_all(&bytes);
    }

    pub fn read(&mut self) -> Reply {
        self.next()
            .unwrap_or_else(|| Reply::Error("the connection ended".to_owned()))
    }

    fn next(&mut self) -> Option<Reply> {
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let (kind, rest) = line.trim_end().split_at_checked(1)?;
        let count = || rest.parse::<i64>().ok();
        Some(match kind {
            "+" => Reply::Text(rest.to_owned()),
            "-" => Reply::Error(rest.to_owned()),
            ":" => Reply::Number(count()?),
            "$" | "*" if count()? < 0 => Reply::Nothing,
            "$" => {
                let mut bytes = vec![0; usize::try_from(count()?).ok()? + 2];
                self.stream.read_exact(&mut bytes).ok()?;
                bytes.truncate(bytes.len() - 2);
                Reply::Text(String::from_utf8_lossy(&bytes).into_owned())
            }
            "*" => Reply::List((0..count()?).map(|_| self.next()).collect::<Option<_>>()?),
            _ => panic!("not RESP: {line:?}"),
        })
    }
}
