//! What `/docs` loads: Swagger UI, and our own page around it.
//!
//! The bytes stand in the binary's read-only data, compressed where that is worth it, and cost no memory until
//! somebody asks for them.

use std::io::Read;
use std::sync::OnceLock;

use bytes::Bytes;
use flate2::read::GzDecoder;

use crate::engine::runtime::OwnPage;

macro_rules! vendored {
    ($name:literal) => {
        include_bytes!(concat!("../../../vendor/swagger-ui/", $name))
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

static FILES: [File; 8] = [
    File::gzipped(
        "swagger-ui-bundle.js",
        SCRIPT,
        vendored!("swagger-ui-bundle.js.gz"),
    ),
    File::gzipped("swagger-ui.css", STYLE, vendored!("swagger-ui.css.gz")),
    File::plain(
        "initializer.js",
        SCRIPT,
        include_bytes!("files/initializer.js"),
    ),
    File::plain("docs.css", STYLE, include_bytes!("files/docs.css")),
    File::plain(
        "icon.svg",
        "image/svg+xml",
        include_bytes!("files/icon.svg"),
    ),
    File::plain("LICENSE", TEXT, vendored!("LICENSE")),
    File::plain("NOTICE", TEXT, vendored!("NOTICE")),
    File::plain(
        "swagger-ui-bundle.js.LICENSE.txt",
        TEXT,
        vendored!("swagger-ui-bundle.js.LICENSE.txt"),
    ),
];

/// A file of `/docs`.
pub struct File {
    name: &'static str,
    pub media_type: &'static str,
    stored: &'static [u8],
    is_gzipped: bool,
    as_stored: OnceLock<OwnPage>,
    /// Decompressed for the first caller who takes no gzip, and kept: a few of them at once shall not cost as
    /// many times two megabytes.
    decompressed: OnceLock<OwnPage>,
}

impl File {
    const fn plain(name: &'static str, media_type: &'static str, stored: &'static [u8]) -> Self {
        Self::new(name, media_type, stored, false)
    }

    const fn gzipped(name: &'static str, media_type: &'static str, stored: &'static [u8]) -> Self {
        Self::new(name, media_type, stored, true)
    }

    const fn new(
        name: &'static str,
        media_type: &'static str,
        stored: &'static [u8],
        is_gzipped: bool,
    ) -> Self {
        Self {
            name,
            media_type,
            stored,
            is_gzipped,
            as_stored: OnceLock::new(),
            decompressed: OnceLock::new(),
        }
    }

    /// The file of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.name == name)
    }

    /// Whether there is a second representation, with gzip.
    #[must_use]
    pub const fn is_gzipped(&self) -> bool {
        self.is_gzipped
    }

    /// The bytes as they stand in the binary.
    pub fn as_stored(&self) -> &OwnPage {
        self.as_stored
            .get_or_init(|| OwnPage::new(Bytes::from_static(self.stored)))
    }

    /// The bytes as their author wrote them.
    pub fn decompressed(&self) -> &OwnPage {
        if !self.is_gzipped {
            return self.as_stored();
        }
        self.decompressed.get_or_init(|| {
            let mut bytes = Vec::new();
            // A test decompresses every file: what stands in the binary does not fail.
            let _ = GzDecoder::new(self.stored).read_to_end(&mut bytes);
            // It grew by doubling, and stays as long as the process.
            bytes.shrink_to_fit();
            OwnPage::new(bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole() {
        for file in &FILES {
            let mut bytes = Vec::new();
            if file.is_gzipped {
                GzDecoder::new(file.stored)
                    .read_to_end(&mut bytes)
                    .unwrap_or_else(|error| panic!("{}: {error}", file.name));
            } else {
                bytes = file.stored.to_vec();
            }
            assert_eq!(bytes, file.decompressed().body, "{}", file.name);
            assert!(std::str::from_utf8(&bytes).is_ok_and(|text| !text.is_empty()));
        }
    }
}
