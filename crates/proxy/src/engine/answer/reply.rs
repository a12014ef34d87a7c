//! An answer that is not a problem.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Option<Bytes>,
}

impl Reply {
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    #[must_use]
    pub fn content(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let mut reply = Self::empty(status);
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply.body = Some(body);
        reply
    }

    /// What it holds in memory, about: names, values and body.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        headers + self.body.as_ref().map_or(0, Bytes::len)
    }

    pub fn locate(&mut self, path: &str) {
        if let Ok(value) = HeaderValue::from_str(path) {
            self.headers.insert(LOCATION, value);
        }
    }

    #[must_use]
    pub fn into_response(self) -> Response<Bytes> {
        let body = self.body.unwrap_or_default();
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        // RFC 9110 §8.6: no Content-Length in a 204; in a 304 it would be that of the 200.
        if matches!(
            self.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        ) {
            response.headers_mut().remove(CONTENT_LENGTH);
        } else if !response.headers().contains_key(CONTENT_LENGTH) {
            // A stored answer has it already.
            let length = HeaderValue::from(response.body().len());
            response.headers_mut().insert(CONTENT_LENGTH, length);
        }
        response
    }
}
