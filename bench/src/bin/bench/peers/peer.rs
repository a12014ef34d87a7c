//! One proxy that is measured: how it is started, and what it can do.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use bench::cpu::{self, Pair};
use bench::exchange::{Exchange, Task};
use bench::gateway::Gateway;
use bench::h2load::Load;
use bench::server::{Server, free_address};
use bench::vendor::{Calls, Vendor};

use crate::options::Options;

/// A proxy that may be there.
pub struct Kind {
    pub name: &'static str,
    program: Program,
    /// What stands before `/rooms` and `/days` of its targets.
    prefix: &'static str,
    tasks: &'static [Task],
}

enum Program {
    Gateway(String),
    HaProxy,
    Nginx { lua: bool },
    Bare(String),
}

/// All that are tried; the first must start.
pub fn kinds(options: &Options) -> Vec<Kind> {
    const ALL: &[Task] = &bench::exchange::TASKS;
    const READS: &[Task] = &[Task::Hit, Task::NotModified];
    let kind = |name, program, prefix, tasks| Kind {
        name,
        program,
        prefix,
        tasks,
    };
    let gateway = |name, file| kind(name, Program::Gateway(file), "/v1", ALL);
    let mut kinds = vec![gateway("lms-gateway", options.gateway())];
    kinds.extend(options.before.clone().map(|file| gateway("before", file)));
    kinds.extend([
        kind("HAProxy", Program::HaProxy, "/api", READS),
        kind("nginx", Program::Nginx { lua: false }, "/api", READS),
        kind(
            "nginx with Lua",
            Program::Nginx { lua: true },
            "/v1",
            &[Task::Form, Task::Xml],
        ),
        kind(
            "bare Pingora",
            Program::Bare(options.program("bare")),
            "/v1",
            &[Task::Hit],
        ),
    ]);
    kinds
}

/// A proxy that is up and warm.
pub struct Peer {
    kind: Kind,
    running: Running,
    /// Its exchanges, and how many requests of each fill a second.
    loads: Vec<(Task, Load, f64)>,
    _folder: tempfile::TempDir,
}

enum Running {
    Gateway(Gateway),
    Other(Server),
}

impl Peer {
    /// Starts it, checks its answers, and warms it up. What it cannot do of its tasks is said and left out.
    ///
    /// # Errors
    /// A proxy that is not installed, does not start, or gives other answers than are due.
    pub fn start(kind: Kind, pair: Pair, vendor: &Vendor) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let running = kind.program.start(pair, vendor.address, folder.path())?;
        let mut peer = Self {
            kind,
            running,
            loads: Vec::new(),
            _folder: folder,
        };
        for task in peer.kind.tasks {
            let mut exchange = Exchange::of(*task, peer.kind.prefix);
            match exchange.check(peer.server().address) {
                Ok(()) => {}
                Err(error) if *task == Task::NotModified => {
                    println!("{}, {}: left out: {error}", peer.name(), task.name());
                    continue;
                }
                Err(error) => return Err(format!("{}: {error}", task.name())),
            }
            let load = Load::new(peer._folder.path(), peer.server().address, &exchange)?;
            let rate = warm_up(&load)?;
            peer.loads.push((*task, load, rate));
        }
        Ok(peer)
    }

    pub fn name(&self) -> &str {
        self.kind.name
    }

    pub fn does(&self, task: Task) -> bool {
        self.loads.iter().any(|(known, ..)| *known == task)
    }

    /// Runs a window of about so many seconds. The result is microseconds of CPU a request, the share of the
    /// time in which it ran, and the number of requests.
    ///
    /// # Errors
    /// A proxy that is gone, or a wrong answer.
    pub fn window(&self, task: Task, seconds: f64) -> Result<(f64, f64, u64), String> {
        let (_, load, rate) = self
            .loads
            .iter()
            .find(|(known, ..)| *known == task)
            .ok_or("no such task")?;
        let requests = Load::at_least((rate * seconds) as u64);
        let before = cpu::time(self.server().pid())?;
        let rate = load.run(requests)?;
        let used = cpu::time(self.server().pid())?.saturating_sub(before);
        let each = used.as_secs_f64() / requests as f64;
        Ok((each * 1e6, each * rate, requests))
    }

    fn server(&self) -> &Server {
        match &self.running {
            Running::Gateway(gateway) => &gateway.server,
            Running::Other(server) => server,
        }
    }
}

/// Loads until nothing becomes faster. The result is the best rate, in requests a second.
fn warm_up(load: &Load) -> Result<f64, String> {
    let mut best = load.run(320)?;
    for _ in 0..4 {
        best = best.max(load.run(Load::at_least((best * 0.2) as u64))?);
    }
    Ok(best)
}

/// Hits must not reach the vendor, and every write must, translated.
///
/// # Errors
/// Other calls than are due.
pub fn expect_calls(task: Task, requests: u64, before: Calls, now: Calls) -> Result<(), String> {
    let mut due = before;
    match task {
        Task::Hit | Task::NotModified => {}
        Task::Form => due.forms += requests,
        Task::Xml => due.documents += requests,
    }
    if due == now {
        return Ok(());
    }
    Err(format!("the vendor counts {now:?}, {due:?} were due"))
}

impl Program {
    fn start(&self, pair: Pair, vendor: SocketAddr, folder: &Path) -> Result<Running, String> {
        if let Self::Gateway(file) = self {
            let command = pair.measured(file);
            return Gateway::start(command, vendor, "threads: 1").map(Running::Gateway);
        }
        let listen = free_address()?;
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            let text = text
                .replace("@LISTEN@", &listen.to_string())
                .replace("@VENDOR@", &vendor.to_string())
                .replace("@DIR@", &folder.display().to_string());
            std::fs::write(&path, text).map_err(|error| error.to_string())?;
            Ok::<String, String>(path.display().to_string())
        };
        let mut command = match self {
            Self::Gateway(_) => return Err("started above".to_owned()),
            Self::HaProxy => {
                let text = include_str!("../../../../peers/haproxy.cfg");
                let mut command = pair.measured(&installed("haproxy")?);
                command.args(["-db", "-q", "-f", &file("haproxy.cfg", text)?]);
                command
            }
            Self::Nginx { lua } => {
                let program = installed("nginx")?;
                let text = if *lua {
                    file(
                        "translate.lua",
                        include_str!("../../../../peers/translate.lua"),
                    )?;
                    include_str!("../../../../peers/nginx-lua.conf")
                        .replace("@MODULES@", &modules(&program)?)
                } else {
                    include_str!("../../../../peers/nginx.conf").to_owned()
                };
                let mut command = pair.measured(&program);
                command.args(["-c", &file("nginx.conf", &text)?, "-e"]);
                command.arg(folder.join("start.log"));
                command
            }
            Self::Bare(program) => {
                let mut command = pair.measured(program);
                command.args([listen.to_string(), "64".to_owned()]);
                command
            }
        };
        Server::start_with_log(&mut command, listen, &folder.join("output")).map(Running::Other)
    }
}

/// Where a program stands; Debian puts servers where only root looks.
fn installed(program: &str) -> Result<String, String> {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':')
        .chain(["/usr/sbin", "/usr/local/sbin"])
        .map(|folder| Path::new(folder).join(program))
        .find(|file| file.is_file())
        .map(|file| file.display().to_string())
        .ok_or_else(|| format!("{program} is not installed"))
}

/// The folder of nginx's modules.
fn modules(nginx: &str) -> Result<String, String> {
    let output = Command::new(nginx).arg("-V").output();
    let text = output.map_err(|error| error.to_string())?.stderr;
    String::from_utf8_lossy(&text)
        .split_whitespace()
        .find_map(|word| word.strip_prefix("--modules-path="))
        .map(str::to_owned)
        .ok_or_else(|| "nginx does not say where its modules are".to_owned())
}
