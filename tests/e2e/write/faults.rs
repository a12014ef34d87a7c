//! What can happen to a write, and what its caller must then be told.

use sandbox::{FaultKind, When};

use super::ways::Case;
use crate::support::eventually;
use crate::support::lab::Lab;

/// One kind of trouble, on every call that writes.
pub struct Trouble {
    pub name: &'static str,
    pub when: When,
    /// By vendor operation: what is a success differs.
    pub kind: fn(&str) -> FaultKind,
    pub also: Also,
    /// One letter for each column of [`super::matrix::COLUMNS`]: `D`one, `N`ot done, `U`nknown, or
    /// `?` where two true words are possible. Written by thinking, from the rule in docs/writes.md.
    pub golden: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    Nothing,
    /// The reads that find out fail as well.
    LookUpsFail,
    /// The whole vendor, not only these calls.
    Connections,
    /// The vendor asks for silence, which the gateway keeps: one write at a time, each after it.
    Silence,
}

/// No byte was sent, or the vendor said no.
const REFUSED: &str = "NN NNNNN NN NN NN N";
/// An answer as it should be.
const DONE: &str = "DD DDDDD DD DD DD D";
/// Applied, and nothing in the answer says so: a look-up finds it. Not so the status and the contact
/// address, which no read shows; a status whose second call is answered is done.
const FOUND: &str = "DD DDUDD UU DD DD D";
/// Not applied, and nothing in the answer says so: it could still come.
const LOST: &str = "UU UUUUU UU DD UU U";
/// A complete 5xx, and a look-up that shows nothing.
const FAILED: &str = "NN NNNNN UU DD NN N";
/// Refused with a row that says `outcome: unknown`; iSpring has no such row.
const MAYBE_IN_PART: &str = "UU UUUUU UU UU UU N";

/// Later than [`Trouble::deadline`] of a trouble that outlasts it.
const LATE: FaultKind = FaultKind::Delay { ms: 5_500 };

impl Trouble {
    /// Whether its answers come late or never, so that the end of the deadline is waited for.
    pub fn outlasts(&self) -> bool {
        matches!(
            (self.kind)("netex.create"),
            FaultKind::Hang | FaultKind::Delay { .. } | FaultKind::Drip { .. }
        )
    }

    /// Two of five seconds are left for a look-up; what ends by itself has more than a busy machine takes.
    pub fn deadline(&self) -> &'static str {
        if self.outlasts() {
            "deadline: 5s\n"
        } else {
            "deadline: 30s\n"
        }
    }

    /// Waits until a vendor that applies a write late has applied all that it has taken.
    pub fn settle<'c>(&self, lab: &Lab, taken: impl Iterator<Item = &'c Case> + Clone) {
        if (self.kind)("netex.create") == LATE {
            eventually("the late writes", || {
                taken.clone().all(|case| case.is_applied(lab))
            });
        }
    }
}

const fn trouble(
    name: &'static str,
    when: When,
    kind: fn(&str) -> FaultKind,
    golden: &'static str,
) -> Trouble {
    Trouble {
        name,
        when,
        kind,
        also: Also::Nothing,
        golden,
    }
}

const fn and(also: Also, trouble: Trouble) -> Trouble {
    Trouble { also, ..trouble }
}

use When::{After, Before};

pub const TROUBLES: &[Trouble] = &[
    and(
        Also::Connections,
        trouble("refused", Before, |_| FaultKind::Refuse, REFUSED),
    ),
    // Whether the reset comes before the first byte leaves is a matter of microseconds.
    and(
        Also::Connections,
        trouble(
            "reset when connected",
            Before,
            |_| FaultKind::ResetOnConnect,
            "?? ????? ?? ?? ?? ?",
        ),
    ),
    trouble("reset", Before, |_| FaultKind::Reset, LOST),
    trouble("reset, applied", After, |_| FaultKind::Reset, FOUND),
    trouble("closed", Before, |_| FaultKind::Close, LOST),
    trouble("closed, applied", After, |_| FaultKind::Close, FOUND),
    trouble("no answer", Before, |_| FaultKind::Hang, LOST),
    trouble("no answer, applied", After, |_| FaultKind::Hang, FOUND),
    trouble("late, applied after we gave up", Before, |_| LATE, LOST),
    trouble("late answer, applied at once", After, |_| LATE, FOUND),
    trouble(
        "answer by drops",
        Before,
        |_| FaultKind::Drip { ms_per_byte: 60 },
        FOUND,
    ),
    trouble(
        "head cut",
        Before,
        |_| FaultKind::Truncate { bytes: 20 },
        LOST,
    ),
    trouble(
        "head cut, applied",
        After,
        |_| FaultKind::Truncate { bytes: 20 },
        FOUND,
    ),
    trouble("body cut", Before, |_| cut_body(200), LOST),
    trouble(
        "body cut, applied",
        After,
        |operation| cut_body(success(operation)),
        FOUND,
    ),
    trouble(
        "chunk cut, applied",
        After,
        |operation| cut_chunk(success(operation)),
        FOUND,
    ),
    trouble(
        "garbage",
        Before,
        |_| FaultKind::Garbage { raw: None },
        LOST,
    ),
    trouble(
        "garbage, applied",
        After,
        |_| FaultKind::Garbage { raw: None },
        FOUND,
    ),
    trouble(
        "a body that does not decode",
        Before,
        |_| with_body(200, "}{"),
        LOST,
    ),
    trouble(
        "a body that does not decode, applied",
        After,
        // The body of a create is not read.
        |operation| with_body(success(operation), "}{"),
        FOUND,
    ),
    trouble(
        "HTML with 200",
        Before,
        |_| FaultKind::Html { status: 200 },
        LOST,
    ),
    trouble(
        "HTML with 200, applied",
        After,
        |_| FaultKind::Html { status: 200 },
        FOUND,
    ),
    trouble(
        "HTML with 201, applied",
        After,
        |_| FaultKind::Html { status: 201 },
        FOUND,
    ),
    trouble(
        "wrong content type",
        After,
        |operation| FaultKind::Status {
            status: success(operation),
            body: Some("Inicie sesión".to_owned()),
            content_type: Some("text/html".to_owned()),
            code: None,
            headers: std::collections::BTreeMap::default(),
        },
        FOUND,
    ),
    // All but those to a status are empty, and so have no type that could be wrong.
    trouble(
        "a type for an empty answer, applied",
        After,
        |_| FaultKind::ContentType {
            value: "text/html".to_owned(),
        },
        "DD DDDDD UU DD DD D",
    ),
    trouble(
        "compressed, applied",
        After,
        |operation| compressed(success(operation)),
        FOUND,
    ),
    trouble("202", Before, |_| FaultKind::status(202), LOST),
    trouble("202, applied", After, |_| FaultKind::status(202), FOUND),
    trouble("302", Before, |_| redirect(302), LOST),
    trouble("302, applied", After, |_| redirect(302), FOUND),
    trouble("307", Before, |_| redirect(307), LOST),
    trouble("308, applied", After, |_| redirect(308), FOUND),
    trouble("200 KO", Before, |_| FaultKind::Status200Ko, LOST),
    trouble("200 KO, applied", After, |_| FaultKind::Status200Ko, FOUND),
    trouble("500", Before, |_| FaultKind::status(500), FAILED),
    trouble("500, applied", After, |_| FaultKind::status(500), FOUND),
    trouble("502", Before, |_| FaultKind::status(502), FAILED),
    trouble("503", Before, |_| FaultKind::status(503), FAILED),
    trouble("503, applied", After, |_| FaultKind::status(503), FOUND),
    trouble(
        "503 with HTML",
        Before,
        |_| FaultKind::Html { status: 503 },
        FAILED,
    ),
    trouble(
        "503 with HTML, applied",
        After,
        |_| FaultKind::Html { status: 503 },
        FOUND,
    ),
    trouble(
        "503 could not generate the JSON",
        Before,
        |_| no_json(),
        FAILED,
    ),
    trouble(
        "503 could not generate the JSON, applied",
        After,
        |_| no_json(),
        FOUND,
    ),
    trouble(
        "500 with a vendor code, applied",
        After,
        |_| coded(500, "ERR006"),
        FOUND,
    ),
    trouble("500 cut, applied", After, |_| cut_body(500), FOUND),
    trouble("500 cut", Before, |_| cut_body(500), LOST),
    // An intermediary gave up waiting; the vendor behind it may not have.
    trouble("504", Before, |_| FaultKind::status(504), LOST),
    trouble("504, applied", After, |_| FaultKind::status(504), FOUND),
    and(
        Also::Silence,
        trouble(
            "503 with Retry-After",
            Before,
            |_| FaultKind::status_with(503, "Retry-After", "1"),
            FAILED,
        ),
    ),
    and(
        Also::Silence,
        trouble(
            "503 with Retry-After, applied",
            After,
            |_| FaultKind::status_with(503, "Retry-After", "1"),
            FOUND,
        ),
    ),
    and(
        Also::Silence,
        trouble("429", Before, |_| FaultKind::status(429), REFUSED),
    ),
    and(
        Also::Silence,
        trouble(
            "429 with Retry-After",
            Before,
            |_| FaultKind::status_with(429, "Retry-After", "0"),
            REFUSED,
        ),
    ),
    trouble("400", Before, |_| FaultKind::status(400), REFUSED),
    // The code could be one whose row says that something happened.
    trouble("400 cut", Before, |_| cut_body(400), "UU UUUUU UU DD UU N"),
    trouble("400 ERR001", Before, |_| coded(400, "ERR001"), REFUSED),
    trouble("400 ERR006", Before, |_| coded(400, "ERR006"), REFUSED),
    trouble(
        "400 ROO005",
        Before,
        |_| coded(400, "ROO005"),
        MAYBE_IN_PART,
    ),
    trouble("401", Before, |_| FaultKind::status(401), REFUSED),
    trouble("403", Before, |_| FaultKind::status(403), REFUSED),
    trouble("404", Before, |_| FaultKind::status(404), REFUSED),
    trouble("409", Before, |_| FaultKind::status(409), REFUSED),
    trouble(
        "whole answer, then a close",
        Before,
        |_| FaultKind::AnswerThenClose,
        DONE,
    ),
    // The head of a 201 is whole, and its body is not read; the others take no body of 300 kB.
    trouble(
        "an answer without end",
        Before,
        |_| FaultKind::Pad { bytes: 300_000 },
        "DD DDUDD UU DD DD D",
    ),
    and(
        Also::LookUpsFail,
        trouble(
            "reset, and the look-up fails",
            Before,
            |_| FaultKind::Reset,
            LOST,
        ),
    ),
    and(
        Also::LookUpsFail,
        trouble(
            "reset, applied, and the look-up fails",
            After,
            |_| FaultKind::Reset,
            LOST,
        ),
    ),
    and(
        Also::LookUpsFail,
        trouble(
            "500, and the look-up fails",
            Before,
            |_| FaultKind::status(500),
            LOST,
        ),
    ),
];

/// The status that means done.
fn success(operation: &str) -> u16 {
    if operation == "netex.create" {
        201
    } else {
        200
    }
}

fn raw(status: u16, rest: &str) -> FaultKind {
    let location = match status {
        201 => "Location: /admin/rest/administration/api/physicalrooms/id/999999\r\n",
        _ => "",
    };
    FaultKind::Garbage {
        raw: Some(format!("HTTP/1.1 {status} Raw\r\n{location}{rest}")),
    }
}

fn cut_body(status: u16) -> FaultKind {
    raw(status, "Content-Length: 100\r\n\r\n<")
}

fn cut_chunk(status: u16) -> FaultKind {
    raw(status, "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"st")
}

fn with_body(status: u16, body: &str) -> FaultKind {
    raw(
        status,
        &format!("Content-Length: {}\r\n\r\n{body}", body.len()),
    )
}

fn compressed(status: u16) -> FaultKind {
    raw(
        status,
        "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    )
}

fn redirect(status: u16) -> FaultKind {
    FaultKind::Redirect {
        location: "https://elsewhere.example/login".to_owned(),
        status,
    }
}

fn no_json() -> FaultKind {
    FaultKind::Status {
        status: 503,
        body: Some(r#"{"status":{"status":503}}"#.to_owned()),
        content_type: Some("application/json".to_owned()),
        code: None,
        headers: Default::default(),
    }
}

fn coded(status: u16, code: &str) -> FaultKind {
    FaultKind::Status {
        status,
        body: None,
        content_type: None,
        code: Some(code.to_owned()),
        headers: Default::default(),
    }
}
