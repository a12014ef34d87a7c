//! One fault: what happens, to which calls, and whether the vendor carries them out first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::operation::{Pattern, strikable};

/// One fault, for the calls that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// One of [`crate::OPERATIONS`] but the `malformed`, or `netex.*`, `ispring.*`, `*`.
    pub operation: String,
    /// How many calls it hits; `None` for all until it is cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many matching calls pass first.
    #[serde(default)]
    pub skip: u32,
    #[serde(default)]
    pub when: When,
    pub kind: FaultKind,
}

/// Whether the vendor carries the call out before the fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The state stays as it was. The exceptions are the faults that pass the vendor's own answer
    /// whole (`delay`, `drip`, `content_type`, `set_member`, `pad`, `answer_then_close`): there the
    /// call is carried out in any case, because no vendor claims what it did not do; `delay` does it
    /// after the wait, even if the client has gone by then.
    #[default]
    Before,
    /// The call is carried out, then the fault strikes.
    After,
}

/// What happens instead of, or to, the vendor's own answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Waits; `Before` means before the call is carried out, which it is in any case.
    Delay { ms: u64 },
    /// Never answers; ends when the client closes or the sandbox stops.
    Hang,
    /// Answers with a TCP reset (`SO_LINGER` 0).
    Reset,
    /// Closes without an answer.
    Close,
    /// Sends the first `bytes` bytes of the whole answer (head and body), then closes.
    Truncate { bytes: usize },
    /// Sends bytes that are no HTTP, or exactly `raw`, then closes.
    Garbage {
        #[serde(default)]
        raw: Option<String>,
    },
    /// The vendor's own answer under another `Content-Type`.
    ContentType { value: String },
    /// An HTML page, as of a maintenance or a login, with this status.
    Html {
        #[serde(default = "ok")]
        status: u16,
    },
    /// A status with a body, a vendor error code in the form of the assumptions, and headers such
    /// as `Retry-After`.
    Status {
        status: u16,
        #[serde(default)]
        body: Option<String>,
        #[serde(default)]
        content_type: Option<String>,
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// The vendor's own answer, byte by byte.
    Drip {
        #[serde(default = "one")]
        ms_per_byte: u64,
    },
    /// 302 (or another status) with this `Location`.
    Redirect {
        location: String,
        #[serde(default = "found")]
        status: u16,
    },
    /// 200 with a body that says `status: KO`, as Netex does for bulk calls.
    #[serde(rename = "status_200_ko")]
    Status200Ko,
    /// 400 with this vendor code.
    ErrorCode { code: String },
    /// The vendor's own answer with a member of its JSON object (of each object of an array) set to
    /// `raw`, pasted unread, or taken away where `raw` is absent: an odd `expires_in`, an unknown
    /// field, another id.
    SetMember {
        name: String,
        #[serde(default)]
        raw: Option<String>,
    },
    /// The vendor's own answer, its body stretched to `bytes` by trailing blanks.
    Pad { bytes: usize },
    /// The whole answer, which promises to keep the connection, then a close.
    AnswerThenClose,
    /// The listener of the vendor closes until the fault is cleared: connection refused. Standing
    /// connections end too. Takes neither `times` nor `skip`.
    Refuse,
    /// New connections to the vendor are accepted and reset before a byte is read; `times` and
    /// `skip` count connections.
    ResetOnConnect,
}

fn ok() -> u16 {
    200
}

fn found() -> u16 {
    302
}

fn one() -> u64 {
    1
}

impl FaultKind {
    /// Name in the control port's JSON and in the ledger.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::Hang => "hang",
            Self::Reset => "reset",
            Self::Close => "close",
            Self::Truncate { .. } => "truncate",
            Self::Garbage { .. } => "garbage",
            Self::ContentType { .. } => "content_type",
            Self::Html { .. } => "html",
            Self::Status { .. } => "status",
            Self::Drip { .. } => "drip",
            Self::Redirect { .. } => "redirect",
            Self::Status200Ko => "status_200_ko",
            Self::ErrorCode { .. } => "error_code",
            Self::SetMember { .. } => "set_member",
            Self::Pad { .. } => "pad",
            Self::AnswerThenClose => "answer_then_close",
            Self::Refuse => "refuse",
            Self::ResetOnConnect => "reset_on_connect",
        }
    }

    /// The vendor's own answer arrives whole, so the call is carried out whatever `when` says.
    pub fn passes_own_answer(&self) -> bool {
        matches!(
            self,
            Self::Delay { .. }
                | Self::Drip { .. }
                | Self::ContentType { .. }
                | Self::SetMember { .. }
                | Self::Pad { .. }
                | Self::AnswerThenClose
        )
    }

    /// A bare status without body.
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            body: None,
            content_type: None,
            code: None,
            headers: BTreeMap::new(),
        }
    }

    /// A status with one header, as 429 with `Retry-After`.
    pub fn status_with(status: u16, header: &str, value: &str) -> Self {
        Self::Status {
            status,
            body: None,
            content_type: None,
            code: None,
            headers: BTreeMap::from([(header.to_owned(), value.to_owned())]),
        }
    }

    /// A token answer whose `expires_in` is this raw JSON, or missing.
    pub fn expires_in(raw: Option<&str>) -> Self {
        Self::SetMember {
            name: "expires_in".to_owned(),
            raw: raw.map(str::to_owned),
        }
    }
}

impl Fault {
    /// Hits every such call until it is cleared.
    pub fn every(operation: &str, when: When, kind: FaultKind) -> Self {
        Self {
            operation: operation.to_owned(),
            times: None,
            skip: 0,
            when,
            kind,
        }
    }

    /// Hits the next such call only.
    pub fn next(operation: &str, when: When, kind: FaultKind) -> Self {
        Self {
            times: Some(1),
            ..Self::every(operation, when, kind)
        }
    }

    /// Checks what the type cannot say.
    ///
    /// # Errors
    /// An operation that does not exist, or a setting that could have no effect.
    pub fn check(&self) -> Result<(), FaultRefused> {
        self.pattern()?;
        if self.kind == FaultKind::Refuse && (self.times.is_some() || self.skip != 0) {
            return Err(FaultRefused::RefuseCannotCount);
        }
        if self.times == Some(0) {
            return Err(FaultRefused::HitsNothing);
        }
        let status = match self.kind {
            FaultKind::Status { status, .. }
            | FaultKind::Html { status }
            | FaultKind::Redirect { status, .. } => status,
            _ => 200,
        };
        if !(200..=599).contains(&status) {
            return Err(FaultRefused::Status(status));
        }
        Ok(())
    }

    pub(crate) fn pattern(&self) -> Result<Pattern, FaultRefused> {
        Pattern::parse(&self.operation)
            .ok_or_else(|| FaultRefused::UnknownOperation(self.operation.clone()))
    }
}

/// Why a fault is not taken: it could never do what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultRefused {
    #[error(
        "unknown operation `{0}`; allowed are `*`, `netex.*`, `ispring.*`, {names}",
        names = strikable().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    UnknownOperation(String),
    #[error(
        "`refuse` takes neither `times` nor `skip`: no request is seen while it lasts; clear the faults to end it"
    )]
    RefuseCannotCount,
    #[error("`times` 0 hits nothing; leave it out for every call, or give 1 or more")]
    HitsNothing,
    #[error("status {0} is not a final HTTP status; allowed are 200 to 599")]
    Status(u16),
}
