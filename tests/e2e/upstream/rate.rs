//! A vendor gets no more calls than its rate lets through.

use crate::support::lab::Plan;

#[test]
fn what_a_vendors_rate_does_not_let_through_is_not_sent() {
    let lab = Plan::default()
        .settings("cache: {enabled: false}\n")
        .upstreams("    rate: {requests: 2, per: 100s}\n    queue: {wait: 100ms}\n")
        .start();
    for room in [2101, 2102] {
        assert_eq!(lab.gateway.get(&format!("/v1/rooms/{room}")).status, 200);
    }
    let read = lab.gateway.get("/v1/rooms/2101");
    let write = lab.gateway.request("DELETE", "/v1/rooms/2102", &[], b"");
    for refused in [&read, &write] {
        assert_eq!(refused.problem(), "upstream-unavailable", "{refused:?}");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((40..=50).contains(&wait), "{wait}");
    }
    assert_eq!(write.json()["outcome"], "not-done");
    let calls = (
        lab.calls("netex.get").len(),
        lab.calls("netex.delete").len(),
    );
    assert_eq!(calls, (2, 0));
    let shed = r#"lms_gateway_upstream_refused_total{reason="shed",upstream="netex"}"#;
    assert_eq!(lab.gateway.metric(shed), 2.0);
}

#[test]
fn a_call_whose_turn_comes_in_time_waits_for_it() {
    let lab = Plan::default()
        .settings("cache: {enabled: false}\n")
        .upstreams("    rate: {requests: 1, per: 300ms}\n    queue: {wait: 5s}\n")
        .start();
    for _ in 0..3 {
        assert_eq!(lab.gateway.get("/v1/rooms/2101").status, 200);
    }
    let calls = lab.calls("netex.get");
    assert_eq!(calls.len(), 3);
}
