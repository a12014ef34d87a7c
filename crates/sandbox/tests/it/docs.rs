//! `docs/sandbox.md` names everything that there is.

use sandbox::{Assumptions, FaultKind, OPERATIONS};

const PAGE: &str = include_str!("../../../../docs/sandbox.md");

fn named(name: &str) -> bool {
    PAGE.contains(&format!("`{name}`"))
}

#[test]
fn every_operation_and_every_switch_is_named() {
    let missing: Vec<&str> = OPERATIONS.into_iter().filter(|name| !named(name)).collect();
    assert_eq!(missing, [""; 0]);
    let table = PAGE.split("| switch | default | other |").nth(1).unwrap();
    let switches = serde_json::to_value(Assumptions::default()).unwrap();
    for (switch, default) in switches.as_object().unwrap() {
        assert!(named(switch), "{switch}");
        let default = default.as_str().unwrap_or("null");
        let row = table
            .lines()
            .find(|line| line.starts_with("| `") && line.contains(&format!("`{switch}`")))
            .unwrap_or_else(|| panic!("no row of {switch}"));
        let cell = row.split('|').nth(2).unwrap();
        assert!(cell.contains(&format!("`{default}`")), "{switch}: {cell}");
    }
}

#[test]
fn every_fault_of_the_table_is_taken() {
    let table = PAGE.split("| kind | what happens |").nth(1).unwrap();
    let kinds: Vec<FaultKind> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .flat_map(|line| {
            line.split('|')
                .nth(1)
                .unwrap()
                .split('`')
                .skip(1)
                .step_by(2)
        })
        .map(|spelling| {
            let body = format!("{{\"operation\":\"*\",\"kind\":{spelling}}}");
            crate::control::kind_of(&body)
        })
        .collect();
    let mut names: Vec<&str> = kinds.iter().map(FaultKind::name).collect();
    names.dedup();
    assert_eq!(names.len(), 18, "{names:?}");
}
