//! `If-Match` and `If-None-Match` (RFC 9110 §13): no write over what its caller has not seen.

use sandbox::{Config, FaultKind, When};

use crate::support::lab::{Lab, Plan};
use crate::support::sandboxed::Sandboxed;
use crate::support::{Answer, Gateway, Scripted, Vendor};

const ROOM: &str = "/v1/rooms/2101";
const BY_NAME: &str = "/v1/rooms/by-external-id/pr002";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const REPLACEMENT: &str = r#"{"external_id": "pr002", "name": "new"}"#;
const UPSERT: &str = r#"{"type": "PHYSICAL_ROOM", "name": "n"}"#;

/// One way to write, its body, and a GET of the same path.
const WAYS: [(&str, &str, &str); 5] = [
    ("PUT", ROOM, REPLACEMENT),
    ("DELETE", ROOM, ""),
    ("PUT", BY_NAME, r#"{"name": "new"}"#),
    ("DELETE", BY_NAME, ""),
    ("PATCH", DAY, r#"{"url": "https://a.example/new"}"#),
];

fn etag(gateway: &Gateway, target: &str) -> String {
    let answer = gateway.get(target);
    let etag = answer.header("etag").expect("an entity tag");
    assert!(etag.starts_with('"'), "strong: {etag}");
    etag.to_owned()
}

fn send(
    gateway: &Gateway,
    (method, target, body): (&str, &str, &str),
    conditions: &[(&str, &str)],
) -> Answer {
    let mut headers = conditions.to_vec();
    if !body.is_empty() {
        headers.push(("Content-Type", "application/json"));
    }
    gateway.request(method, target, &headers, body.as_bytes())
}

fn writes(lab: &Lab) -> usize {
    let all = crate::support::lab::WRITES;
    all.iter().map(|operation| lab.calls(operation).len()).sum()
}

#[track_caller]
fn failed(answer: &Answer) {
    assert_eq!(answer.status, 412, "{answer:?}");
    assert_eq!(answer.problem(), "precondition-failed");
    assert_eq!(answer.json()["outcome"], "not-done");
}

#[test]
fn a_write_is_done_if_the_resource_is_as_its_caller_knows_it() {
    for way in WAYS {
        let lab = Lab::start();
        let tag = etag(&lab.gateway, way.1);
        let named = format!("\"x\", {tag}");
        let answer = send(&lab.gateway, way, &[("If-Match", &named)]);
        assert!(answer.status < 300, "{way:?}: {answer:?}");
        assert_eq!(writes(&lab), 1);
    }
}

#[test]
fn a_write_over_what_its_caller_has_not_seen_is_not_done() {
    for way in WAYS {
        let lab = Lab::start();
        let tag = etag(&lab.gateway, way.1);
        let weak = format!("W/{tag}");
        for other in ["\"x\"", "\"x\", \"y\"", &weak, ""] {
            failed(&send(&lab.gateway, way, &[("If-Match", other)]));
        }
        assert_eq!(writes(&lab), 0, "{way:?}");
    }
}

/// The tag of a cached answer is compared with what the vendor has now, not with the cache.
#[test]
fn a_change_behind_our_back_is_seen() {
    let lab = Lab::start();
    let tag = etag(&lab.gateway, ROOM);
    let mut room = lab.sandbox.room(2101).unwrap();
    room.name = "changed in the vendor's own pages".to_owned();
    lab.sandbox.put_room(room);
    assert_eq!(etag(&lab.gateway, ROOM), tag, "from the cache");
    failed(&send(&lab.gateway, WAYS[0], &[("If-Match", &tag)]));
    assert_eq!(writes(&lab), 0);
    let fresh = lab
        .gateway
        .request("GET", ROOM, &[("Cache-Control", "no-cache")], b"");
    let tag = fresh.header("etag").unwrap();
    let answer = send(&lab.gateway, WAYS[0], &[("If-Match", tag)]);
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[test]
fn a_star_asks_whether_something_is_there() {
    for way in WAYS {
        let lab = Lab::start();
        failed(&send(&lab.gateway, way, &[("If-None-Match", "*")]));
        assert_eq!(writes(&lab), 0, "{way:?}");
        let answer = send(&lab.gateway, way, &[("If-Match", "*")]);
        assert!(answer.status < 300, "{way:?}: {answer:?}");
    }
    let lab = Lab::start();
    for (method, target, body) in [
        ("PUT", "/v1/rooms/1", REPLACEMENT),
        ("DELETE", "/v1/rooms/1", ""),
        ("PUT", "/v1/rooms/by-external-id/none", UPSERT),
        ("DELETE", "/v1/rooms/by-external-id/none", ""),
    ] {
        for condition in ["*", "\"x\""] {
            failed(&send(
                &lab.gateway,
                (method, target, body),
                &[("If-Match", condition)],
            ));
        }
    }
    assert_eq!(writes(&lab), 0);
}

#[test]
fn an_upsert_creates_only_where_nothing_is() {
    let lab = Lab::start();
    let new = ("PUT", "/v1/rooms/by-external-id/brand-new", UPSERT);
    let star = [("If-None-Match", "*")];
    let answer = send(&lab.gateway, new, &star);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(
        lab.calls("netex.replace").len(),
        0,
        "an update could hit what another has made"
    );
    failed(&send(&lab.gateway, new, &star));
    assert_eq!(writes(&lab), 1);
    // What cannot be a create could only hit what another has made meanwhile.
    let bare = ("PUT", "/v1/rooms/by-external-id/none", r#"{"name": "n"}"#);
    let answer = send(&lab.gateway, bare, &star);
    assert_eq!(answer.problem(), "room-not-found");
    assert_eq!(answer.json()["outcome"], "not-done");
    assert_eq!(writes(&lab), 1);
}

/// Between the read and the write stands another writer.
#[test]
fn an_upsert_keeps_its_condition_where_another_writer_comes_between() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let target = "/v1/rooms/by-external-id/a";
    let taken = Scripted::json(400, r#"{"code": "ERR006"}"#);
    vendor.will(Scripted::json(404, "{}")).will(taken);
    failed(&send(
        &gateway,
        ("PUT", target, UPSERT),
        &[("If-None-Match", "*")],
    ));
    let methods = |vendor: &Vendor| -> Vec<String> {
        vendor
            .seen()
            .iter()
            .map(|seen| seen.method.clone())
            .collect()
    };
    assert_eq!(methods(&vendor), ["GET", "POST"]);
    // It goes meanwhile: no create.
    vendor
        .will(Scripted::json(
            200,
            r#"{"id": 7, "external_id": "a", "name": "n"}"#,
        ))
        .will(Scripted::json(404, "{}"));
    failed(&send(
        &gateway,
        ("PUT", target, UPSERT),
        &[("If-Match", "*")],
    ));
    assert_eq!(methods(&vendor), ["GET", "POST", "GET", "PUT"]);
}

/// Two callers have read the same, and both write it at once.
#[test]
fn of_two_writes_under_one_tag_one_is_done() {
    for way in [WAYS[0], WAYS[4]] {
        let lab = Plan::default().settings("deadline: 20s\n").start();
        let tag = etag(&lab.gateway, way.1);
        let operation = if way.0 == "PUT" {
            "netex.replace"
        } else {
            "ispring.update_day"
        };
        lab.break_next(operation, When::Before, FaultKind::Delay { ms: 600 });
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let write = || {
                let (tag, lab) = (&tag, &lab);
                scope.spawn(move || send(&lab.gateway, way, &[("If-Match", tag)]))
            };
            let writers = [write(), write(), write()];
            writers.map(|writer| writer.join().unwrap()).into()
        });
        let done = answers.iter().filter(|answer| answer.status < 300).count();
        assert_eq!(done, 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status >= 300) {
            failed(answer);
        }
        assert_eq!(lab.calls(operation).len(), 1);
    }
}

#[test]
fn tags_of_if_none_match_name_what_must_not_be_there() {
    let lab = Lab::start();
    let tag = etag(&lab.gateway, ROOM);
    let weak = format!("\"x\", W/{tag}");
    for named in [&tag, &weak] {
        failed(&send(&lab.gateway, WAYS[0], &[("If-None-Match", named)]));
    }
    failed(&send(
        &lab.gateway,
        WAYS[0],
        &[("If-Match", &tag), ("If-None-Match", &tag)],
    ));
    failed(&send(
        &lab.gateway,
        WAYS[0],
        &[("If-Match", "\"x\""), ("If-None-Match", "\"x\"")],
    ));
    assert_eq!(writes(&lab), 0);
    let answer = send(
        &lab.gateway,
        WAYS[0],
        &[("If-Match", &tag), ("If-None-Match", "\"x\"")],
    );
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[test]
fn several_lines_are_one_list_and_what_is_no_list_is_refused() {
    let lab = Lab::start();
    let tag = etag(&lab.gateway, ROOM);
    let asked = lab.sandbox.ledger().len();
    for lines in [
        vec![tag.trim_matches('"')],
        vec!["*", &tag],
        vec!["\"a\", *"],
        vec!["\"a"],
        vec!["\"a\" \"b\""],
    ] {
        for (field, method) in [
            ("If-Match", "PUT"),
            ("If-None-Match", "PUT"),
            ("If-Match", "GET"),
        ] {
            let conditions: Vec<_> = lines.iter().map(|line| (field, *line)).collect();
            let body = if method == "PUT" { REPLACEMENT } else { "" };
            let answer = send(&lab.gateway, (method, ROOM, body), &conditions);
            assert_eq!(answer.status, 400, "{lines:?}: {answer:?}");
            assert_eq!(
                answer.errors(),
                [(field.to_owned(), "bad-precondition".to_owned())]
            );
        }
    }
    assert_eq!(lab.sandbox.ledger().len(), asked);
    let lines = [("If-Match", "\"x\""), ("If-Match", tag.as_str())];
    assert_eq!(send(&lab.gateway, WAYS[0], &lines).status, 204);
}

/// Nobody can say that it holds where no read shows what is there.
#[test]
fn where_no_get_is_no_condition_holds() {
    let lab = Lab::start();
    for target in [
        "/v1/rooms/2101/status",
        "/v1/rooms/by-external-id/pr002/status",
    ] {
        for condition in [
            ("If-Match", "*"),
            ("If-Match", "\"x\""),
            ("If-None-Match", "*"),
        ] {
            let way = ("PUT", target, r#"{"status": "active"}"#);
            failed(&send(&lab.gateway, way, &[condition]));
        }
    }
    assert_eq!(lab.sandbox.ledger(), []);
}

/// The target of a POST is the list, and its tag is that of the list.
#[test]
fn the_condition_of_a_post_is_about_its_own_path() {
    let lab = Lab::start();
    let body = r#"{"type": "PHYSICAL_ROOM", "external_id": "e1", "name": "n"}"#;
    let way = ("POST", "/v1/rooms", body);
    let tag = etag(&lab.gateway, "/v1/rooms");
    failed(&send(&lab.gateway, way, &[("If-Match", "\"x\"")]));
    failed(&send(&lab.gateway, way, &[("If-None-Match", "*")]));
    assert_eq!(writes(&lab), 0);
    let key = ("Idempotency-Key", "k1");
    let answer = send(&lab.gateway, way, &[("If-Match", &tag), key]);
    assert_eq!(answer.status, 201, "{answer:?}");
    // The list is another one now, by this very request.
    let again = send(&lab.gateway, way, &[("If-Match", &tag), key]);
    assert_eq!(again.status, 201, "{again:?}");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    // What failed is not kept under its key.
    let body = r#"{"type": "PHYSICAL_ROOM", "external_id": "e2", "name": "n"}"#;
    let (way, key) = (("POST", "/v1/rooms", body), ("Idempotency-Key", "k2"));
    failed(&send(&lab.gateway, way, &[("If-Match", &tag), key]));
    assert_eq!(send(&lab.gateway, way, &[key]).status, 201);
}

#[test]
fn dates_are_no_condition_here() {
    let lab = Lab::start();
    for field in ["If-Unmodified-Since", "If-Modified-Since"] {
        let date = (field, "Sat, 29 Oct 1994 19:43:31 GMT");
        assert_eq!(send(&lab.gateway, ("GET", ROOM, ""), &[date]).status, 200);
        assert_eq!(send(&lab.gateway, WAYS[0], &[date]).status, 204);
    }
    assert_eq!(lab.calls("netex.replace").len(), 2);
    let range = [("Range", "bytes=0-1"), ("If-Range", "\"x\"")];
    assert_eq!(send(&lab.gateway, ("GET", ROOM, ""), &range).status, 200);
}

#[test]
fn a_read_that_fails_leaves_the_write_undone() {
    for (fault, problem) in [
        (FaultKind::status(503), "upstream-error"),
        (FaultKind::Hang, "upstream-timeout"),
        (FaultKind::status(403), "upstream-access-denied"),
    ] {
        let lab = Lab::start();
        lab.break_all(&["netex.get"], When::Before, |_| fault.clone());
        let answer = send(&lab.gateway, WAYS[0], &[("If-Match", "*")]);
        assert_eq!(answer.problem(), problem, "{answer:?}");
        assert_eq!(answer.json()["outcome"], "not-done");
        assert_eq!(writes(&lab), 0);
    }
}

/// Validation comes first, and then nothing is asked.
#[test]
fn what_is_wrong_with_the_request_is_told_before_its_condition() {
    let lab = Lab::start();
    for (way, status) in [
        (("PUT", ROOM, r#"{"name": 7}"#), 400),
        (("PUT", "/v1/rooms/x", REPLACEMENT), 400),
        (("POST", ROOM, "{}"), 405),
    ] {
        let answer = send(&lab.gateway, way, &[("If-Match", "\"x\"")]);
        assert_eq!(answer.status, status, "{way:?}");
    }
    assert_eq!(lab.sandbox.ledger(), []);
}

#[test]
fn a_failed_condition_leaves_the_cache_as_it_was() {
    let lab = Plan::default()
        .settings("deadline: 2s\ncache: {operations: {getRoom: {ttl: 1h}}}\n")
        .start();
    lab.gateway.get(ROOM);
    failed(&send(&lab.gateway, WAYS[0], &[("If-Match", "\"x\"")]));
    let hit = lab.gateway.get(ROOM);
    assert!(
        hit.header("cache-status").unwrap().contains("; hit"),
        "{hit:?}"
    );
}

#[test]
fn an_uncached_read_has_an_entity_tag_and_304_too() {
    let day = Lab::start();
    let cacheless = Sandboxed::plain_with(Config::default(), |setup| setup);
    for (gateway, target) in [
        (&day.gateway, DAY),
        (&*cacheless, ROOM),
        (&*cacheless, "/v1/rooms"),
        (&*cacheless, "/v1/rooms?limit=2"),
    ] {
        let whole = gateway.get(target);
        assert_eq!(whole.header("cache-control"), Some("private, no-cache"));
        assert_eq!(whole.header("cache-status"), None);
        let tag = etag(gateway, target);
        for method in ["GET", "HEAD"] {
            for named in [tag.clone(), format!("W/{tag}"), "*".to_owned()] {
                let answer = gateway.request(method, target, &[("If-None-Match", &named)], b"");
                assert_eq!(answer.status, 304, "{method} {target} {named}");
                assert_eq!(answer.header("etag"), Some(tag.as_str()));
                assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
                assert_eq!(answer.header("content-type"), None);
            }
        }
        let other = gateway.request("GET", target, &[("If-None-Match", "\"x\"")], b"");
        assert_eq!((other.status, &other.body), (200, &whole.body));
        let head = gateway.client().request("HEAD", target, &[], b"");
        assert_eq!(head.header("etag"), Some(tag.as_str()));
    }
}

/// RFC 9110 §13.1.1 speaks of every method that selects a representation.
#[test]
fn a_read_keeps_if_match_too() {
    let lab = Lab::start();
    for target in [ROOM, DAY] {
        let tag = etag(&lab.gateway, target);
        let weak = format!("W/{tag}");
        for (named, status) in [
            (tag.as_str(), 200),
            ("*", 200),
            ("\"x\"", 412),
            (&weak, 412),
        ] {
            for method in ["GET", "HEAD"] {
                let answer = lab
                    .gateway
                    .request(method, target, &[("If-Match", named)], b"");
                assert_eq!(answer.status, status, "{method} {target} {named}");
            }
        }
        let both = [("If-Match", tag.as_str()), ("If-None-Match", tag.as_str())];
        assert_eq!(lab.gateway.request("GET", target, &both, b"").status, 304);
    }
    let absent = lab
        .gateway
        .request("GET", "/v1/rooms/1", &[("If-Match", "*")], b"");
    assert_eq!(absent.status, 404, "RFC 9110 §13.2.1");
}

#[test]
fn the_document_says_where_conditions_are_kept() {
    let lab = Lab::start();
    let document = &lab.gateway.openapi().document;
    let named = |path: &str, method: &str| -> Vec<String> {
        let parameters = document["paths"][path][method]["parameters"].as_array();
        let parameters = parameters.into_iter().flatten();
        let headers = parameters.filter(|one| one["in"] == "header");
        let names = headers.map(|one| one["name"].as_str().unwrap().to_owned());
        names.filter(|name| name.starts_with("If-")).collect()
    };
    let by_name = "/v1/rooms/by-external-id/{external_id}";
    assert_eq!(named("/v1/rooms/{id}", "put"), ["If-Match"]);
    assert_eq!(named("/v1/rooms/{id}", "delete"), ["If-Match"]);
    assert_eq!(named("/v1/training-days/{day_id}", "patch"), ["If-Match"]);
    assert_eq!(named(by_name, "put"), ["If-Match", "If-None-Match"]);
    assert_eq!(named("/v1/rooms/{id}/status", "put"), Vec::<String>::new());
    let day = &document["paths"]["/v1/training-days/{day_id}"]["get"]["responses"];
    assert!(day["200"]["headers"]["ETag"].is_object());
    assert!(day["304"].is_object());
    let put = &document["paths"]["/v1/rooms/{id}"]["put"]["responses"];
    assert!(put["412"].is_object());
}
