//! What is told of a member: in metrics, and to an operator.

use std::time::Duration;

use super::link::Link;
use crate::metrics::{MemberGauged, MemberGauges};
use crate::shared::report::MemberReport;

impl Link {
    pub(super) fn report(&self) -> MemberReport {
        let now = self.gauges();
        let state = self.state();
        MemberReport {
            upstreams: state.upstreams.clone(),
            now,
            epoch_age: state.watch.epoch_age(self.clock.now()),
            joined: state.watch.joined,
        }
    }
}

impl MemberGauged for Link {
    fn gauges(&self) -> MemberGauges {
        let now = self.clock.now();
        let state = self.state();
        let (watch, has_lease) = (&state.watch, state.lease.is_valid());
        let (noted, held) = state.member.open();
        let behind = watch.behind_since;
        let lapsed = now.saturating_duration_since(watch.lease_until);
        MemberGauges {
            has_lease,
            lease_age: now.saturating_duration_since(watch.granted.unwrap_or(watch.started)),
            without_lease: watch.without_lease + lapsed,
            lag_entries: watch.known.saturating_sub(watch.applied),
            lag: behind.map_or(Duration::ZERO, |since| now.saturating_duration_since(since)),
            members: self.members(),
            noted: noted as u64,
            held: held as u64,
            remembered: self.owed.len() as u64,
        }
    }
}
