//! The stored counts, and what the counts of now are against them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::measure::Count;

/// Beyond this an exchange fails; as far below it asks for a new baseline. Per cent.
const TOLERANCE: u128 = 3;

/// The file `bench/instructions.json`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The tools that made and counted the binary: another compiler of C or Rust makes other instructions.
    tools: Vec<String>,
    /// Instructions of one exchange, by its name.
    instructions: BTreeMap<String, u64>,
    /// Allocations of a thousand exchanges, by their name.
    #[serde(default)]
    allocations: BTreeMap<String, u64>,
}

/// The exchanges that differ from the baseline by more than the tolerance.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    dearer: Vec<String>,
    cheaper: Vec<String>,
    without_baseline: Vec<String>,
}

/// Each exchange's name and its count.
type Column = [(&'static str, Count)];

/// What was measured.
#[derive(Debug, Default)]
pub struct Counts {
    pub instructions: Vec<(&'static str, Count)>,
    /// In thousandths.
    pub allocations: Vec<(&'static str, Count)>,
}

impl Baseline {
    /// An absent file is an empty baseline: the first `--update` makes it.
    ///
    /// # Errors
    /// A file that cannot be read, or is no baseline.
    pub fn read(file: &Path) -> Result<Self, String> {
        if !file.exists() {
            return Ok(Self::default());
        }
        let failed = |error: &dyn fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
        serde_json::from_str(&text).map_err(|error| failed(&error))
    }

    /// The baseline that `counts` are, made with the tools of this machine.
    pub fn of(counts: &Counts) -> Self {
        let column = |counts: &Column| {
            let numbers = counts.iter().map(|(name, count)| (*name, count.number));
            numbers
                .map(|(name, number)| (name.to_owned(), number))
                .collect()
        };
        Self {
            tools: tools(),
            instructions: column(&counts.instructions),
            allocations: column(&counts.allocations),
        }
    }

    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        std::fs::write(file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))
    }

    /// A line of why the figures may differ though no code does: other tools made or counted the binary.
    pub fn other_tools(&self) -> Option<String> {
        let here = tools();
        (here != self.tools && !self.tools.is_empty()).then(|| {
            format!(
                "other tools than the baseline's, so figures may differ by themselves:\n  baseline: {}\n  here:     {}",
                self.tools.join("; "),
                here.join("; ")
            )
        })
    }

    /// A line for each count; what was not counted has none.
    pub fn table(&self, counts: &Counts) -> String {
        let mut text = String::new();
        for (title, baseline, counts) in self.columns(counts) {
            if counts.is_empty() {
                continue;
            }
            let _ = writeln!(
                text,
                "{title:<14} {:>12} {:>12} {:>8} {:>8}",
                "baseline", "now", "change", "spread"
            );
            for (name, count) in counts {
                let (baseline, change) = match baseline.get(*name) {
                    Some(baseline) => (
                        baseline.to_string(),
                        format!("{:+.2}%", per_cent(*baseline, count.number)),
                    ),
                    None => ("-".to_owned(), "-".to_owned()),
                };
                let spread = 100.0 * count.spread as f64 / count.number as f64;
                let _ = writeln!(
                    text,
                    "{name:<14} {baseline:>12} {:>12} {change:>8} {spread:>7.2}%",
                    count.number
                );
            }
        }
        text
    }

    pub fn verdict(&self, counts: &Counts) -> Verdict {
        let mut verdict = Verdict::default();
        for (title, baseline, counts) in self.columns(counts) {
            for (name, count) in counts {
                let told = format!("{name} ({title})");
                let Some(baseline) = baseline.get(*name) else {
                    verdict.without_baseline.push(told);
                    continue;
                };
                // In whole numbers: of a fraction the last digit would decide at the edge.
                let (now, before) = (u128::from(count.number) * 100, u128::from(*baseline));
                let slack = u128::from(count.slack) * 100;
                if now > before * (100 + TOLERANCE) + slack {
                    verdict.dearer.push(told);
                } else if now + slack < before * (100 - TOLERANCE) {
                    verdict.cheaper.push(told);
                }
            }
        }
        verdict
    }

    /// What is counted, with its title and its baseline.
    fn columns<'a>(
        &'a self,
        counts: &'a Counts,
    ) -> [(&'static str, &'a BTreeMap<String, u64>, &'a Column); 2] {
        [
            ("instructions", &self.instructions, &counts.instructions),
            ("allocs/1000", &self.allocations, &counts.allocations),
        ]
    }
}

impl Verdict {
    /// What is cheaper passes; what is dearer or was never measured does not.
    pub fn passes(&self) -> bool {
        self.dearer.is_empty() && self.without_baseline.is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return write!(f, "ok: all within {TOLERANCE} % of the baseline");
        }
        let parts = [
            (
                &self.dearer,
                "dearer by more than 3 %: find what was added to the path, or renew the baseline with a reason",
            ),
            (
                &self.without_baseline,
                "without a baseline: `./dev gate --update` writes it",
            ),
            (
                &self.cheaper,
                "cheaper by more than 3 %: renew the baseline (`./dev gate --update`), so that it cannot be lost again",
            ),
        ];
        for (index, (names, text)) in parts
            .iter()
            .filter(|(names, _)| !names.is_empty())
            .enumerate()
        {
            let lead = if index == 0 { "" } else { "\n" };
            write!(f, "{lead}{}: {text}", names.join(", "))?;
        }
        Ok(())
    }
}

fn per_cent(baseline: u64, now: u64) -> f64 {
    100.0 * (now as f64 / baseline as f64 - 1.0)
}

/// First lines of what the tools say of themselves.
fn tools() -> Vec<String> {
    ["rustc", "cc", "valgrind"]
        .iter()
        .map(|tool| {
            let output = Command::new(tool).arg("--version").output();
            let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
            let line = text.unwrap_or_default();
            line.lines().next().unwrap_or(tool).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(number: u64) -> Count {
        Count {
            number,
            spread: 0,
            slack: 0,
        }
    }

    fn counts(instructions: u64, allocations: u64) -> Counts {
        Counts {
            instructions: vec![("a", count(instructions))],
            allocations: vec![("a", count(allocations))],
        }
    }

    #[test]
    fn three_per_cent_more_fails_and_less_asks_for_a_new_baseline() {
        let baseline = Baseline::of(&counts(10_000, 10_000));
        let verdict =
            |instructions, allocations| baseline.verdict(&counts(instructions, allocations));
        assert_eq!(verdict(10_300, 9_700), Verdict::default());
        for (dearer, name) in [
            (verdict(10_301, 10_000), "a (instructions)"),
            (verdict(10_000, 10_301), "a (allocs/1000)"),
        ] {
            assert_eq!(dearer.dearer, [name]);
            assert!(!dearer.passes());
        }
        let cheaper = verdict(10_000, 9_699);
        assert_eq!(cheaper.cheaper, ["a (allocs/1000)"]);
        assert!(cheaper.passes());
    }

    #[test]
    fn what_the_rest_of_the_process_does_fails_nobody() {
        let baseline = Baseline::of(&counts(10_000, 77_000));
        let verdict = |allocations| {
            let mut counts = counts(10_000, allocations);
            counts.allocations[0].1.slack = 100_000;
            baseline.verdict(&counts)
        };
        assert_eq!(verdict(179_310), Verdict::default());
        assert_eq!(verdict(1_000), Verdict::default());
        assert!(!verdict(179_311).passes());
    }

    #[test]
    fn an_exchange_that_was_never_measured_fails() {
        let verdict = Baseline::default().verdict(&counts(1, 1));
        assert_eq!(
            verdict.without_baseline,
            ["a (instructions)", "a (allocs/1000)"]
        );
        assert!(!verdict.passes());
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("instructions.json");
        let baseline = Baseline::of(&counts(10_000, 20));
        baseline.write(&file).unwrap();
        assert_eq!(Baseline::read(&file), Ok(baseline));
    }
}
