//! A request with the key, at one of the doors.

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not begun, or told to try again.
    Outside,
    /// It holds the key; what was before it is not known where `over`.
    Took {
        over: bool,
    },
    /// It looked, and nothing was there.
    Looked,
    Sent,
    /// It knows its end, and is to keep it.
    Ends(End),
    /// Its caller was told.
    Told(End),
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    Done,
    Unknown,
    /// Nothing was sent.
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    pub phase: Phase,
    /// When it took the key.
    pub took: u8,
    /// Its call is on its way, and can be applied.
    pub flies: bool,
}
