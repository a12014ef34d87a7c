//! Long lists, whole exchanges: what a further MB costs the gateway, beside the parsing library's work alone.
//!
//! Both read the same bytes, on the same processor, with the same allocator, in turns.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use bench::cpu::{self, Pair};
use bench::gateway::Gateway;
use bench::http::Connection;
use bench::rooms;
use bench::statistics::{Spread, slope};
use bench::vendor::Vendor;

use crate::options::Options;

/// Bytes of the vendor's answer, or of the request that becomes a form.
const SIZES: [usize; 6] = [64_000, 256_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000];
/// Small lists are repeated until they are so many bytes.
const WINDOW: usize = 4_000_000;
/// What lets 8 MB through.
const LIMITS: &str =
    "threads: 1\nlimits: {body: 16MiB, bodies: 128MiB, form: 64MiB, answer: 16MiB}\ndeadline: 60s";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Xml,
    Form,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Json, Self::Xml, Self::Form];

    /// The word of `parsers`.
    fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Form => "form",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Json => {
                "JSON list from the vendor; alone: serde_json makes a Value (preserve_order)"
            }
            Self::Xml => "XML list from the vendor; alone: quick-xml's events",
            Self::Form => {
                "long list to the vendor as a form; alone: serde_json's Value, then form_urlencoded"
            }
        }
    }

    fn send(self, caller: &mut Connection, size: usize, body: &str) -> Result<(), String> {
        let list = format!("/v1/lists/{}/{size}", self.word());
        let answer = match self {
            Self::Form => caller.send("POST", "/v1/lists", &[], body),
            Self::Json | Self::Xml => caller.send("GET", &list, &[], ""),
        };
        let answer = answer.map_err(|error| error.to_string())?;
        // What comes of XML is shorter than the XML.
        if answer.status != 200 || (self != Self::Form && answer.body.len() < size / 2) {
            let start: String = answer.body.chars().take(300).collect();
            return Err(format!("{}: {} {start}", self.word(), answer.status));
        }
        Ok(())
    }
}

/// Milliseconds of one exchange, and of the library alone without and with the freeing of what it made.
#[derive(Debug, Clone, Copy)]
struct Cost {
    kind: Kind,
    size: usize,
    round: usize,
    ours: f64,
    made: f64,
    freed: f64,
    /// `made` with the allocator of the system.
    system: f64,
}

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    let vendor = Vendor::start()?;
    let gateway = Gateway::start(pair.measured(&options.gateway()), vendor.address, LIMITS)?;
    let mut alone = Parsers::start(&options.program("parsers"), pair)?;
    let mut on_system = Parsers::start(&options.program("parsers_system"), pair)?;
    let mut caller = gateway.connect()?;
    let bodies = SIZES.map(rooms::request);
    let cells: Vec<(Kind, usize)> = Kind::ALL
        .iter()
        .flat_map(|kind| (0..SIZES.len()).map(|size| (*kind, size)))
        .collect();
    let mut costs = Vec::new();
    // Round 0 warms up.
    for round in 0..=options.rounds {
        let mut order = cells.clone();
        if round % 2 == 1 {
            order.reverse();
        }
        for (kind, number) in order {
            let (size, body) = (SIZES[number], &bodies[number]);
            let times = (WINDOW / size).max(1);
            let before = cpu::time(gateway.server.pid())?;
            for _ in 0..times {
                kind.send(&mut caller, size, body)?;
            }
            let used = cpu::time(gateway.server.pid())?.saturating_sub(before);
            let (made, freed) = alone.run(kind, size, times)?;
            let (system, _) = on_system.run(kind, size, times)?;
            let ours = used.as_secs_f64() * 1e3 / times as f64;
            costs.push(Cost {
                kind,
                size,
                round,
                ours,
                made,
                freed,
                system,
            });
        }
    }
    costs.retain(|cost| cost.round > 0);
    for kind in Kind::ALL {
        print!("{}", table(kind, &costs, options.rounds));
    }
    println!(
        "\nMedians of {} rounds and their quartiles. MB = 1,000,000 bytes of what the vendor sends (of the form: of the request).",
        options.rounds
    );
    Ok(())
}

fn table(kind: Kind, costs: &[Cost], rounds: usize) -> String {
    let here: Vec<&Cost> = costs.iter().filter(|cost| cost.kind == kind).collect();
    let mut text = format!(
        "\n{}\n| bytes | ms a MB | alone | × |\n|---:|---:|---:|---:|\n",
        kind.title()
    );
    let mut line = |name: &str, figures: &[(f64, f64)]| {
        let spread = |of: fn(&(f64, f64)) -> f64| Spread::of(figures.iter().map(of).collect());
        let all = (
            spread(|pair| pair.0),
            spread(|pair| pair.1),
            spread(|pair| pair.0 / pair.1),
        );
        if let (Some(ours), Some(alone), Some(ratio)) = all {
            let _ = writeln!(text, "| {name} | {ours} | {alone} | {ratio} |");
        }
    };
    for size in SIZES {
        let per_mb = |cost: &&&Cost| {
            let megabytes = size as f64 / 1e6;
            (cost.ours / megabytes, cost.made / megabytes)
        };
        let sized = here.iter().filter(|cost| cost.size == size);
        let figures: Vec<(f64, f64)> = sized.map(|cost| per_mb(&cost)).collect();
        line(&size.to_string(), &figures);
    }
    let slopes = |alone: fn(&Cost) -> f64| -> Vec<(f64, f64)> {
        let of = |round: usize, figure: fn(&Cost) -> f64| {
            let points: Vec<(f64, f64)> = here
                .iter()
                .filter(|cost| cost.round == round)
                .map(|cost| (cost.size as f64 / 1e6, figure(cost)))
                .collect();
            slope(&points)
        };
        (1..=rounds)
            .map(|round| (of(round, |cost| cost.ours), of(round, alone)))
            .collect()
    };
    line("**slope**", &slopes(|cost| cost.made));
    line("slope, freeing included", &slopes(|cost| cost.freed));
    line(
        "slope, alone on the system's allocator",
        &slopes(|cost| cost.system),
    );
    text
}

/// The process that runs the libraries.
struct Parsers {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Parsers {
    fn start(program: &str, pair: Pair) -> Result<Self, String> {
        let mut child = pair
            .measured(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("parsers: {error}"))?;
        let (Some(commands), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("parsers: no pipes".to_owned());
        };
        let answers = BufReader::new(answers);
        Ok(Self {
            child,
            commands,
            answers,
        })
    }

    /// Milliseconds of CPU of one repetition, without and with freeing.
    fn run(&mut self, kind: Kind, size: usize, times: usize) -> Result<(f64, f64), String> {
        let failed = |error: std::io::Error| format!("parsers: {error}");
        writeln!(self.commands, "{} {size} {times}", kind.word()).map_err(failed)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(failed)?;
        let words = line.trim().split_once(' ');
        let number = |text: &str| text.parse::<f64>().ok().map(|nanos| nanos / 1e6);
        words
            .and_then(|(made, freed)| Some((number(made)?, number(freed)?)))
            .ok_or_else(|| format!("parsers: {line}"))
    }
}

impl Drop for Parsers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
