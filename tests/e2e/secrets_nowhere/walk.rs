//! Provokes the vendors, and the gateway itself, into saying secrets.

use super::Lab;
use super::planted::spellings;
use crate::support::{Answer, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const ROOM: &str = "/v1/rooms/2101";

/// All that was answered. `by_both`: iSpring says secrets too.
pub fn walk(lab: &Lab, by_both: bool) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for script in by_netex(lab) {
        lab.netex.always(script);
        answers.extend([
            call(lab, "GET", ROOM, b""),
            call(lab, "GET", "/v1/rooms?limit=3", b""),
        ]);
    }
    let room = format!(
        r#"{{"type":"PHYSICAL_ROOM","external_id":"a","name":"{}"}}"#,
        lab.planted.body
    );
    for status in [201, 400, 409, 500] {
        let said = lab.planted.netex;
        let body = serde_json::json!({"code": said, "message": format!("of {said} no")});
        lab.netex.always(Scripted::json(status, &body.to_string()));
        answers.push(call(lab, "POST", "/v1/rooms", room.as_bytes()));
    }
    for script in by_ispring(lab).into_iter().filter(|_| by_both) {
        grant(lab, &lab.ispring);
        lab.ispring.always(script);
        let link = format!(r#"{{"url":"https://a.example/{}"}}"#, lab.planted.body);
        answers.extend([
            call(lab, "GET", DAY, b""),
            call(lab, "PATCH", DAY, link.as_bytes()),
        ]);
    }
    answers.extend(by_callers(lab));
    let shown = answers.iter().map(|answer| format!("{answer:?}"));
    shown.map(|text| ("an answer".to_owned(), text)).collect()
}

/// One more token, for a gateway that has none.
fn grant(lab: &Lab, ispring: &Vendor) {
    let token = serde_json::json!({"access_token": lab.planted.token, "token_type": "Bearer", "expires_in": 3600});
    ispring.will(Scripted::json(200, &token.to_string()));
}

fn call(lab: &Lab, method: &str, target: &str, body: &[u8]) -> Answer {
    let key = format!("Bearer {}", lab.planted.caller);
    let fields = [
        ("Authorization", key.as_str()),
        ("Content-Type", "application/json"),
    ];
    let fields = if body.is_empty() {
        &fields[..1]
    } else {
        &fields[..]
    };
    lab.gateway.client().request(method, target, fields, body)
}

/// The credential in each place of an answer, spelled in each way.
fn by_netex(lab: &Lab) -> Vec<Scripted> {
    let mut scripts = Vec::new();
    for (index, said) in spellings(lab.planted.netex).into_iter().enumerate() {
        scripts.push(Scripted::json(
            404,
            &format!(r#"{{"code":"{said}","message":"of {said}"}}"#),
        ));
        scripts.push(Scripted::json(
            200,
            &format!(r#"{{"id":1,"name":["{said}"]}}"#),
        ));
        // A good answer with a field more, which is told as drift.
        scripts.push(Scripted::json(
            200,
            &format!(r#"{{"id":1,"name":"Aula","{said}":{{"{said}":1}}}}"#),
        ));
        scripts.push(Scripted::answer(
            200,
            &[("Content-Type", "text/html")],
            &said.repeat(9),
        ));
        scripts.push(Scripted::json(401, &format!(r#"{{"code":"{said}"}}"#)));
        // The gateway asks again after these, which takes time.
        if index < 2 {
            scripts.push(Scripted::json(
                500,
                &format!(r#"{{"code":"ERR001","message":"at {said}"}}"#),
            ));
            let cut = format!("{}{}", "x".repeat(180), said.repeat(3));
            scripts.push(Scripted::Close(format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{{\"a\":\"{cut}").into_bytes()));
        }
    }
    scripts
}

/// The token, and to the token request all that it bears.
fn by_ispring(lab: &Lab) -> Vec<Scripted> {
    let planted = &lab.planted;
    let mut scripts = Vec::new();
    for secret in [planted.token, planted.client_secret, planted.client_id] {
        let said = spellings(secret);
        let xml = &said[3];
        scripts.push(Scripted::xml(
            404,
            &format!("<response><code>{xml}</code><message>no {xml}</message></response>"),
        ));
        scripts.push(Scripted::xml(200, &format!("<response><{xml}</response>")));
        let named = "<response><url>https://a.example</url><NAME>1</NAME></response>";
        scripts.push(Scripted::xml(200, &named.replace("NAME", secret)));
        // Rejected, so another token is asked for, and that answer says it too.
        for said in said.iter().take(1) {
            let body = format!(
                r#"{{"error":"invalid_client","error_description":"{said}","access_token":["{said}"]}}"#
            );
            scripts.push(Scripted::json(401, &body));
        }
        let basic = &spellings(&format!("{}:{}", planted.client_id, planted.client_secret))[7];
        scripts.push(Scripted::json(
            403,
            &format!(r#"{{"error":"Basic {basic}"}}"#),
        ));
    }
    scripts
}

/// What a caller gets wrong with a key in its hands.
fn by_callers(lab: &Lab) -> Vec<Answer> {
    let planted = &lab.planted;
    let mut answers = Vec::new();
    let key = format!("Bearer {}", planted.other_caller);
    for (target, key) in [
        ("/v1/rooms", key.clone()),
        (ROOM, key.clone()),
        (ROOM, key.clone()),
        (ROOM, format!("{key}x")),
        (ROOM, format!("Basic {}", planted.caller)),
        ("/v1/no-such-route", format!("Bearer {}", planted.caller)),
    ] {
        answers.push(
            lab.gateway
                .client()
                .request("GET", target, &[("Authorization", &key)], b""),
        );
    }
    answers.push(call(
        lab,
        "POST",
        "/v1/rooms",
        format!(r#"{{"name":"{}","#, planted.body).as_bytes(),
    ));
    for head in [
        format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\nbroken\r\n\r\n"),
        format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\nHost: b\r\nAuthorization: {key}\r\n\r\n"),
        format!(
            "GET {ROOM} HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\ntraceparent: {key}\r\ntracestate: a={key}\r\n\r\n"
        ),
    ] {
        let mut client = lab.gateway.client();
        client.send_raw(head.as_bytes());
        answers.extend(client.read(false));
    }
    answers
}
