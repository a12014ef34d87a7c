//! Golden exchanges: each file under `tests/exchanges` is one request, what each vendor got and said,
//! and the answer. `tests/exchanges/README.md` explains the form.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod body;
mod compare;
mod coverage;
mod exchange;
mod files;
mod notices;
mod play;
mod read;
mod served;
mod vendor;
mod write;

use std::collections::BTreeSet;

/// An emptied or misplaced folder must not pass for a green one.
const FEWEST_FILES: usize = 70;

#[tokio::test(start_paused = true)]
async fn every_exchange_goes_as_its_file_says() {
    let update = files::updating();
    let files = files::all();
    assert!(
        files.len() >= FEWEST_FILES,
        "only {} files under tests/exchanges",
        files.len()
    );
    let mut failures = Vec::new();
    let mut seen = BTreeSet::new();
    for file in &files {
        match play::file(file, update).await {
            Ok(covered) => seen.extend(covered),
            Err(complaint) => failures.push(format!("{}\n{complaint}", file.name)),
        }
    }
    if failures.is_empty() {
        failures.extend(coverage::gaps(&seen));
    }
    assert!(
        failures.is_empty(),
        "{} of {} exchanges do not go as their files say:\n\n{}",
        failures.len(),
        files.len(),
        failures.join("\n\n")
    );
}

#[tokio::test(start_paused = true)]
async fn a_frozen_exchange_goes_as_it_did() {
    if let Err(complaint) = play::file(&files::frozen(), false).await {
        panic!("tests/compat/README.md says what to do: {complaint}");
    }
}
