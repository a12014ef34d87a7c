use sandbox::Room;

use crate::lab::{Lab, refused};

const SAMPLE: &str = "external_id=pr001&name=Sala+2&capacity=120&address=Calle+Icaria+31\
&telephone=%2B34981523699&postalCode=00716&city=Burgos&province=Ourense&observations=Nada\
&contactEmail=outro%40elearning.com";

#[test]
fn replaces_by_id_and_by_external_id_and_keeps_type_and_id() {
    for path in ["/id/2145", "/externalid/pr001"] {
        let lab = Lab::new();
        let before = lab.sandbox.room(2145).unwrap();
        let reply = lab.rooms("PUT", path, SAMPLE);
        assert_eq!((reply.status, reply.text()), (200, ""), "{path}");
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            lab.sandbox.room(2145).unwrap(),
            Room {
                name: "Sala 2".to_owned(),
                capacity: Some(120),
                address: text("Calle Icaria 31"),
                telephone: text("+34981523699"),
                postal_code: text("00716"),
                city: text("Burgos"),
                province: text("Ourense"),
                observations: text("Nada"),
                contact_email: text("outro@elearning.com"),
                version: 2,
                ..before
            }
        );
        let recorded = lab.last();
        assert_eq!(
            (recorded.operation, recorded.applied),
            ("netex.replace", true)
        );
    }
}

#[test]
fn an_empty_form_or_an_uncovered_field_is_err001() {
    let lab = Lab::new();
    for form in ["", "external_id=pr001", "name=A", "external_id=&name=A"] {
        assert_eq!(
            lab.rooms("PUT", "/id/2145", form).error(),
            refused(400, "ERR001"),
            "{form}"
        );
    }
    assert_eq!(lab.sandbox.room(2145).unwrap().version, 1);
}

#[test]
fn a_bad_address_is_roo003() {
    let lab = Lab::new();
    let form = "external_id=pr001&name=A&contactEmail=netex";
    assert_eq!(
        lab.rooms("PUT", "/id/2145", form).error(),
        refused(400, "ROO003")
    );
}

#[test]
fn a_rename_passes_unless_the_name_is_taken() {
    let lab = Lab::new();
    assert_eq!(
        lab.rooms("PUT", "/externalid/pr001", "external_id=pr002&name=A")
            .error(),
        refused(400, "ERR006")
    );
    assert_eq!(
        lab.rooms("PUT", "/externalid/pr001", "external_id=pr999&name=A")
            .status,
        200
    );
    assert_eq!(lab.sandbox.room_named("pr001"), None);
    assert_eq!(lab.sandbox.room_named("pr999").unwrap().id, 2145);
}

#[test]
fn a_missing_room_is_404_without_a_code() {
    let lab = Lab::new();
    for path in ["/id/9", "/externalid/none"] {
        let reply = lab.rooms("PUT", path, SAMPLE);
        assert_eq!((reply.status, reply.text()), (404, ""), "{path}");
    }
}

#[test]
fn raising_a_blocked_capacity_is_roo005_and_lowering_is_fine() {
    let lab = Lab::new();
    let put = |capacity| {
        lab.rooms(
            "PUT",
            "/id/2123",
            &format!("external_id=pr024&name=A&capacity={capacity}"),
        )
    };
    assert_eq!(put(11).error(), refused(400, "ROO005"));
    assert_eq!(put(9).status, 200);
    lab.sandbox.put_room(Room {
        waiting_list_blocked: false,
        ..lab.sandbox.room(2123).unwrap()
    });
    assert_eq!(put(12).status, 200);
}
