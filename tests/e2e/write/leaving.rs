//! The same table with SIGTERM in the middle of every write: each is answered, truly, and then the
//! process ends with 0.

use std::collections::VecDeque;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use super::faults::{Also, TROUBLES, Trouble};
use super::matrix::{COLUMNS, WORKERS, prepare, start};
use super::ways::{Case, Word};
use crate::support::Answer;
use crate::support::lab::{Lab, Plan, WRITES};

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
    let mut wrong = Vec::new();
    std::thread::scope(|scope| {
        let work = || {
            let mut seen = Vec::new();
            while let Some((trouble, columns)) = next() {
                seen.extend(leave(trouble, columns));
            }
            seen
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            wrong.extend(worker.join().expect("a worker ends"));
        }
    });
    let writes: usize = TOGETHER.iter().map(|columns| columns.len()).sum();
    println!(
        "{} writes with SIGTERM in the middle; wrong: {}",
        writes * TROUBLES.len(),
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
}

/// What is wrong with the writes of these columns when SIGTERM comes while they meet a trouble.
fn leave(trouble: &Trouble, columns: &[usize]) -> Vec<String> {
    let mut lab = Plan::default()
        .settings(&format!(
            "{}drain: {{delay: 300ms, limit: 60s}}\n",
            trouble.deadline()
        ))
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
    let answered = || cases.iter().zip(&answers);
    let taken = answered().filter(|(_, answer)| {
        let word = answer.as_ref().map(Word::of);
        word.is_some_and(|word| word != Word::NotDone)
    });
    trouble.settle(&lab, taken.map(|((_, case), _)| case));
    wrong.extend(answered().filter_map(|((column, case), answer)| {
        let wrong = match answer {
            Some(answer) => judge(&lab, trouble, *column, case, answer)?,
            None => "no answer",
        };
        let name = COLUMNS[*column].0;
        Some(format!("{name} × {}: {wrong}: {answer:?}", trouble.name))
    }));
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

/// What is wrong with an answer.
fn judge(
    lab: &Lab,
    trouble: &Trouble,
    column: usize,
    case: &Case,
    answer: &Answer,
) -> Option<&'static str> {
    let word = Word::of(answer);
    match word {
        Word::Done if !case.is_applied(lab) => return Some("LIE: done"),
        Word::NotDone if !case.is_untouched(lab) => return Some("LIE: not done"),
        _ => {}
    }
    let golden = trouble.golden.split(' ').flat_map(str::chars).nth(column);
    // Writes at once meet the silence that the first of them was told.
    let told = golden.filter(|letter| *letter != '?' && trouble.also != Also::Silence);
    told.filter(|letter| *letter != word.letter())
        .map(|_| "not what it is without SIGTERM")
}
