//! The sandbox alone, for a client of your own: `cargo run -p sandbox --example standalone [CONTROL NETEX ISPRING]`.
//! The arguments are ports.

use std::net::{Ipv4Addr, SocketAddr};

use sandbox::{Config, Sandbox};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let ports: Result<Vec<u16>, _> = std::env::args().skip(1).map(|port| port.parse()).collect();
    let [control, netex, ispring] = match ports.as_deref() {
        Ok([]) => [8100, 8101, 8102],
        Ok(&[control, netex, ispring]) => [control, netex, ispring],
        _ => {
            return Err(std::io::Error::other(
                "three ports or none: CONTROL NETEX ISPRING",
            ));
        }
    }
    .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let config = Config {
        netex,
        ispring,
        control: Some(control),
        ..Config::default()
    };
    println!(
        "Netex    http://{}  X-Auth-Token: {}",
        config.netex, config.netex_token
    );
    println!(
        "iSpring  http://{}  {} / {}",
        config.ispring, config.ispring_client_id, config.ispring_client_secret
    );
    println!("control  http://{control}");
    let _sandbox = Sandbox::start(config).await?;
    std::future::pending().await
}
