//! HTTP's own words: entity tags, ages, directives.

use super::{FRESH, cache_status, is_hit, lab, reads};
use crate::support::Answer;

const ROOM: &str = "/v1/rooms/2101";

#[test]
fn an_answer_says_how_old_it_is_and_how_long_it_may_be_kept() {
    let lab = lab(FRESH);
    let miss = lab.gateway.get(ROOM);
    let max_age = |answer: &Answer| -> u64 {
        let text = answer.header("cache-control").unwrap();
        text.strip_prefix("private, max-age=")
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(
        cache_status(&miss).starts_with("lms-gateway; fwd=uri-miss; fwd-status=200; stored; ttl=")
    );
    assert_eq!(miss.header("age"), None);
    // The ttl of an hour, shortened by a tenth at most.
    assert!((3_240..=3_600).contains(&max_age(&miss)), "{miss:?}");
    let hit = lab.gateway.get(ROOM);
    assert!(cache_status(&hit).starts_with("lms-gateway; hit; ttl="));
    assert!(hit.header("age").unwrap().parse::<u64>().unwrap() < 60);
    assert_eq!(max_age(&hit), max_age(&miss));
    assert_eq!(hit.body, miss.body);
    let page = lab.gateway.get("/v1/rooms?limit=2");
    assert!(
        cache_status(&page).contains("; fwd-status=206; stored"),
        "{page:?}"
    );
    let uncached = lab
        .gateway
        .get("/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692");
    assert_eq!(uncached.header("cache-status"), None);
    let problem = lab.gateway.get("/v1/rooms/1");
    assert_eq!(problem.header("cache-control"), Some("no-store"));
    assert_eq!(
        cache_status(&problem),
        "lms-gateway; fwd=uri-miss; fwd-status=404"
    );
}

#[test]
fn who_has_it_already_gets_304() {
    let lab = lab(FRESH);
    let first = lab.gateway.get(ROOM);
    let etag = first.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"'), "strong: {etag}");
    let mut client = lab.gateway.client();
    for method in ["GET", "HEAD"] {
        for named in [
            etag.clone(),
            format!("W/{etag}"),
            "*".to_owned(),
            format!("\"x\", {etag}"),
        ] {
            let answer = client.request(method, ROOM, &[("If-None-Match", &named)], b"");
            assert_eq!(answer.status, 304, "{method} {named}");
            assert_eq!(answer.header("etag"), Some(etag.as_str()));
            assert_eq!(
                answer.header("cache-control"),
                first.header("cache-control")
            );
            assert_eq!(answer.header("content-type"), None);
            assert_eq!(answer.header("content-length"), None);
        }
        let other = client.request(method, ROOM, &[("If-None-Match", "\"x\"")], b"");
        assert_eq!(
            (other.status, other.header("etag")),
            (200, Some(etag.as_str()))
        );
    }
    // Also when the vendor had to be asked.
    let answer = client.request(
        "GET",
        ROOM,
        &[("If-None-Match", &etag), ("Cache-Control", "no-cache")],
        b"",
    );
    assert_eq!(answer.status, 304, "{answer:?}");
    let problem = client.request("GET", "/v1/rooms/1", &[("If-None-Match", "*")], b"");
    assert_eq!(problem.status, 404);
}

#[test]
fn head_has_what_get_has() {
    let lab = lab(FRESH);
    let mut client = lab.gateway.client();
    let head = client.request("HEAD", ROOM, &[], b"");
    let get = client.request("GET", ROOM, &[], b"");
    assert!(is_hit(&get), "one entry for both");
    for name in ["etag", "content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert_eq!(
        get.header("content-length"),
        Some(get.body.len().to_string().as_str())
    );
}

#[test]
fn entity_tags_are_equal_after_a_restart_and_at_another_replica() {
    let tags = || {
        let lab = lab(FRESH);
        let tag = |target| lab.gateway.get(target).header("etag").unwrap().to_owned();
        [
            "/v1/rooms/2101",
            "/v1/rooms/by-external-id/pr002",
            "/v1/rooms",
            "/v1/rooms?limit=2",
        ]
        .map(tag)
    };
    let first = tags();
    assert_eq!(first, tags());
    assert_eq!(first[0], first[1], "equal bytes");
    assert_ne!(first[0], first[2]);
}

fn asking(lab: &crate::support::lab::Lab, directive: &str) -> Answer {
    lab.gateway
        .request("GET", ROOM, &[("Cache-Control", directive)], b"")
}

#[test]
fn callers_can_ask_for_the_vendor_or_for_no_vendor() {
    let lab = lab(FRESH);
    let none = asking(&lab, "only-if-cached");
    assert_eq!(
        (none.status, none.problem()),
        (504, "not-in-cache".to_owned())
    );
    assert_eq!(reads(&lab), 0);
    lab.gateway.get(ROOM);
    assert!(is_hit(&asking(&lab, "only-if-cached")));
    assert!(is_hit(&asking(&lab, "max-age=600, max-stale=3")));
    for (calls, directive) in ["no-cache", "max-age=0", "min-fresh=3601"]
        .into_iter()
        .enumerate()
    {
        let answer = asking(&lab, directive);
        assert!(
            cache_status(&answer).starts_with("lms-gateway; fwd=request; fwd-status=200; stored"),
            "{answer:?}"
        );
        assert_eq!(reads(&lab), 2 + calls);
    }
    assert_eq!(
        asking(&lab, "no-cache, only-if-cached").problem(),
        "not-in-cache"
    );
    let other = lab.gateway.request(
        "GET",
        "/v1/rooms/2102",
        &[("Cache-Control", "no-store")],
        b"",
    );
    assert_eq!(
        cache_status(&other),
        "lms-gateway; fwd=uri-miss; fwd-status=200"
    );
    assert!(!is_hit(&lab.gateway.get("/v1/rooms/2102")));
}

/// Where nothing is ever kept, nothing is in the cache.
#[test]
fn only_if_cached_calls_no_vendor_where_nothing_is_cached() {
    let day = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
    for (cache, targets) in [
        ("{}", vec![day]),
        (
            "{enabled: false}",
            vec![ROOM, "/v1/rooms", "/v1/rooms?limit=2", day],
        ),
        (
            "{operations: {getRoom: {enabled: false}, listRooms: {enabled: false}}}",
            vec![ROOM, "/v1/rooms", "/v1/rooms?limit=2"],
        ),
        ("{budget: 1B}", vec![ROOM]),
    ] {
        let lab = lab(cache);
        if cache.contains("budget") {
            lab.gateway.get(ROOM);
        }
        let before = lab.sandbox.ledger().len();
        for target in targets {
            for directive in ["only-if-cached", "max-stale, only-if-cached, no-store"] {
                for method in ["GET", "HEAD"] {
                    let headers = [("Cache-Control", directive)];
                    let answer = lab.gateway.request(method, target, &headers, b"");
                    assert_eq!(answer.status, 504, "{cache} {method} {target}: {answer:?}");
                    if method == "GET" {
                        assert_eq!(answer.problem(), "not-in-cache");
                    }
                    assert_eq!(answer.header("cache-control"), Some("no-store"));
                }
            }
        }
        assert_eq!(lab.sandbox.ledger().len(), before, "{cache}");
    }
    let ignoring = lab("{enabled: false, ignore_client_directives: true}");
    assert_eq!(asking(&ignoring, "only-if-cached").status, 200);
}

#[test]
fn the_other_directives_do_no_harm_where_nothing_is_cached() {
    let lab = lab("{enabled: false}");
    for directive in [
        "no-cache",
        "no-store",
        "max-age=0",
        "max-age=60",
        "max-stale",
        "min-fresh=5",
        "no-transform",
        "x=\"only-if-cached, only-if-cached\"",
    ] {
        assert_eq!(asking(&lab, directive).status, 200, "{directive}");
    }
    assert_eq!(reads(&lab), 8);
    // RFC 9111 §4: a write always goes through.
    let headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "only-if-cached"),
    ];
    let body = super::replacement("pr002", "new");
    let answer = lab.gateway.request("PUT", ROOM, &headers, body.as_bytes());
    assert_eq!(answer.status, 204);
}

#[test]
fn pragma_asks_for_the_vendor_where_nothing_newer_is_said() {
    let lab = lab(FRESH);
    lab.gateway.get(ROOM);
    let pragma = ("Pragma", "no-cache");
    let answer = lab.gateway.request("GET", ROOM, &[pragma], b"");
    assert!(cache_status(&answer).contains("fwd=request"), "{answer:?}");
    let newer = [pragma, ("Cache-Control", "max-age=3600")];
    assert!(is_hit(&lab.gateway.request("GET", ROOM, &newer, b"")));
    let hidden = [("Cache-Control", "x=\"a, no-cache, b\"")];
    assert!(is_hit(&lab.gateway.request("GET", ROOM, &hidden, b"")));
    let lines = [
        ("Cache-Control", "max-stale"),
        ("Cache-Control", "No-Cache"),
    ];
    let answer = lab.gateway.request("GET", ROOM, &lines, b"");
    assert!(cache_status(&answer).contains("fwd=request"), "{answer:?}");
}

#[test]
fn the_operator_can_ignore_what_callers_ask_for() {
    let lab = lab("{ignore_client_directives: true, operations: {getRoom: {ttl: 1h}}}");
    lab.gateway.get(ROOM);
    for directive in ["no-cache", "max-age=0", "no-store", "only-if-cached"] {
        assert!(is_hit(&asking(&lab, directive)), "{directive}");
    }
    assert_eq!(reads(&lab), 1);
}
