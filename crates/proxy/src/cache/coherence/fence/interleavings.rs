//! The real fence through every order in which the steps of two reads and two writes can happen.
//!
//! A model of the vendor is the oracle: what a reader is given must hold every write that was
//! answered before the reader arrived. Equal worlds are visited once and their orders counted; the
//! sum is held against a count that knows nothing of worlds, so that no order is missed.

mod scenario;
mod world;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use scenario::{Name, Positions, STEPS, Scenario, Without, Write, may_step, scenarios};
use world::World;

/// The orders in which the world can go on, all of them sound, or the first that is not.
fn explore<V: Eq + Hash>(
    world: &World,
    scenario: &Scenario,
    view: &impl Fn(&World) -> V,
    known: &mut HashMap<V, u64>,
) -> Result<u64, String> {
    let seen = view(world);
    if let Some(orders) = known.get(&seen) {
        return Ok(*orders);
    }
    let mut orders = 0;
    let mut over = true;
    for next in world.next(scenario) {
        over = false;
        orders += explore(&next?, scenario, view, known)?;
    }
    let orders = if over { 1 } else { orders };
    known.insert(seen, orders);
    Ok(orders)
}

fn run(scenario: &Scenario) -> Result<u64, String> {
    explore(&World::new(), scenario, &World::view, &mut HashMap::new())
}

/// How many orders there are, from the positions alone.
fn count(positions: Positions, known: &mut HashMap<Positions, u64>) -> u64 {
    if let Some(orders) = known.get(&positions) {
        return *orders;
    }
    let steps = (0..STEPS.len()).filter(|actor| may_step(positions, *actor));
    let nexts: Vec<Positions> = steps
        .map(|actor| {
            let mut next = positions;
            next[actor] += 1;
            next
        })
        .collect();
    let orders = if nexts.is_empty() {
        1
    } else {
        nexts.into_iter().map(|next| count(next, known)).sum()
    };
    known.insert(positions, orders);
    orders
}

#[test]
fn no_order_of_two_reads_and_two_writes_shows_older_state() {
    let expected = count([0; 5], &mut HashMap::new());
    assert!(expected > 4_000_000, "{expected} orders of each scenario");
    for scenario in scenarios(Without::Nothing) {
        match run(&scenario) {
            Ok(orders) => assert_eq!(orders, expected, "{scenario:?}"),
            Err(why) => panic!("{scenario:?}\n{why}"),
        }
    }
}

#[test]
fn each_rule_is_needed() {
    for without in [
        Without::Stamps,
        Without::Holds,
        Without::CheckOfServing,
        Without::ChecksOfFlights,
        Without::CheckOfLanding,
        Without::TagsOfTheAnswer,
        Without::EndsOfHolds,
        Without::HoldsOfWrites,
        Without::HoldsOfFlights,
        Without::StampsAtTheRelease,
    ] {
        let caught = scenarios(without)
            .iter()
            .any(|scenario| run(scenario).is_err());
        assert!(
            caught,
            "without {without:?} every order is still sound: the oracle is blind to it"
        );
    }
}

/// Whether some order lets a reader join a flight while a write of unknown outcome holds the tag it asks for.
#[test]
fn readers_share_a_flight_while_a_write_is_unknown() {
    fn finds(world: &World, scenario: &Scenario, known: &mut HashSet<u64>) -> bool {
        let mut hasher = DefaultHasher::new();
        world.view().hash(&mut hasher);
        if world.joined_while_held || !known.insert(hasher.finish()) {
            return world.joined_while_held;
        }
        let mut sound = world.next(scenario).filter_map(Result::ok);
        sound.any(|next| finds(&next, scenario, known))
    }
    for scenario in scenarios(Without::Nothing) {
        let unknown = |write: &Write| write.end.is_unknown();
        let same = scenario.asks[0] == scenario.asks[1];
        if same && scenario.writes.iter().any(unknown) {
            let found = finds(&World::new(), &scenario, &mut HashSet::new());
            let touched = scenario.asks[0] != Name::External('A')
                || scenario
                    .writes
                    .iter()
                    .any(|write| unknown(write) && write.whole);
            assert_eq!(found, touched, "{scenario:?}");
        }
    }
}
