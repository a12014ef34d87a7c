//! The log on a terminal: for people, and nothing from outside steers it.

use std::process::{Child, Command};

use crate::support::gateway::{CONTRACT, Setup, command, free_port};
use crate::support::terminal::{Shown, Terminal};
use crate::support::{Client, Scripted, Vendor, eventually};

struct OnTerminal {
    child: Child,
    api: std::net::SocketAddr,
    shown: Shown,
    _terminal: Terminal,
    _folder: tempfile::TempDir,
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(vendor: &Vendor, log: &str, change: impl FnOnce(&mut Command)) -> OnTerminal {
    let folder = tempfile::tempdir().expect("a folder");
    let (api, admin) = (free_port(), free_port());
    let settings = vendor.settings(&["netex", "ispring"]);
    let setup = Setup::new(format!("{log}\ncache: {{enabled: false}}\n{settings}"));
    setup.contract(CONTRACT).write(folder.path(), api, admin);
    let terminal = Terminal::open();
    let mut serve = command();
    serve
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .env("VENDOR_TOKEN", "vendor-token")
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .env_remove("CLICOLOR_FORCE")
        // With it `TERM=dumb` says nothing: the logs of CI show colours.
        .env_remove("CI")
        .stdout(terminal.stdio());
    change(&mut serve);
    let child = serve.spawn().expect("the binary starts");
    drop(serve);
    let shown = terminal.read();
    let running = OnTerminal {
        child,
        api,
        shown,
        _terminal: terminal,
        _folder: folder,
    };
    eventually("the port", || Client::try_connect(api));
    running
}

impl OnTerminal {
    /// What is shown once it holds a text.
    fn until(&self, text: &str) -> String {
        eventually(text, || {
            let shown = self.shown.text();
            if shown.contains(text) {
                Ok(shown)
            } else {
                Err(shown)
            }
        })
    }

    fn get(&self, target: &str) -> u16 {
        Client::connect(self.api)
            .request("GET", target, &[], b"")
            .status
    }
}

#[test]
fn lines_are_readable_and_coloured_there_unless_somebody_says_no() {
    let vendor = Vendor::start();
    let coloured = start(&vendor, "", |_| {});
    assert_eq!(coloured.get("/v1/rooms/no-number"), 400);
    let shown = coloured.until("trace_id=");
    assert!(shown.contains("\u{1b}[32mINFO "), "{shown:?}");
    assert!(
        shown.contains("GET /v1/rooms/{id}\u{1b}[0m \u{1b}[33m400\u{1b}[0m "),
        "{shown:?}"
    );
    assert!(
        !shown.contains('{') || !shown.contains("\"level\""),
        "no JSON: {shown:?}"
    );
    type Change = fn(&mut Command);
    let plain: [Change; 3] = [
        |serve| {
            serve.env("NO_COLOR", "1");
        },
        |serve| {
            serve.env("CLICOLOR", "0");
        },
        |serve| {
            serve.env("TERM", "dumb");
        },
    ];
    for change in plain {
        let gateway = start(&vendor, "", change);
        assert_eq!(gateway.get("/v1/rooms/no-number"), 400);
        let shown = gateway.until("trace_id=");
        assert!(shown.contains(" GET /v1/rooms/{id} 400 "), "{shown:?}");
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }
    let json = start(&vendor, "log: {format: json}", |_| {});
    assert_eq!(json.get("/v1/rooms/no-number"), 400);
    let shown = json.until("trace_id");
    let line = shown
        .lines()
        .find(|line| line.contains("trace_id"))
        .expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON, as it was asked for");
    assert_eq!(line["status"], 400);
}

/// A vendor's and a caller's bytes that clear the screen, set the title, move the cursor or forge a line.
const STEERING: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r\n2026-11-29T00:00:00Z ERROR forged\u{202e}";

#[test]
fn what_a_vendor_or_a_caller_says_steers_no_terminal() {
    let vendor = Vendor::start();
    let gateway = start(&vendor, "log: {level: trace}", |serve| {
        serve.env("NO_COLOR", "1");
    });
    let said = serde_json::to_string(STEERING).expect("JSON");
    for script in [
        Scripted::answer(200, &[("Content-Type", "text/html")], STEERING),
        Scripted::json(500, &format!(r#"{{"code":{said},"message":{said}}}"#)),
        Scripted::json(404, &format!(r#"{{"code":{said},"message":{said}}}"#)),
        Scripted::json(200, &format!(r#"{{"id":{said}}}"#)),
        Scripted::Close(STEERING.as_bytes().to_vec()),
    ] {
        vendor.always(script);
        gateway.get("/v1/rooms/2101");
    }
    for head in [
        format!("GET /{STEERING} HTTP/1.1\r\nHost: a\r\n\r\n"),
        format!("{STEERING} / HTTP/1.1\r\nHost: {STEERING}\r\ntraceparent: {STEERING}\r\n\r\n"),
    ] {
        let mut client = Client::connect(gateway.api);
        client.send_raw(head.as_bytes());
        let _ = client.read(false);
    }
    assert_eq!(gateway.get("/v1/rooms/no-number"), 400);
    let shown = gateway.until("GET /v1/rooms/{id} 400");
    // The terminal itself makes \r\n of \n.
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r') || c == '\u{202e}';
    let line = shown.lines().find(|line| line.contains(steers));
    assert_eq!(line, None);
    assert!(!shown.contains("\n2026-11-29T00:00:00Z ERROR"), "{shown}");
}

#[test]
fn findings_are_coloured_there_and_plain_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gateway.yaml");
    std::fs::write(&file, "listne: 127.0.0.1:1\n").expect("it is written");
    let terminal = Terminal::open();
    let mut check = command();
    check
        .args(["check", "--config"])
        .arg(&file)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stderr(terminal.stdio());
    let mut child = check.spawn().expect("it runs");
    drop(check);
    let shown = terminal.read();
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    eventually("the findings", || {
        let text = shown.text();
        if text.contains("\u{1b}[") && text.contains("errors") {
            Ok(())
        } else {
            Err(text)
        }
    });
    let plain = command()
        .args(["check", "--config"])
        .arg(&file)
        .output()
        .expect("it runs");
    let plain = String::from_utf8(plain.stderr).expect("text");
    assert!(
        plain.contains("unknown key `listne`") && !plain.contains('\u{1b}'),
        "{plain}"
    );
}
