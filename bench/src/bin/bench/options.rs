//! The command line.

use std::path::PathBuf;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Peers,
    Growth,
    Memory,
    Fleet,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    pub parts: Vec<Part>,
    /// The folder of the built binaries.
    programs: PathBuf,
    /// The gateway, where it is another than the built one.
    gateway: Option<String>,
    /// A second gateway, to be measured beside the first.
    pub before: Option<String>,
    pub rounds: usize,
    /// Of the large cache.
    pub rooms: u64,
}

const USAGE: &str = "usage: bench PROGRAMS [peers|growth|memory|fleet|all] [--gateway FILE] [--before FILE] [--rounds N] [--rooms N]
  peers    a hit, a 304 and two translated writes beside HAProxy, nginx and bare Pingora (this without a word)
  growth   long lists: the slope beside the parsing library's alone
  memory   allocations, live bytes, kept connections, unfinished bodies, a large cache
  fleet    commands of a hit, the time of a write, reads while the store is paused, a cold start, the store's CPU
  --gateway FILE   measures this binary; allocations and live bytes are always those of the build
  --before FILE    peers: measures this binary too, in the same rounds
  --rounds N       14 unless said otherwise
  --rooms N        memory: entries of the large cache, 1000000 unless said otherwise";

impl Options {
    /// # Errors
    /// The usage, for arguments that are none.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments;
        let usage = || USAGE.to_owned();
        let mut options = Self {
            parts: Vec::new(),
            programs: arguments.next().map(PathBuf::from).ok_or_else(usage)?,
            gateway: None,
            before: None,
            rounds: 14,
            rooms: 1_000_000,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(usage);
            match argument.as_str() {
                "peers" => options.parts.push(Part::Peers),
                "growth" => options.parts.push(Part::Growth),
                "memory" => options.parts.push(Part::Memory),
                "fleet" => options.parts.push(Part::Fleet),
                "all" => {
                    options
                        .parts
                        .extend([Part::Peers, Part::Growth, Part::Memory, Part::Fleet])
                }
                "--gateway" => options.gateway = Some(value()?),
                "--before" => options.before = Some(value()?),
                "--rounds" => options.rounds = value()?.parse().map_err(|_| usage())?,
                "--rooms" => options.rooms = value()?.parse().map_err(|_| usage())?,
                _ => return Err(usage()),
            }
        }
        if options.parts.is_empty() {
            options.parts.push(Part::Peers);
        }
        Ok(options)
    }

    /// The path of a program that was built with this one.
    pub fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    pub fn gateway(&self) -> String {
        self.gateway
            .clone()
            .unwrap_or_else(|| self.program("lms-gateway"))
    }
}
