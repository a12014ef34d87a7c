use sandbox::{Authorization, DayWrapping, EmptyUrl, UpdateAnswer};
use serde_json::json;

use crate::support::Sandboxed;

const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";

#[test]
fn a_day_is_read_in_both_wrappings() {
    let gateway = Sandboxed::plain();
    let target = format!("/v1/training-days/{DAY}");
    let mut seen = Vec::new();
    for wrapping in [DayWrapping::ResponseDay, DayWrapping::Response] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.day_wrapping = wrapping);
        seen.push(gateway.get(&target).json());
        let answer = gateway.send_json("PATCH", &target, r#"{"url":"https://a.example/1"}"#);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["duration"], 5400, "{wrapping:?}");
        let mut day = gateway.sandbox.day(DAY).expect("there");
        day.url = Some("https://meet.example/antiga?a=1&b=2".to_owned());
        gateway.sandbox.put_day(day);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0]["day_id"], DAY);
}

#[test]
fn an_update_that_answers_with_nothing_is_a_success() {
    let gateway = Sandboxed::plain();
    gateway
        .sandbox
        .set_assumptions(|rules| rules.update_answer = UpdateAnswer::Empty);
    let answer = gateway.send_json(
        "PATCH",
        &format!("/v1/training-days/{DAY}"),
        r#"{"url":"https://a.example/ñ"}"#,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.json(),
        json!({"day_id": DAY, "url": "https://a.example/ñ"})
    );
    assert_eq!(
        gateway.sandbox.day(DAY).expect("there").url.as_deref(),
        Some("https://a.example/ñ")
    );
}

#[test]
fn an_empty_link_is_refused_even_where_the_vendor_would_clear_it() {
    let gateway = Sandboxed::plain();
    let before = gateway.sandbox.day(DAY);
    for rule in [EmptyUrl::Refused, EmptyUrl::Clears] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.empty_url = rule);
        let answer = gateway.send_json(
            "PATCH",
            &format!("/v1/training-days/{DAY}"),
            r#"{"url":""}"#,
        );
        assert_eq!(answer.problem(), "validation-failed");
    }
    assert_eq!(gateway.sandbox.day(DAY), before);
}

#[test]
fn the_scheme_of_the_token_is_a_setting() {
    for (scheme, taken, other) in [
        ("Bearer", Authorization::Bearer, Authorization::Bare),
        ("\"\"", Authorization::Bare, Authorization::Bearer),
    ] {
        let gateway = Sandboxed::plain_with(sandbox::Config::default(), |mut setup| {
            setup.settings = setup
                .settings
                .replace("scheme: Bearer", &format!("scheme: {scheme}"));
            setup
        });
        let target = format!("/v1/training-days/{DAY}");
        gateway
            .sandbox
            .set_assumptions(|rules| rules.authorization = taken);
        assert_eq!(gateway.get(&target).status, 200, "{scheme}");
        gateway
            .sandbox
            .set_assumptions(|rules| rules.authorization = other);
        assert_eq!(
            gateway.get(&target).problem(),
            "upstream-credentials-rejected",
            "{scheme}"
        );
    }
}
