use sandbox::{Fault, FaultKind, When};
use serde_json::json;

use super::told::{netex, told};
use crate::support::Sandboxed;

const NEW: &str = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"new-1","name":"Aula","contact_email":"a@b.es"}"#;

#[test]
fn codes_that_the_vendor_gives_by_itself() {
    let gateway = Sandboxed::plain();
    told("room-not-found", 404, netex(404, "ERR004")).check(&gateway.get("/v1/rooms/1"));
    told("room-not-found", 404, netex(404, "ERR005"))
        .check(&gateway.get("/v1/rooms/by-external-id/none"));
    for target in [
        "/v1/rooms/1",
        "/v1/rooms/1/status",
        "/v1/rooms/by-external-id/none",
        "/v1/rooms/by-external-id/none/status",
    ] {
        let code = if target.contains("none") {
            "ERR005"
        } else {
            "ERR004"
        };
        let expected = told("room-not-found", 404, netex(404, code)).outcome("not-done");
        let answer = if target.ends_with("status") {
            gateway.send_json("PUT", target, r#"{"status":"active"}"#)
        } else {
            gateway.request("DELETE", target, &[], b"")
        };
        expected.check(&answer);
    }
    // The update's 404 has no code and no body.
    let bare = gateway.send_json(
        "PUT",
        "/v1/rooms/1",
        r#"{"external_id":"none","name":"Aula"}"#,
    );
    told(
        "room-not-found",
        404,
        json!({"name": "netex", "status": 404, "code": null}),
    )
    .outcome("not-done")
    .check(&bare);

    let taken = NEW.replace("new-1", "pr001");
    told("external-id-taken", 409, netex(400, "ERR006"))
        .outcome("not-done")
        .at("/external_id")
        .check(&gateway.send_json("POST", "/v1/rooms", &taken));
    told("external-id-taken", 409, netex(400, "ERR006"))
        .outcome("not-done")
        .at("/external_id")
        .check(&gateway.send_json(
            "PUT",
            "/v1/rooms/2101",
            r#"{"external_id":"pr001","name":"Aula"}"#,
        ));
    for target in ["/v1/rooms/2122", "/v1/rooms/by-external-id/pr023"] {
        told("room-reserved", 409, netex(400, "ROO004"))
            .outcome("not-done")
            .check(&gateway.request("DELETE", target, &[], b""));
    }
    for target in ["/v1/rooms/2123", "/v1/rooms/by-external-id/pr024"] {
        let body = r#"{"external_id":"pr024","name":"Sala","capacity":50}"#;
        told("waiting-list-blocked", 409, netex(400, "ROO005"))
            .outcome("unknown")
            .at("/capacity")
            .check(&gateway.send_json("PUT", target, body));
        let mut room = gateway.sandbox.room(2123).expect("there");
        room.capacity = Some(10);
        gateway.sandbox.put_room(room);
    }
}

#[test]
fn codes_that_our_validation_forestalls() {
    let gateway = Sandboxed::plain();
    for (code, pointer) in [
        ("ERR001", None),
        ("ROO001", Some("/type")),
        ("ROO003", Some("/contact_email")),
    ] {
        for operation in ["netex.create", "netex.replace"] {
            gateway.sandbox.add_fault(Fault::next(
                operation,
                When::Before,
                FaultKind::ErrorCode {
                    code: code.to_owned(),
                },
            ));
            let answer = if operation == "netex.create" {
                gateway.send_json("POST", "/v1/rooms", NEW)
            } else {
                gateway.send_json(
                    "PUT",
                    "/v1/rooms/2101",
                    r#"{"external_id":"pr002","name":"Aula"}"#,
                )
            };
            let mut expected = told("validation-failed", 400, netex(400, code)).outcome("not-done");
            // Nothing of an update without a type can be pointed at for a wrong type.
            expected.pointer =
                pointer.filter(|pointer| operation == "netex.create" || *pointer != "/type");
            expected.check(&answer);
        }
    }
    assert_eq!(gateway.sandbox.room_named("new-1"), None);
}

#[test]
fn a_code_that_no_row_knows_passes_through_by_its_status() {
    let gateway = Sandboxed::plain();
    let answer_of = |kind: FaultKind| {
        gateway
            .sandbox
            .add_fault(Fault::next("netex.create", When::Before, kind));
        gateway.send_json("POST", "/v1/rooms", NEW)
    };
    let coded = |status: u16, code: &str| FaultKind::Status {
        status,
        code: Some(code.to_owned()),
        body: None,
        content_type: None,
        headers: Default::default(),
    };
    // 418 is registered as unused, so it counts as 400 (RFC 9110 §15).
    for status in [400, 409, 418, 422] {
        told("validation-failed", 400, netex(status, "XYZ987"))
            .outcome("not-done")
            .check(&answer_of(coded(status, "XYZ987")));
    }
    for status in [402, 405, 410] {
        told("upstream-error", 502, netex(status, "XYZ987"))
            .outcome("not-done")
            .check(&answer_of(coded(status, "XYZ987")));
    }
    // A code of the catalogue under another status is still that code.
    told("external-id-taken", 409, netex(409, "ERR006"))
        .outcome("not-done")
        .at("/external_id")
        .check(&answer_of(coded(409, "ERR006")));
}
