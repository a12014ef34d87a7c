//! The same table with SIGTERM in the middle of every write: each is answered, truly, and then the
//! process ends with 0.

use std::collections::VecDeque;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use super::faults::{Also, TROUBLES, Trouble};
use super::lab::{Lab, Plan, WRITES};
use super::matrix::{COLUMNS, prepare, start};
use super::write::{Case, Word};
use crate::support::Answer;

/// Columns that can meet one trouble at the same time. (That a status is repeated makes no
/// difference here.)
const TOGETHER: &[&[usize]] = &[&[2, 3, 4, 5, 6, 7, 8, 11, 12, 13], &[0, 1]];

#[test]
fn every_write_under_way_is_answered_before_the_process_ends() {
    let all = TROUBLES
        .iter()
        .flat_map(|trouble| TOGETHER.iter().map(move |columns| (trouble, *columns)));
    let queue: Mutex<VecDeque<_>> = Mutex::new(all.collect());
    let next = || queue.lock().expect("no worker panics here").pop_front();
    let results: Vec<(usize, Vec<String>)> = std::thread::scope(|scope| {
        let work = || {
            let (mut writes, mut wrong) = (0, Vec::new());
            while let Some((trouble, columns)) = next() {
                writes += columns.len();
                wrong.extend(leave(trouble, columns));
            }
            (writes, wrong)
        };
        let workers: Vec<_> = (0..10).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    let writes: usize = results.iter().map(|(writes, _)| writes).sum();
    let wrong: Vec<String> = results.into_iter().flat_map(|(_, wrong)| wrong).collect();
    println!(
        "{writes} writes with SIGTERM in the middle; wrong: {}",
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
}

/// What is wrong with the writes of these columns when SIGTERM comes while they meet a trouble.
fn leave(trouble: &Trouble, columns: &[usize]) -> Vec<String> {
    let mut lab = Plan::default()
        .settings("deadline: 2s\ndrain: {delay: 300ms, limit: 20s}\n")
        .start();
    let cases: Vec<_> = columns
        .iter()
        .map(|column| (*column, prepare(&lab, *column)))
        .collect();
    start(&lab, trouble, columns);
    let answers = send_and_terminate(&lab, &cases);
    let code = lab.gateway.wait();
    let mut wrong = Vec::new();
    if code != 0 {
        wrong.push(format!(
            "{}: exit code {code}: {}",
            trouble.name,
            lab.gateway.log()
        ));
    }
    if trouble.name.starts_with("late") {
        std::thread::sleep(Duration::from_millis(2_700));
    }
    for ((column, case), answer) in cases.iter().zip(answers) {
        wrong.extend(judge(&lab, trouble, *column, case, answer.as_ref()));
    }
    wrong
}

/// Every request is with the gateway when the signal comes. `None`: no answer.
fn send_and_terminate(lab: &Lab, cases: &[(usize, Case)]) -> Vec<Option<Answer>> {
    let sent = Barrier::new(cases.len() + 1);
    std::thread::scope(|scope| {
        let send = |case: &Case| {
            let mut client = lab.gateway.client();
            let body = case.body();
            let headers: &[(&str, &str)] = match body.is_empty() {
                true => &[],
                false => &[("Content-Type", "application/json")],
            };
            client.send(case.method(), &case.target(), headers, body.as_bytes());
            sent.wait();
            client.read(false)
        };
        let senders: Vec<_> = cases
            .iter()
            .map(|(_, case)| scope.spawn(move || send(case)))
            .collect();
        sent.wait();
        // A vendor that refuses connections sees nothing.
        let until = Instant::now() + Duration::from_millis(40);
        while Instant::now() < until && WRITES.iter().all(|name| lab.calls(name).is_empty()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        lab.gateway.signal("TERM");
        senders
            .into_iter()
            .map(|sender| sender.join().expect("a sender ends"))
            .collect()
    })
}

fn judge(
    lab: &Lab,
    trouble: &Trouble,
    column: usize,
    case: &Case,
    answer: Option<&Answer>,
) -> Option<String> {
    let name = COLUMNS[column].0;
    let say = |what: &str| Some(format!("{name} × {}: {what}: {answer:?}", trouble.name));
    let Some(answer) = answer else {
        return say("no answer");
    };
    let word = Word::of(answer);
    match word {
        Word::Done if !case.is_applied(lab) => return say("LIE: done"),
        Word::NotDone if !case.is_untouched(lab) => return say("LIE: not done"),
        _ => {}
    }
    let golden = trouble.golden.split(' ').flat_map(str::chars).nth(column);
    // Writes at once meet the silence that the first of them was told.
    let told = golden.filter(|letter| *letter != '?' && trouble.also != Also::Silence);
    if told.is_some_and(|letter| letter != word.letter()) {
        return say("not what it is without SIGTERM");
    }
    None
}
