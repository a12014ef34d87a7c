//! All that can be read of a gateway: its pages, its log, and what its commands print.

use super::{Lab, evidence};
use crate::support::Client;
use crate::support::gateway::command;

const PAGES: [&str; 4] = [
    "/docs",
    "/openapi.json",
    "/problems",
    "/problems/upstream-error",
];
const ADMIN: [&str; 5] = [
    "/status",
    "/status.json",
    "/status.html",
    "/metrics",
    "/readyz",
];

/// Each by what it is.
pub fn all(lab: &Lab) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    for page in PAGES {
        let answer = lab.gateway.client().request("GET", page, &[], b"");
        assert_eq!(answer.status, 200, "{page}");
        outputs.push((page.to_owned(), format!("{answer:?}")));
    }
    for page in ADMIN {
        for accept in ["text/html", "application/json"] {
            let mut client = Client::connect(lab.gateway.admin);
            let answer = client.request("GET", page, &[("Accept", accept)], b"");
            outputs.push((format!("{page} as {accept}"), format!("{answer:?}")));
        }
    }
    outputs.extend(printed(lab));
    outputs.extend(refused(lab));
    // Behind all that happened.
    let last = lab.gateway.client().request(
        "GET",
        "/v1/rooms/1",
        &[("Authorization", "Bearer nobody")],
        b"",
    );
    let trace = last.json()["trace_id"].as_str().expect("an id").to_owned();
    lab.gateway.wait_for_log(&trace);
    outputs.push(("the log".to_owned(), lab.gateway.log()));
    lab.receiver.wait_for(&trace, 1);
    // Its key stands in the head; what is searched are the spans.
    let exports = lab.receiver.exports();
    let bodies = exports
        .iter()
        .map(|export| String::from_utf8_lossy(&export.body).into_owned());
    outputs.extend(bodies.map(|body| ("an export of spans".to_owned(), body)));
    outputs.push((
        "/status".to_owned(),
        lab.gateway.admin_get("/status.html").text(),
    ));
    for (what, text) in &outputs {
        let line = text.lines().find(|line| line.contains(lab.planted.body));
        assert_eq!(line, None, "{what} shows what a caller sent");
    }
    // Records are for those who may see bodies.
    outputs.extend(evidence::all(lab));
    outputs
}

/// What is told of settings in which a secret stands in the open, or twice.
fn refused(lab: &Lab) -> Vec<(String, String)> {
    let file = lab.gateway.folder().join("gateway.yaml");
    let good = std::fs::read_to_string(&file).expect("it is there");
    let open = lab.planted.in_the_open;
    let mut outputs = Vec::new();
    for bad in [
        good.replace("{env: CLIENT_SECRET}", open),
        good.replace("key: {env: OTHER_KEY}", &format!("key: {open}")),
        good.replace(
            "key: {env: ADMIN_KEY}",
            &format!("key: {{env: ADMIN_KEY}}, key: {open}"),
        ),
        good.replace(
            "deadline: 5s",
            &format!("deadline: 5s\nadmin_key: {open}\nadmin_key: {open}"),
        ),
    ] {
        assert!(bad.contains(open), "{bad}");
        std::fs::write(&file, bad).expect("it is written");
        let reloaded = Client::connect(lab.gateway.admin).request("POST", "/reload", &[], b"");
        assert_ne!(reloaded.status, 200, "{reloaded:?}");
        outputs.push(("/reload".to_owned(), format!("{reloaded:?}")));
        for arguments in [
            &["check"][..],
            &["check", "--format", "json"],
            &["config", "print"],
        ] {
            outputs.push(run(lab, arguments));
        }
        let status = lab.gateway.admin_get("/status.html");
        outputs.push((
            "/status after a refused reload".to_owned(),
            format!("{status:?}"),
        ));
    }
    std::fs::write(&file, good).expect("it is written");
    outputs
}

/// What the commands print of these settings.
fn printed(lab: &Lab) -> Vec<(String, String)> {
    let commands: [&[&str]; 8] = [
        &["config", "print"],
        &["config", "print", "--format", "json"],
        &["check"],
        &["check", "--online"],
        &["check", "--online", "--format", "json"],
        &["explain", "getRoom", "--param", "id=1"],
        &[
            "explain",
            "getTrainingDay",
            "--format",
            "json",
            "--param",
            "day_id=4728d47a-c96a-11ed-97ec-b6c48b3dc692",
        ],
        &["routes"],
    ];
    assert!(
        lab.settings.contains("CLIENT_SECRET"),
        "the settings name what is planted"
    );
    commands
        .iter()
        .map(|arguments| run(lab, arguments))
        .collect()
}

pub fn run(lab: &Lab, arguments: &[&str]) -> (String, String) {
    let output = command()
        .args(arguments)
        .arg("--config")
        .arg(lab.gateway.folder().join("gateway.yaml"))
        .envs(lab.planted.env())
        .output()
        .expect("it runs");
    let text = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.len() > 50, "{arguments:?} printed {text}");
    (arguments.join(" "), text)
}
