use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::upstream::call::send_state::SendState;

const LONG: Duration = Duration::from_secs(20);
const DONE: &[u8] = b"HTTP/1.1 204 x\r\n\r\n";
const REFUSED: &[u8] = b"HTTP/1.1 413 x\r\nContent-Length: 0\r\n\r\n";

/// A vendor that does `serve` with the connections it gets, and how many it has seen.
async fn vendor<F>(
    serve: impl Fn(usize, TcpStream) -> F + Send + 'static,
) -> (Transport, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(count.fetch_add(1, Ordering::SeqCst), stream));
        }
    });
    let transport = Transport::new(url.parse().unwrap(), None, 1000, &[]).unwrap();
    (transport, connections)
}

/// Answers whatever it gets, as long as it gets something.
async fn always(_number: usize, mut stream: TcpStream) {
    while stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0) {
        stream.write_all(DONE).await.unwrap_or_default();
    }
}

fn write(body: Bytes) -> VendorRequest {
    VendorRequest {
        operation: "write".into(),
        method: Method::PUT,
        path_and_query: "/".to_owned(),
        headers: Default::default(),
        body,
        kind: CallKind::Write,
        sent: None,
        trace: None,
        store: None,
    }
}

async fn call(transport: &Transport, body: Bytes, time: Duration) -> Attempt {
    let request = write(body);
    let deadline = Instant::now() + time;
    transport
        .call(&request, &HeaderMap::new(), deadline, &Phases::default())
        .await
}

fn status(attempt: &Attempt) -> Option<u16> {
    match attempt {
        Attempt::Answered(answer) => Some(answer.status),
        _ => None,
    }
}

#[tokio::test]
async fn our_own_deadline_is_no_reason_to_distrust_the_vendor() {
    let (transport, connections) = vendor(always).await;
    let first = call(&transport, Bytes::new(), LONG).await;
    assert_eq!(status(&first), Some(204), "{first:?}");
    let late = call(&transport, Bytes::new(), Duration::ZERO).await;
    assert!(
        matches!(&late, Attempt::NotSent(failure) if failure.kind == FailureKind::Timeout),
        "{late:?}"
    );
    for _ in 0..3 {
        let next = call(&transport, Bytes::new(), LONG).await;
        assert_eq!(status(&next), Some(204), "{next:?}");
    }
    assert_eq!(
        connections.load(Ordering::SeqCst),
        2,
        "the one that was given up, and the one after it"
    );
}

#[tokio::test]
async fn a_write_takes_no_connection_that_was_idle_for_5_seconds() {
    let (transport, connections) = vendor(always).await;
    for (idle, seen) in [(0, 1), (4_000, 1), (5_000, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_millis(idle)).await;
        tokio::time::resume();
        let answer = call(&transport, Bytes::new(), LONG).await;
        assert_eq!(status(&answer), Some(204), "{answer:?}");
        assert_eq!(connections.load(Ordering::SeqCst), seen, "after {idle} ms");
    }
}

#[tokio::test]
async fn a_look_up_gambles_no_more_than_its_write() {
    let (transport, connections) = vendor(always).await;
    let mut request = write(Bytes::new());
    for (kind, seen) in [
        (CallKind::Write, 1),
        (CallKind::FollowUp, 2),
        (CallKind::Read, 2),
        (CallKind::FollowUp, 3),
    ] {
        request.kind = kind;
        let deadline = Instant::now() + LONG;
        let answer = transport
            .call(&request, &HeaderMap::new(), deadline, &Phases::default())
            .await;
        assert_eq!(status(&answer), Some(204), "{answer:?}");
        assert_eq!(connections.load(Ordering::SeqCst), seen, "{kind:?}");
        transport.pool.was_closed();
    }
}

/// More than sockets hold.
fn flood() -> Bytes {
    vec![b'a'; 64 * 1024 * 1024].into()
}

#[tokio::test]
async fn an_answer_is_heard_though_the_vendor_closed_on_the_body() {
    let (transport, _) = vendor(|_, mut stream: TcpStream| async move {
        let _head = stream.read(&mut [0; 4096]).await;
        stream.write_all(REFUSED).await.unwrap_or_default();
    })
    .await;
    for _ in 0..20 {
        let answer = call(&transport, flood(), LONG).await;
        assert_eq!(status(&answer), Some(413), "{answer:?}");
    }
}

#[tokio::test]
async fn a_vendor_that_closes_on_the_body_without_a_word_leaves_it_open() {
    let (transport, _) = vendor(|_, mut stream: TcpStream| async move {
        let _head = stream.read(&mut [0; 4096]).await;
    })
    .await;
    let answer = call(&transport, flood(), LONG).await;
    assert!(
        matches!(&answer, Attempt::ResponseLost(failure) if failure.kind == FailureKind::Closed),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_connection_on_which_nobody_reads_on_keeps_no_call_waiting() {
    let (transport, connections) = vendor(|number, mut stream: TcpStream| async move {
        if number > 0 {
            return always(number, stream).await;
        }
        let _head = stream.read(&mut [0; 4096]).await;
        stream.write_all(REFUSED).await.unwrap_or_default();
        tokio::time::sleep(LONG).await;
    })
    .await;
    let refused = call(&transport, flood(), LONG).await;
    assert_eq!(status(&refused), Some(413), "{refused:?}");
    for _ in 0..3 {
        let next = call(&transport, Bytes::new(), LONG / 4).await;
        assert_eq!(status(&next), Some(204), "{next:?}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 2, "and no distrust");
}

/// Reads `length` bytes.
async fn take(stream: &mut TcpStream, length: usize) -> usize {
    let (mut seen, mut buffer) = (0, vec![0; 64 * 1024]);
    while seen < length {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => seen += read,
            _ => break,
        }
    }
    seen
}

#[tokio::test]
async fn a_vendor_that_answers_early_gets_the_rest_of_the_request() {
    let (ended, end) = tokio::sync::oneshot::channel();
    let ended = std::sync::Mutex::new(Some(ended));
    let (transport, _) = vendor(move |_, mut stream: TcpStream| {
        let ended = ended.lock().unwrap().take();
        async move {
            stream.read_exact(&mut [0; 100]).await.unwrap();
            stream.write_all(DONE).await.unwrap();
            let length = flood().len();
            let seen = take(&mut stream, length).await;
            ended.unwrap().send(seen >= length).unwrap();
        }
    })
    .await;
    let answer = call(&transport, flood(), LONG).await;
    assert_eq!(status(&answer), Some(204), "{answer:?}");
    assert!(end.await.unwrap(), "it was promised to a success");
}

#[tokio::test]
async fn what_a_vendor_says_unasked_is_no_answer_to_the_next() {
    let (transport, connections) = vendor(|number, mut stream: TcpStream| async move {
        let _head = stream.read(&mut [0; 4096]).await;
        let late: &[u8] = if number == 0 { REFUSED } else { b"" };
        stream.write_all(&[DONE, late].concat()).await.unwrap();
        always(number, stream).await;
    })
    .await;
    for _ in 0..3 {
        let answer = call(&transport, Bytes::new(), LONG).await;
        assert_eq!(status(&answer), Some(204), "{answer:?}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_request_of_which_no_byte_was_taken_was_not_sent() {
    for (said, tls, untouched) in [
        (&b""[..], false, true),
        // An answer all the same: to something else.
        (REFUSED, false, true),
        // A record may have left in part.
        (b"", true, false),
    ] {
        let (near, mut far) = tokio::io::duplex(1024);
        far.write_all(said).await.unwrap();
        drop(far);
        let sent = SendState::default();
        let mut request = write(Bytes::new());
        request.sent = Some(sent.clone());
        let connection = Connection {
            stream: Box::new(near),
            tls,
        };
        let sleep = pin!(sleep_until(Instant::now() + LONG));
        let outgoing = Outgoing::new(b"PUT / HTTP/1.1".to_vec(), Bytes::new());
        let tried = send(connection, outgoing, &request, &mut Clock::new(sleep)).await;
        assert_eq!(matches!(tried, Tried::Untouched(..)), untouched, "{said:?}");
        assert_eq!(sent.may_have_been_sent(), !untouched, "{said:?}");
    }
}

#[tokio::test]
async fn a_vendor_that_never_comes_to_the_point_ends_with_the_time() {
    let (transport, _) = vendor(|_, mut stream: TcpStream| async move {
        let hints = b"HTTP/1.1 103 x\r\n\r\n".repeat(4096);
        while stream.write_all(&hints).await.is_ok() {}
    })
    .await;
    let answer = call(&transport, Bytes::new(), Duration::from_millis(200)).await;
    assert!(
        matches!(&answer, Attempt::ResponseLost(failure) if failure.kind == FailureKind::Timeout),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_idle_connection_that_nobody_takes_is_closed() {
    let (ended, end) = tokio::sync::oneshot::channel();
    let ended = std::sync::Mutex::new(Some(ended));
    let (transport, _) = vendor(move |number, stream: TcpStream| {
        let ended = ended.lock().unwrap().take();
        async move {
            always(number, stream).await;
            ended.unwrap().send(()).unwrap();
        }
    })
    .await;
    let answer = call(&transport, Bytes::new(), LONG).await;
    assert_eq!(status(&answer), Some(204), "{answer:?}");
    tokio::time::pause();
    end.await.unwrap();
}

#[tokio::test]
async fn a_large_body_is_read_into_one_buffer() {
    let (transport, _) = vendor(|number, mut stream: TcpStream| async move {
        let body = vec![b'a'; 600_000];
        let _head = stream.read(&mut [0; 4096]).await;
        let head = match number {
            // Announced: the next call would else take a connection whose close has not come yet.
            0 => "HTTP/1.1 200 x\r\nConnection: close\r\nContent-Length: 600000\r\n\r\n",
            1 => {
                "HTTP/1.1 200 x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n927C0\r\n"
            }
            _ => "HTTP/1.1 200 x\r\n\r\n",
        };
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        if number == 1 {
            stream.write_all(b"\r\n0\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let transport = Transport {
        answer_limit: 600_000,
        ..transport
    };
    for framing in ["a length", "chunks", "the end of the connection"] {
        let answer = call(&transport, Bytes::new(), LONG).await;
        let Attempt::Answered(answer) = answer else {
            panic!("{framing}: {answer:?}");
        };
        assert_eq!(answer.cut, None, "{framing}");
        assert_eq!(answer.body.len(), 600_000, "{framing}");
        let body = Vec::from(answer.body);
        let most = if framing == "a length" {
            600_000
        } else {
            750_000
        };
        assert!(body.capacity() <= most, "{framing}: {}", body.capacity());
    }
}

#[test]
fn the_host_is_that_of_the_base_url_and_nothing_else_of_it_is_sent() {
    for (base, host, target) in [
        ("https://A.example/x/", "a.example", "/x/rooms?a=b"),
        ("https://a.example:443", "a.example", "/rooms?a=b"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080", "/rooms?a=b"),
        ("http://[::1]:8080/", "[::1]:8080", "/rooms?a=b"),
        ("https://[2001:DB8::1]/", "[2001:db8::1]", "/rooms?a=b"),
        (
            "https://b\u{fc}cher.example/",
            "xn--bcher-kva.example",
            "/rooms?a=b",
        ),
    ] {
        // Who is trusted does not matter here, and the system's CAs may be missing.
        let plain = base.replace("https:", "http:").replace(":443", "");
        let transport = Transport::new(plain.parse().unwrap(), None, 1000, &[]).unwrap();
        let request = VendorRequest {
            operation: "read".into(),
            method: Method::GET,
            path_and_query: "/rooms?a=b".to_owned(),
            headers: Default::default(),
            body: Bytes::new(),
            kind: CallKind::Read,
            sent: None,
            trace: None,
            store: None,
        };
        let head = transport.common.write(&request, &HeaderMap::new()).unwrap();
        let head = String::from_utf8(head).unwrap();
        let begin = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n");
        assert!(head.starts_with(&begin), "{base}: {head}");
        assert!(!head.contains("content-length"), "{head}");
    }
}

/// A process that was stopped, or a machine that slept: the time of its deadline did not pass.
#[tokio::test]
async fn a_write_whose_place_another_may_have_taken_does_not_begin() {
    use crate::shared::{BootInstant, Clock as LeaseClock};
    let vendor = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", vendor.local_addr().unwrap());
    let transport = Transport::new(base.parse().unwrap(), None, 1000, &[]).unwrap();
    let sent = SendState::default();
    let mut request = write(Bytes::new());
    request.sent = Some(sent.clone());
    sent.send_before(LeaseClock::Boot, BootInstant::from_nanos(1));
    let deadline = Instant::now() + Duration::from_secs(60);
    let (none, phases) = (HeaderMap::new(), Phases::default());
    let attempt = transport.call(&request, &none, deadline, &phases);
    let Attempt::NotSent(failure) = attempt.await else {
        panic!("it began");
    };
    assert_eq!(failure.kind, FailureKind::Timeout);
    assert!(!sent.may_have_been_sent());
}
