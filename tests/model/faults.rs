//! Every fault that can be planted is found: a shortest way to older state.

use crate::fault::Fault;
use crate::scenario::{Ends, Scenario, Troubles};
use crate::search::finds;

/// A test for each row: its name, the fault, and where it shows.
macro_rules! faults {
    ($($name:ident: $fault:ident, $scenario:expr;)*) => {$(
        #[test]
        fn $name() {
            let scenario = Scenario { fault: Some(Fault::$fault), ..$scenario };
            finds(stringify!($name), scenario);
        }
    )*};
}

faults! {
    an_answer_that_waits_for_nobody: NoWait, Scenario::pair();
    an_acknowledgement_before_it_is_applied: AcknowledgedBeforeApplied, Scenario::pair();
    a_lease_that_counts_from_the_reply: LeaseFromReply, Scenario::pair();
    a_lease_that_counts_from_the_reading: LeaseFromReading, Scenario::pair().quick().two_writes();
    a_wait_that_counts_from_the_sending: WaitFromSending, Scenario::pair();
    a_gap_that_is_not_seen: GapsHidden, Scenario::pair().with(trims());
    a_write_that_does_not_say_that_it_begins: NoBegin, Scenario::pair().with(crash(0b01));
    a_begin_that_is_never_held: NoHolds, Scenario::pair().with(crash(0b01));
    reading_first_and_registering_second: ReadThenRegister, nothing(within(1));
    a_silent_member_removed_blindly: RemovedBlindly, Scenario::pair().quick().two_writes();
    a_silent_member_told_by_the_clock_of_the_server: SilentByServerClock, Scenario::pair();
    voiding_before_the_position_is_taken: FlushBeforePosition, Scenario { apart: true, ..nothing(within(1)) }.with(trims());
    voiding_that_spares_calls_in_flight: FlushSparesFlights, nothing(within(1)).with(trims());
    a_joiner_that_knows_no_holds: JoinsAtTheEnd, nothing(unknown().quick());
    a_hold_that_was_trimmed_away: TrimmedEarly, nothing(unknown().quick().with(trims()));
    the_fence_before_the_lease: FenceThenLease, reading();
    joining_a_call_without_a_lease: JoinsWithoutLease, reading();
    a_clock_that_stops_while_suspended: ClockStops, Scenario::pair();
    tags_of_another_contract_trusted: ForeignTagsTrusted, Scenario { contracts: [0, 1, 0], ..Scenario::pair() };
    a_reload_in_the_middle_of_a_write: ReloadForgotten, alone();
    a_journal_of_each_credential: JournalOfCredential, Scenario::pair();
    a_replay_before_the_wait: ReplayBeforeWait, Scenario::pair();
    acknowledgements_of_the_begin: WaitsForBegin, Scenario::pair();
    leaving_the_list_before_the_lease_is_given_up: LeavesListFirst, Scenario::pair().with(leaving());
    another_epoch_that_is_not_noticed: OtherEpochUnnoticed, failover();
    acknowledgements_of_another_server: OtherServerAcknowledges, Scenario { ticks: 1, ..nothing(failover()) };
    a_list_of_members_that_was_lost: NewEpochTrusted, Scenario { ticks: 1, ..nothing(failover()) };
    a_young_epoch_taken_for_an_old_one: YoungEpochTrusted, Scenario { ends: Ends::Unknown, ticks: 2, ..failover() };
    split_brain_without_replicas: AsBuilt, split_brain((false, false));
    split_brain_with_replicas_on_appends_only: AsBuilt, split_brain((true, false));
    split_brain_with_replicas_on_beats_only: AsBuilt, Scenario { keep: 1, hold: 1, ticks: 2, ..split_brain((false, true)) };
    an_answer_without_end_before_the_late_hold: LateAnswerAfterOneWait, cut_off();
    a_hold_counted_from_the_reply_to_the_begin: KeepFromReply, Scenario { apart: true, lease: 1, wait: 1, keep: 3, ticks: 4, ..cut_off() };
    a_lease_that_outlasts_a_note: LeaseOutlastsNote, Scenario { lease: 3, wait: 3, keep: 8, ticks: 7, ..cut_off() };
    a_wait_without_its_margin: MarginTooSmall, wrong_clocks();
}

fn crash(crashers: u8) -> Troubles {
    Troubles {
        crashes: 1,
        crashers,
        ..Troubles::default()
    }
}

fn trims() -> Troubles {
    Troubles {
        trims: 1,
        ..Troubles::default()
    }
}

fn leaving() -> Troubles {
    Troubles {
        leaving: true,
        ..Troubles::default()
    }
}

fn unknown() -> Scenario {
    Scenario {
        ends: Ends::Unknown,
        ..Scenario::pair()
    }
}

/// Members may also begin without knowing anything.
fn nothing(scenario: Scenario) -> Scenario {
    Scenario {
        from_nothing: true,
        ..scenario
    }
}

/// A short look.
fn within(ticks: u8) -> Scenario {
    Scenario {
        ticks,
        ..Scenario::pair().quick()
    }
}

fn reading() -> Scenario {
    Scenario {
        follows_a_read: true,
        ..Scenario::pair()
    }
}

/// One door that writes and reads.
fn alone() -> Scenario {
    Scenario {
        doors: 1,
        beaters: 0b1,
        readers: 0b1,
        ..Scenario::pair()
    }
    .with(Troubles {
        reloads: 1,
        ..Troubles::default()
    })
}

fn failover() -> Scenario {
    Scenario::pair().quick().with(Troubles {
        failover: true,
        replications: u8::MAX,
        ..Troubles::default()
    })
}

fn split_brain(waits_for_replica: (bool, bool)) -> Scenario {
    Scenario {
        waits_for_replica,
        ..Scenario::pair().quick()
    }
    .with(Troubles {
        failover: true,
        replications: u8::MAX,
        split_brain: true,
        ..Troubles::default()
    })
}

fn cut_off() -> Scenario {
    Scenario::pair().with(Troubles {
        cut_off: true,
        ..Troubles::default()
    })
}

/// Clocks that go wrong by a quarter, and a margin below what that demands.
fn wrong_clocks() -> Scenario {
    Scenario {
        ticks: 4,
        ..Scenario::clocks_wrong(1)
    }
}
