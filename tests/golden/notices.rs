//! The driver itself: an exchange that does not go as its file says is noticed, whatever differs.

use crate::{play, read};

const GOOD: &str = "\
# Reads a room.

> GET /v1/rooms/1

>> netex GET /admin/rest/administration/api/physicalrooms/id/1
>> Accept: application/json

<< 200
<< Content-Type: application/json
| {\"id\": 1}

< 200
< Content-Type: application/json
|: compact json
| {\"id\": \"1\"}
";

async fn complaints(text: &str) -> Vec<String> {
    let exchange = read::exchange(text).unwrap();
    let played = play::play(&exchange).await.unwrap();
    play::complaints(&exchange, &played, false)
}

#[tokio::test(start_paused = true)]
async fn a_right_file_passes_and_each_change_to_it_is_noticed() {
    assert_eq!(complaints(GOOD).await, [""; 0]);
    for (right, wrong) in [
        ("GET /admin", "PUT /admin"),
        ("physicalrooms/id/1", "physicalrooms/id/2"),
        ("netex GET", "ispring GET"),
        (">> Accept: application/json\n", ""),
        (">> Accept: application/json", ">> Accept: application/xml"),
        (
            ">> Accept: application/json",
            ">> Accept: application/json\n| body",
        ),
        (
            "< 200\n< Content-Type: application/json\n|:",
            "< 201\n< Content-Type: application/json\n|:",
        ),
        ("\n< Content-Type: application/json", ""),
        (
            "\n< Content-Type: application/json",
            "\n< Content-Type: application/json\n< Location: /v1/rooms/1",
        ),
        ("{\"id\": \"1\"}", "{\"id\": \"2\"}"),
        ("{\"id\": \"1\"}", "{\"id\": \"1\" }}"),
        ("{\"id\": 1}", "{\"id\": 1, \"name\": \"x\"}"),
    ] {
        // The last place, since the pattern for the answer's field ends the vendor's answer too.
        let at = GOOD.rfind(right).unwrap();
        let mut text = GOOD.to_owned();
        text.replace_range(at..at + right.len(), wrong);
        assert!(!complaints(&text).await.is_empty(), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_too_few_and_a_call_too_many_are_noticed() {
    let pair = &GOOD[GOOD.find(">>").unwrap()
        ..GOOD
            .find("< 200\n< Content-Type: application/json\n|:")
            .unwrap()];
    let few = complaints(&GOOD.replace(pair, &format!("{pair}{pair}"))).await;
    assert!(
        few.iter().any(|one| one.contains("was not made")),
        "{few:?}"
    );
    let many = complaints(&GOOD.replace(pair, "no vendor call\n\n")).await;
    assert!(
        many.iter().any(|one| one.contains("one too many")),
        "{many:?}"
    );
}

#[test]
fn a_file_that_is_not_understood_is_refused() {
    for (right, wrong) in [
        ("# Reads a room.\n", ""),
        (">> Accept: application/json", ">> Accept application/json"),
        (
            ">> Accept: application/json",
            ">> Accept: application/json ",
        ),
        ("<< 200", "<< fine"),
        ("<< 200", "<< lost somewhere"),
        ("|: compact json", "|: pretty json"),
        ("> GET /v1/rooms/1\n", ""),
        (
            "< 200\n< Content-Type: application/json\n|:",
            "? 200\n< Content-Type: application/json\n|:",
        ),
        ("| {\"id\": 1}", "{\"id\": 1}"),
        ("\n>> netex", "\nno vendor call\n\n>> netex"),
    ] {
        assert!(GOOD.contains(right), "{right}");
        let text = GOOD.replacen(right, wrong, 1);
        assert!(read::exchange(&text).is_err(), "{text}");
    }
    assert!(read::exchange(GOOD).is_ok());
}
