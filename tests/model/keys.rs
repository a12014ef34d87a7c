//! An `Idempotency-Key` at two doors: the vendor applies its write once, and nobody is told what is not so.
//!
//! The store's rule is the gateway's own (`KeyRecord`); the requests, the vendor and the clock are models.

mod request;
mod world;

use stateright::{Checker, HasDiscoveries, Model};

use world::{Fault, Keys};

fn search(keys: Keys) -> Result<usize, String> {
    let must_fail = keys.fault.is_some() && !keys.unique;
    let finish = if must_fail {
        HasDiscoveries::AnyFailures
    } else {
        HasDiscoveries::All
    };
    let checker = keys.checker().finish_when(finish).spawn_bfs().join();
    for wrong in ["once", "true"] {
        if let Some(path) = checker.discovery(wrong) {
            return Err(format!("not {wrong}: {:?}", path.into_actions()));
        }
    }
    for needed in ["replayed", "taken over"] {
        assert!(checker.discovery(needed).is_some(), "never {needed}");
    }
    Ok(checker.unique_state_count())
}

#[test]
fn a_key_is_one_write_through_two_doors() {
    let worlds = search(Keys::sound()).unwrap();
    assert!(worlds > 1_000, "{worlds}");
}

#[test]
fn what_can_lead_to_a_second_write_is_found_and_a_taken_name_stops_it() {
    for fault in [
        Fault::TakenOverTooEarly,
        Fault::SentWithoutLooking,
        Fault::SuspendedOwner,
        Fault::KeyLost,
    ] {
        let keys = Keys {
            fault: Some(fault),
            ..Keys::sound()
        };
        let found = search(keys.clone());
        assert!(found.is_err(), "{fault:?}: the model does not see it");
        // The vendor's refusal of a name that is taken is what stops it then.
        let stopped = search(Keys {
            unique: true,
            ..keys
        });
        assert!(stopped.is_ok(), "{fault:?}: {stopped:?}");
    }
}

#[test]
fn an_unknown_end_that_is_forgotten_is_found() {
    let keys = Keys {
        fault: Some(Fault::UnknownForgotten),
        ..Keys::sound()
    };
    assert!(search(keys).is_err());
}
