use sandbox::{Config, RoomType, Seed};

use crate::lab::{FORM, Lab, ROOMS, refused, request, send};

/// The sample of the page, encoded.
const SAMPLE: &str = "type=EXTERNAL_PHYSICAL_ROOM&external_id=sala-nova&name=Sala+de+conferencias+1\
&capacity=100&address=Calle+Icaria+30&telephone=%2B34981523698&postalCode=00715&city=Burgo\
&province=A+Coru%C3%B1a&observations=Sala+de+conferencias+para+eventos+externos\
&contactEmail=netex%40elearning.com";

#[test]
fn answers_201_with_a_location_and_keeps_every_field() {
    let lab = Lab::new();
    let reply = lab.rooms("POST", "", SAMPLE);
    assert_eq!((reply.status, reply.text()), (201, ""));
    let location = format!("http://vendor.example{ROOMS}/id/2146");
    assert_eq!(
        reply.header("location"),
        Some(location.as_str()),
        "next after the highest"
    );

    let room = lab.sandbox.room_named("sala-nova").unwrap();
    assert_eq!(room.id, 2146);
    assert_eq!(room.name, "Sala de conferencias 1");
    assert_eq!(room.room_type, RoomType::ExternalPhysicalRoom);
    assert_eq!(room.capacity, Some(100));
    assert_eq!(room.address.as_deref(), Some("Calle Icaria 30"));
    assert_eq!(room.telephone.as_deref(), Some("+34981523698"));
    assert_eq!(room.postal_code.as_deref(), Some("00715"));
    assert_eq!(room.city.as_deref(), Some("Burgo"));
    assert_eq!(room.province.as_deref(), Some("A Coruña"));
    assert_eq!(
        room.observations.as_deref(),
        Some("Sala de conferencias para eventos externos")
    );
    assert_eq!(room.contact_email.as_deref(), Some("netex@elearning.com"));
    assert!(room.active);
    assert_eq!(room.version, 1);

    let recorded = lab.last();
    assert_eq!(recorded.operation, "netex.create");
    assert_eq!(recorded.body, SAMPLE.as_bytes());
    assert_eq!((recorded.status, recorded.applied), (Some(201), true));
}

#[test]
fn an_empty_form_or_an_uncovered_field_is_err001() {
    let lab = Lab::new();
    for form in [
        "",
        "external_id=a&name=A",
        "type=PHYSICAL_ROOM&name=A",
        "type=PHYSICAL_ROOM&external_id=a",
        "type=PHYSICAL_ROOM&external_id=+&name=A",
        "type=&external_id=a&name=A",
        "type=PHYSICAL_ROOM&external_id=a&name=%zz",
    ] {
        assert_eq!(
            lab.rooms("POST", "", form).error(),
            refused(400, "ERR001"),
            "{form}"
        );
        assert_eq!((lab.last().status, lab.last().applied), (Some(400), false));
    }
    assert_eq!(lab.sandbox.room_named("a"), None);
}

#[test]
fn an_unknown_type_is_roo001() {
    let reply = Lab::new().rooms("POST", "", "type=physical_room&external_id=a&name=A");
    assert_eq!(reply.error(), refused(400, "ROO001"));
}

#[test]
fn a_bad_address_of_an_external_room_is_roo003() {
    let lab = Lab::new();
    for email in [
        "netex", "a@b", "@b.es", "a%40", "a@b@c.es", "a+b@c.es", "a@.es", "a@b.",
    ] {
        let form = format!("type=EXTERNAL_PHYSICAL_ROOM&external_id=a&name=A&contactEmail={email}");
        assert_eq!(
            lab.rooms("POST", "", &form).error(),
            refused(400, "ROO003"),
            "{email}"
        );
    }
}

#[test]
fn a_taken_external_id_is_err006_with_status_400() {
    let lab = Lab::new();
    let form = "type=PHYSICAL_ROOM&external_id=pr001&name=A";
    assert_eq!(lab.rooms("POST", "", form).error(), refused(400, "ERR006"));
    let kept = lab.sandbox.room_named("pr001").unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.version),
        ("Sala de conferencias 1", 1)
    );
}

#[test]
fn a_capacity_that_is_no_integer_is_a_bare_400() {
    let lab = Lab::new();
    for capacity in ["many", "1.0", "1e2", "2147483648", "%20 1"] {
        let form = format!("type=PHYSICAL_ROOM&external_id=a&name=A&capacity={capacity}");
        let reply = lab.rooms("POST", "", &form.replace(' ', "+"));
        assert_eq!((reply.status, reply.text()), (400, ""), "{capacity}");
    }
}

#[test]
fn a_wrong_or_missing_token_is_401_and_nothing_happens() {
    let lab = Lab::with(Config {
        seed: Seed::Empty,
        ..Config::default()
    });
    for headers in [vec![], vec![("X-Auth-Token", "sandbox-netex-toke")]] {
        let headers = [headers, vec![("Content-Type", FORM)]].concat();
        let bytes = request("POST", ROOMS, &headers, SAMPLE.as_bytes());
        assert_eq!(send(lab.sandbox.netex_addr(), &bytes).unwrap().status, 401);
    }
    assert_eq!(lab.sandbox.rooms(), []);
    assert_eq!(
        lab.rooms("POST", "", SAMPLE).header("location"),
        Some(format!("http://vendor.example{ROOMS}/id/1").as_str())
    );
}

#[test]
fn the_query_beats_the_form_and_the_first_field_wins() {
    let lab = Lab::new();
    let form = "type=PHYSICAL_ROOM&external_id=first&external_id=second&name=A";
    assert_eq!(lab.rooms("POST", "", form).status, 201);
    assert!(lab.sandbox.room_named("first").is_some());
    assert_eq!(lab.rooms("POST", "?external_id=query", form).status, 201);
    assert!(lab.sandbox.room_named("query").is_some());
}

#[test]
fn without_a_charset_a_name_is_mangled_as_on_a_stock_tomcat() {
    let lab = Lab::new();
    let headers = [
        ("X-Auth-Token", "sandbox-netex-token"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    let form = "type=PHYSICAL_ROOM&external_id=a&name=Coru%C3%B1a";
    let bytes = request("POST", ROOMS, &headers, form.as_bytes());
    assert_eq!(send(lab.sandbox.netex_addr(), &bytes).unwrap().status, 201);
    assert_eq!(lab.sandbox.room_named("a").unwrap().name, "CoruÃ±a");
}

#[test]
fn a_form_over_two_mebibytes_has_no_parameters() {
    let lab = Lab::new();
    let form = format!(
        "type=PHYSICAL_ROOM&external_id=a&name=A&observations={}",
        "x".repeat(2 * 1024 * 1024)
    );
    assert_eq!(lab.rooms("POST", "", &form).error(), refused(400, "ERR001"));
}
