//! CPU time of another process, from `/proc`.

use std::time::Duration;

/// User and system time of all threads so far. Linux counts in hundredths of a second.
///
/// # Errors
/// When the process is gone or `/proc` reads otherwise than proc(5) says.
pub fn time(pid: u32) -> Result<Duration, String> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    // The command's name stands in parentheses and may hold anything.
    let rest = text
        .rsplit_once(')')
        .map(|(_, rest)| rest)
        .ok_or("no command name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<u64>().ok())
    };
    let (user, system) = ticks(11).zip(ticks(12)).ok_or("no times")?;
    Ok(Duration::from_millis((user + system) * 10))
}
