//! The contract carries the system: vendor calls that the product never heard of, by contract alone.

use serde_json::json;

use crate::support::{Gateway, Scripted, Vendor};

const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn gateway(vendor: &Vendor, contract: &str, upstream: &str) -> Gateway {
    let mut setup = vendor.setup().contract(contract);
    setup.settings = vendor.settings(&[upstream]);
    setup.start()
}

#[test]
fn nested_lists_come_out_of_xml_and_a_list_of_objects_goes_in() {
    let vendor = Vendor::start();
    let gateway = gateway(
        &vendor,
        include_str!("../../contracts/ispring-sessions.yaml"),
        "ispring",
    );
    vendor.will(Scripted::xml(
        200,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response>\
         <trainingSession><id>s1</id><title>Uno &amp; dos</title><startTime>2023-04-11T12:30:00+03:00</startTime>\
         <duration>5400</duration><dayIds><id>d1</id><id>d2</id></dayIds></trainingSession>\
         <trainingSession><id>s2</id><dayIds/></trainingSession></response>",
    ));
    let target = format!("/v1/trainings/{DAY}/sessions");
    let answer = gateway.get(&target);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.json(),
        json!({"items": [
            {"id": "s1", "title": "Uno & dos", "start_time": "2023-04-11T12:30:00+03:00", "duration": 5400, "day_ids": ["d1", "d2"]},
            {"id": "s2", "day_ids": []},
        ]})
    );
    vendor.will(Scripted::xml(200, "<response/>"));
    assert_eq!(
        gateway.get(&target).json(),
        json!({"items": []}),
        "no element is an empty list"
    );
    vendor.will(Scripted::xml(
        200,
        "<response><trainingSession><id>s1</id><dayIds><id>d1</id></dayIds></trainingSession></response>",
    ));
    assert_eq!(
        gateway.get(&target).json(),
        json!({"items": [{"id": "s1", "day_ids": ["d1"]}]}),
        "one element is a list of one"
    );

    vendor.will(Scripted::answer(200, &[], ""));
    let body = json!({"participants": [
        {"participant_id": DAY, "attended": true, "duration": 3600},
        {"participant_id": DAY, "attended": false},
    ]});
    let answer = gateway.send_json(
        "PUT",
        &format!("/v1/training-days/{DAY}/attendance"),
        &body.to_string(),
    );
    assert_eq!(answer.status, 204, "{answer:?}");
    let seen = vendor.seen().pop().expect("the vendor was called");
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        (
            "POST",
            format!("/training/day/{DAY}/participants/attendance/update").as_str()
        )
    );
    assert_eq!(
        seen.text(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><participantsAttendance>\
             <trainingParticipantAttendance><participantId>{DAY}</participantId><isAttended>true</isAttended><duration>3600</duration></trainingParticipantAttendance>\
             <trainingParticipantAttendance><participantId>{DAY}</participantId><isAttended>false</isAttended></trainingParticipantAttendance>\
             </participantsAttendance></request>"
        )
    );
}

#[test]
fn forms_repeat_keys_and_bracket_them() {
    let vendor = Vendor::start();
    let gateway = gateway(
        &vendor,
        include_str!("../../contracts/netex-courses.yaml"),
        "netex",
    );
    vendor.will(Scripted::answer(
        201,
        &[("Location", "/admin/rest/administration/api/courses/id/77")],
        "",
    ));
    let body = json!({
        "external_id": "excourse1", "name": "Curso de diseño gráfico", "percentage_to_pass": 50, "has_forum": true,
        "category_ids": [2, 3, 4], "extended_fields": {"Deportes": "true", "Actividades extraescolares": "Pintura"},
    });
    let answer = gateway.send_json("POST", "/v1/courses", &body.to_string());
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json()["id"], "77");
    assert_eq!(
        answer.json()["extended_fields"],
        body["extended_fields"],
        "a map comes back as it was sent"
    );
    let seen = vendor.seen().pop().expect("the vendor was called");
    let pairs: Vec<(String, String)> = seen
        .text()
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a pair");
            (decode(name), decode(value))
        })
        .collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        pairs,
        [
            pair("external_id", "excourse1"),
            pair("name", "Curso de diseño gráfico"),
            pair("percentageToPass", "50"),
            pair("hasForum", "true"),
            pair("idCategory", "2"),
            pair("idCategory", "3"),
            pair("idCategory", "4"),
            pair("extendedField[Deportes]", "true"),
            pair("extendedField[Actividades extraescolares]", "Pintura"),
        ]
    );
    let empty =
        json!({"external_id": "e", "name": "n", "percentage_to_pass": 1, "category_ids": []});
    let answer = gateway.send_json("POST", "/v1/courses", &empty.to_string());
    assert_eq!(answer.problem(), "validation-failed");
    assert_eq!(
        answer.errors(),
        [("/category_ids".to_owned(), "min-items".to_owned())]
    );
}

/// Percent-decoding of a form, written apart from the product's.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&hex, 16).expect("two hex digits")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).expect("forms are UTF-8")
}

#[test]
fn a_success_status_that_says_ko_is_a_problem_and_names_the_entries() {
    let vendor = Vendor::start();
    let gateway = gateway(
        &vendor,
        include_str!("../../contracts/netex-plans.yaml"),
        "netex",
    );
    let body = r#"{"student_ids":[51476,654165,7]}"#;
    vendor.will(Scripted::json(200, r#"{"status":"KO","ids":[654165,7]}"#));
    let answer = gateway.send_json("POST", "/v1/plans/9/students", body);
    assert_eq!(answer.status, 409, "{answer:?}");
    assert_eq!(answer.problem(), "students-refused");
    assert_eq!(answer.json()["outcome"], "unknown", "the others are added");
    let places: Vec<String> = answer
        .errors()
        .into_iter()
        .map(|(place, _)| place)
        .collect();
    assert_eq!(places, ["/student_ids/1", "/student_ids/2"]);
    let seen = vendor.seen().pop().expect("the vendor was called");
    assert_eq!(
        seen.target,
        "/admin/rest/administration/api/plans/id/9/students?action=addByIds"
    );
    assert_eq!(seen.text(), r#"{"ids":[51476,654165,7]}"#);
    assert_eq!(seen.header("content-type"), Some("application/json"));

    vendor.will(Scripted::json(200, r#"{"status":"OK"}"#));
    assert_eq!(
        gateway
            .send_json("POST", "/v1/plans/9/students", body)
            .status,
        204
    );
}
