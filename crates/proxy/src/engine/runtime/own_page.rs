//! One of the gateway's own pages.

use bytes::Bytes;

use crate::cache::ETag;

/// A page as it is sent, with its entity tag: written when it is first asked for, and kept.
#[derive(Debug)]
pub struct OwnPage {
    pub body: Bytes,
    pub etag: ETag,
}

impl OwnPage {
    #[must_use]
    pub fn new(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            etag: ETag::of(&body),
            body,
        }
    }
}
