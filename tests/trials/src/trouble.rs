//! What happens to a fleet and its store while callers go on.

use std::thread::sleep;
use std::time::Duration;

use crate::gateway::CONTRACT;
use crate::stage::Stage;
use crate::tunnel::Network;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// SIGKILL; another one with nothing in it comes in its place.
    StoreLost,
    /// SIGKILL; it comes back with what it had saved.
    StoreRestarted,
    /// SIGSTOP.
    StoreStopped,
    /// `CLIENT PAUSE`.
    StorePaused,
    StoreFlushed,
    JournalTrimmed,
    StoreReadOnly,
    StoreFull,
    /// All connections to it end, and new ones are taken at once.
    ConnectionsCut,
    NetworkSilent,
    NetworkRefused,
    NetworkSlow,
    /// The primary dies, its replica is promoted, and the name leads there.
    StoreFailedOver,
    /// SIGKILL, and a new start.
    MemberKilled,
    /// SIGSTOP for longer than others wait for it.
    MemberStopped,
    /// SIGTERM, and a new start.
    MemberLeft,
    /// One member goes on with another contract, as in a rollout, and back.
    OtherContract,
}

impl Trouble {
    pub const ALL: [Self; 17] = [
        Self::StoreFlushed,
        Self::MemberKilled,
        Self::StoreStopped,
        Self::JournalTrimmed,
        Self::MemberStopped,
        Self::StoreLost,
        Self::OtherContract,
        Self::StoreFailedOver,
        Self::ConnectionsCut,
        Self::StorePaused,
        Self::StoreReadOnly,
        Self::MemberLeft,
        Self::NetworkSilent,
        Self::StoreFull,
        Self::StoreRestarted,
        Self::NetworkRefused,
        Self::NetworkSlow,
    ];

    /// Whether members cannot tell each other of writes while it lasts, or lose what they told.
    #[must_use]
    pub const fn is_of_the_store(self) -> bool {
        !matches!(
            self,
            Self::MemberKilled | Self::MemberStopped | Self::MemberLeft | Self::OtherContract
        )
    }

    /// Begins, lasts for `time` where it lasts, and ends. `member`: whom it hits, if it is one.
    pub fn strike(self, stage: &mut Stage, member: usize, time: Duration) {
        match self {
            Self::StoreLost => {
                stage.store.kill();
                sleep(time);
                stage.store.restart_empty();
            }
            Self::StoreRestarted => stage.store.restart_with_its_data(),
            Self::StoreStopped => {
                stage.store.stop();
                sleep(time);
                stage.store.go_on();
            }
            Self::StorePaused => {
                stage.store.pause(time);
                sleep(time);
            }
            Self::StoreFlushed => stage.store.flush(),
            Self::JournalTrimmed => stage.store.trim("*", 0),
            Self::StoreReadOnly => {
                stage.store.refuse_writes(true);
                sleep(time);
                stage.store.refuse_writes(false);
            }
            Self::StoreFull => {
                stage.store.fill_memory(true);
                sleep(time);
                stage.store.fill_memory(false);
            }
            Self::ConnectionsCut => stage.tunnel.cut(),
            Self::NetworkSilent => stage.network(Network::Silent, time),
            Self::NetworkRefused => {
                stage.tunnel.set(Network::Refused);
                stage.tunnel.cut();
                sleep(time);
                stage.tunnel.set(Network::Open);
            }
            Self::NetworkSlow => stage.network(Network::Slow(Duration::from_millis(60)), time),
            Self::StoreFailedOver => stage.fail_over(),
            Self::MemberKilled => {
                stage.fleet.gateways[member].kill();
                sleep(time);
                stage.fleet.gateways[member].restart();
            }
            Self::MemberStopped => {
                stage.fleet.gateways[member].stop();
                sleep(time);
                stage.fleet.gateways[member].go_on();
            }
            Self::MemberLeft => {
                stage.fleet.gateways[member].leave();
                stage.fleet.gateways[member].restart();
            }
            Self::OtherContract => {
                stage.fleet.gateways[member].reload(&other_contract());
                sleep(time);
                stage.fleet.gateways[member].reload(CONTRACT);
            }
        }
    }
}

/// Says the same in other words, so that its digest is another.
#[must_use]
pub fn other_contract() -> String {
    CONTRACT.replacen("\n  title: ", "\n  title: Another ", 1)
}
