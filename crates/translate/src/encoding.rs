//! The three wire encodings of a vendor.

/// How a vendor's body is written: one word of the contract (`form`, `xml`, `json`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`, requests only.
    Form,
    /// `application/json` (RFC 8259).
    Json,
    /// `application/xml` (RFC 7303), XML 1.0.
    Xml,
}

impl Encoding {
    /// The contract's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Xml => "xml",
            Self::Json => "json",
        }
    }

    /// The `Content-Type` of a request body. The charset of a form is stated because a stock
    /// Tomcat otherwise reads it as ISO-8859-1.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded; charset=UTF-8",
            Self::Json => "application/json",
            Self::Xml => "application/xml",
        }
    }

    /// The `Accept` of a call whose answer is declared in this encoding.
    #[must_use]
    pub const fn accept(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
            Self::Xml => "application/xml",
        }
    }
}
