//! Several gateways over one store.

mod oracle;
mod servers;
