//! The real binary with a configuration of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;

use tempfile::TempDir;

use super::api::Api;
use super::eventually::eventually;
use super::http::{Answer, Client};
pub use super::ports::free_port;

/// The contract of the repository.
pub const CONTRACT: &str = include_str!("../../../config/contract.yaml");

/// A running gateway; dropped, it is killed.
pub struct Gateway {
    child: Child,
    pub api: SocketAddr,
    pub admin: SocketAddr,
    folder: TempDir,
    log: Arc<Mutex<String>>,
    /// They end with the process; then the log is whole.
    readers: Vec<JoinHandle<()>>,
    openapi: OnceLock<Api>,
}

/// What a gateway is started with.
pub struct Setup {
    pub contract: String,
    /// Everything of `gateway.yaml` but `listen`, `admin` and `contract`.
    pub settings: String,
    pub env: Vec<(String, String)>,
    /// Further files beside `gateway.yaml`.
    pub files: Vec<(String, String)>,
    /// Further arguments of `serve`.
    pub arguments: Vec<String>,
}

impl Setup {
    /// `settings` is the rest of `gateway.yaml`.
    pub fn new(settings: impl Into<String>) -> Self {
        Self {
            contract: CONTRACT.to_owned(),
            settings: settings.into(),
            env: Vec::new(),
            files: Vec::new(),
            arguments: Vec::new(),
        }
    }

    pub fn contract(mut self, text: impl Into<String>) -> Self {
        self.contract = text.into();
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Starts the binary and waits until it is ready.
    pub fn start(self) -> Gateway {
        for _ in 0..5 {
            if let Some(gateway) = self.try_start() {
                return gateway;
            }
        }
        panic!("the gateway did not become ready");
    }

    /// `None` if a port was taken by somebody else between choosing and binding it.
    fn try_start(&self) -> Option<Gateway> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (api, admin) = (free_port(), free_port());
        self.write(folder.path(), api, admin);
        let child = command()
            .args(["serve", "--config"])
            .arg(folder.path().join("gateway.yaml"))
            .args(&self.arguments)
            .envs(self.env.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut gateway = Gateway::of(child, api, admin, folder);
        eventually("readiness", || {
            if let Some(status) = gateway.child.try_wait().expect("the child can be asked") {
                gateway.finish_log();
                let log = gateway.log();
                assert!(
                    log.contains("cannot listen"),
                    "the gateway ended with {status}: {log}"
                );
                return Ok(false);
            }
            match gateway.readiness() {
                Some(200) => Ok(true),
                other => Err((other, gateway.log())),
            }
        })
        .then(|| {
            gateway.openapi();
            gateway
        })
    }

    /// Writes `gateway.yaml` and `contract.yaml` into a folder.
    pub fn write(&self, folder: &Path, api: SocketAddr, admin: SocketAddr) {
        let settings = format!(
            "listen: {api}\nadmin: {admin}\ncontract: contract.yaml\n{}",
            self.settings
        );
        std::fs::write(folder.join("gateway.yaml"), settings).expect("the folder is writable");
        std::fs::write(folder.join("contract.yaml"), &self.contract)
            .expect("the folder is writable");
        for (name, text) in &self.files {
            std::fs::write(folder.join(name), text).expect("the folder is writable");
        }
    }
}

impl Gateway {
    fn of(mut child: Child, api: SocketAddr, admin: SocketAddr, folder: TempDir) -> Self {
        let log = Arc::new(Mutex::new(String::new()));
        let readers = vec![
            collect(child.stdout.take().expect("a pipe"), log.clone()),
            collect(child.stderr.take().expect("a pipe"), log.clone()),
        ];
        Self {
            child,
            api,
            admin,
            folder,
            log,
            readers,
            openapi: OnceLock::new(),
        }
    }

    /// Waits for the last line of a process that has ended.
    fn finish_log(&mut self) {
        for reader in self.readers.drain(..) {
            reader.join().expect("a reader does not panic");
        }
    }

    /// The `demo`, once it has printed its example.
    pub fn demo() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (api, admin) = (free_port(), free_port());
        let child = spawn_demo(api, admin);
        let demo = Self::of(child, api, admin, folder);
        demo.wait_for_log("Ctrl-C ends it.");
        demo
    }

    pub fn client(&self) -> Client {
        Client::connect(self.api)
    }

    /// What these bytes are answered on a connection of their own, and that connection.
    pub fn answer_to(&self, bytes: &[u8]) -> (Answer, Client) {
        let mut client = self.client();
        client.send_raw(bytes);
        let answer = client
            .read(false)
            .unwrap_or_else(|| panic!("no answer to {:?}", String::from_utf8_lossy(bytes)));
        (answer, client)
    }

    /// One request on a connection of its own. The answer must be what the served OpenAPI document
    /// says of the operation.
    pub fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let answer = self.client().request(method, target, headers, body);
        self.openapi().check(method, target, &answer);
        answer
    }

    /// The OpenAPI document that this gateway served when it was started.
    pub fn openapi(&self) -> &Api {
        self.openapi.get_or_init(|| Api::fetch(self.api))
    }

    pub fn get(&self, target: &str) -> Answer {
        self.request("GET", target, &[], b"")
    }

    pub fn send_json(&self, method: &str, target: &str, body: &str) -> Answer {
        self.request(
            method,
            target,
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        )
    }

    pub fn admin_get(&self, target: &str) -> Answer {
        Client::connect(self.admin).request("GET", target, &[], b"")
    }

    /// What `/readyz` says; `None` while the admin port is not open, or closes.
    pub fn readiness(&self) -> Option<u16> {
        let mut client = Client::try_connect(self.admin)?;
        let request = b"GET /readyz HTTP/1.1\r\nHost: gateway\r\n\r\n";
        client
            .try_send_raw(request)
            .then(|| client.read(false))?
            .map(|answer| answer.status)
    }

    /// The value of one metric line, 0 if it is not there. `series` is the name with its labels.
    pub fn metric(&self, series: &str) -> f64 {
        let text = self.admin_get("/metrics").text();
        let line = text.lines().find(|line| {
            line.strip_prefix(series)
                .is_some_and(|rest| rest.starts_with(' '))
        });
        line.map_or(0.0, |line| {
            line.rsplit(' ')
                .next()
                .unwrap_or_default()
                .parse()
                .expect("a number")
        })
    }

    /// What the process has written so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("nobody panics with the log").clone()
    }

    /// Waits until the log has a line that contains `text`.
    pub fn wait_for_log(&self, text: &str) {
        eventually(text, || {
            let log = self.log();
            if log.contains(text) { Ok(()) } else { Err(log) }
        });
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to this process only.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for the end of the process.
    pub fn wait(&mut self) -> i32 {
        let status = eventually("the end of the gateway", || {
            let ended = self.child.try_wait().expect("the child can be asked");
            ended.ok_or_else(|| self.log())
        });
        self.finish_log();
        status.code().unwrap_or(-1)
    }

    /// The folder with `gateway.yaml` and `contract.yaml`.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary under test, with an environment that holds no secrets.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lms-gateway"));
    command
        .env_remove("NETEX_TOKEN")
        .env_remove("ISPRING_CLIENT_ID")
        .env_remove("ISPRING_CLIENT_SECRET");
    command
}

/// The `demo`, with what it writes in pipes.
pub fn spawn_demo(api: SocketAddr, admin: SocketAddr) -> Child {
    command()
        .arg("demo")
        .args(["--listen", &api.to_string()])
        .args(["--admin", &admin.to_string()])
        .args(["--sandbox", &free_port().to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

/// Runs a command of the binary to its end.
pub fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().expect("the binary runs")
}

fn collect(stream: impl Read + Send + 'static, log: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut log = log.lock().expect("nobody panics with the log");
            log.push_str(&line);
            log.push('\n');
        }
    })
}
