//! CPU time of another process, and the processors of this machine.

use std::fs::read_to_string;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What the threads of a process and of its children have run so far, by the scheduler's own account in
/// nanoseconds (proc(5), `schedstat`). Noise of the machine does not enter it. A thread that ends takes its share along.
///
/// # Errors
/// When the process is gone, or the kernel keeps no such account.
pub fn time(pid: u32) -> Result<Duration, String> {
    let tasks = format!("/proc/{pid}/task");
    let failed = |error: std::io::Error| format!("{tasks}: {error}");
    let mut sum = Duration::ZERO;
    for task in std::fs::read_dir(&tasks).map_err(failed)? {
        let task = task.map_err(failed)?.path();
        match thread(&task) {
            Ok(ran) => sum += ran,
            // It has ended meanwhile.
            Err(error) if gone(&error) => continue,
            Err(error) => return Err(failed(error)),
        }
        // nginx and HAProxy may work in a child.
        let children = read_to_string(task.join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            sum += time(child.parse().map_err(|_| "a child without a number")?)?;
        }
    }
    Ok(sum)
}

/// The file is not there, or its thread is not any more (ESRCH).
fn gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound || error.raw_os_error() == Some(3)
}

fn thread(task: &Path) -> std::io::Result<Duration> {
    let text = read_to_string(task.join("schedstat"))?;
    let first = text.split(' ').next().and_then(|ran| ran.parse().ok());
    first
        .map(Duration::from_nanos)
        .ok_or_else(|| std::io::Error::other("no time in schedstat"))
}

/// Two processors: one for load and vendor, one for what is measured.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub load: usize,
    pub measured: usize,
}

impl Pair {
    /// Takes the first two that this process may use, and binds it to the first: threads and processes that it starts are
    /// bound with it.
    ///
    /// # Errors
    /// With one processor only, or without `taskset`.
    pub fn take() -> Result<Self, String> {
        let status = read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
        let list = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let mut numbers = list.into_iter().flat_map(|list| processors(list.trim()));
        let (Some(load), Some(measured)) = (numbers.next(), numbers.next()) else {
            return Err("load and proxy need a processor each, and there is but one".to_owned());
        };
        let bound = Command::new("taskset")
            .args(["-cp", &load.to_string(), &std::process::id().to_string()])
            .stdout(Stdio::null())
            .status();
        match bound {
            Ok(status) if status.success() => Ok(Self { load, measured }),
            other => Err(format!("taskset: {other:?}")),
        }
    }

    /// A command that runs `program` on the measured processor.
    #[must_use]
    pub fn measured(&self, program: &str) -> Command {
        let mut command = Command::new("taskset");
        command.args(["-c", &self.measured.to_string(), program]);
        command
    }
}

/// The numbers of a list as Linux writes it: `0-2,5`.
fn processors(list: &str) -> Vec<usize> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        first.parse().ok().zip(last.parse().ok())
    };
    list.split(',')
        .filter_map(range)
        .flat_map(|(first, last): (usize, usize)| first..=last)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_processors_has_ranges_and_numbers() {
        assert_eq!(processors("0-2,5"), [0, 1, 2, 5]);
        assert_eq!(processors("3"), [3]);
    }

    #[test]
    fn a_process_that_computes_is_seen_to() {
        let before = time(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while time(std::process::id()).unwrap() < before + Duration::from_millis(20) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(sum > 0);
    }
}
