//! Several gateways over one store and one sandbox.

pub use trials::fleet::Plan;
pub use trials::stage::Stage;

use super::ports::free_port;
use super::redis::Kind;

/// Three members that refuse writes without a store; what a young epoch may have lost is over within seconds.
pub fn plan() -> Plan {
    Plan::new(env!("CARGO_BIN_EXE_lms-gateway"), free_port)
}

/// Over a store of its own, each with a lease.
pub fn stage(kind: Kind, plan: &Plan) -> Stage {
    Stage::new(kind, plan)
}
