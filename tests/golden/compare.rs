//! What a file says against what happened, as a person reads it.

use crate::exchange::Message;
use crate::write;

/// Differences of the vendor calls: each one's line, header fields and bytes, their order and number.
pub fn calls(wanted: &[Message], made: &[Message]) -> Vec<String> {
    let mut complaints = Vec::new();
    for index in 0..wanted.len().max(made.len()) {
        match (wanted.get(index), made.get(index)) {
            (Some(wanted), Some(made)) if same(wanted, made) => {}
            (Some(wanted), Some(made)) => complaints.push(format!(
                "  vendor call {}:\n{}",
                index + 1,
                diff(&write::call(&sorted(wanted)), &write::call(&sorted(made)))
            )),
            (Some(wanted), None) => complaints.push(format!(
                "  vendor call {} was not made:\n{}",
                index + 1,
                diff(&write::call(wanted), "")
            )),
            (None, Some(made)) => complaints.push(format!(
                "  vendor call {} is one too many:\n{}",
                index + 1,
                diff("", &write::call(made))
            )),
            (None, None) => {}
        }
    }
    complaints
}

/// The difference of the answers.
pub fn answers(wanted: &Message, given: &Message) -> Option<String> {
    (!same(wanted, given)).then(|| {
        format!(
            "  the answer:\n{}",
            diff(
                &write::answer(&sorted(wanted)),
                &write::answer(&sorted(given))
            )
        )
    })
}

/// The order of different header fields means nothing.
fn same(one: &Message, other: &Message) -> bool {
    sorted(one) == sorted(other)
}

fn sorted(message: &Message) -> Message {
    let mut message = message.clone();
    message.headers.sort();
    message
}

/// Lines of the file behind `-`, lines of what happened behind `+`, common ones behind a blank.
fn diff(wanted: &str, got: &str) -> String {
    let (wanted, got): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    // Longest common subsequence; a file is some dozens of lines.
    let mut longest = vec![vec![0usize; got.len() + 1]; wanted.len() + 1];
    for (i, line) in wanted.iter().enumerate().rev() {
        for (j, other) in got.iter().enumerate().rev() {
            longest[i][j] = if line == other {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < wanted.len() || j < got.len() {
        if i < wanted.len() && j < got.len() && wanted[i] == got[j] {
            out.push(format!("      {}", wanted[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < wanted.len() && (j == got.len() || longest[i + 1][j] >= longest[i][j + 1]) {
            out.push(format!("    - {}", wanted[i]));
            i += 1;
        } else {
            out.push(format!("    + {}", got[j]));
            j += 1;
        }
    }
    out.join("\n")
}

#[test]
fn a_diff_shows_both_sides() {
    let shown = diff("a\nb\nc\n", "a\nx\nc\nd\n");
    assert_eq!(shown, "      a\n    - b\n    + x\n      c\n    + d");
}
