//! One keep-alive connection, blocking.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Connection {
    stream: BufReader<TcpStream>,
    /// The gateway said that it closes.
    pub closes: bool,
}

pub struct Answer {
    pub status: u16,
    /// The field `ETag` as it stands, empty without one.
    pub etag: String,
    /// The field `Cache-Status` (RFC 9211), empty without one.
    pub cache_status: String,
    pub body: String,
}

impl Answer {
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Served from memory, without asking.
    pub fn is_hit(&self) -> bool {
        self.cache_status.starts_with("lms-gateway; hit")
    }

    pub fn is_unknown(&self) -> bool {
        self.body.contains(r#""outcome":"unknown""#)
    }

    pub fn is_not_done(&self) -> bool {
        self.body.contains(r#""outcome":"not-done""#)
    }
}

impl Connection {
    pub fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        // Far above any deadline of the gateway: an answer that does not come is a defect.
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self {
            stream: BufReader::new(stream),
            closes: false,
        })
    }

    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: bench\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        text.push_str("\r\n");
        text.push_str(body);
        self.stream.get_mut().write_all(text.as_bytes())?;
        self.read()
    }

    fn read(&mut self) -> std::io::Result<Answer> {
        let (mut status, mut length) = (0, 0);
        let (mut etag, mut cache_status) = (String::new(), String::new());
        for number in 0.. {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
            let line = line.trim_end();
            if number == 0 {
                let word = line.split(' ').nth(1).and_then(|word| word.parse().ok());
                status = word.ok_or_else(|| Error::other(format!("no status: {line}")))?;
            } else if line.is_empty() {
                break;
            } else if let Some((name, value)) = line.split_once(':') {
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().unwrap_or(0);
                }
                if name.eq_ignore_ascii_case("etag") {
                    value.trim().clone_into(&mut etag);
                }
                if name.eq_ignore_ascii_case("cache-status") {
                    value.trim().clone_into(&mut cache_status);
                }
                self.closes |= name.eq_ignore_ascii_case("connection") && value.trim() == "close";
            }
        }
        // What a 304 says of a length is that of the 200 (RFC 9110 §8.6).
        let mut body = vec![0; if status == 304 { 0 } else { length }];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status,
            etag,
            cache_status,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}
