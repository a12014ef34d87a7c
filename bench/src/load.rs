//! Keep-alive connections that send one request after the other.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends `requests` requests over `connections` connections and checks each status.
///
/// # Errors
/// The first connection that breaks, or the first answer that is not 200.
pub async fn run(
    address: SocketAddr,
    target: &str,
    connections: usize,
    requests: usize,
) -> Result<(), String> {
    let each = requests.div_ceil(connections);
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let target = target.to_owned();
            tokio::spawn(async move { connection(address, &target, each).await })
        })
        .collect();
    for task in tasks {
        task.await.map_err(|error| error.to_string())??;
    }
    Ok(())
}

async fn connection(address: SocketAddr, target: &str, requests: usize) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    let request = format!("GET {target} HTTP/1.1\r\nHost: bench\r\n\r\n");
    let mut buffer = vec![0; 64 * 1024];
    for _ in 0..requests {
        stream.write_all(request.as_bytes()).await.map_err(text)?;
        let mut filled = 0;
        loop {
            let rest = buffer
                .get_mut(filled..)
                .filter(|rest| !rest.is_empty())
                .ok_or("the answer is too large")?;
            let count = stream.read(rest).await.map_err(text)?;
            if count == 0 {
                return Err("the connection ended".to_owned());
            }
            filled += count;
            if whole(buffer.get(..filled).unwrap_or_default())? {
                break;
            }
        }
    }
    Ok(())
}

/// Whether an answer is complete.
fn whole(bytes: &[u8]) -> Result<bool, String> {
    let Some(head_end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(false);
    };
    let head = String::from_utf8_lossy(bytes.get(..head_end).unwrap_or_default());
    if !head.starts_with("HTTP/1.1 200") {
        return Err(format!(
            "not a 200: {}",
            head.lines().next().unwrap_or_default()
        ));
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    Ok(bytes.len() >= head_end + 4 + length.ok_or("no length")?)
}
