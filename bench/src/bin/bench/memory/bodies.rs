//! Callers who send all of a body but its last byte, and what is left when they are gone.

use std::net::SocketAddr;
use std::time::Duration;

use bench::cpu::Pair;
use bench::gateway::Gateway;
use bench::vendor::Vendor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::options::Options;

const CALLERS: usize = 600;
const BODY: usize = 1_000_000;

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    let vendor = Vendor::start()?;
    // Longer than the trial takes.
    let settings = "timeouts: {body: 2m}";
    let gateway = Gateway::start(pair.measured(&options.gateway()), vendor.address, settings)?;
    gateway.light_traffic()?;
    let before = gateway.mebibytes()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let (held, answered) = runtime.block_on(crowd(&gateway))?;
    gateway.light_traffic()?;
    let after = gateway.mebibytes()?;
    println!(
        "\nUnfinished bodies: {CALLERS} callers with 1 MB each but the last byte: at most {held:.1} MiB, {before:.1} MiB before; {answered} were told to come again; ten seconds after they left, under light traffic: {after:.1} MiB"
    );
    Ok(())
}

/// The most that the gateway took meanwhile, in MiB, and how many callers it answered.
async fn crowd(gateway: &Gateway) -> Result<(f64, usize), String> {
    let address = gateway.server.address;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(caller(address));
    }
    let (mut most, mut answered) = (0.0_f64, 0);
    loop {
        let ended = timeout(Duration::from_millis(50), callers.join_next()).await;
        most = most.max(gateway.mebibytes()?);
        match ended {
            Ok(Some(Ok(Ok(true)))) => answered += 1,
            Ok(Some(Ok(Err(error)))) => return Err(error.to_string()),
            Ok(None) => return Ok((most, answered)),
            _ => {}
        }
    }
}

/// Sends, waits for some seconds, and leaves. Whether it got an answer.
async fn caller(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "POST /v1/lists HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {BODY}\r\n\r\n"
    );
    let (mut answer, mut body) = stream.split();
    let send = async {
        body.write_all(head.as_bytes()).await?;
        let list = bench::rooms::request(BODY - 1);
        body.write_all(list.as_bytes()).await?;
        // The list may be a text shorter.
        body.write_all(&vec![b' '; BODY - 1 - list.len()]).await?;
        std::future::pending::<std::io::Result<()>>().await
    };
    let mut bytes = [0; 512];
    let came = async {
        tokio::select! {
            sent = send => sent.map(|()| 0),
            read = answer.read(&mut bytes) => read,
        }
    };
    match timeout(Duration::from_secs(15), came).await {
        Ok(Ok(read)) => Ok(read > 0),
        // Whoever is refused may lose the connection while it sends.
        Ok(Err(_)) => Ok(true),
        Err(_) => Ok(false),
    }
}
