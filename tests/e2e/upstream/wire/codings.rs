//! Answers that are compressed though nobody asked (RFC 9110 §8.4).

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::support::{Gateway, Scripted, Vendor};

const VIOLATION: &str = "upstream-contract-violation";
const ROOM: &[u8] = br#"{"id":"1","name":"Aula"}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn coded(status: u16, fields: &str, body: &[u8]) -> Scripted {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{fields}\r\n\r\n"
    );
    Scripted::Bytes([head.as_bytes(), body].concat())
}

fn chunked(fields: &str, body: &[u8]) -> Scripted {
    let head = format!("HTTP/1.1 200 x\r\nContent-Type: application/json\r\n{fields}\r\n\r\n");
    let mut bytes = head.into_bytes();
    for piece in body.chunks(3) {
        bytes.extend(format!("{:x}\r\n", piece.len()).bytes());
        bytes.extend(piece);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    Scripted::Bytes(bytes)
}

/// With a limit of an answer that a test can fill.
fn pair() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings = format!(
        "limits: {{answer: 64KiB}}\n{}",
        setup.settings.replace(
            "    auth:",
            "    breaker: {failures: 1000, minimum_calls: 1000}\n    auth:"
        )
    );
    let gateway = setup.start();
    (vendor, gateway)
}

/// A room that was not asked for before.
fn fresh(vendor: &Vendor) -> String {
    format!("/v1/rooms/{}", 1000 + vendor.seen().len())
}

#[test]
fn gzip_and_deflate_are_read_in_every_dress() {
    let (vendor, gateway) = pair();
    let mut two = gzip(&ROOM[..9]);
    two.extend(gzip(&ROOM[9..]));
    let mut padded = gzip(ROOM);
    padded.extend([0; 100]);
    for (what, answer) in [
        ("gzip", coded(200, "Content-Encoding: gzip", &gzip(ROOM))),
        (
            "x-gzip",
            coded(200, "content-encoding: X-GZIP", &gzip(ROOM)),
        ),
        ("zlib", coded(200, "Content-Encoding: deflate", &zlib(ROOM))),
        ("bare", coded(200, "Content-Encoding: deflate", &bare(ROOM))),
        ("blank", coded(200, "Content-Encoding : gzip", &gzip(ROOM))),
        ("two files", coded(200, "Content-Encoding: gzip", &two)),
        ("padding", coded(200, "Content-Encoding: gzip", &padded)),
        ("identity", coded(200, "Content-Encoding: identity", ROOM)),
        ("empty field", coded(200, "Content-Encoding: ", ROOM)),
        (
            "list",
            coded(
                200,
                "Content-Encoding: deflate, identity, gzip",
                &gzip(&zlib(ROOM)),
            ),
        ),
        (
            "lines",
            coded(
                200,
                "Content-Encoding: gzip\r\nContent-Encoding: deflate",
                &bare(&gzip(ROOM)),
            ),
        ),
        (
            "chunked",
            chunked(
                "Content-Encoding: gzip\r\nTransfer-Encoding: chunked",
                &gzip(ROOM),
            ),
        ),
        (
            "transfer coding",
            chunked("Transfer-Encoding: gzip, chunked", &gzip(ROOM)),
        ),
        (
            "to the end of the connection",
            Scripted::Close(
                [
                    b"HTTP/1.1 200 x\r\nContent-Encoding: gzip\r\n\r\n".as_slice(),
                    &gzip(ROOM),
                ]
                .concat(),
            ),
        ),
    ] {
        vendor.will(answer);
        let answer = gateway.get(&fresh(&vendor));
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        assert_eq!(answer.json()["name"], "Aula", "{what}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_and_no_bomb_goes_off() {
    let (vendor, gateway) = pair();
    let mut damaged = gzip(ROOM);
    *damaged.last_mut().expect("a byte") ^= 1;
    let mut followed = gzip(ROOM);
    followed.extend(b"more");
    let bomb = gzip(&vec![b' '; 50_000_000]);
    let double = gzip(&bomb);
    let empty = gzip(b"").repeat(3000);
    let gz = "Content-Encoding: gzip";
    for (what, answer) in [
        ("brotli", coded(200, "Content-Encoding: br", b"\x0b")),
        ("zstd", coded(200, "Content-Encoding: zstd", b"(\xb5/\xfd")),
        (
            "one of two",
            coded(200, "Content-Encoding: gzip, br", &gzip(ROOM)),
        ),
        (
            "five",
            coded(
                200,
                "Content-Encoding: gzip,gzip,gzip,gzip,gzip",
                &gzip(ROOM),
            ),
        ),
        ("damaged", coded(200, gz, &damaged)),
        ("followed", coded(200, gz, &followed)),
        ("none at all", coded(200, gz, ROOM)),
        ("bomb", coded(200, gz, &bomb)),
        (
            "bomb in a bomb",
            coded(200, "Content-Encoding: gzip, gzip", &double),
        ),
        ("many files", coded(200, gz, &empty)),
        ("large", coded(200, gz, &gzip(&vec![b' '; 64 * 1024 + 1]))),
        (
            "chunked first",
            chunked("Transfer-Encoding: chunked, gzip", ROOM),
        ),
    ] {
        vendor.will(answer);
        let answer = gateway.get(&fresh(&vendor));
        let expected = match what {
            "bomb" | "bomb in a bomb" | "large" => "upstream-answer-too-large",
            _ => VIOLATION,
        };
        assert_eq!(answer.problem(), expected, "{what}: {answer:?}");
    }
    // The whole document is there, and the stream has no end. Cut like any other, it is asked for twice.
    let cut = gzip(ROOM);
    for _ in 0..2 {
        vendor.will(coded(200, gz, &cut[..cut.len() - 4]));
    }
    assert_eq!(gateway.get(&fresh(&vendor)).problem(), VIOLATION);
    let exact = [ROOM, &vec![b' '; 64 * 1024 - ROOM.len()]].concat();
    vendor.will(coded(200, gz, &gzip(&exact)));
    assert_eq!(gateway.get(&fresh(&vendor)).status, 200);
}

#[test]
fn a_vendor_that_has_nothing_to_say_says_it_in_any_coding() {
    let (vendor, gateway) = pair();
    for answer in [
        coded(200, "Content-Encoding: gzip", b""),
        coded(200, "Content-Encoding: br", b""),
        chunked("Content-Encoding: br\r\nTransfer-Encoding: chunked", b""),
        Scripted::Bytes(b"HTTP/1.1 204 x\r\nContent-Encoding: gzip\r\n\r\n".to_vec()),
        Scripted::Bytes(b"HTTP/1.1 204 x\r\nContent-Encoding: br\r\n\r\n".to_vec()),
    ] {
        vendor.will(answer.clone());
        let gone = gateway.request("DELETE", "/v1/rooms/1", &[], b"");
        assert_eq!(gone.status, 204, "{answer:?}: {gone:?}");
    }
    assert!(vendor.seen().iter().all(|seen| seen.method == "DELETE"));
}

#[test]
fn a_write_is_done_if_its_body_does_not_count_and_looked_up_if_it_does() {
    let (vendor, gateway) = pair();
    let create = r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"Aula"}"#;
    for (coding, body) in [("br", b"\x0b".to_vec()), ("gzip", b"no gzip".to_vec())] {
        let fields = format!("Content-Encoding: {coding}\r\nLocation: /id/7");
        vendor.will(coded(201, &fields, &body));
        let made = gateway.send_json("POST", "/v1/rooms", create);
        assert_eq!(made.status, 201, "{coding}: {made:?}");
        assert_eq!(made.json()["id"], "7");
    }
    let calls = vendor.seen().len();
    assert_eq!(calls, 2, "no look-up");
    // A delete's body may say KO.
    let said = gzip(br#"{"status":"KO"}"#);
    vendor.will(coded(200, "Content-Encoding: gzip", &said));
    vendor.will(coded(200, "", ROOM));
    vendor.will(coded(200, "", ROOM));
    vendor.will(coded(200, "", ROOM));
    let refused = gateway.request("DELETE", "/v1/rooms/1", &[], b"");
    assert_eq!(refused.json()["outcome"], "unknown", "{refused:?}");
    let calls = vendor.seen().len();
    vendor.will(coded(200, "Content-Encoding: br", b"\x0b"));
    vendor.will(coded(404, "", b"{}"));
    let gone = gateway.request("DELETE", "/v1/rooms/2", &[], b"");
    assert_eq!(gone.status, 204, "a look-up shows it: {gone:?}");
    assert_eq!(vendor.seen().len(), calls + 2);
    // A refusal tells its code.
    let code = gzip(br#"{"code":"ERR006"}"#);
    vendor.will(coded(409, "Content-Encoding: gzip", &code));
    let taken = gateway.send_json("POST", "/v1/rooms", create);
    assert_eq!(taken.problem(), "external-id-taken", "{taken:?}");
    assert_eq!(taken.json()["outcome"], "not-done");
}

#[test]
fn a_token_may_come_compressed() {
    let vendor = Vendor::start();
    let auth = "{kind: oauth2_client_credentials, token_path: /token, client_id: us, client_secret: {env: VENDOR_TOKEN}}";
    let mut setup = vendor.setup();
    setup.settings = setup.settings.replace(
        "{kind: header, name: X-Auth-Token, value: {env: VENDOR_TOKEN}}",
        auth,
    );
    let gateway = setup.start();
    let token = gzip(br#"{"access_token":"abc","expires_in":1800}"#);
    vendor.will(coded(200, "Content-Encoding: gzip", &token));
    vendor.will(coded(200, "Content-Encoding: gzip", &gzip(ROOM)));
    assert_eq!(gateway.get("/v1/rooms/1").status, 200);
    let seen = vendor.seen();
    assert_eq!(seen[0].target, "/token");
    assert_eq!(seen[1].header("authorization"), Some("Bearer abc"));
    for seen in seen {
        let agent = concat!("lms-gateway/", env!("CARGO_PKG_VERSION"));
        assert_eq!(seen.header("user-agent"), Some(agent));
        assert_eq!(seen.header("accept-encoding"), Some("identity"));
    }
}
