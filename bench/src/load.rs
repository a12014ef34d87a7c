//! Load of our own, for more targets than a list of h2load can hold: one loop over all connections.

use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECTIONS: u64 = 32;

/// Gets the room `room(n)` for each n of `numbers` and checks each status.
///
/// # Errors
/// The first connection that breaks, or the first answer that is not 200.
pub fn rooms(
    address: SocketAddr,
    numbers: Range<u64>,
    room: impl Fn(u64) -> u64 + Clone + Send + 'static,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut connections = JoinSet::new();
        for first in 0..CONNECTIONS {
            let mine = (numbers.start + first..numbers.end).step_by(CONNECTIONS as usize);
            connections.spawn(connection(address, mine.map(room.clone())));
        }
        while let Some(ended) = connections.join_next().await {
            ended.map_err(|error| error.to_string())??;
        }
        Ok(())
    })
}

async fn connection(address: SocketAddr, rooms: impl Iterator<Item = u64>) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).await.map_err(text)?;
    stream.set_nodelay(true).map_err(text)?;
    let mut answer = Vec::with_capacity(4096);
    for room in rooms {
        let request = format!("GET /v1/rooms/{room} HTTP/1.1\r\nHost: bench\r\n\r\n");
        stream.write_all(request.as_bytes()).await.map_err(text)?;
        answer.clear();
        while !whole(&answer)? {
            if stream.read_buf(&mut answer).await.map_err(text)? == 0 {
                return Err("the connection ended".to_owned());
            }
        }
    }
    Ok(())
}

/// Whether an answer is complete.
fn whole(bytes: &[u8]) -> Result<bool, String> {
    let mut fields = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut fields);
    let parsed = response.parse(bytes).map_err(|error| error.to_string())?;
    let httparse::Status::Complete(head) = parsed else {
        return Ok(false);
    };
    if response.code != Some(200) {
        return Err(format!("answers {}", String::from_utf8_lossy(bytes)));
    }
    let length = response
        .headers
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("content-length"))
        .and_then(|field| std::str::from_utf8(field.value).ok()?.parse::<usize>().ok());
    Ok(bytes.len() >= head + length.ok_or("no length")?)
}
