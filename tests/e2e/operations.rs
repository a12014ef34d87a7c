//! What watches the gateway: the alerts and the dashboard of `deploy/`.

mod deploy;
mod exposed;
mod files;
mod names;
mod promtool;
mod queries;
