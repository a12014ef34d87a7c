//! The parsing libraries alone, on the bytes that the gateway gets: what growth is measured against.

use std::io::BufRead;
use std::process::ExitCode;

use quick_xml::events::Event;
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

use crate::rooms;

/// Reads commands from the input, one a line: kind, bytes, repetitions. Answers with nanoseconds of CPU of one repetition,
/// without and with the freeing of what was made.
pub fn main() -> ExitCode {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match answer(&line) {
            Ok((made, freed)) => println!("{made} {freed}"),
            Err(error) => {
                eprintln!("{line}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn answer(line: &str) -> Result<(u64, u64), String> {
    let words: Vec<&str> = line.split(' ').collect();
    let [kind, bytes, times] = words.as_slice() else {
        return Err("three words are due".to_owned());
    };
    let number = |word: &str| word.parse::<u64>().map_err(|error| error.to_string());
    let (bytes, times) = (number(bytes)? as usize, number(times)?.max(1));
    let (made, freed) = match *kind {
        "json" => timed(&rooms::json_list(bytes), times, value),
        "xml" => timed(&rooms::xml_list(bytes), times, events),
        "form" => timed(&rooms::request(bytes), times, form),
        _ => Err("no such kind".to_owned()),
    }?;
    Ok((made / times, freed / times))
}

/// Runs `make` so often, and sums what it takes without and with the end of its result.
fn timed<T>(
    text: &str,
    times: u64,
    make: fn(&str) -> Result<T, String>,
) -> Result<(u64, u64), String> {
    let (mut made, mut freed) = (0, 0);
    for _ in 0..times {
        let start = now();
        let result = std::hint::black_box(make(std::hint::black_box(text))?);
        made += now() - start;
        drop(result);
        freed += now() - start;
    }
    Ok((made, freed))
}

/// CPU time of this thread in nanoseconds.
fn now() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn value(text: &str) -> Result<Value, String> {
    serde_json::from_slice(text.as_bytes()).map_err(|error| error.to_string())
}

fn events(text: &str) -> Result<usize, String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut events = 0;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => return Ok(events),
            event => {
                std::hint::black_box(event);
                events += 1;
            }
        }
    }
}

fn form(text: &str) -> Result<(Value, String), String> {
    let value = value(text)?;
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, field) in value.as_object().into_iter().flatten() {
        match field {
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_str) {
                    form.append_pair(name, item);
                }
            }
            field => {
                form.append_pair(name, field.as_str().unwrap_or_default());
            }
        }
    }
    let form = form.finish();
    Ok((value, form))
}
