//! Opens the ports and runs until a signal.

mod port;
pub mod reachable;
mod signals;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pingora::server::configuration::ServerConf;
use pingora::server::{RunArgs, Server};

use crate::edge::callers::Callers;
use crate::edge::handler::Handler;
use crate::edge::health::Health;
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::output;
use crate::reload::Reloader;
use crate::traces::Traces;
use port::Port;
use reachable::wait_until_open;
use signals::Signals;

/// Everything that runs. `O` answers on the operators' port.
pub struct Services<O> {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
    pub traces: Arc<Traces>,
    pub operators: O,
    pub reloader: Arc<Reloader>,
}

/// A listener that takes longer than this does not open at all.
const OPEN_WITHIN: Duration = Duration::from_secs(10);

/// Connections of the admin port at once: descriptors are shared, and those of the callers must not
/// be taken by who only looks on. Each ends by the deadlines, so that those who wait get their turn.
const MOST_OPERATORS: usize = 64;

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
pub fn run(
    services: Services<impl Handler>,
    ready: impl FnOnce() + Send + 'static,
) -> Result<(), StartError> {
    let settings = services.engine.runtime().settings.clone();
    let listen = open("listen", settings.listen)?;
    let admin_socket = open("admin", settings.admin)?;
    let conf = ServerConf {
        threads: settings.threads,
        grace_period_seconds: Some(settings.drain.limit.as_secs() + 5),
        graceful_shutdown_timeout_seconds: Some(1),
        ..ServerConf::default()
    };
    let mut server = Server::new_with_opt_and_conf(None, conf);
    server.bootstrap();
    let callers = Callers {
        engine: services.engine.clone(),
        metrics: services.metrics,
        health: services.health.clone(),
    };
    server.add_service(Port {
        name: "api",
        threads: None,
        most: None,
        handler: Arc::new(callers),
        socket: Some(listen),
    });
    server.add_service(Port {
        name: "admin",
        threads: Some(1),
        most: Some(MOST_OPERATORS),
        handler: Arc::new(services.operators),
        socket: Some(admin_socket),
    });
    let signals = Signals {
        health: services.health.clone(),
        engine: services.engine.clone(),
        drain: settings.drain,
        traces: services.traces,
        reloader: services.reloader,
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

fn open(key: &'static str, address: SocketAddr) -> Result<std::net::TcpListener, StartError> {
    port::bind(address).map_err(|reason| StartError::Bind {
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
