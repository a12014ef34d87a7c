//! Listeners: refuse, reset on connect, stop, and what a start refuses.

use std::io::{ErrorKind, Write};

use sandbox::{Config, Fault, FaultKind, FaultRefused, Sandbox, When};
use tokio::net::TcpSocket;

use crate::lab::{Cut, DAY, Lab, ROOMS, comes_true, connect, read_reply, room_request, send_on};

fn get() -> Vec<u8> {
    room_request("GET", &format!("{ROOMS}/id/2145"), "")
}

#[test]
fn refuse_closes_one_vendor_at_once_and_clearing_opens_the_same_port() {
    let lab = Lab::new();
    let mut standing = connect(lab.sandbox.netex_addr()).unwrap();
    send_on(&mut standing, &get()).unwrap();
    for _ in 0..3 {
        lab.sandbox.add_fault(Fault::every(
            "netex.create",
            When::Before,
            FaultKind::Refuse,
        ));
        assert_eq!(lab.try_rooms("GET", "/id/2145", ""), Err(Cut::Refused));
        assert_eq!(lab.try_rooms("GET", "/id/2145", ""), Err(Cut::Refused));
        assert_eq!(
            lab.day("GET", DAY, "").status,
            200,
            "the other vendor stands"
        );
        lab.sandbox.clear_faults();
        assert_eq!(lab.rooms("GET", "/id/2145", "").status, 200);
    }
    assert_eq!(
        read_reply(&mut standing, false),
        Err(Cut::Closed(vec![])),
        "a standing connection ended"
    );
}

#[test]
fn a_port_that_refuses_stays_ours() {
    let lab = Lab::new();
    lab.sandbox
        .add_fault(Fault::every("*", When::Before, FaultKind::Refuse));
    for address in [lab.sandbox.netex_addr(), lab.sandbox.ispring_addr()] {
        assert!(matches!(connect(address), Err(Cut::Refused)));
        // Without address reuse, as the system's own choice of a port goes.
        let other = TcpSocket::new_v4().unwrap().bind(address).unwrap_err();
        assert_eq!(other.kind(), ErrorKind::AddrInUse);
    }
    lab.sandbox.reset();
    assert_eq!(lab.rooms("GET", "/id/2145", "").status, 200);
}

#[test]
fn reset_on_connect_counts_connections_and_sees_no_request() {
    let lab = Lab::new();
    lab.sandbox.add_fault(Fault {
        times: Some(2),
        skip: 1,
        ..Fault::every("netex.*", When::Before, FaultKind::ResetOnConnect)
    });
    assert_eq!(lab.rooms("GET", "/id/2145", "").status, 200, "skipped");
    assert_eq!(lab.try_rooms("GET", "/id/2145", ""), Err(Cut::Reset));
    assert_eq!(lab.try_rooms("GET", "/id/2145", ""), Err(Cut::Reset));
    assert_eq!(lab.rooms("GET", "/id/2145", "").status, 200);
    assert_eq!(lab.sandbox.ledger().len(), 2);
}

#[test]
fn stop_ends_listeners_and_connections_and_keeps_the_ledger() {
    let lab = Lab::with(Config {
        control: Some(([127, 0, 0, 1], 0).into()),
        ..Config::default()
    });
    let mut standing = connect(lab.sandbox.netex_addr()).unwrap();
    send_on(&mut standing, &get()).unwrap();
    lab.sandbox
        .add_fault(Fault::every("netex.list", When::After, FaultKind::Hang));
    let mut hanging = connect(lab.sandbox.netex_addr()).unwrap();
    hanging.write_all(&room_request("GET", ROOMS, "")).unwrap();
    assert!(comes_true(|| lab.sandbox.ledger().len() == 2));
    lab.sandbox.stop();
    for address in [
        lab.sandbox.netex_addr(),
        lab.sandbox.ispring_addr(),
        lab.sandbox.control_addr().unwrap(),
    ] {
        assert!(matches!(connect(address), Err(Cut::Refused)));
    }
    assert_eq!(read_reply(&mut standing, false), Err(Cut::Closed(vec![])));
    assert_eq!(read_reply(&mut hanging, false), Err(Cut::Closed(vec![])));
    assert_eq!(lab.sandbox.ledger().len(), 2);
    lab.sandbox.clear_faults();
    assert!(
        matches!(connect(lab.sandbox.netex_addr()), Err(Cut::Refused)),
        "stopped for good"
    );
}

#[test]
fn no_task_outlives_its_connection_or_the_stop() {
    let lab = Lab::new();
    let tasks = || lab.runtime.metrics().num_alive_tasks();
    assert!(comes_true(|| tasks() == 2), "one for each listener");
    for _ in 0..20 {
        lab.rooms("GET", "/id/2145", "");
    }
    assert!(comes_true(|| tasks() == 2));
    let hour = FaultKind::Delay { ms: 3_600_000 };
    lab.sandbox.add_fault(Fault::every("*", When::Before, hour));
    let mut waiting = connect(lab.sandbox.netex_addr()).unwrap();
    waiting.write_all(&get()).unwrap();
    assert!(comes_true(|| lab.sandbox.ledger().len() == 21));
    lab.sandbox.stop();
    assert!(comes_true(|| tasks() == 0), "not even one that waits");
}

#[test]
fn a_taken_port_is_named() {
    let lab = Lab::new();
    let taken = lab.sandbox.netex_addr();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let error = runtime
        .block_on(Sandbox::start(Config {
            netex: taken,
            ..Config::default()
        }))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&taken.to_string()), "{error}");
}

#[test]
fn the_control_port_stays_on_loopback() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = Config {
        control: Some(([0, 0, 0, 0], 0).into()),
        ..Config::default()
    };
    let error = runtime.block_on(Sandbox::start(config)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_fault_that_could_not_strike_is_refused() {
    let lab = Lab::new();
    let typo = Fault::every("netex.craete", When::Before, FaultKind::Hang);
    let refused = lab.sandbox.try_add_fault(typo.clone()).unwrap_err();
    assert_eq!(
        refused,
        FaultRefused::UnknownOperation("netex.craete".to_owned())
    );
    assert!(refused.to_string().contains("`netex.create`"), "{refused}");
    assert!(std::panic::catch_unwind(|| lab.sandbox.add_fault(typo)).is_err());
}
