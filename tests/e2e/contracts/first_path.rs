//! Create, read and list rooms; read and update a training day.

use serde_json::json;

use crate::support::Sandboxed;

const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";

#[test]
fn a_room_is_created_read_by_both_names_and_listed() {
    let gateway = Sandboxed::start();
    let body = json!({
        "type": "EXTERNAL_PHYSICAL_ROOM", "external_id": "pr-test", "name": "Sala Coruña", "capacity": 100,
        "telephone": "+34981523698", "postal_code": "00715", "contact_email": "netex@elearning.com",
    });
    let created = gateway.send_json("POST", "/v1/rooms", &body.to_string());
    assert_eq!(created.status, 201, "{created:?}");
    let room = created.json();
    let id = room["id"].as_str().expect("ids are strings").to_owned();
    assert_eq!(
        created.header("location"),
        Some(format!("/v1/rooms/{id}").as_str())
    );
    for (name, value) in body.as_object().expect("an object") {
        assert_eq!(&room[name], value, "{name} is echoed");
    }
    let truth = gateway
        .sandbox
        .room_named("pr-test")
        .expect("the vendor has the room");
    assert_eq!(truth.name, "Sala Coruña");
    assert_eq!(truth.telephone.as_deref(), Some("+34981523698"));
    assert_eq!(truth.contact_email.as_deref(), Some("netex@elearning.com"));

    let by_id = gateway.get(&format!("/v1/rooms/{id}"));
    assert_eq!(by_id.status, 200, "{by_id:?}");
    let by_name = gateway.get("/v1/rooms/by-external-id/pr-test");
    assert_eq!(by_id.json(), by_name.json());
    assert_eq!(by_id.json()["postal_code"], "00715");
    assert!(
        by_id.json().get("contact_email").is_none(),
        "what the vendor never shows is not shown"
    );

    let all = gateway.get("/v1/rooms").json();
    assert_eq!(all["next_cursor"], json!(null));
    let rooms = all["items"].as_array().expect("items");
    assert_eq!(rooms.len(), gateway.sandbox.rooms().len());
    assert!(rooms.contains(&by_id.json()));
}

#[test]
fn pages_hold_every_room_once_and_then_end() {
    let gateway = Sandboxed::start();
    let all = gateway.get("/v1/rooms").json()["items"].clone();
    let mut paged = Vec::new();
    let mut target = "/v1/rooms?limit=7".to_owned();
    for _ in 0..20 {
        let page = gateway.get(&target);
        assert_eq!(page.status, 200, "{page:?}");
        let page = page.json();
        paged.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => target = format!("/v1/rooms?cursor={cursor}"),
            None => {
                assert_eq!(serde_json::Value::Array(paged), all);
                return;
            }
        }
    }
    panic!("the pages do not end");
}

#[test]
fn a_training_day_is_read_and_its_link_set() {
    let gateway = Sandboxed::start();
    let target = format!("/v1/training-days/{DAY}");
    let day = gateway.get(&target);
    assert_eq!(day.status, 200, "{day:?}");
    assert_eq!(day.json()["day_id"], DAY);
    let set = gateway.send_json(
        "PATCH",
        &target,
        r#"{"url":"https://google.meet.com/a?b=1&c=ñ"}"#,
    );
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(set.json()["url"], "https://google.meet.com/a?b=1&c=ñ");
    assert_eq!(
        gateway.get(&target).json()["url"],
        "https://google.meet.com/a?b=1&c=ñ"
    );
    let tokens = gateway
        .sandbox
        .ledger()
        .iter()
        .filter(|seen| seen.operation == "ispring.token")
        .count();
    assert_eq!(tokens, 1, "one token serves all calls");
}

#[test]
fn a_room_that_is_not_there_is_a_problem() {
    let gateway = Sandboxed::start();
    for target in ["/v1/rooms/999999", "/v1/rooms/by-external-id/none"] {
        let answer = gateway.get(target);
        assert_eq!(answer.status, 404);
        assert_eq!(answer.problem(), "room-not-found");
        assert_eq!(answer.json()["upstream"]["name"], "netex");
    }
}
