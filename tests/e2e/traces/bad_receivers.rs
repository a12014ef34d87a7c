//! Receivers of traces that accept and never read, read a byte a second, hang up in the middle, or are gone: no
//! caller and no vendor call notices, and what was lost is counted.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Stopped, Sender, channel};
use std::time::Duration;

use sandbox::Config;

use crate::support::{Sandboxed, callers};

/// A port where each connection is handed to a thread of its own; dropped, the threads end.
struct Odd {
    address: SocketAddr,
    _stop: Sender<()>,
}

fn odd(serve: fn(TcpStream, &Stopped<()>)) -> Odd {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = channel::<()>();
    std::thread::spawn(move || {
        // One after the other: the rest waits in the backlog, and nobody reads that either.
        for stream in listener.incoming().map_while(Result::ok) {
            serve(stream, &stopped);
        }
    });
    Odd {
        address,
        _stop: stop,
    }
}

fn never_reads(stream: TcpStream, stopped: &Stopped<()>) {
    // Until the test ends.
    let _ = stopped.recv();
    drop(stream);
}

fn reads_slowly(mut stream: TcpStream, stopped: &Stopped<()>) {
    while matches!(stream.read(&mut [0]), Ok(1)) {
        if stopped.recv_timeout(Duration::from_secs(1))
            == Err(std::sync::mpsc::RecvTimeoutError::Disconnected)
        {
            return;
        }
    }
}

fn hangs_up(mut stream: TcpStream, _: &Stopped<()>) {
    // With bytes unread, so that the kernel resets the connection.
    let _ = stream.read(&mut [0; 10]);
}

fn traced(address: SocketAddr) -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!(
            "traces: {{endpoint: 'http://{address}'}}\ndrain: {{delay: 0s, limit: 5s}}\n{}",
            setup.settings
        );
        setup
    })
}

#[test]
fn no_receiver_reaches_a_caller_or_the_end_of_the_process() {
    for serve in [never_reads, reads_slowly, hangs_up] {
        let receiver = odd(serve);
        let mut gateway = traced(receiver.address);
        callers::go_on(&gateway);
        assert_eq!(gateway.readiness(), Some(200));
        gateway.signal("TERM");
        assert_eq!(gateway.wait(), 0);
    }
}
