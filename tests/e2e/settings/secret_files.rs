//! Secret files that hang: a named pipe into which nobody writes stands for a mount that is gone. A start or
//! a reload that needs such a file ends soon and says which; a gateway that runs goes on with the last value.

use std::path::Path;
use std::process::Command;

use crate::support::eventually;
use crate::support::gateway::{Setup, command, free_port};
use crate::support::{Gateway, Scripted, Vendor};

const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn pipe(path: &Path) {
    let _ = std::fs::remove_file(path);
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo is there").success());
}

/// Netex' token stands in a file, iSpring's in the environment.
fn setup(vendor: &Vendor, file: &Path) -> Setup {
    let text = vendor.settings(&["netex", "ispring"]);
    let file = format!("{{file: {}}}", file.display());
    let settings = text.replacen("{env: VENDOR_TOKEN}", &file, 1);
    Setup::new(format!("cache: {{enabled: false}}\n{settings}"))
        .env("VENDOR_TOKEN", "in-the-environment")
}

fn tokens(vendor: &Vendor) -> Vec<String> {
    let seen = vendor.seen();
    let tokens = seen.iter().filter_map(|seen| seen.header("x-auth-token"));
    tokens.map(str::to_owned).collect()
}

#[test]
fn a_start_does_not_wait_for_a_file_that_hangs_and_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    pipe(&one);
    pipe(&other);
    let vendor = Vendor::start();
    let mut setup = setup(&vendor, &one);
    let file = format!("{{file: {}}}", other.display());
    setup.settings = setup.settings.replace("{env: VENDOR_TOKEN}", &file);
    setup.write(folder.path(), free_port(), free_port());
    let output = command()
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .output()
        .expect("it runs, and ends");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    for (upstream, path) in [("netex", &one), ("ispring", &other)] {
        let line = text
            .lines()
            .find(|line| line.contains(&format!("upstreams.{upstream}")));
        let line = line.unwrap_or_else(|| panic!("{upstream} is not named: {text}"));
        assert!(line.contains(&path.display().to_string()), "{line}");
        assert!(line.contains("within 5 s"), "{line}");
    }
}

#[test]
fn a_secret_that_waits_in_a_pipe_is_taken_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    pipe(&path);
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, r#"{"id":1}"#));
    let writer = std::thread::spawn({
        let path = path.clone();
        move || std::fs::write(path, "from-the-pipe\n")
    });
    let gateway = setup(&vendor, &path).start();
    writer.join().expect("it ends").expect("somebody read");
    assert_eq!(gateway.get(ROOM).status, 200);
    assert_eq!(tokens(&vendor), ["from-the-pipe"]);
}

#[test]
fn a_file_that_hangs_while_we_run_harms_nobody_and_is_told_of_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, "first-value\n").expect("writable");
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, r#"{"id":1}"#));
    let gateway = setup(&vendor, &path).start();
    let day = gateway.get(DAY).status;
    pipe(&path);
    let told = "does not answer";
    eventually("the log tells of it", || {
        assert_eq!(gateway.get(ROOM).status, 200);
        assert_eq!(gateway.get(DAY).status, day, "the other vendor is served");
        gateway.log().contains(told)
    });
    // A reload cannot have its secrets: refused, with the file's name, while traffic goes on.
    gateway.signal("HUP");
    eventually("the reload is refused", || {
        assert_eq!(gateway.get(ROOM).status, 200);
        gateway.log().contains("reload refused")
    });
    let log = gateway.log();
    let refused = log.lines().find(|line| line.contains("reload refused"));
    assert!(
        refused
            .expect("just seen")
            .contains(&path.display().to_string()),
        "{log}"
    );
    assert_eq!(log.matches(told).count(), 1, "{log}");
    assert!(tokens(&vendor).contains(&"first-value".to_owned()));
    // The mount is back: two reads wait, ours and the reload's.
    std::fs::write(&path, "second-value\n").expect("somebody reads");
    std::fs::remove_file(&path).expect("it is there");
    std::fs::write(&path, "second-value\n").expect("writable");
    eventually("the new secret is in use", || {
        assert_eq!(gateway.get(ROOM).status, 200);
        tokens(&vendor).contains(&"second-value".to_owned())
    });
    signal_again(&gateway);
}

/// And a reload works again.
fn signal_again(gateway: &Gateway) {
    gateway.signal("HUP");
    gateway.wait_for_log("\"reloaded\"");
}

#[test]
fn a_rotated_secret_is_in_use_within_seconds_though_nobody_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, "first-value\n").expect("writable");
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, r#"{"id":1}"#));
    let gateway = setup(&vendor, &path).start();
    std::fs::write(&path, "second-value\n").expect("writable");
    gateway.wait_for_log("a secret changed");
    assert_eq!(gateway.get(ROOM).status, 200);
    assert_eq!(tokens(&vendor), ["second-value"], "the first call after it");
    assert!(!gateway.log().contains("second-value"));
}

#[test]
fn an_answer_to_a_secret_before_is_not_kept_for_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, "first-value\n").expect("writable");
    let vendor = Vendor::start();
    let mut setup = setup(&vendor, &path);
    setup.settings = setup.settings.replace("cache: {enabled: false}\n", "");
    let gateway = setup.start();
    vendor.will(Scripted::json(200, r#"{"id":2101,"name":"of the first"}"#));
    assert_eq!(gateway.get(ROOM).json()["name"], "of the first");
    assert_eq!(gateway.get(ROOM).json()["name"], "of the first", "a hit");
    std::fs::write(&path, "second-value\n").expect("writable");
    gateway.wait_for_log("a secret changed");
    vendor.will(Scripted::json(200, r#"{"id":2101,"name":"of the second"}"#));
    assert_eq!(gateway.get(ROOM).json()["name"], "of the second");
    assert_eq!(tokens(&vendor), ["first-value", "second-value"]);
}
