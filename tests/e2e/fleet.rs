//! Several gateways over one store.

mod servers;
