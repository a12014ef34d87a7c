//! Rooms, one and many, in the ways that a vendor or a caller writes them. The same number gives the same bytes.

/// Some 400 bytes of JSON.
#[must_use]
pub fn json(number: u64) -> String {
    format!(
        r#"{{"id":{number},"external_id":"ROOM-{number:07}","name":"Workshop {number} (ground floor)","capacity":{},"address":"Rúa da Torre, {number}, baixo","telephone":"+34 98 155 {:04}","postalCode":"15{:03}","city":"A Coruña","province":"A Coruña","observations":"Two screens, a flip chart & coffee; the lift is 10% slower than the stairs. Ask Xoán at the desk for key number {number:07}."}}"#,
        10 + number % 30,
        number % 10_000,
        number % 1_000,
    )
}

fn xml(number: u64) -> String {
    format!(
        "<room><id>{number}</id><external_id>ROOM-{number:07}</external_id><name>Workshop {number} (ground floor)</name><capacity>{}</capacity><address>Rúa da Torre, {number}, baixo</address><telephone>+34 98 155 {:04}</telephone><postalCode>15{:03}</postalCode><city>A Coruña</city><province>A Coruña</province><observations>Two screens, a flip chart &amp; coffee; the lift is 10% slower than the stairs. Ask Xoán at the desk for key number {number:07}.</observations></room>",
        10 + number % 30,
        number % 10_000,
        number % 1_000,
    )
}

fn remark(number: u64) -> String {
    format!(
        r#""Room {number}: two screens, a flip chart & coffee; ask Xoán at the desk for key {number:07}.""#
    )
}

/// An array of rooms, of `bytes` or a room less.
#[must_use]
pub fn json_list(bytes: usize) -> String {
    fill("[", "]", ",", json, bytes)
}

/// A document of rooms, of `bytes` or a room less.
#[must_use]
pub fn xml_list(bytes: usize) -> String {
    let start = r#"<?xml version="1.0" encoding="UTF-8"?><response>"#;
    fill(start, "</response>", "", xml, bytes)
}

/// A request in JSON with a list of texts, of `bytes` or a text less.
#[must_use]
pub fn request(bytes: usize) -> String {
    fill(
        r#"{"name":"All rooms","remark":["#,
        "]}",
        ",",
        remark,
        bytes,
    )
}

fn fill(start: &str, end: &str, between: &str, one: fn(u64) -> String, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    text.push_str(start);
    for number in 1.. {
        let next = one(number);
        if number > 1 {
            if text.len() + between.len() + next.len() + end.len() > bytes {
                break;
            }
            text.push_str(between);
        }
        text.push_str(&next);
    }
    text.push_str(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_as_long_as_asked_or_one_room_less() {
        for list in [json_list(10_000), xml_list(10_000), request(10_000)] {
            assert!((9_000..=10_000).contains(&list.len()), "{}", list.len());
        }
        let rooms: serde_json::Value = serde_json::from_str(&json_list(10_000)).unwrap();
        assert_eq!(rooms[1]["external_id"], "ROOM-0000002");
        assert!(serde_json::from_str::<serde_json::Value>(&request(10_000)).is_ok());
    }
}
