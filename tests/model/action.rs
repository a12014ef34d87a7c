//! The steps that can be taken.

/// One step; as it stands in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Time goes on; clocks that run wrong by so much (by door: -1, 0 or 1).
    TimeGoesOn([i8; 3]),
    /// It goes on for all but this door, which is suspended.
    Suspended {
        door: u8,
    },

    BeginAppended {
        write: u8,
    },
    BeginReplied {
        write: u8,
    },
    BeginFailed {
        write: u8,
    },
    VendorApplies {
        write: u8,
    },
    EndedDone {
        write: u8,
    },
    EndedUnknown {
        write: u8,
    },
    EndedNotDone {
        write: u8,
    },
    EndSent {
        write: u8,
    },
    EndAppended {
        write: u8,
    },
    EndReplied {
        write: u8,
    },
    EndIsSentAgain {
        write: u8,
    },
    MembersPolled {
        write: u8,
    },
    Answered {
        write: u8,
    },
    AnsweredWithoutEnd {
        write: u8,
    },
    ReplayAnswered {
        write: u8,
    },
    SilentRemoved {
        nth: u8,
    },

    BeatSent {
        door: u8,
    },
    BeatExecuted {
        door: u8,
    },
    SecondHalfSent {
        door: u8,
    },
    SecondHalfExecuted {
        door: u8,
    },
    BeatReplied {
        door: u8,
    },
    BeatLost {
        door: u8,
    },
    LateBeatExecuted {
        door: u8,
    },
    TimerRuns {
        door: u8,
    },
    Crashes {
        door: u8,
    },
    GivesUpLease {
        door: u8,
    },
    LeavesList {
        door: u8,
    },
    ConnectsToOther {
        door: u8,
    },
    Reloads {
        door: u8,
    },

    VendorAsked {
        door: u8,
        key: u8,
    },
    VendorReads {
        door: u8,
        key: u8,
    },
    VendorAnswered {
        door: u8,
        key: u8,
    },

    Trimmed {
        entries: u8,
    },
    JournalLost,
    Flushed,
    Replicated,
    FailedOver,
    ServerClockStepped,

    ReadArrives {
        door: u8,
        key: u8,
    },
    ReadTakesClock,
    ReadChecksLease,
    ReadAsksFence,
    ReadJoins,
    ReadIsAnswered,
}
