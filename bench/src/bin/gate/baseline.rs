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
}

/// The exchanges that differ from the baseline by more than the tolerance.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    dearer: Vec<&'static str>,
    cheaper: Vec<&'static str>,
    without_baseline: Vec<&'static str>,
}

/// What was measured: each exchange's name and its count.
pub type Counts = [(&'static str, Count)];

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
        Self {
            tools: tools(),
            instructions: counts
                .iter()
                .map(|(name, count)| ((*name).to_owned(), count.instructions))
                .collect(),
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

    pub fn table(&self, counts: &Counts) -> String {
        let mut text = format!(
            "{:<14} {:>12} {:>12} {:>8} {:>8}\n",
            "instructions", "baseline", "now", "change", "spread"
        );
        for (name, count) in counts {
            let (baseline, change) = match self.instructions.get(*name) {
                Some(baseline) => (
                    baseline.to_string(),
                    format!("{:+.2}%", per_cent(*baseline, count.instructions)),
                ),
                None => ("-".to_owned(), "-".to_owned()),
            };
            let spread = 100.0 * count.spread as f64 / count.instructions as f64;
            let _ = writeln!(
                text,
                "{name:<14} {baseline:>12} {:>12} {change:>8} {spread:>7.2}%",
                count.instructions
            );
        }
        text
    }

    pub fn verdict(&self, counts: &Counts) -> Verdict {
        let mut verdict = Verdict::default();
        for (name, count) in counts {
            let Some(baseline) = self.instructions.get(*name) else {
                verdict.without_baseline.push(name);
                continue;
            };
            // In whole numbers: of a fraction the last digit would decide at the edge.
            let (now, before) = (u128::from(count.instructions) * 100, u128::from(*baseline));
            if now > before * (100 + TOLERANCE) {
                verdict.dearer.push(name);
            } else if now < before * (100 - TOLERANCE) {
                verdict.cheaper.push(name);
            }
        }
        verdict
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

    fn count(instructions: u64) -> Count {
        Count {
            instructions,
            spread: 0,
        }
    }

    #[test]
    fn three_per_cent_more_fails_and_less_asks_for_a_new_baseline() {
        let baseline = Baseline::of(&[("a", count(10_000)), ("b", count(10_000))]);
        let verdict = |a, b| baseline.verdict(&[("a", count(a)), ("b", count(b))]);
        assert_eq!(verdict(10_300, 9_700), Verdict::default());
        let dearer = verdict(10_301, 10_000);
        assert_eq!(dearer.dearer, ["a"]);
        assert!(!dearer.passes());
        let cheaper = verdict(10_000, 9_699);
        assert_eq!(cheaper.cheaper, ["b"]);
        assert!(cheaper.passes());
    }

    #[test]
    fn an_exchange_that_was_never_measured_fails() {
        let verdict = Baseline::default().verdict(&[("a", count(1))]);
        assert_eq!(verdict.without_baseline, ["a"]);
        assert!(!verdict.passes());
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("instructions.json");
        let baseline = Baseline::of(&[("a", count(10_000))]);
        baseline.write(&file).unwrap();
        assert_eq!(Baseline::read(&file), Ok(baseline));
    }
}
