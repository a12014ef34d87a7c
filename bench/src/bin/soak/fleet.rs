//! Three gateways over one store, with every trouble again and again: stale 0, duplicates 0, lies 0.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bench::server::free_address;
use trials::fleet::Plan;
use trials::stage::Stage;
use trials::store::Kind;
use trials::trouble::Trouble;

const CALLERS: u64 = 12;
/// Longer than a lease, and than writers wait for who says nothing.
const TROUBLE: Duration = Duration::from_millis(1500);
/// So many requests between two troubles.
const BETWEEN: usize = 700;
/// A member that stands still for as long as this knows nothing of what happened.
const LONG: Duration = Duration::from_secs(60);
/// A soak that is shorter leaves that out.
const SHORT: usize = 10_000;

/// `operations` in all, half of them over each kind of server, a fifth of those with writes that go on without one.
/// Whether all answers were right.
pub fn soak(binary: &str, operations: usize) -> bool {
    let mut sound = true;
    for kind in Kind::ALL {
        let half = operations / Kind::ALL.len();
        for (setting, operations) in [("refuse", half * 4 / 5), ("allow", half / 5)] {
            let mut plan = Plan::new(binary, address);
            // A busy machine must not make a write an uncoordinated one while the store is there.
            plan.shared = Some(format!("writes_without_store: {setting}, budget: 1s"));
            let started = Instant::now();
            let mut stage = Stage::new(kind, &plan);
            stage.warm();
            let verdict = stage.play(CALLERS, |stage, crowd| {
                let mut turn = 0;
                while crowd.operations() < operations {
                    crowd.more(BETWEEN);
                    let is_long = operations >= SHORT && turn < Trouble::ALL.len();
                    let time = if is_long { LONG } else { TROUBLE };
                    strike(stage, turn, time, setting == "allow");
                    turn += 1;
                }
                crowd.more(BETWEEN);
            });
            println!(
                "{kind:?}, writes without a store: {setting}, {:.0} s: {verdict}",
                started.elapsed().as_secs_f64()
            );
            let wrong = [&verdict.stale, &verdict.duplicates, &verdict.lies];
            for example in wrong.into_iter().flat_map(|list| list.iter().take(3)) {
                println!("  {example}");
            }
            sound &= verdict.is_sound();
        }
    }
    if !sound {
        println!(
            "FAILED: a read was older than an answered write, or an answer was a lie, or a write came twice"
        );
    }
    sound
}

/// `still`: for how long a member stands still.
fn strike(stage: &mut Stage, turn: usize, still: Duration, may_be_uncoordinated: bool) {
    let trouble = Trouble::ALL[turn % Trouble::ALL.len()];
    let time = match trouble {
        Trouble::MemberStopped => still,
        _ => TROUBLE,
    };
    let member = turn % stage.fleet.gateways.len();
    if may_be_uncoordinated && trouble.is_of_the_store() {
        stage.uncoordinated(|stage| trouble.strike(stage, member, time));
    } else {
        trouble.strike(stage, member, time);
    }
    stage.warm();
    stage.trouble_vendor();
}

fn address() -> SocketAddr {
    free_address().unwrap_or_else(|error| panic!("{error}"))
}
