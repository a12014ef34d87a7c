//! The head of a request as it leaves (RFC 9112 §3, §5).

use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::default_headers::{content_length, default_headers};
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::call::request::VendorRequest;

/// Room for a usual head, so that it is written without growing.
const USUAL: usize = 512;

/// What all requests to one vendor have in common.
pub struct Common {
    host: HeaderValue,
    prefix: String,
    /// Fields of every call that has none of their names.
    defaults: HeaderMap,
}

impl Common {
    /// `headers` are the settings' for every call; of them those are taken that replace ours, so that they
    /// hold for the token too. `None`: the host cannot stand in a `Host` field.
    pub fn new(base_url: &Url, headers: &[(HeaderName, HeaderValue)]) -> Option<Self> {
        let host = base_url.host_str()?;
        let authority = match base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Some(Self {
            host: HeaderValue::from_str(&authority).ok()?,
            prefix: base_url.path().trim_end_matches('/').to_owned(),
            defaults: default_headers(headers),
        })
    }

    /// The head; `extra` are the credentials, which win over the request's own fields. It is written as
    /// bytes: a `HeaderMap` of the same, cloned and joined and written then, cost 5,000 instructions more.
    ///
    /// # Errors
    /// The target has a character that no request line can carry.
    pub fn write(&self, request: &VendorRequest, extra: &HeaderMap) -> Result<Vec<u8>, Failure> {
        let target = request.path_and_query.as_bytes();
        let good = |byte: &u8| matches!(byte, b'!'..=b'~') && *byte != b'#';
        // Without a way out, so that it runs over many bytes at once.
        if !target.iter().fold(true, |all, byte| all & good(byte)) {
            return Err(Failure::new(
                FailureKind::Connect,
                "the target of the request has a character that none can have",
            ));
        }
        let own = &*request.headers;
        let mut head =
            Vec::with_capacity(USUAL + self.prefix.len() + target.len() + request.body.len());
        let parts: [&[u8]; 5] = [
            request.method.as_str().as_bytes(),
            b" ",
            self.prefix.as_bytes(),
            target,
            b" HTTP/1.1\r\n",
        ];
        parts.iter().for_each(|part| head.extend_from_slice(part));
        write_field(&mut head, &HOST, &self.host);
        for (name, value) in own {
            if !extra.contains_key(name) {
                write_field(&mut head, name, value);
            }
        }
        for (name, value) in extra {
            write_field(&mut head, name, value);
        }
        for (name, value) in &self.defaults {
            if !own.contains_key(name) && !extra.contains_key(name) {
                write_field(&mut head, name, value);
            }
        }
        if let Some(trace) = &request.trace {
            trace.write_fields(&mut head);
        }
        if let Some(length) = content_length(&request.method, request.body.len()) {
            head.extend_from_slice(b"content-length: ");
            head.extend_from_slice(itoa::Buffer::new().format(length).as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        Ok(head)
    }
}

fn write_field(head: &mut Vec<u8>, name: &HeaderName, value: &HeaderValue) {
    head.extend_from_slice(name.as_str().as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value.as_bytes());
    head.extend_from_slice(b"\r\n");
}
