//! Steps with their verdicts. After one that failed the others are not tried.

use std::time::Duration;

use tokio::time::Instant;

use super::advice::Trouble;

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Failed,
    /// There is nothing to do in this step, or one before it failed.
    Skipped,
}

/// One step to a vendor, or to the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: &'static str,
    pub verdict: Verdict,
    pub time: Duration,
    /// What was found; never a secret.
    pub detail: String,
    /// Of one that failed: what to do.
    pub fix: Option<String>,
}

/// Those that were done.
pub struct StepLog {
    /// All that there are, in their order.
    names: &'static [&'static str],
    done: Vec<Step>,
    begun: Instant,
}

impl StepLog {
    pub fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            done: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// All steps in their order.
    pub fn into_all(self) -> Vec<Step> {
        let mut done = self.done;
        for name in self.names {
            if !done.iter().any(|step| step.name == *name) {
                done.push(Step {
                    name,
                    verdict: Verdict::Skipped,
                    time: Duration::ZERO,
                    detail: "not tried".to_owned(),
                    fix: None,
                });
            }
        }
        done
    }

    /// Whether none failed so far.
    pub fn goes_on(&self) -> bool {
        self.done.iter().all(|step| step.verdict != Verdict::Failed)
    }

    pub fn put(
        &mut self,
        name: &'static str,
        verdict: Verdict,
        detail: String,
        fix: Option<String>,
    ) {
        let now = Instant::now();
        self.done.push(Step {
            name,
            verdict,
            time: now - self.begun,
            detail,
            fix,
        });
        self.begun = now;
    }

    pub fn end<T>(
        &mut self,
        name: &'static str,
        result: Result<(T, String), Trouble>,
    ) -> Option<T> {
        match result {
            Ok((value, detail)) => {
                self.put(name, Verdict::Ok, detail, None);
                Some(value)
            }
            Err(Trouble { detail, fix }) => {
                self.put(name, Verdict::Failed, detail, Some(fix));
                None
            }
        }
    }
}
