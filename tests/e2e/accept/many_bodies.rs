//! What the bodies of all callers hold together is bounded, and a few who hold much keep nobody out.

use std::time::{Duration, Instant};

use sandbox::Config;

use crate::support::eventually;
use crate::support::{Answer, Client, Sandboxed};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn gateway(bodies: &str) -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!("limits: {{bodies: {bodies}}}\n{}", setup.settings);
        setup
    })
}

/// A good room, as long as that by its blanks.
fn room(name: &str, length: usize) -> Vec<u8> {
    let mut body =
        format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"{name}","name":"Aula"}}"#).into_bytes();
    body.resize(length.max(body.len()), b' ');
    body
}

fn head(length: usize) -> Vec<u8> {
    format!("POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n").into_bytes()
}

/// Sends all of a body but its last bytes, as far as somebody reads it.
fn hog(gateway: &Sandboxed, name: &str) -> (Client, Vec<u8>) {
    let body = room(name, 100_000);
    let mut client = gateway.client();
    let (most, rest) = body.split_at(99_000);
    client.send_raw(&[&head(body.len()), most].concat());
    (client, rest.to_vec())
}

fn is_overloaded(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.problem(), "overloaded");
    assert_eq!(answer.json()["outcome"], "not-done");
    assert_eq!(answer.header("retry-after"), Some("1"));
}

fn under_way(gateway: &Sandboxed, count: f64) {
    eventually("all who are under way", || {
        gateway.metric("lms_gateway_requests_in_flight") >= count
    });
}

#[test]
fn callers_who_hold_everything_and_send_nothing_make_room() {
    let gateway = gateway("256KiB");
    let mut hogs: Vec<_> = (0..12)
        .map(|n| hog(&gateway, &format!("hog-{n}")))
        .collect();
    under_way(&gateway, 12.0);
    // They are more than there is room for, and none of them will end by itself for half a minute.
    let started = Instant::now();
    for n in 0..3 {
        let answer = gateway.client().request(
            "POST",
            "/v1/rooms",
            &[JSON],
            &room(&format!("small-{n}"), 0),
        );
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(15), "not starved");
    // Who asks for no room waits for none.
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    let mut refused = 0;
    for (client, rest) in &mut hogs {
        let _it_may_be_refused = client.try_send_raw(rest);
        match client.read(false) {
            Some(answer) if answer.status == 201 => {}
            Some(answer) => {
                is_overloaded(&answer);
                refused += 1;
            }
            None => panic!("no answer"),
        }
    }
    assert!(refused > 0, "twelve do not fit");
    let all = gateway
        .client()
        .request("POST", "/v1/rooms", &[JSON], &room("all", 100_000));
    assert_eq!(all.status, 201, "all of it is free again: {all:?}");
}

#[test]
fn of_many_large_bodies_at_once_each_is_taken_or_told_to_come_again() {
    let gateway = gateway("512KiB");
    let before = gateway.sandbox.rooms().len();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let send = |n: usize| {
            let body = room(&format!("large-{n}"), 200_000);
            let mut client = gateway.client();
            client.send_raw(&head(body.len()));
            for part in body.chunks(20_000) {
                if !client.try_send_raw(part) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            client.read(false).expect("an answer")
        };
        let callers: Vec<_> = (0..16).map(|n| scope.spawn(move || send(n))).collect();
        let answers = callers.into_iter().map(|caller| caller.join());
        answers.map(|answer| answer.expect("answered")).collect()
    });
    let (taken, told): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    told.iter().for_each(is_overloaded);
    assert!(taken.len() >= 2, "somebody comes to an end: {taken:?}");
    assert_eq!(gateway.sandbox.rooms().len(), before + taken.len());
}

#[test]
fn who_leaves_takes_nothing_along() {
    let gateway = gateway("128KiB");
    for _ in 0..5 {
        let hogs = [hog(&gateway, "a"), hog(&gateway, "b")];
        under_way(&gateway, 1.0);
        drop(hogs);
    }
    // Who waits for room is seen to have left when it is its turn to be read.
    let body = room("whole", 100_000);
    let until = Instant::now() + Duration::from_secs(15);
    loop {
        let answer = gateway
            .client()
            .request("POST", "/v1/rooms", &[JSON], &body);
        if answer.status == 201 {
            break;
        }
        is_overloaded(&answer);
        assert!(Instant::now() < until, "they hold it for good");
    }
}

#[test]
fn a_body_that_is_larger_than_the_budget_is_too_large() {
    let gateway = gateway("64KiB");
    let fits = gateway
        .client()
        .request("POST", "/v1/rooms", &[JSON], &room("a", 65_536));
    assert_eq!(fits.status, 201, "alone it has all of it: {fits:?}");
    let large = gateway
        .client()
        .request("POST", "/v1/rooms", &[JSON], &room("b", 65_537));
    assert_eq!(large.problem(), "content-too-large", "{large:?}");
    assert!(
        large.json()["detail"]
            .as_str()
            .is_some_and(|text| text.contains("65536"))
    );
    // The same where the length is not told.
    let mut chunked = gateway.client();
    chunked.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunk = [b"2000\r\n".as_slice(), &[b' '; 0x2000], b"\r\n"].concat();
    for _ in 0..9 {
        let _it_may_be_refused = chunked.try_send_raw(&chunk);
    }
    let answer = chunked.read(false).expect("an answer");
    assert_eq!(answer.problem(), "content-too-large");
}

#[test]
fn a_reload_changes_the_budget() {
    let gateway = gateway("64KiB");
    let body = room("a", 100_000);
    let post = || {
        gateway
            .client()
            .request("POST", "/v1/rooms", &[JSON], &body)
    };
    assert_eq!(post().problem(), "content-too-large");
    let path = gateway.folder().join("gateway.yaml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, text.replace("bodies: 64KiB", "bodies: 256KiB")).expect("writable");
    gateway.signal("HUP");
    gateway.wait_for_log("reloaded");
    assert_eq!(post().status, 201);
}
