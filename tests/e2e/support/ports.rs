//! Ports that nobody else takes between choosing and binding them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::net::TcpSocket;

/// Below the ports that the system gives to connections and to whoever asks for any.
const FIRST: u16 = 12_000;
/// More than one run ever takes: a port that comes round again may be one that a sandbox holds without
/// listening, and both would get it.
const BLOCK: u16 = 10_000;
const BLOCKS: u16 = 2;

/// The ports of this test run: the first is held as long as the run lasts, so that another run at the
/// same time takes other ones.
struct Block {
    first: u16,
    _lease: TcpListener,
    next: AtomicU16,
}

fn block() -> &'static Block {
    static BLOCK_OF_THIS_RUN: OnceLock<Block> = OnceLock::new();
    BLOCK_OF_THIS_RUN.get_or_init(|| {
        let mut blocks = (0..BLOCKS).map(|index| FIRST + index * BLOCK);
        let taken = blocks.find_map(|first| Some((first, bind(first)?)));
        let (first, lease) = taken.expect("fewer than three test runs at once");
        Block {
            first,
            _lease: lease,
            next: AtomicU16::new(0),
        }
    })
}

fn bind(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}

/// Asked without listening: a child process that another test is starting would keep a copy of the
/// listener for a moment, and the port would be taken by nobody.
fn nobody_listens_on(address: SocketAddr) -> bool {
    let ask = || {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)
    };
    ask().is_ok()
}

/// An address on loopback that nobody listens on.
pub fn free_port() -> SocketAddr {
    let block = block();
    for _ in 0..BLOCK {
        let offset = block.next.fetch_add(1, Ordering::Relaxed) % (BLOCK - 1);
        let port = block.first + 1 + offset;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if nobody_listens_on(address) {
            return address;
        }
    }
    panic!("the test run has used up its ports");
}
