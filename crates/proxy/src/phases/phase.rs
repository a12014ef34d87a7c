//! The phases of a request.

/// What a request, or a call that several wait for, is doing. Who takes part in it enters the phases; one that
/// panics, is cut or runs out of time leaves its last one open, and that counts up to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The caller's body comes.
    Read,
    /// Its values are checked.
    Validate,
    /// For a place among a vendor's calls, or for another conditional write of the same path.
    Queue,
    /// For a token, whoever fetches it.
    Token,
    /// A connection to the vendor is opened.
    Connect,
    /// From the first byte of a request to the last of its answer, and what the vendor asked to wait before the
    /// next.
    Vendor,
    /// Ours → the vendor's, and back.
    Translate,
    /// All that finds out what became of a write: its calls, what they wait for, the pauses before them.
    LookUp,
    /// For an answer of the store that replicas share: a few milliseconds, or `shared.budget` of a store that hangs.
    Store,
    /// Of an answer to a write, for the other members to apply it.
    Members,
    /// All else.
    Other,
}

impl Phase {
    pub const COUNT: usize = 11;
    pub const ALL: [Self; Self::COUNT] = [
        Self::Read,
        Self::Validate,
        Self::Queue,
        Self::Token,
        Self::Connect,
        Self::Vendor,
        Self::Translate,
        Self::LookUp,
        Self::Store,
        Self::Members,
        Self::Other,
    ];

    /// As it stands in metrics and log.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Validate => "validate",
            Self::Queue => "queue",
            Self::Token => "token",
            Self::Connect => "connect",
            Self::Vendor => "vendor",
            Self::Translate => "translate",
            Self::LookUp => "look-up",
            Self::Store => "store",
            Self::Members => "members",
            Self::Other => "other",
        }
    }
}
