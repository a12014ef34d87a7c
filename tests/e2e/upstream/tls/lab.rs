//! A gateway, two TLS doors, and the sandbox or a scripted vendor behind them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::settings::lab::GOOD;
use crate::support::eventually;
use crate::support::gateway::{Setup, command, free_port};
use crate::support::lab::{Lab, Plan};
use crate::support::tls::{Authority, Door, Identity, Life};
use crate::support::{Answer, Gateway};

pub const ROOM: &str = "/v1/rooms/2101";
pub const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
/// A write that goes out as a form.
pub const CREATE: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"tls-1","name":"Aula"}"#;
/// A write that goes out as XML.
pub const PATCH: &str = r#"{"url":"https://a.example/tls"}"#;

/// What the vendors let the gateway in with: nobody else may ever see it.
pub const SECRETS: [&str; 3] = ["sandbox-netex-token", "sandbox-secret", "vendor-token"];

/// Files of a test, such as its `ca_file`.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("writable");
        path
    }
}

/// A certificate for `localhost` of a CA that the gateway will trust.
pub fn trusted() -> (Authority, Identity) {
    let authority = Authority::new("Test CA");
    let identity = authority.issue(&["localhost"], Life::Now);
    (authority, identity)
}

/// Where a vendor without TLS is, and where the gateway shall find it.
pub struct Place<'a> {
    pub plain: SocketAddr,
    pub base_url: String,
    pub ca_file: Option<&'a PathBuf>,
}

/// The settings with each vendor at its place.
pub fn moved(settings: &str, places: &[Place<'_>]) -> String {
    let mut settings = settings.to_owned();
    for place in places {
        let old = format!("base_url: http://{}", place.plain);
        assert!(settings.contains(&old), "{settings}");
        let mut new = format!("base_url: {}", place.base_url);
        if let Some(path) = place.ca_file {
            new.push_str(&format!("\n    ca_file: {}", path.display()));
        }
        settings = settings.replace(&old, &new);
    }
    settings
}

/// Addresses for the two vendors of a sandbox, chosen before it runs.
pub fn addresses() -> (SocketAddr, SocketAddr) {
    (free_port(), free_port())
}

/// A sandbox at these addresses and a gateway that finds it at `host`, each vendor behind its door.
pub fn before_sandbox(
    at: (SocketAddr, SocketAddr),
    doors: (&Door, &Door),
    host: &str,
    ca_file: Option<&PathBuf>,
    change: impl FnOnce(Setup) -> Setup,
) -> Lab {
    let plan = Plan::default().config(|config| (config.netex, config.ispring) = at);
    plan.start_with(|mut setup| {
        let place = |plain, door: &Door| Place {
            plain,
            base_url: format!("https://{host}:{}", door.port),
            ca_file,
        };
        let places = [place(at.0, doors.0), place(at.1, doors.1)];
        setup.settings = moved(&setup.settings, &places);
        change(setup)
    })
}

/// Everything on the log, so that a secret would show.
pub fn talkative(mut setup: Setup) -> Setup {
    setup.settings = format!("log: {{level: trace}}\n{}", setup.settings);
    setup
}

/// A read that no cache answers.
pub fn read(gateway: &Gateway, target: &str) -> Answer {
    gateway.request("GET", target, &[("Cache-Control", "no-cache")], b"")
}

/// The problem of a vendor that could not be reached, where nothing was sent.
pub fn must_be_unreachable(answer: &Answer, write: bool, what: &str) {
    assert_eq!(
        answer.problem(),
        "upstream-unavailable",
        "{what}: {answer:?}"
    );
    assert_eq!(answer.status, 503, "{what}: {answer:?}");
    assert!(answer.header("retry-after").is_some(), "{what}: {answer:?}");
    let body = answer.json();
    if write {
        assert_eq!(body["outcome"], "not-done", "{what}: {body}");
    } else {
        assert!(body.get("outcome").is_none(), "{what}: {body}");
    }
}

pub fn must_hold_no_secret(what: &str, text: &[u8]) {
    for secret in SECRETS {
        let found = text
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(
            !found,
            "{secret} in {what}: {}",
            String::from_utf8_lossy(text)
        );
    }
}

/// Good settings, with a `ca_file` in line 4.
pub fn with_ca_file(ca_file: &Path) -> String {
    let line = format!("https://netex.example\n    ca_file: {}", ca_file.display());
    GOOD.replace("https://netex.example", &line)
}

/// Runs `serve`, which must end by itself.
pub fn serve(settings: &str, env: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    Setup::new(settings).write(folder.path(), free_port(), free_port());
    let child = command()
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .env("NETEX_TOKEN", "a")
        .env("ISPRING_CLIENT_ID", "b")
        .env("ISPRING_CLIENT_SECRET", "c")
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = Ended(Some(child.expect("it starts")));
    eventually("the end of a process that must not serve", || {
        child.0.as_mut()?.try_wait().expect("it can be asked")
    });
    let child = child.0.take().expect("nobody has taken it");
    child.wait_with_output().expect("it has ended")
}

/// A process that does not outlive the test.
struct Ended(Option<std::process::Child>);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Exit code 1, words for a person, and no panic.
pub fn refused(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!text.contains("panicked"), "{text}");
    text
}
