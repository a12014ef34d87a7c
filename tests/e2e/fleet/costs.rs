//! What can be counted of the costs; `./dev bench fleet` measures the rest.

use crate::support::fleet::{Watched, plan, stage};
use crate::support::redis::Kind;

#[test]
fn a_hit_asks_the_store_nothing() {
    const HITS: u32 = 2000;
    for kind in Kind::ALL {
        let mut plan = plan();
        plan.members = 1;
        let stage = stage(kind, &plan);
        let watched = Watched::put(&stage);
        watched.warm(&stage, 0);
        let gateway = &stage.fleet.gateways[0];
        let asked = || {
            let of = |command: &str| {
                gateway.metric(&format!(
                    r#"lms_gateway_shared_commands_total{{command="{command}",outcome="ok"}}"#
                ))
            };
            // Beats go on with time, and members are counted, whatever is read.
            ["append", "remove", "key", "rate", "value"].map(of)
        };
        let (before, served) = (asked(), stage.store.calls(None));
        let mut connection = trials::http::Connection::open(gateway.api).unwrap();
        let target = format!("/v1/rooms/{}", watched.id);
        for _ in 0..HITS {
            let answer = connection.send("GET", &target, &[], "").unwrap();
            assert!(answer.is_hit(), "{}", answer.cache_status);
        }
        assert_eq!(asked(), before);
        let served = stage.store.calls(None) - served;
        assert!(
            served < u64::from(HITS) / 2,
            "{served} commands for {HITS} hits"
        );
    }
}
