//! The same table with SIGTERM in the middle of every write: each is answered, truly, and then the
//! process ends with 0.

use std::collections::VecDeque;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use super::faults::{Also, TROUBLES, Trouble};
use super::matrix::{COLUMNS, prepare, start};
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
    let (mut wrong, mut different) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let work = || {
            let mut seen = Vec::new();
            while let Some((trouble, columns)) = next() {
                seen.push((trouble, columns, leave(trouble, columns)));
            }
            seen
        };
        let workers: Vec<_> = (0..10).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            for (trouble, columns, seen) in worker.join().expect("a worker ends") {
                wrong.extend(seen.wrong);
                if !seen.different.is_empty() {
                    different.push((trouble, columns));
                }
            }
        }
    });
    // Ten gateways at once can miss time limits, and then the truth is another one: what is expected
    // holds for a gateway that is alone.
    for (trouble, columns) in different {
        println!("once more, alone: {}", trouble.name);
        let seen = leave(trouble, columns);
        wrong.extend(seen.wrong);
        wrong.extend(seen.different);
    }
    let writes: usize = TOGETHER.iter().map(|columns| columns.len()).sum();
    println!(
        "{} writes with SIGTERM in the middle; wrong: {}",
        writes * TROUBLES.len(),
        wrong.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
}

#[derive(Default)]
struct Seen {
    /// No answer, a lie, another exit code than 0: never forgiven.
    wrong: Vec<String>,
    /// True answers that are not those of the same trouble without SIGTERM.
    different: Vec<String>,
}

/// What is wrong with the writes of these columns when SIGTERM comes while they meet a trouble.
fn leave(trouble: &Trouble, columns: &[usize]) -> Seen {
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
    let mut seen = Seen::default();
    if code != 0 {
        seen.wrong.push(format!(
            "{}: exit code {code}: {}",
            trouble.name,
            lab.gateway.log()
        ));
    }
    if trouble.name.starts_with("late") {
        std::thread::sleep(Duration::from_millis(2_700));
    }
    for ((column, case), answer) in cases.iter().zip(answers) {
        judge(&lab, trouble, *column, case, answer.as_ref(), &mut seen);
    }
    seen
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
    seen: &mut Seen,
) {
    let name = COLUMNS[column].0;
    let say = |what: &str| format!("{name} × {}: {what}: {answer:?}", trouble.name);
    let Some(word) = answer.map(Word::of) else {
        return seen.wrong.push(say("no answer"));
    };
    match word {
        Word::Done if !case.is_applied(lab) => seen.wrong.push(say("LIE: done")),
        Word::NotDone if !case.is_untouched(lab) => seen.wrong.push(say("LIE: not done")),
        _ => {}
    }
    let golden = trouble.golden.split(' ').flat_map(str::chars).nth(column);
    // Writes at once meet the silence that the first of them was told.
    let told = golden.filter(|letter| *letter != '?' && trouble.also != Also::Silence);
    if told.is_some_and(|letter| letter != word.letter()) {
        seen.different.push(say("not what it is without SIGTERM"));
    }
}
