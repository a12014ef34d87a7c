//! Every way to write × every trouble: what the caller was told against what is true, at the answer
//! and in the end.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use sandbox::{Fault, FaultKind};

use super::faults::{Also, TROUBLES, Trouble};
use super::ways::{Case, Word, Write};
use crate::support::Answer;
use crate::support::lab::{LOOK_UPS, Lab, Plan, WRITES};

/// The columns of the table, in groups. The second pair of status writes meets the trouble once, the
/// first pair also when it is repeated.
pub const COLUMNS: &[(&str, Write)] = &[
    ("create", Write::Create),
    ("upsert-create", Write::UpsertCreate),
    ("replace", Write::Replace),
    ("replace-rename", Write::ReplaceRename),
    ("replace-email", Write::ReplaceEmail),
    ("upsert", Write::Upsert),
    ("upsert-rename", Write::UpsertRename),
    ("status", Write::Status),
    ("status-by-name", Write::StatusByName),
    ("status-once", Write::Status),
    ("status-by-name-once", Write::StatusByName),
    ("delete", Write::Delete),
    ("delete-by-name", Write::DeleteByName),
    ("link", Write::Link),
];

/// Columns that can meet the trouble at the same time, because no two need different faults for one
/// vendor operation.
const TOGETHER: &[&[usize]] = &[&[2, 3, 4, 5, 6, 7, 8, 11, 12, 13], &[0, 1], &[9], &[10]];
const ONCE: [usize; 2] = [9, 10];

/// More gateways at once would only wait for each other.
pub const WORKERS: usize = 4;

/// One field of the table.
struct Field {
    column: usize,
    case: Case,
    answer: Answer,
    applied_at_the_answer: bool,
}

#[test]
fn every_write_ends_in_a_true_answer() {
    // Those that take long go first.
    let mut order: Vec<usize> = (0..TROUBLES.len()).collect();
    order.sort_by_key(|index| !TROUBLES[*index].outlasts());
    let queue: Arc<Mutex<VecDeque<usize>>> = Arc::new(Mutex::new(order.into()));
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let queue = queue.clone();
            std::thread::spawn(move || {
                let mut rows = Vec::new();
                loop {
                    let next = queue.lock().expect("no worker panics here").pop_front();
                    let Some(index) = next else { return rows };
                    rows.push((index, row(&TROUBLES[index])));
                }
            })
        })
        .collect();
    let mut rows: Vec<_> = workers
        .into_iter()
        .flat_map(|worker| worker.join().expect("a worker ends"))
        .collect();
    rows.sort_by_key(|(index, _)| *index);
    let wrong = print(&rows);
    assert_eq!(wrong, Vec::<String>::new());
}

/// What one trouble led to, column by column.
#[derive(Default)]
struct Row {
    words: Vec<Word>,
    lies: Vec<String>,
    duplicates: Vec<String>,
    codes: Vec<String>,
}

impl Row {
    fn letters(&self) -> String {
        self.words.iter().map(|word| word.letter()).collect()
    }

    fn is_as_expected(&self, trouble: &Trouble) -> bool {
        let (letters, golden) = (self.letters(), trouble.golden.replace(' ', ""));
        let fits = |(is, should): (char, char)| should == '?' || is == should;
        letters.len() == golden.len() && letters.chars().zip(golden.chars()).all(fits)
    }
}

fn row(trouble: &Trouble) -> Row {
    let mut row = Row::default();
    if trouble.also == Also::Silence {
        // The silence would meet the next write: each has a gateway of its own.
        for column in 0..COLUMNS.len() {
            play(trouble, &[&[column]], &mut row);
        }
    } else {
        play(trouble, TOGETHER, &mut row);
    }
    row
}

/// The writes of each group at once, one group after the other, at one gateway.
fn play(trouble: &Trouble, groups: &[&[usize]], row: &mut Row) {
    let lab = Plan::default().settings(trouble.deadline()).start();
    let groups = groups.iter();
    let mut fields: Vec<_> = groups
        .flat_map(|columns| meet(&lab, trouble, columns))
        .collect();
    fields.sort_by_key(|field| field.column);
    trouble.settle(&lab, fields.iter().map(|field| &field.case));
    for field in &fields {
        judge(&lab, trouble, field, row);
    }
}

/// Sends the writes of these columns at once while the trouble lasts.
fn meet(lab: &Lab, trouble: &Trouble, columns: &[usize]) -> Vec<Field> {
    let cases: Vec<_> = columns
        .iter()
        .map(|column| (*column, prepare(lab, *column)))
        .collect();
    start(lab, trouble, columns);
    let fields = std::thread::scope(|scope| {
        let senders: Vec<_> = cases
            .into_iter()
            .map(|(column, case)| {
                scope.spawn(move || {
                    let answer = case.send(lab);
                    Field {
                        applied_at_the_answer: case.is_applied(lab),
                        column,
                        case,
                        answer,
                    }
                })
            })
            .collect();
        senders
            .into_iter()
            .map(|sender| sender.join().expect("every write is answered"))
            .collect()
    });
    lab.sandbox.clear_faults();
    fields
}

pub fn prepare(lab: &Lab, column: usize) -> Case {
    let (_, write) = COLUMNS[column];
    let name = match write {
        Write::Link => format!("00000000-0000-4000-8000-0000000000{column:02}"),
        _ => format!("matrix-{column}"),
    };
    Case::prepare(lab, write, &name)
}

/// Sets the faults of a trouble, for the writes of these columns.
pub fn start(lab: &Lab, trouble: &Trouble, columns: &[usize]) {
    if trouble.also == Also::Connections {
        // Ends the connections that stand, so that the next call needs a new one.
        lab.break_all(&["*"], trouble.when, |_| FaultKind::Refuse);
        if (trouble.kind)("*") != FaultKind::Refuse {
            lab.sandbox.clear_faults();
            let fault = Fault::every("*", trouble.when, (trouble.kind)("*"));
            let times = columns
                .iter()
                .all(|column| ONCE.contains(column))
                .then_some(1);
            lab.sandbox.add_fault(Fault { times, ..fault });
        }
        return;
    }
    if trouble.also == Also::LookUpsFail {
        lab.break_all(&LOOK_UPS, trouble.when, |_| FaultKind::status(500));
    }
    if columns.iter().all(|column| ONCE.contains(column)) {
        lab.break_next("netex.status", trouble.when, (trouble.kind)("netex.status"));
    } else if columns.contains(&1) {
        // Without a fault the update of an upsert says that there is nothing.
        lab.break_all(&["netex.create"], trouble.when, trouble.kind);
    } else {
        lab.break_all(&WRITES, trouble.when, trouble.kind);
    }
}

fn judge(lab: &Lab, trouble: &Trouble, field: &Field, row: &mut Row) {
    let (name, write) = COLUMNS[field.column];
    let word = Word::of(&field.answer);
    let applied = field.case.is_applied(lab);
    let untouched = field.case.is_untouched(lab);
    let calls = field.case.vendor_writes(lab);
    let say = |what: &str| {
        format!(
            "{name} × {}: {what} (applied at the answer: {}, in the end: {applied}, vendor writes: {calls}): {:?}",
            trouble.name, field.applied_at_the_answer, field.answer
        )
    };
    match word {
        Word::Done if !(field.applied_at_the_answer && applied) => row.lies.push(say("done")),
        Word::NotDone if field.applied_at_the_answer || !untouched => {
            row.lies.push(say("not done"));
        }
        _ => {}
    }
    let most = match write {
        Write::Status | Write::StatusByName => 2,
        // A 401 says that nothing was executed: once more, with a new token.
        Write::Link if trouble.name == "401" => 2,
        _ => 1,
    };
    if calls > most {
        row.duplicates.push(say("sent too often"));
    }
    row.words.push(word);
    let code = match word {
        Word::Done => field.answer.status.to_string(),
        _ => field.answer.problem(),
    };
    row.codes.push(format!("{code}/{calls}"));
}

/// Prints the table and returns what is wrong with it.
fn print(rows: &[(usize, Row)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let names: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
    println!("columns: {}", names.join(", "));
    let mut counts = [0, 0, 0];
    for (index, row) in rows {
        let trouble = &TROUBLES[*index];
        let letters = row.letters();
        println!("{letters}  {}", trouble.name);
        for (name, code) in names.iter().zip(&row.codes) {
            println!("    {name}: {code}");
        }
        for word in &row.words {
            counts[*word as usize] += 1;
        }
        if !row.is_as_expected(trouble) {
            let (name, golden) = (trouble.name, trouble.golden);
            wrong.push(format!("{name}: {letters}, expected {golden}"));
        }
        wrong.extend(row.lies.iter().map(|lie| format!("LIE: {lie}")));
        wrong.extend(row.duplicates.iter().map(|twice| format!("TWICE: {twice}")));
    }
    let lies: usize = rows.iter().map(|(_, row)| row.lies.len()).sum();
    let duplicates: usize = rows.iter().map(|(_, row)| row.duplicates.len()).sum();
    println!(
        "{} writes: done {}, not done {}, unknown {}; lies {lies}, duplicates {duplicates}",
        counts.iter().sum::<usize>(),
        counts[0],
        counts[1],
        counts[2]
    );
    wrong
}
