//! What the files together must show.

use std::collections::BTreeSet;

use crate::served::{Served, successes};

/// Successes that the contract documents and no file shows.
pub fn gaps(seen: &BTreeSet<Served>) -> Vec<String> {
    let plan = contract::compile(include_str!("../../config/contract.yaml")).unwrap();
    let missing = successes(&plan.openapi)
        .into_iter()
        .filter(|success| !seen.contains(success));
    missing
        .map(|(operation, status)| format!("no file shows {operation} answering {status}"))
        .collect()
}

#[test]
fn a_success_that_no_file_shows_is_a_gap() {
    assert!(gaps(&BTreeSet::new()).contains(&"no file shows getRoom answering 200".to_owned()));
}
