//! The oracle itself: it sees what several gateways without a store do, and nothing where there is one alone.

use crate::support::fleet::{plan, stage};
use crate::support::redis::Kind;

const CALLERS: u64 = 8;

/// What users of several gateways have today.
#[test]
fn the_oracle_sees_what_gateways_without_a_store_do() {
    for (members, is_sound) in [(1, true), (2, false)] {
        let mut plan = plan();
        (plan.members, plan.shared) = (members, None);
        let verdict = stage(Kind::Redis, &plan).play(CALLERS, |_, crowd| crowd.more(3000));
        println!("{members} without a store: {verdict}");
        assert_eq!(verdict.stale.is_empty(), is_sound, "{verdict}");
        assert!(
            verdict.lies.is_empty() && verdict.duplicates.is_empty(),
            "{verdict}"
        );
        assert!(verdict.hits > 100 && verdict.done > 100, "{verdict}");
    }
}
