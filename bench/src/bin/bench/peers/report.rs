//! The windows as tables.

use std::fmt::Write as _;

use bench::exchange::{TASKS, Task};
use bench::statistics::Spread;

/// One window.
pub struct Window {
    /// Its number among the peers; 0 is the gateway.
    pub peer: usize,
    pub task: Task,
    pub round: usize,
    /// Microseconds of CPU for one request.
    pub cost: f64,
    /// The share of the window in which the proxy ran.
    pub busy: f64,
}

/// A table for each task: cost, and the gateway's (peer 0) as a multiple of the peer's, from round to round.
pub fn table(names: &[&str], windows: &[Window]) -> String {
    let mut text = String::new();
    for task in TASKS {
        let ours = costs(windows, task, 0);
        let _ = writeln!(text, "\n{}", task.name());
        let _ = writeln!(
            text,
            "| | CPU µs a request | {} costs × | busy |\n|---|---:|---:|---:|",
            names.first().unwrap_or(&"")
        );
        for (peer, name) in names.iter().enumerate() {
            let theirs = costs(windows, task, peer);
            let ratios = ratios(&ours, &theirs);
            let (Some(cost), Some(ratio)) = (
                Spread::of(theirs.iter().map(|(_, cost)| *cost).collect()),
                Spread::of(ratios),
            ) else {
                continue;
            };
            let here = windows.iter().filter(|window| is(window, task, peer));
            let busy = Spread::of(here.map(|window| window.busy).collect());
            let busy = busy.map_or(0.0, |busy| 100.0 * busy.median.min(1.0));
            let ratio = if peer == 0 {
                "1".to_owned()
            } else {
                ratio.to_string()
            };
            let _ = writeln!(text, "| {name} | {cost} | {ratio} | {busy:.0} % |");
        }
    }
    let of = |task| costs(windows, task, 0);
    if let Some(ratio) = Spread::of(ratios(&of(Task::NotModified), &of(Task::Hit))) {
        let _ = writeln!(text, "\nA 304 costs {ratio} × a 200 from the cache.");
    }
    text
}

fn is(window: &Window, task: Task, peer: usize) -> bool {
    window.task == task && window.peer == peer
}

/// Round and cost of a peer's windows.
fn costs(windows: &[Window], task: Task, peer: usize) -> Vec<(usize, f64)> {
    let here = windows.iter().filter(|window| is(window, task, peer));
    here.map(|window| (window.round, window.cost)).collect()
}

/// The ratios of the rounds that both have.
fn ratios(ours: &[(usize, f64)], theirs: &[(usize, f64)]) -> Vec<f64> {
    let same = |round: usize| theirs.iter().find(|(other, _)| *other == round);
    ours.iter()
        .filter_map(|(round, cost)| Some(cost / same(*round)?.1))
        .collect()
}
