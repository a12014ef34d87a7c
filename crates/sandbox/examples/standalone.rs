//! The sandbox alone, for a client of your own: `cargo run -p sandbox --example standalone`.

use std::net::{Ipv4Addr, SocketAddr};

use sandbox::{Config, Sandbox};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let config = Config {
        netex: on(8101),
        ispring: on(8102),
        control: Some(on(8100)),
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
    println!("control  http://{}", on(8100));
    let _sandbox = Sandbox::start(config).await?;
    std::future::pending().await
}
