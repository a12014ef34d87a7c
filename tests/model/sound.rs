//! The protocol as it is: nothing older is shown, whatever happens.

use crate::scenario::{Ends, Planned, Scenario, Troubles};
use crate::search::holds;

/// A test for each row: its name, and what may happen.
macro_rules! sound {
    ($($name:ident: $scenario:expr;)*) => {$(
        #[test]
        fn $name() {
            holds(stringify!($name), $scenario);
        }
    )*};
}

const NONE: Troubles = Troubles {
    crashes: 0,
    crashers: 0,
    trims: 0,
    lost_beats: false,
    late_beats: false,
    lost_journals: 0,
    flushes: 0,
    failover: false,
    replications: u8::MAX,
    split_brain: false,
    cut_off: false,
    leaving: false,
    reloads: 0,
};

sound! {
    one_write_of_any_end: quick(Scenario { ends: Ends::Any, ..Scenario::pair() }, NONE);
    one_write_in_half_leases: Scenario { ends: Ends::DoneOrUnknown, ..Scenario::pair() };
    beats_are_lost: Scenario::pair().with(Troubles { lost_beats: true, ..NONE });
    lost_beats_are_executed_late: quick(Scenario::pair(), Troubles { lost_beats: true, late_beats: true, ..NONE });
    the_journal_is_trimmed: Scenario::pair().with(Troubles { trims: 1, ..NONE });
    a_writer_dies: Scenario::pair().with(Troubles { crashes: 1, crashers: 0b01, ..NONE });
    a_reader_restarts: quick(Scenario { ticks: 2, ..Scenario::pair() }, Troubles { crashes: 1, crashers: 0b10, ..NONE });
    the_end_cannot_be_appended: Scenario { lease: 3, wait: 3, keep: 7, ticks: 8, refreshes: false, ..Scenario::pair() }.with(Troubles { cut_off: true, ..NONE });
    a_member_leaves: Scenario::pair().with(Troubles { leaving: true, ..NONE });
    the_journal_is_lost: quick(Scenario { ticks: 2, ..Scenario::pair() }, Troubles { lost_journals: 1, ..NONE });
    all_is_lost: quick(Scenario { ticks: 2, ..Scenario::pair() }, Troubles { flushes: 1, ..NONE });
    a_read_in_its_steps: quick(Scenario { follows_a_read: true, ..Scenario::pair() }, NONE);
    a_contract_of_each: Scenario { contracts: [0, 1, 0], ..Scenario::pair() };
    a_reload: quick(Scenario::pair(), Troubles { reloads: 1, ..NONE });
    one_entry_in_a_reading: Scenario { page: 1, ..Scenario::pair() };
    two_writes: quick(Scenario { ends: Ends::DoneOrNot, ticks: 2, ..Scenario::pair().two_writes() }, NONE);
    two_writes_at_once: quick(Scenario { in_turn: false, ticks: 1, ..Scenario::pair().two_writes() }, NONE);
    two_writers: quick(writer_at_two_doors(), NONE);
    two_readers: quick(Scenario { doors: 3, beaters: 0b110, readers: 0b010, ticks: 1, ..Scenario::pair() }, NONE);
    one_that_writes_and_reads: quick(Scenario { beaters: 0b11, readers: 0b01, ticks: 1, ..Scenario::pair() }, NONE);
    two_keys: quick(Scenario { keys: 2, ticks: 2, writes: vec![Planned { by: 0, keys: 0b11 }], ..Scenario::pair() }, NONE);
    a_failover: quick(Scenario { ticks: 1, ..Scenario::pair() }, Troubles { failover: true, replications: 1, ..NONE });
    a_failover_and_an_unknown_write: quick(Scenario { ends: Ends::Unknown, ticks: 1, ..Scenario::pair() }, Troubles { failover: true, replications: 0, ..NONE });
    split_brain_with_replicas: quick(Scenario { waits_for_replica: (true, true), ticks: 1, ..Scenario::pair() }, Troubles { failover: true, split_brain: true, ..NONE });
    // By 2ρ/(1−ρ) of the lease: two thirds of four units.
    clocks_are_wrong: Scenario::clocks_wrong(3);
}

/// The same with a lease of one tick: many fewer worlds.
fn quick(scenario: Scenario, troubles: Troubles) -> Scenario {
    scenario.quick().with(troubles)
}

fn writer_at_two_doors() -> Scenario {
    Scenario {
        doors: 3,
        ticks: 1,
        writes: vec![Planned { by: 0, keys: 1 }, Planned { by: 2, keys: 1 }],
        ..Scenario::pair()
    }
}
