//! Opens the ports and runs until a signal.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pingora::server::configuration::ServerConf;
use pingora::server::{RunArgs, Server};
use pingora::services::listening::Service;
use tokio::net::TcpSocket;

use super::Edge;
use super::drain::{Reload, Signals};
use super::reachable::wait_until_open;
use super::reloader::Reloader;
use crate::admin::{Admin, Health, Metrics};
use crate::engine::Engine;
use crate::output;

/// Everything that runs.
pub struct Services {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
    pub reload: Reload,
}

/// A listener that takes longer than this does not open at all.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address} (`{key}`): {reason}")]
    Bind {
        key: &'static str,
        address: SocketAddr,
        reason: std::io::Error,
    },
}

/// Serves until a signal ends it. `ready` is called when both ports are open.
///
/// # Errors
/// A port that cannot be had, by its key in the settings.
pub fn run(services: Services, ready: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
    let settings = services.engine.runtime().settings.clone();
    // Pingora panics in a thread of its own when a port is taken, and the process lives on.
    probe("listen", settings.listen)?;
    probe("admin", settings.admin)?;
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        previous(info);
        if info.to_string().contains("Failed to build listeners") {
            end(&format!("`listen` or `admin` cannot be opened: {info}"));
        }
    }));
    let conf = ServerConf {
        threads: settings.threads,
        grace_period_seconds: Some(settings.drain.limit.as_secs() + 5),
        graceful_shutdown_timeout_seconds: Some(1),
        ..ServerConf::default()
    };
    let mut server = Server::new_with_opt_and_conf(None, conf);
    server.bootstrap();
    let edge = Edge {
        engine: services.engine.clone(),
        metrics: services.metrics.clone(),
        health: services.health.clone(),
    };
    let mut api = Service::new("api".to_owned(), edge);
    api.add_tcp(&settings.listen.to_string());
    let admin = Admin {
        engine: services.engine.clone(),
        metrics: services.metrics,
        health: services.health.clone(),
    };
    let mut operators = Service::new("admin".to_owned(), admin);
    operators.threads = Some(1);
    operators.add_tcp(&settings.admin.to_string());
    server.add_service(api);
    server.add_service(operators);
    let signals = Signals {
        health: services.health.clone(),
        engine: services.engine.clone(),
        drain: settings.drain,
        reloader: Reloader::start(services.reload),
    };
    let health = services.health;
    std::thread::spawn(move || {
        let ports = [("listen", settings.listen), ("admin", settings.admin)];
        match wait_until_open(&ports, OPEN_WITHIN) {
            Ok(()) => {
                health.serve();
                ready();
            }
            Err(closed) => end(&closed.to_string()),
        }
    });
    server.run(RunArgs {
        shutdown_signal: Box::new(signals),
    });
    Ok(())
}

/// Binds without listening: a connection that came to a listener of the probe would be reset with it.
fn probe(key: &'static str, address: SocketAddr) -> Result<(), StartError> {
    let bind = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // As a listener does it; only one that listens is in the way then.
        socket.set_reuseaddr(true)?;
        socket.bind(address)
    };
    bind().map_err(|reason| StartError::Bind {
        key,
        address,
        reason,
    })
}

/// Says why, and ends the process.
fn end(why: &str) -> ! {
    tracing::error!("{why}");
    output::flush(output::LAST_LINES);
    let _ = writeln!(std::io::stderr(), "error: {why}");
    std::process::exit(1)
}
