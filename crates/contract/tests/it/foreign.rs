//! The foreign contracts, up to the vendor's bytes: plans that no line of Rust knows of.

use std::collections::BTreeMap;

use contract::{Emit, Operation, Plan};
use serde_json::{Value, json};
use translate::{Answer, AnswerLimits, Context, Encoder, MatchedBy, Verdict, judge};

use crate::support::{compiled, repository};

fn plan(name: &str) -> Plan {
    let path = format!("tests/contracts/{name}.yaml");
    compiled(&path, &repository(&path))
}

fn operation<'p>(plan: &'p Plan, id: &str) -> &'p Operation {
    plan.operations
        .iter()
        .find(|operation| *operation.id == *id)
        .unwrap()
}

/// The vendor's body for a request that passes the operation's own checks.
fn sent(operation: &Operation, request: &Value) -> String {
    let violations = operation.body.as_ref().unwrap().validator.check(request);
    assert!(violations.is_empty(), "{violations:?}");
    let plan = operation.binding.request.clone().unwrap();
    let encoder = Encoder {
        encoding: plan.encoding,
        root: plan.root,
        shape: plan.shape,
        limit: 1 << 20,
    };
    String::from_utf8(encoder.encode(request).unwrap()).unwrap()
}

fn judged(
    operation: &Operation,
    content_type: &str,
    body: &str,
    request: Option<&Value>,
) -> Verdict<Emit> {
    let answer = Answer {
        status: 200,
        content_type: Some(content_type),
        header: &|_| None,
        body: body.as_bytes(),
        whole: true,
        limits: AnswerLimits::default(),
    };
    let context = Context {
        request: request.map(Into::into),
        path: &BTreeMap::new(),
        called: None,
        usable_segment: &|_| true,
    };
    judge(&operation.binding.answer, &answer, &context)
}

#[test]
fn a_session_list_has_lists_inside() {
    let plan = plan("ispring-sessions");
    let list = operation(&plan, "listSessions");
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response>\
        <trainingSession><id>a</id><title>T</title><startTime>2023-04-11T12:30:00+03:00</startTime>\
        <duration>5400</duration><dayIds><id>d1</id><id>d2</id></dayIds></trainingSession>\
        <trainingSession><id>b</id><dayIds/></trainingSession></response>";
    let Verdict::Success {
        value,
        unknown_fields,
        ..
    } = judged(list, "application/xml", xml, None)
    else {
        panic!()
    };
    let expected = json!({"items": [
        {"id": "a", "title": "T", "start_time": "2023-04-11T12:30:00+03:00", "duration": 5400, "day_ids": ["d1", "d2"]},
        {"id": "b", "day_ids": []},
    ]});
    let value = value.map(|text| text.value());
    assert_eq!((value, unknown_fields), (Some(expected), 0));
}

#[test]
fn an_attendance_is_a_wrapped_list() {
    let plan = plan("ispring-sessions");
    let request = json!({"participants": [
        {"participant_id": "4728d47a-c96a-11ed-97ec-b6c48b3dc692", "attended": true, "duration": 60},
    ]});
    assert_eq!(
        sent(operation(&plan, "updateAttendance"), &request),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><request><participantsAttendance>\
         <trainingParticipantAttendance><participantId>4728d47a-c96a-11ed-97ec-b6c48b3dc692</participantId>\
         <isAttended>true</isAttended><duration>60</duration></trainingParticipantAttendance>\
         </participantsAttendance></request>"
    );
}

#[test]
fn a_course_has_repeated_and_bracketed_keys() {
    let plan = plan("netex-courses");
    let request = json!({
        "external_id": "excourse1", "name": "Curso de diseño", "percentage_to_pass": 50,
        "category_ids": [2, 3], "extended_fields": {"Deportes": "true", "Actividades extraescolares": "Pintura"},
    });
    assert_eq!(
        sent(operation(&plan, "createCourse"), &request),
        "external_id=excourse1&name=Curso+de+dise%C3%B1o&percentageToPass=50&idCategory=2&idCategory=3\
         &extendedField%5BDeportes%5D=true&extendedField%5BActividades+extraescolares%5D=Pintura"
    );
}

#[test]
fn a_plan_call_that_answers_200_can_have_failed() {
    let plan = plan("netex-plans");
    let add = operation(&plan, "addPlanStudents");
    let request = json!({"student_ids": [51476, 654_165]});
    assert_eq!(sent(add, &request), "{\"ids\":[51476,654165]}");
    let ko = r#"{"status": "KO", "ids": [654165]}"#;
    let Verdict::Problem { row, by, items, .. } =
        judged(add, "application/json", ko, Some(&request))
    else {
        panic!()
    };
    assert_eq!(
        (&*row.problem, row.outcome_unknown, by),
        ("students-refused", true, MatchedBy::FailsIf)
    );
    assert_eq!(items, ["/student_ids/1"]);
    let done = judged(add, "application/json", "", Some(&request));
    assert!(
        matches!(done, Verdict::Success { value: None, .. }),
        "{done:?}"
    );
}
