use crate::server::body::{BodyForm, Chunked};
use crate::server::wire::Wire;

/// A whole request, read strictly: what RFC 9112 lets a server refuse is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// In their order, names as they came.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// The client expects the connection to stay.
    pub(crate) keep_alive: bool,
}

impl Request {
    /// First value of a header, blanks at its ends cut; `None` too where it is no UTF-8.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

/// What a read ended in.
#[derive(Debug)]
pub(crate) enum Read {
    Whole(Request),
    /// The client closed between two requests, or was reset.
    Gone,
    /// What came is no request, or not a whole one.
    Malformed {
        status: u16,
        why: &'static str,
        /// As much as was understood, for the ledger.
        seen: Request,
    },
}

/// Tomcat's default for the request line and all headers together.
const HEAD_LIMIT: usize = 8 * 1024;
const HEADER_LINES: usize = 100;
/// Far beyond any form; keeps one request from filling the memory.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Reads the next request; `buffer` holds what came with the one before and keeps what follows.
pub(crate) async fn read(wire: &Wire, buffer: &mut Vec<u8>) -> Read {
    let nothing = || Request {
        method: String::new(),
        target: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
        keep_alive: false,
    };
    let (mut request, head_length) = loop {
        match head(buffer) {
            Head::Whole(request, length) => break (request, length),
            Head::Bad(why) => return malformed(400, why, nothing()),
            Head::Partial if buffer.len() > HEAD_LIMIT => {
                return malformed(400, "head over 8 KiB", nothing());
            }
            Head::Partial => match wire.read(buffer).await {
                Ok(0) if buffer.is_empty() => return Read::Gone,
                Ok(0) => return malformed(400, "the client closed inside the head", nothing()),
                Ok(_) => {}
                Err(_) => return Read::Gone,
            },
        }
    };
    if head_length > HEAD_LIMIT {
        return malformed(400, "head over 8 KiB", request);
    }
    buffer.drain(..head_length);
    let form = match BodyForm::of(&request.headers) {
        Ok(form) => form,
        Err(why) => return malformed(400, why, request),
    };
    match form {
        BodyForm::Sized(length) if length > BODY_LIMIT => {
            malformed(413, "body over 16 MiB", request)
        }
        BodyForm::Sized(length) => {
            while buffer.len() < length {
                if !matches!(wire.read(buffer).await, Ok(1..)) {
                    request.body = std::mem::take(buffer);
                    return malformed(400, "the client closed inside the body", request);
                }
            }
            request.body = buffer.drain(..length).collect();
            Read::Whole(request)
        }
        BodyForm::Chunked => loop {
            match Chunked::read(buffer) {
                Ok(Chunked::Whole { body, .. }) | Ok(Chunked::Partial { body })
                    if body.len() > BODY_LIMIT =>
                {
                    return malformed(413, "body over 16 MiB", request);
                }
                Ok(Chunked::Whole { body, length }) => {
                    buffer.drain(..length);
                    request.body = body;
                    return Read::Whole(request);
                }
                Ok(Chunked::Partial { body }) => {
                    if !matches!(wire.read(buffer).await, Ok(1..)) {
                        request.body = body;
                        return malformed(400, "the client closed inside the body", request);
                    }
                }
                Err(why) => return malformed(400, why, request),
            }
        },
    }
}

fn malformed(status: u16, why: &'static str, seen: Request) -> Read {
    Read::Malformed { status, why, seen }
}

enum Head {
    Whole(Request, usize),
    Partial,
    Bad(&'static str),
}

fn head(buffer: &[u8]) -> Head {
    let mut headers = [httparse::EMPTY_HEADER; HEADER_LINES];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Head::Partial,
        Err(httparse::Error::TooManyHeaders) => return Head::Bad("over 100 header lines"),
        Err(_) => return Head::Bad("the head is no HTTP/1.x"),
    };
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Head::Bad("the request line is not whole");
    };
    let headers: Vec<(String, Vec<u8>)> = parsed
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), header.value.to_vec()))
        .collect();
    let connection = first(&headers, "connection").unwrap_or_default();
    let keep_alive = match version {
        0 => connection.eq_ignore_ascii_case("keep-alive"),
        _ => !connection.eq_ignore_ascii_case("close"),
    };
    let hosts = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
        .count();
    if version == 1 && hosts != 1 {
        return Head::Bad("HTTP/1.1 needs one Host");
    }
    Head::Whole(
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: Vec::new(),
            keep_alive,
        },
        length,
    )
}

pub(crate) fn first<'a>(headers: &'a [(String, Vec<u8>)], name: &str) -> Option<&'a str> {
    let (_, value) = headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(value).ok().map(str::trim)
}
