//! The closed sets of labels of what replicas share.

/// An enum of which each variant is a value of one label.
macro_rules! label {
    ($(#[$about:meta])* $name:ident { $($(#[$why:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$why])* $variant,)+
        }

        impl $name {
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// As it stands in metrics.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

label! {
    /// What is asked of the store.
    StoreCommand {
        Beat = "beat",
        /// To be told when there is something new: it takes as long as nothing happens.
        Listen = "listen",
        Append = "append",
        Members = "members",
        Remove = "remove",
        /// Of an `Idempotency-Key`: to take it, to settle it.
        Key = "key",
        /// A quota or a rate.
        Rate = "rate",
        /// Of the second level of the cache.
        Value = "value",
    }
}

label! {
    /// What became of a command.
    CommandOutcome {
        Ok = "ok",
        /// Nothing was sent: there is no connection, or the breaker is open.
        Away = "away",
        Timeout = "timeout",
        Broken = "broken",
        ReadOnly = "read-only",
        OutOfMemory = "out-of-memory",
        NotReady = "not-ready",
        TooFewReplicas = "too-few-replicas",
        Unexpected = "unexpected",
    }
}

label! {
    /// How far a write's answer was coordinated with the other members.
    WriteCoordination {
        /// All who were awaited have applied it.
        Acknowledged = "acknowledged",
        /// A lease and a tenth were waited: somebody said nothing, or the epoch is new.
        Waited = "waited",
        /// Its end could not be told; it was answered when it was held everywhere.
        Held = "held",
        /// Not done: nobody has to know.
        NotDone = "not-done",
        /// The others were not told, and may be older.
        Uncoordinated = "uncoordinated",
        /// Not sent (`writes_without_store: refuse`).
        Refused = "refused",
    }
}

label! {
    /// Why a member began anew: it voided what it had.
    JoinReason {
        Start = "start",
        /// The store's data are others: it was restarted, flushed, or another server was promoted.
        Epoch = "epoch",
        /// Entries of the journal were trimmed before they were read.
        Gap = "gap",
    }
}

label! {
    /// What became of an `Idempotency-Key` at the store.
    KeyResult {
        Taken = "taken",
        /// Somebody executes it now.
        Running = "running",
        /// It was executed; its answer went out again.
        Replayed = "replayed",
        /// It was used for another request.
        Conflict = "conflict",
        /// Its owner is gone; what it did was looked up.
        TakenOver = "taken-over",
        /// The store is away: nothing was sent.
        Refused = "refused",
    }
}

label! {
    /// What a rate is of.
    RateOf {
        Caller = "caller",
        Upstream = "upstream",
    }
}

label! {
    /// Who said whether there was room.
    DecidedBy {
        Store = "store",
        /// The member alone, within its share.
        Member = "member",
    }
}

label! {
    /// What the second level of the cache did.
    SecondLevel {
        Hit = "hit",
        Miss = "miss",
        /// There was something that a write may have made void.
        Void = "void",
        /// The store was away.
        Away = "away",
        /// Another member's call was waited for.
        Collapsed = "collapsed",
        Stored = "stored",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_a_place_and_a_label_of_its_own() {
        for (place, outcome) in CommandOutcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, place);
        }
        let mut labels = CommandOutcome::ALL.map(CommandOutcome::label).to_vec();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), CommandOutcome::ALL.len());
    }
}
