//! Runs a search and says what came of it.

use stateright::{Checker, HasDiscoveries, Model};

use crate::scenario::{Ends, Scenario};
use crate::world::Search;

/// In the long form a search that has made so many steps is ended, and says so: without an end it would take days.
const MOST: usize = 6_000_000;

/// Searches the whole space: nothing older is ever shown, and there is something to show.
pub fn holds(name: &str, scenario: Scenario) {
    // What nobody knows is held for as long as the search looks.
    let hits = scenario.ends != Ends::Unknown;
    let started = std::time::Instant::now();
    let builder = if long() {
        let builder = Search::new(scenario.longer()).checker();
        builder.target_state_count(MOST)
    } else {
        Search::new(scenario).checker()
    };
    let checker = builder.spawn_dfs().join();
    let whole = if checker.state_count() < MOST {
        "in all"
    } else {
        "as far as it was searched, in"
    };
    println!(
        "{name}: holds {whole} {} worlds ({:.1?})",
        checker.unique_state_count(),
        started.elapsed()
    );
    if let Some(path) = checker.discovery("nothing older") {
        panic!("{name}\n{}", trace(path.into_actions()));
    }
    let hit = checker.discovery("a hit shows a write");
    assert_eq!(
        hit.is_some(),
        hits,
        "{name}: what holds for want of hits shows nothing"
    );
}

/// Searches until something older is shown, which must come: a shortest way there.
pub fn finds(name: &str, scenario: Scenario) {
    assert!(scenario.fault.is_some());
    let started = std::time::Instant::now();
    let checker = Search::new(scenario)
        .checker()
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs()
        .join();
    let found = checker.discovery("nothing older");
    let found = found.unwrap_or_else(|| {
        let states = checker.unique_state_count();
        panic!("{name}: the model does not see it, in {states} states")
    });
    let actions = found.into_actions();
    println!(
        "{name}: found in {} steps, {} states ({:.1?})",
        actions.len(),
        checker.unique_state_count(),
        started.elapsed()
    );
    if long() {
        println!("{}", trace(actions));
    }
}

fn trace(actions: Vec<crate::action::Action>) -> String {
    let lines = (1..).zip(actions);
    let lines = lines.map(|(number, action): (usize, _)| format!("{number:3}. {action:?}\n"));
    lines.collect()
}

/// `LMS_GATEWAY_MODEL=long`: larger bounds.
pub fn long() -> bool {
    std::env::var_os("LMS_GATEWAY_MODEL").is_some_and(|form| form == "long")
}
