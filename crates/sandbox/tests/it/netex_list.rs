use sandbox::{Config, Room, Seed};
use serde_json::json;

use crate::lab::{Lab, Reply};

fn ids(reply: &Reply) -> Vec<u64> {
    let body = reply.json();
    body.as_array()
        .unwrap()
        .iter()
        .map(|room| room["id"].as_u64().unwrap())
        .collect()
}

#[test]
fn the_whole_list_is_200_and_json() {
    let lab = Lab::new();
    let reply = lab.rooms("GET", "", "");
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("application/json;charset=UTF-8")
    );
    let all: Vec<u64> = lab.sandbox.rooms().iter().map(|room| room.id).collect();
    assert_eq!(ids(&reply), all);
    assert_eq!(all.len(), 25);
    assert_eq!(lab.last().operation, "netex.list");
}

#[test]
fn a_room_shows_the_documented_fields_and_no_other() {
    let reply = Lab::new().rooms("GET", "", "");
    let rooms = reply.json();
    let sample = rooms.as_array().unwrap().last().unwrap();
    assert_eq!(
        *sample,
        json!({
            "id": 2145, "external_id": "pr001", "name": "Sala de conferencias 1", "capacity": 100,
            "address": "Calle Icaria 30", "telephone": "+34981523698", "postalCode": "15008",
            "city": "Burgo", "province": "A Coruña",
            "observations": "Sala de conferencias para eventos externos"
        })
    );
}

#[test]
fn pages_are_206_from_a_zero_based_start() {
    let lab = Lab::new();
    let first = lab.rooms("GET", "?startIndex=0&count=2", "");
    assert_eq!((first.status, ids(&first)), (206, vec![2, 2101]));
    let last = lab.rooms("GET", "?startIndex=24&count=10", "");
    assert_eq!((last.status, ids(&last)), (206, vec![2145]));
    let all = lab.rooms("GET", "?startIndex=0&count=100", "");
    assert_eq!(
        (all.status, ids(&all).len()),
        (206, 25),
        "paged is 206 even where it is the whole"
    );
}

#[test]
fn bad_indexes_are_416() {
    let lab = Lab::new();
    for query in [
        "?startIndex=0",
        "?count=10",
        "?startIndex=-1&count=10",
        "?startIndex=0&count=-1",
        "?startIndex=0&count=0",
        "?startIndex=a&count=10",
        "?startIndex=&count=10",
        "?startIndex=0&count=1.5",
        "?startIndex=25&count=1",
        "?startIndex=99999999999&count=1",
        "?startindex=0&count=1",
    ] {
        let reply = lab.rooms("GET", query, "");
        assert_eq!((reply.status, reply.text()), (416, ""), "{query}");
    }
}

#[test]
fn no_rooms_is_204_paged_or_not() {
    let lab = Lab::with(Config {
        seed: Seed::Empty,
        ..Config::default()
    });
    for query in ["", "?startIndex=0&count=10"] {
        let reply = lab.rooms("GET", query, "");
        assert_eq!((reply.status, reply.text()), (204, ""), "{query}");
        assert_eq!(reply.header("content-length"), None);
    }
    lab.sandbox.put_room(Room::new(0, "one", "Una"));
    assert_eq!(ids(&lab.rooms("GET", "", "")), [1]);
}
