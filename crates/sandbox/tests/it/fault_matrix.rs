//! Every write × every fault × before and after: what the client sees, and what is true.

use std::collections::BTreeMap;

use sandbox::{Fault, FaultKind, Sandbox, When};

use crate::lab::{Cut, DAY, Lab, ROOMS, Reply, comes_true, connect, request, room_request, send};

struct Write {
    operation: &'static str,
    bytes: Vec<u8>,
    /// Status of the undisturbed answer.
    status: u16,
    applied: fn(&Sandbox) -> bool,
}

/// What the client sees of a fault.
enum Seen {
    Own,
    Status(u16),
    Cut(fn(&Cut) -> bool),
}

fn writes(lab: &Lab) -> Vec<Write> {
    let room = |operation, method, path: &str, form, status, applied| Write {
        operation,
        bytes: room_request(method, &format!("{ROOMS}{path}"), form),
        status,
        applied,
    };
    let token = lab.token();
    let headers = [
        ("Authorization", token.as_str()),
        ("Content-Type", "application/xml"),
    ];
    let body = b"<request><url>https://novo.example/</url></request>";
    vec![
        room(
            "netex.create",
            "POST",
            "",
            "type=PHYSICAL_ROOM&external_id=nova&name=Nova",
            201,
            |sandbox| sandbox.room_named("nova").is_some(),
        ),
        room(
            "netex.replace",
            "PUT",
            "/id/2145",
            "external_id=pr001&name=Outra",
            200,
            |sandbox| sandbox.room(2145).unwrap().name == "Outra",
        ),
        room(
            "netex.status",
            "PUT",
            "/externalid/pr001/status",
            "value=inactive",
            200,
            |sandbox| !sandbox.room(2145).unwrap().active,
        ),
        room("netex.delete", "DELETE", "/id/2101", "", 200, |sandbox| {
            sandbox.room(2101).is_none()
        }),
        Write {
            operation: "ispring.update_day",
            bytes: request("POST", DAY, &headers, body),
            status: 200,
            applied: |sandbox| {
                let day = sandbox.day("4728d47a-c96a-11ed-97ec-b6c48b3dc692").unwrap();
                day.url.as_deref() == Some("https://novo.example/")
            },
        },
    ]
}

fn kinds() -> Vec<(FaultKind, Seen)> {
    vec![
        (FaultKind::Delay { ms: 1 }, Seen::Own),
        (FaultKind::Reset, Seen::Cut(|cut| *cut == Cut::Reset)),
        (
            FaultKind::Close,
            Seen::Cut(|cut| *cut == Cut::Closed(vec![])),
        ),
        (
            FaultKind::Truncate { bytes: 0 },
            Seen::Cut(|cut| *cut == Cut::Closed(vec![])),
        ),
        (
            FaultKind::Truncate { bytes: 12 },
            Seen::Cut(
                |cut| matches!(cut, Cut::Closed(bytes) if bytes.len() == 12 && bytes.starts_with(b"HTTP/1.1 20")),
            ),
        ),
        (
            FaultKind::Garbage { raw: None },
            Seen::Cut(
                |cut| matches!(cut, Cut::Closed(bytes) if !bytes.is_empty() && !bytes.starts_with(b"HTTP")),
            ),
        ),
        (
            FaultKind::ContentType {
                value: "text/html".to_owned(),
            },
            Seen::Own,
        ),
        (FaultKind::Html { status: 200 }, Seen::Status(200)),
        (FaultKind::status(500), Seen::Status(500)),
        (FaultKind::status(503), Seen::Status(503)),
        (
            FaultKind::status_with(429, "Retry-After", "1"),
            Seen::Status(429),
        ),
        (FaultKind::Drip { ms_per_byte: 0 }, Seen::Own),
        (
            FaultKind::Redirect {
                location: "https://elsewhere.example/".to_owned(),
                status: 302,
            },
            Seen::Status(302),
        ),
        (FaultKind::Status200Ko, Seen::Status(200)),
        (
            FaultKind::ErrorCode {
                code: "ROO005".to_owned(),
            },
            Seen::Status(400),
        ),
        (
            FaultKind::SetMember {
                name: "x".to_owned(),
                raw: Some("1".to_owned()),
            },
            Seen::Own,
        ),
        (FaultKind::Pad { bytes: 4000 }, Seen::Own),
        (FaultKind::AnswerThenClose, Seen::Own),
    ]
}

#[test]
fn every_write_meets_every_fault_before_and_after() {
    let lab = Lab::new();
    let mut met = BTreeMap::new();
    for (kind, seen) in kinds() {
        for when in [When::Before, When::After] {
            for index in 0..5 {
                lab.sandbox.reset();
                let write = writes(&lab).swap_remove(index);
                let case = format!("{} {when:?} {kind:?}", write.operation);
                lab.sandbox
                    .add_fault(Fault::next(write.operation, when, kind.clone()));
                let address = match write.operation {
                    "ispring.update_day" => lab.sandbox.ispring_addr(),
                    _ => lab.sandbox.netex_addr(),
                };
                let outcome = send(address, &write.bytes);
                let whole = match (&seen, &outcome) {
                    (Seen::Own, Ok(reply)) => reply.status == write.status,
                    (Seen::Status(status), Ok(reply)) => reply.status == *status,
                    (Seen::Cut(fits), Err(cut)) => fits(cut),
                    _ => false,
                };
                assert!(whole, "{case}: {outcome:?}");

                let carried_out = when == When::After || kind.passes_own_answer();
                assert_eq!((write.applied)(&lab.sandbox), carried_out, "{case}");
                let recorded = lab.last();
                assert_eq!(recorded.operation, write.operation, "{case}");
                assert_eq!(recorded.applied, carried_out, "{case}");
                assert_eq!(recorded.fault, Some(kind.name()), "{case}");
                assert_eq!(
                    recorded.status,
                    outcome.ok().map(|reply: Reply| reply.status),
                    "{case}"
                );
                assert_eq!(lab.sandbox.faults(), [], "{case}: spent");
                *met.entry(kind.name()).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(met.values().sum::<u32>(), 18 * 2 * 5, "{met:?}");
}

#[test]
fn a_hanging_write_is_applied_or_not_and_never_answered() {
    for when in [When::Before, When::After] {
        let lab = Lab::new();
        for write in writes(&lab) {
            lab.sandbox.clear_ledger();
            lab.sandbox
                .add_fault(Fault::next(write.operation, when, FaultKind::Hang));
            let address = match write.operation {
                "ispring.update_day" => lab.sandbox.ispring_addr(),
                _ => lab.sandbox.netex_addr(),
            };
            let mut stream = connect(address).unwrap();
            std::io::Write::write_all(&mut stream, &write.bytes).unwrap();
            let struck = || {
                lab.sandbox
                    .ledger()
                    .iter()
                    .any(|entry| entry.fault == Some("hang"))
            };
            assert!(comes_true(struck), "{}", write.operation);
            if when == When::After {
                assert!(
                    comes_true(|| (write.applied)(&lab.sandbox)),
                    "{}",
                    write.operation
                );
            }
            stream.set_nonblocking(true).unwrap();
            let nothing = std::io::Read::read(&mut stream, &mut [0; 1]).unwrap_err();
            assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
            assert_eq!(
                (write.applied)(&lab.sandbox),
                when == When::After,
                "{}",
                write.operation
            );
            assert_eq!(
                (lab.last().status, lab.last().applied),
                (None, when == When::After)
            );
        }
    }
}

#[test]
fn a_delayed_write_from_before_a_reset_changes_nothing() {
    let lab = Lab::new();
    let delay = FaultKind::Delay { ms: 200 };
    lab.sandbox
        .add_fault(Fault::next("netex.create", When::Before, delay));
    let write = writes(&lab).swap_remove(0);
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    std::io::Write::write_all(&mut stream, &write.bytes).unwrap();
    let struck = || lab.last().fault == Some("delay");
    assert!(comes_true(struck));
    lab.sandbox.reset();
    let reply = crate::lab::read_reply(&mut stream, false).unwrap();
    assert_eq!(reply.status, 201);
    assert!(!(write.applied)(&lab.sandbox));
    assert_eq!(lab.sandbox.history(), []);
}

#[test]
fn a_delayed_write_is_applied_after_the_client_has_gone() {
    let lab = Lab::new();
    lab.sandbox.add_fault(Fault::next(
        "netex.create",
        When::Before,
        FaultKind::Delay { ms: 50 },
    ));
    let write = writes(&lab).swap_remove(0);
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    std::io::Write::write_all(&mut stream, &write.bytes).unwrap();
    drop(stream);
    assert!(comes_true(|| (write.applied)(&lab.sandbox)));
}
