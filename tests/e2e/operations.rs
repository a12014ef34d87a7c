//! What watches the gateway: the alerts and the dashboard of `deploy/`.

mod files;
mod promtool;
