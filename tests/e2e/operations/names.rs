//! Each alert and each panel asks for what the binary shows from its start: a renamed metric, label or value would be silence.

use sandbox::Config;
use serde_json::Value;

use super::exposed::Exposed;
use super::files::{alerts, repository, text};
use super::queries::Query;
use crate::support::Sandboxed;

/// What the expressions, by who has them, do not find.
fn lacking(exposed: &Exposed, asked: &[(String, String)]) -> Vec<String> {
    let of = |(who, expression): &(String, String)| {
        let lacks = exposed.lacks(&Query::parse(expression));
        lacks
            .into_iter()
            .map(move |what| format!("{who}: {what}"))
            .collect::<Vec<_>>()
    };
    asked.iter().flat_map(of).collect()
}

fn expressions_of_alerts() -> Vec<(String, String)> {
    let of = |alert: &Value| {
        (
            text(alert, "/alert").to_owned(),
            text(alert, "/expr").to_owned(),
        )
    };
    alerts().iter().map(of).collect()
}

/// Of panels and variables.
fn expressions_of_the_dashboard() -> Vec<(String, String)> {
    let file = std::fs::read(repository("deploy/grafana/lms-gateway.json")).expect("the dashboard");
    let dashboard: Value = serde_json::from_slice(&file).expect("JSON");
    let mut asked = Vec::new();
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let title = text(panel, "/title").to_owned();
            asked.push((title, text(target, "/expr").to_owned()));
        }
    }
    for variable in dashboard["templating"]["list"]
        .as_array()
        .expect("variables")
    {
        if variable["type"] == "query" {
            let name = text(variable, "/name").to_owned();
            let query = text(variable, "/query/query");
            let (metric, label) = query
                .strip_prefix("label_values(")
                .and_then(|rest| rest.strip_suffix(')')?.split_once(", "))
                .unwrap_or_else(|| panic!("not label_values(metric, label): {query}"));
            asked.push((name, format!("sum by ({label}) ({metric})")));
        }
    }
    asked
}

#[test]
fn what_alerts_and_dashboard_ask_for_is_there_from_the_start() {
    // With a quota and a store, so that all is there that can be; there is no server.
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        let callers = "callers: [{name: a, key: {env: KEY_A}, quota: {requests: 9, per: 1s}}]\n";
        let shared = "shared: {url: 'redis://127.0.0.1:1', cache: true}\n";
        setup.settings = format!("{callers}{shared}{}", setup.settings);
        setup.env("KEY_A", "key-of-a")
    });
    let exposed = Exposed::parse(&gateway.admin_get("/metrics").text());
    let asked = [expressions_of_alerts(), expressions_of_the_dashboard()].concat();
    assert!(asked.len() > 60, "{asked:?}");
    let lacking = lacking(&exposed, &asked);
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn what_is_not_there_is_found() {
    let exposed = Exposed::parse("# TYPE a_total counter\na_total{code=\"\",by=\"x\"} 0\nb 1\n");
    for (good, bad) in [
        ("a_total", "c_total"),
        ("a_total{by=\"x\"}", "a_total{by=\"y\"}"),
        ("a_total{by=~\"$it\", code=\"\"}", "a_total{to=~\"$it\"}"),
        (
            "rate(a_total{by=~\".\"}[5m])",
            "rate(a_total{by=~\"x|z\"}[5m])",
        ),
        ("sum by (by, job) (b + on (job) a_total)", "sum by (by) (b)"),
        (
            "b * on (job) group_left (code) a_total",
            "b * on (to) a_total",
        ),
        ("up == 0 and on (instance) b", "up == 0 and on (instance) c"),
    ] {
        let of = |query: &str| exposed.lacks(&Query::parse(query));
        assert_eq!(of(good), Vec::<String>::new(), "{good}");
        assert_eq!(of(bad).len(), 1, "{bad}: {:?}", of(bad));
    }
}
