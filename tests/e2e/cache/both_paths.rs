//! A hit is answered at once where its head is plain, and by all stages where it is not: nobody can tell which.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{FRESH, is_hit, lab, settings};
use crate::support::eventually;
use crate::support::lab::Plan;

const ROOM: &str = "/v1/rooms/2101";
/// It asks for nothing (RFC 9111 §5.2.1.2 lets us give less), and makes a head one that is read as a whole.
const WHOLE: (&str, &str) = ("Cache-Control", "max-stale=1");

const KEYS: &str = "callers:\n  - {name: reader, key: {env: READER_KEY}, operations: [getRoom]}\n";

type Seen = (u16, BTreeMap<String, String>, Vec<u8>);

#[test]
fn a_hit_is_the_same_by_either_path() {
    let lab = lab(FRESH);
    let etag = lab.gateway.get(ROOM).header("etag").unwrap().to_owned();
    let (weak, list) = (format!("W/{etag}"), format!("\"x\" , {etag}"));
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut client = lab.gateway.client();
    for fields in [
        vec![],
        vec![("Accept", "*/*")],
        vec![("Accept", "text/html, application/json;q=0.1")],
        vec![("Accept", "text/html")],
        vec![("Accept", "")],
        vec![("If-None-Match", etag.as_str())],
        vec![("If-None-Match", weak.as_str())],
        vec![("If-None-Match", list.as_str())],
        vec![("If-None-Match", "*")],
        vec![("If-None-Match", "\"other\"")],
        vec![("If-None-Match", "junk")],
        vec![("If-None-Match", "")],
        vec![("traceparent", trace)],
        vec![("traceparent", "junk")],
        vec![("Range", "bytes=0-3")],
        vec![("If-Modified-Since", "Sat, 01 May 2027 00:00:00 GMT")],
        vec![("Authorization", "Basic eDp5")],
        vec![("X-Long", LONG.as_str())],
        vec![("X-Long", LONG.as_str()), ("X-Longer", LONG.as_str())],
    ] {
        for method in ["GET", "HEAD"] {
            for target in [
                ROOM,
                "/v1/rooms/02101",
                "/v1/rooms/x",
                "/v1/rooms/2101/",
                "/docs/x",
            ] {
                let mut ask = |more: &[(&str, &str)]| -> Seen {
                    let fields = [&fields, more].concat();
                    let answer = client.request(method, target, &fields, b"");
                    let told = ["age", "date", "cache-status"];
                    let headers = answer.headers.iter().map(|(name, value)| {
                        let name = name.to_ascii_lowercase();
                        let value = if told.contains(&name.as_str()) {
                            value.split("ttl=").next().unwrap_or_default().to_owned()
                        } else {
                            value.clone()
                        };
                        let moves = matches!(name.as_str(), "age" | "date");
                        (name, if moves { String::new() } else { value })
                    });
                    let headers = headers.collect();
                    (answer.status, headers, without_trace(&answer.body))
                };
                let (plain, whole) = (ask(&[]), ask(&[WHOLE]));
                assert_eq!(plain, whole, "{method} {target} {fields:?}");
            }
        }
    }
}

static LONG: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| "a".repeat(9_000));

/// A problem tells the trace, which is another for each request.
fn without_trace(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut members)) => {
            members.remove("trace_id");
            Value::Object(members).to_string().into_bytes()
        }
        _ => body.to_vec(),
    }
}

#[test]
fn its_record_is_the_same_too() {
    let lab = lab(FRESH);
    let _ = lab.gateway.get(ROOM);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let mut client = lab.gateway.client();
    let series = "lms_gateway_requests_total{code=\"\",operation=\"getRoom\",status=\"200\"}";
    let hits = "lms_gateway_cache_requests_total{operation=\"getRoom\",result=\"hit\"}";
    let (answered, found) = (lab.gateway.metric(series), lab.gateway.metric(hits));
    for more in [&[][..], &[WHOLE]] {
        let fields = [&[("traceparent", parent.as_str())], more].concat();
        assert!(is_hit(&client.request("GET", ROOM, &fields, b"")));
    }
    assert_eq!(lab.gateway.metric(series), answered + 2.0);
    assert_eq!(lab.gateway.metric(hits), found + 2.0);
    let lines = || -> Vec<Value> {
        let log = lab.gateway.log();
        let lines = log.lines().filter(|line| line.contains(trace));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    eventually("both lines", || lines().len() == 2);
    let mut lines = lines();
    for line in &mut lines {
        let members = line.as_object_mut().unwrap();
        assert!(members.remove("timestamp").is_some());
        assert!(
            members
                .remove("duration_ms")
                .is_some_and(|ms| ms.as_f64().unwrap() > 0.0)
        );
        // Only the whole way has a stage that checks values.
        let mut phases = members.remove("phases_ms").unwrap();
        let phases = phases.as_object_mut().unwrap();
        phases.remove("validate");
        assert_eq!(phases.keys().collect::<Vec<_>>(), ["other"]);
    }
    assert_eq!(lines[0], lines[1]);
    assert_eq!(lines[0]["cache"], "hit");
}

#[test]
fn a_key_counts_on_either_path() {
    let plan = Plan::default().settings(&format!("{}{KEYS}", settings(FRESH)));
    let lab = plan.start_with(|setup| setup.env("READER_KEY", "a-key-of-the-reader"));
    let mut client = lab.gateway.client();
    let key = ("Authorization", "Bearer a-key-of-the-reader");
    let _ = client.request("GET", ROOM, &[key], b"");
    for more in [&[][..], &[WHOLE]] {
        for (field, status) in [
            (Some(key), 200),
            (Some(("Authorization", "bearer  a-key-of-the-reader ")), 200),
            (Some(("Authorization", "Bearer another")), 401),
            (None, 401),
        ] {
            let fields: Vec<_> = field.into_iter().chain(more.iter().copied()).collect();
            let answer = client.request("GET", ROOM, &fields, b"");
            assert_eq!(answer.status, status, "{fields:?}");
        }
        let list = client.request("GET", "/v1/rooms", &[&[key], more].concat(), b"");
        assert_eq!(list.status, 403);
    }
}
