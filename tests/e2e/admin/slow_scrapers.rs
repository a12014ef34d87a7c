//! Scrapers that read nothing, or a byte at a time, or leave in the middle: callers do not notice.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use sandbox::Config;

use crate::support::{Client, Sandboxed, callers, eventually};

const SCRAPE: &[u8] = b"GET /metrics HTTP/1.1\r\nHost: gateway\r\n\r\n";

fn connect(admin: SocketAddr) -> TcpStream {
    TcpStream::connect(admin).expect("the port is open")
}

/// Asks so often that no buffer between us holds all answers, and reads none. What it asks it gives up where the
/// gateway takes no more.
fn reads_nothing(admin: SocketAddr) -> TcpStream {
    let mut stream = connect(admin);
    stream.set_nonblocking(true).expect("an option");
    for _ in 0..2_000 {
        if stream.write_all(SCRAPE).is_err() {
            break;
        }
    }
    stream
}

/// Reads one byte a second, until told to stop.
fn reads_slowly(admin: SocketAddr, stop: Receiver<()>) {
    let mut stream = connect(admin);
    let _ = stream.write_all(&SCRAPE.repeat(50));
    while stop.recv_timeout(Duration::from_secs(1)).is_err() {
        if !matches!(stream.read(&mut [0]), Ok(1)) {
            return;
        }
    }
}

/// Leaves with its answer half read, so that the kernel resets the connection.
fn leaves_in_the_middle(admin: SocketAddr) {
    let mut stream = connect(admin);
    let _ = stream.write_all(&SCRAPE.repeat(20));
    let _ = stream.read(&mut [0; 100]);
}

fn scraped(gateway: &Sandboxed) {
    let answer = eventually("a scrape", || {
        let mut client = Client::try_connect(gateway.admin).ok_or("no connection")?;
        if !client.try_send_raw(SCRAPE) {
            return Err("not taken");
        }
        client.read(false).ok_or("not answered")
    });
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("lms_gateway_requests_total"));
}

#[test]
fn fifty_scrapers_of_the_worst_kind_keep_no_caller_waiting() {
    let gateway = Sandboxed::start();
    let mute: Vec<TcpStream> = (0..20).map(|_| reads_nothing(gateway.admin)).collect();
    let stops: Vec<Sender<()>> = (0..20)
        .map(|_| {
            let (stop, stopped) = channel();
            let admin = gateway.admin;
            std::thread::spawn(move || reads_slowly(admin, stopped));
            stop
        })
        .collect();
    for _ in 0..10 {
        leaves_in_the_middle(gateway.admin);
    }
    callers::go_on(&gateway);
    scraped(&gateway);
    for _ in 0..50 {
        leaves_in_the_middle(gateway.admin);
    }
    callers::go_on(&gateway);
    drop((mute, stops));
    scraped(&gateway);
}

/// More than the admin port has places: those that do not take their answers lose them after `timeouts.write`.
#[test]
fn scrapers_that_fill_every_place_are_cut_and_a_good_one_is_served() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!(
            "timeouts: {{write: 1s, head: 1s, idle: 1s}}\n{}",
            setup.settings
        );
        setup
    });
    let mute: Vec<TcpStream> = (0..80).map(|_| reads_nothing(gateway.admin)).collect();
    callers::go_on(&gateway);
    scraped(&gateway);
    drop(mute);
}
