//! Opens the ports and runs until a signal.

use std::net::SocketAddr;
use std::sync::Arc;

use pingora::server::configuration::ServerConf;
use pingora::server::{RunArgs, Server};
use pingora::services::listening::Service;
use tokio::net::TcpSocket;

use super::Edge;
use super::drain::{Reload, Signals};
use crate::admin::{Admin, Health, Metrics};
use crate::engine::Engine;

/// Everything that runs.
pub struct Services {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
    pub reload: Reload,
}

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
            std::process::exit(1);
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
        reload: services.reload,
    };
    let health = services.health;
    std::thread::spawn(move || {
        if wait_until_open(&[settings.listen, settings.admin]) {
            health.serve();
            ready();
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

/// Pingora tells nobody when its listeners are open; a connection does.
fn wait_until_open(addresses: &[SocketAddr]) -> bool {
    let open = |address: &SocketAddr| {
        let mut address = *address;
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        std::net::TcpStream::connect(address).is_ok()
    };
    for _ in 0..2_000 {
        if addresses.iter().all(open) {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    false
}
