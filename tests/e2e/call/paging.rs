//! The list of rooms: whole, in pages, and what a cursor may be.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sandbox::{Config, Seed};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::Sandboxed;
use crate::support::vendor::{Scripted, Vendor};

#[test]
fn a_list_without_rooms_is_empty_and_has_no_next_page() {
    let config = Config {
        seed: Seed::Empty,
        ..Config::default()
    };
    let gateway = Sandboxed::plain_with(config, |setup| setup);
    for target in ["/v1/rooms", "/v1/rooms?limit=5"] {
        assert_eq!(
            gateway.get(target).json(),
            json!({"items": [], "next_cursor": null}),
            "{target}"
        );
    }
}

#[test]
fn a_room_older_than_the_interface_does_not_spoil_the_list() {
    let gateway = Sandboxed::plain();
    let list = gateway.get("/v1/rooms").json();
    let legacy = &list["items"][0];
    assert_eq!(
        *legacy,
        json!({"id": "2", "name": "Sala antigua", "city": "Burgo"}),
        "null is absence"
    );
    assert_eq!(gateway.get("/v1/rooms/2").json(), *legacy);
}

#[test]
fn a_page_asks_the_vendor_for_both_indices_or_none() {
    let gateway = Sandboxed::plain();
    let first = gateway.get("/v1/rooms?limit=20").json();
    let cursor = first["next_cursor"]
        .as_str()
        .expect("more follows")
        .to_owned();
    let second = gateway
        .get(&format!("/v1/rooms?limit=20&cursor={cursor}"))
        .json();
    assert_eq!(second["items"].as_array().expect("items").len(), 5);
    gateway.get("/v1/rooms");
    let base = "/admin/rest/administration/api/physicalrooms";
    let targets: Vec<String> = gateway
        .sandbox
        .ledger()
        .into_iter()
        .map(|seen| seen.target)
        .collect();
    assert_eq!(
        targets,
        [
            format!("{base}?startIndex=0&count=20"),
            format!("{base}?startIndex=20&count=20"),
            base.to_owned()
        ]
    );
}

#[test]
fn a_cursor_is_ours_unchanged_and_stands_alone() {
    let gateway = Sandboxed::plain();
    let first = gateway.get("/v1/rooms?limit=7").json();
    let cursor = first["next_cursor"]
        .as_str()
        .expect("more follows")
        .to_owned();
    gateway.sandbox.clear_ledger();
    let upper = cursor.to_uppercase();
    for query in [
        "cursor=".to_owned(),
        "cursor=3".to_owned(),
        format!("cursor={cursor}00"),
        format!("cursor={upper}"),
        format!("cursor={cursor}&limit=8"),
        format!("cursor={cursor}&limit=7&limit=7"),
        format!("cursor={cursor}&cursor={cursor}"),
        format!("cursor={cursor}&colour=red"),
    ] {
        let answer = gateway.get(&format!("/v1/rooms?{query}"));
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        assert_eq!(answer.problem(), "invalid-cursor");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
    assert_eq!(
        gateway.get(&format!("/v1/rooms?cursor={cursor}")).status,
        200
    );
    // Replicas and restarts agree.
    let other = Sandboxed::plain();
    assert_eq!(
        other.get(&format!("/v1/rooms?cursor={cursor}")).json(),
        gateway.get(&format!("/v1/rooms?cursor={cursor}")).json()
    );
}

#[test]
fn a_limit_is_a_number_from_1_to_500() {
    let gateway = Sandboxed::plain();
    for (limit, code) in [
        ("0", "minimum"),
        ("501", "maximum"),
        ("-1", "minimum"),
        ("x", "type"),
        ("1.5", "type"),
        ("", "type"),
    ] {
        let answer = gateway.get(&format!("/v1/rooms?limit={limit}"));
        assert_eq!(answer.status, 400, "{limit}: {answer:?}");
        assert_eq!(
            answer.errors(),
            [("limit".to_owned(), code.to_owned())],
            "{limit}"
        );
    }
    let unknown = gateway.get("/v1/rooms?limits=3&foo=1");
    let detail = unknown.json()["errors"][0]["detail"]
        .as_str()
        .expect("a detail")
        .to_owned();
    assert!(detail.contains("did you mean `limit`"), "{detail}");
    assert_eq!(unknown.errors().len(), 2, "all at once: {unknown:?}");
    assert_eq!(gateway.sandbox.ledger(), []);
}

/// A cursor of version 2 as anybody can make it: it has a checksum and no secret.
fn forged(content: &str) -> String {
    let mut digest = Sha256::new();
    for part in ["listRooms", content] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let mut bytes = vec![2];
    bytes.extend(&digest.finalize()[..8]);
    bytes.extend(content.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn a_forged_cursor_gets_no_more_than_a_query_and_blames_no_vendor() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    // A vendor that does not mind where a page starts.
    vendor.always(Scripted::json(200, r#"[{"id":"1","name":"Aula"}]"#));
    let get = |content: &str| gateway.get(&format!("/v1/rooms?cursor={}", forged(content)));
    let honest = get("[25,25,{}]");
    assert_eq!(honest.status, 200, "the forger knows the form: {honest:?}");
    let calls = vendor.seen().len();
    for content in [
        "[0,1000000000,{}]",
        "[0,0,{}]",
        "[2147483648,25,{}]",
        "[18446744073709551615,25,{}]",
        r#"[0,25,{"name":["x"]}]"#,
    ] {
        assert_eq!(get(content).problem(), "invalid-cursor", "{content}");
    }
    assert_eq!(
        vendor.seen().len(),
        calls,
        "nothing of it reached the vendor"
    );
    assert_eq!(get("[2147483647,500,{}]").problem(), "invalid-cursor");
}
