//! The faults that can be planted: each is something that the protocol could have done instead.

/// In the world around the gateway's types, or in how they are driven; never in the types themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// An answer waits for nobody.
    NoWait,
    /// A beat acknowledges what it is about to bring.
    AcknowledgedBeforeApplied,
    /// A lease counts from the reply of its beat.
    LeaseFromReply,
    /// A lease counts from the reading, which is sent after the registration was executed.
    LeaseFromReading,
    /// The wait counts from the sending of the append.
    WaitFromSending,
    /// Lost entries of the journal are not noticed.
    GapsHidden,
    /// A write does not say that it begins.
    NoBegin,
    /// Nothing is held.
    NoHolds,
    /// A beat reads first and registers second.
    ReadThenRegister,
    /// A member that stayed silent is removed, whatever it did since.
    RemovedBlindly,
    /// Who stayed silent is told by the age of its registration on the server's clock, which is stepped once.
    SilentByServerClock,
    /// What is cached is void when the first beat is sent, and not when it has come back.
    FlushBeforePosition,
    /// Where all is void, calls in flight are spared.
    FlushSparesFlights,
    /// Who joins reads the journal from its end.
    JoinsAtTheEnd,
    /// Entries are trimmed away while their writes may still be applied.
    TrimmedEarly,
    /// A read asks the fence first and for the lease second.
    FenceThenLease,
    /// A read joins a call in flight without a lease.
    JoinsWithoutLease,
    /// A member's clock stands still while it is suspended.
    ClockStops,
    /// Tags of another contract are taken for those of one's own.
    ForeignTagsTrusted,
    /// A write that began before a reload tells its own fence in the old words.
    ReloadForgotten,
    /// The two doors have a journal each.
    JournalOfCredential,
    /// A replay of the key is answered before the others know.
    ReplayBeforeWait,
    /// The acknowledgement of the begin is waited for, and not that of the end.
    WaitsForBegin,
    /// A member leaves the list first, and gives up its lease afterwards.
    LeavesListFirst,
    /// Another server's data pass for the same.
    OtherEpochUnnoticed,
    /// A writer trusts the list of another server's members.
    OtherServerAcknowledges,
    /// A writer that has just met an epoch trusts its list of members.
    NewEpochTrusted,
    /// Who joins a young epoch takes it for an old one.
    YoungEpochTrusted,
    /// The answer without an `end` leaves after one wait, before the late hold stands.
    LateAnswerAfterOneWait,
    /// Without an `end`, the time in which the others hold the write is counted from the reply to its begin.
    KeepFromReply,
    /// A note does not end the lease where it should have become a hold, and nobody held it in time.
    LeaseOutlastsNote,
    /// The wait is not as much longer than the lease as the clocks may be wrong.
    MarginTooSmall,
    /// None in the code: a deployment that was promised nothing.
    AsBuilt,
}
