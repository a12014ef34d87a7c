//! A disk that takes nothing more, as `/dev/full` is one: callers go on, and what is lost is counted.

use std::fs::OpenOptions;
use std::process::Stdio;

use super::unread_logs::{flood, lost_lines, start_into, terminate};
use crate::support::{Client, eventually};

#[test]
fn a_full_disk_holds_up_nobody_and_what_it_lost_is_counted() {
    for log in ["log: {format: json}", "log: {format: text, level: debug}"] {
        let full = OpenOptions::new().write(true).open("/dev/full");
        let mut gateway = start_into(log, Stdio::from(full.expect("Linux has it")));
        flood(&gateway);
        let ready = Client::connect(gateway.admin).request("GET", "/readyz", &[], b"");
        assert_eq!(ready.status, 200, "{log}");
        // Each request has a line, and none of them found room.
        eventually("every line is counted", || match lost_lines(&gateway) {
            Some(lost) if lost >= 1_500.0 => Ok(()),
            other => Err(other),
        });
        terminate(&mut gateway);
    }
}
