//! Series that can be known stand in the metrics from the start, so that nobody misses a first event.

use std::collections::BTreeSet;

use sandbox::{Config, FaultKind};
use serde_json::Value;

use crate::support::gateway::command;
use crate::support::{Gateway, Sandboxed, eventually};

const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

/// Every series, without its value.
fn series(gateway: &Gateway) -> BTreeSet<String> {
    let text = gateway.admin_get("/metrics").text();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let names = samples.filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned()));
    names.collect()
}

/// What `check` says of the files of a gateway that runs.
fn checked(gateway: &Gateway, arguments: &[&str]) -> String {
    let checked = command()
        .args(["check", "--config", "gateway.yaml"])
        .args(arguments)
        .current_dir(gateway.folder())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
    String::from_utf8(checked.stdout).unwrap()
}

#[test]
fn check_says_how_many_series_there_are_and_it_is_so() {
    let gateway = Sandboxed::start();
    let count = series(&gateway).len();
    assert!(count < 2_000, "{count}");
    let text = checked(&gateway, &[]);
    assert!(text.contains(&format!("\nseries: {count}\n")), "{text}");
    let json: Value = serde_json::from_str(&checked(&gateway, &["--format", "json"])).unwrap();
    assert_eq!(json["series"], count);
}

#[test]
fn with_a_store_there_are_those_of_the_fleet() {
    let alone = series(&Sandboxed::start()).len();
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        let shared = "shared: {url: 'redis://127.0.0.1:1', cache: true}\n";
        setup.settings = format!("{shared}{}", setup.settings);
        setup
    });
    let all = series(&gateway);
    let text = checked(&gateway, &[]);
    assert!(
        text.contains(&format!("\nseries: {}\n", all.len())),
        "{text}"
    );
    let is_of_fleet = |name: &String| {
        let labels = [
            "phase=\"store\"",
            "phase=\"members\"",
            "code=\"coordination-unavailable\"",
        ];
        name.starts_with("lms_gateway_shared_") || labels.iter().any(|label| name.contains(label))
    };
    let of_fleet = all.iter().filter(|name| is_of_fleet(name)).count();
    assert_eq!(all.len(), alone + of_fleet);
    assert!((100..600).contains(&of_fleet), "{of_fleet}");
}

#[test]
fn what_happens_adds_no_series() {
    let gateway = Sandboxed::plain_with(Config::default(), |setup| setup);
    let before = series(&gateway);
    for (method, target, body) in [
        ("GET", ROOM, ""),
        ("GET", "/v1/rooms?limit=2", ""),
        ("GET", "/v1/rooms?limit=2&cursor=junk", ""),
        ("GET", "/v1/rooms/999999", ""),
        ("GET", DAY, ""),
        ("GET", "/nothing", ""),
        ("BREW", ROOM, ""),
        ("POST", ROOM, ""),
        ("OPTIONS", ROOM, ""),
        ("GET", "/problems", ""),
        ("GET", "/problems/no-such", ""),
        ("POST", "/v1/rooms", "{}"),
        ("POST", "/v1/rooms", "{"),
        (
            "POST",
            "/v1/rooms",
            r#"{"type":"PHYSICAL_ROOM","external_id":"s1","name":"Sala"}"#,
        ),
        (
            "POST",
            "/v1/rooms",
            r#"{"type":"PHYSICAL_ROOM","external_id":"s1","name":"Sala"}"#,
        ),
        (
            "PUT",
            "/v1/rooms/by-external-id/s2",
            r#"{"type":"PHYSICAL_ROOM","name":"Sala"}"#,
        ),
        ("PUT", "/v1/rooms/by-external-id/s2", r#"{"name":"Sala 2"}"#),
        ("PUT", "/v1/rooms/2101/status", r#"{"status":"inactive"}"#),
        ("PATCH", DAY, r#"{"url":"https://a.example"}"#),
        ("DELETE", "/v1/rooms/by-external-id/s2", ""),
    ] {
        if body.is_empty() {
            gateway.request(method, target, &[], b"");
        } else {
            gateway.send_json(method, target, body);
        }
    }
    gateway.request("GET", ROOM, &[("Accept", "text/html")], b"");
    gateway.request("GET", ROOM, &[("If-Match", "\"x\"")], b"");
    gateway.request("GET", ROOM, &[("If-None-Match", "*")], b"");
    gateway.request("GET", ROOM, &[("Cache-Control", "only-if-cached")], b"");
    for status in [400, 401, 403, 404, 409, 429, 500, 503] {
        let kind = FaultKind::Status {
            status,
            body: None,
            content_type: None,
            code: None,
            headers: Default::default(),
        };
        gateway.while_failing("netex.get", kind.clone(), || gateway.get(ROOM));
        gateway.while_failing("ispring.update_day", kind, || {
            gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#)
        });
    }
    for kind in [FaultKind::Close, FaultKind::Truncate { bytes: 200 }] {
        gateway.while_failing("netex.get", kind.clone(), || gateway.get(ROOM));
        gateway.while_failing("netex.status", kind, || {
            gateway.send_json("PUT", "/v1/rooms/2101/status", r#"{"status":"active"}"#)
        });
    }
    let after = series(&gateway);
    let new: Vec<_> = after.difference(&before).collect();
    assert_eq!(new, Vec::<&String>::new());
}

#[test]
fn a_reload_tells_its_contract_and_its_outcome() {
    let gateway = Sandboxed::start();
    let successful = "lms_gateway_config_last_reload_successful";
    let when = "lms_gateway_config_last_reload_success_timestamp_seconds";
    assert_eq!(gateway.metric(successful), 1.0);
    let loaded = gateway.metric(when);
    assert!(loaded > 1.7e9, "{loaded}");
    let builds = || -> Vec<String> {
        let all = series(&gateway).into_iter();
        all.filter(|one| one.starts_with("lms_gateway_build_info"))
            .collect()
    };
    let before = builds();
    assert_eq!(before.len(), 1, "{before:?}");
    let contract = gateway.folder().join("contract.yaml");
    let good = std::fs::read_to_string(&contract).unwrap();
    std::fs::write(&contract, "nonsense: [").unwrap();
    gateway.signal("HUP");
    eventually("the refusal", || gateway.metric(successful) == 0.0);
    assert_eq!(builds(), before);
    let renamed = good.replace("getTrainingDay", "getDay");
    std::fs::write(&contract, renamed).unwrap();
    gateway.signal("HUP");
    eventually("the reload", || gateway.metric(successful) == 1.0);
    assert!(gateway.metric(when) >= loaded);
    let after = builds();
    assert_eq!(after.len(), 1, "{after:?}");
    assert_ne!(after, before);
    let json: Value = serde_json::from_str(&checked(&gateway, &["--format", "json"])).unwrap();
    let digest = json["digest"].as_str().unwrap();
    assert!(after[0].contains(digest), "{after:?}");
    let stands = |operation: &str| {
        let label = format!("operation=\"{operation}\"");
        series(&gateway).iter().any(|one| one.contains(&label))
    };
    assert!(stands("getDay"), "what is new stands there with 0");
    assert!(stands("getTrainingDay"), "what is gone stays");
}

#[test]
fn a_token_tells_its_end_and_rejections_are_counted() {
    let expiry = r#"lms_gateway_upstream_token_expiry_timestamp_seconds{upstream="ispring"}"#;
    let rejections = |by: &str, upstream: &str| {
        format!(
            "lms_gateway_upstream_credential_rejections_total{{by=\"{by}\",upstream=\"{upstream}\"}}"
        )
    };
    let gateway = Sandboxed::plain();
    assert_eq!(gateway.metric(expiry), 0.0);
    assert!(series(&gateway).contains(expiry));
    let fixed = expiry.replace("ispring", "netex");
    assert!(!series(&gateway).contains(&fixed), "it has no token");
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(gateway.get(DAY).status, 200);
    let end = gateway.metric(expiry);
    assert!(end > now.as_secs_f64(), "{end}");
    assert_eq!(gateway.metric(&rejections("vendor-403", "netex")), 0.0);
    let kind = FaultKind::Status {
        status: 403,
        body: None,
        content_type: None,
        code: None,
        headers: Default::default(),
    };
    gateway.while_failing("netex.get", kind, || gateway.get(ROOM));
    assert_eq!(gateway.metric(&rejections("vendor-403", "netex")), 1.0);
    let wrong = Sandboxed::plain_with(Config::default(), |setup| {
        setup.env("ISPRING_CLIENT_SECRET", "wrong")
    });
    assert_eq!(wrong.get(DAY).problem(), "upstream-credentials-rejected");
    let counted = wrong.metric(&rejections("token-endpoint", "ispring"));
    assert_eq!(counted, 1.0);
    assert_eq!(wrong.metric(expiry), 0.0);
}
