//! The start: it becomes ready, or it ends and says why; and files are where the settings say.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Output};

use crate::support::eventually;
use crate::support::gateway::{CONTRACT, Setup, command, free_port};
use crate::support::tls::Authority;
use crate::support::{Client, Scripted, Vendor};

fn output(arguments: &[&str], config: &std::path::Path) -> Output {
    command()
        .args(arguments)
        .arg("--config")
        .arg(config)
        .current_dir("/")
        .output()
        .expect("it runs")
}

/// Ended when the test does.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port of 0 is opened somewhere, so that nothing answers at the address that the settings name.
#[test]
fn a_start_that_does_not_become_ready_names_the_listener_and_ends() {
    let vendor = Vendor::start();
    let nowhere: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    std::thread::scope(|scope| {
        for key in ["listen", "admin"] {
            let vendor = &vendor;
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a folder");
                let setup = Setup::new(vendor.settings(&["netex", "ispring"]));
                let other = free_port();
                let (api, admin) = match key {
                    "listen" => (nowhere, other),
                    _ => (other, nowhere),
                };
                setup.write(folder.path(), api, admin);
                let output = command()
                    .args(["serve", "--config"])
                    .arg(folder.path().join("gateway.yaml"))
                    .env("VENDOR_TOKEN", "vendor-token")
                    .output()
                    .expect("it runs");
                assert_eq!(output.status.code(), Some(1), "{output:?}");
                let text = String::from_utf8_lossy(&output.stderr);
                let named = format!("`{key}` 127.0.0.1:0");
                assert!(text.contains(&named), "{text}");
                assert_eq!(text.matches('`').count(), 2, "the other is open: {text}");
            });
        }
    });
}

#[test]
fn all_addresses_of_ipv6_are_probed_by_ipv6() {
    if TcpListener::bind("[::1]:0").is_err() {
        return; // this machine has none
    }
    let vendor = Vendor::start();
    let folder = tempfile::tempdir().expect("a folder");
    let (api, admin) = (free_port().port(), free_port().port());
    let settings = format!(
        "listen: '[::]:{api}'\nadmin: '[::]:{admin}'\ncallers: [{{name: a, key: {{env: VENDOR_TOKEN}}}}]\n{}",
        vendor.settings(&["netex", "ispring"])
    );
    std::fs::write(folder.path().join("gateway.yaml"), settings).expect("writable");
    std::fs::write(folder.path().join("contract.yaml"), CONTRACT).expect("writable");
    let config = folder.path().join("gateway.yaml");
    let _process = Process(
        command()
            .args(["serve", "--config"])
            .arg(&config)
            .env("VENDOR_TOKEN", "vendor-token")
            .spawn()
            .expect("it starts"),
    );
    eventually("readiness", || {
        output(&["healthcheck"], &config).status.success()
    });
    let purge = output(&["cache", "purge", "--all"], &config);
    assert!(purge.status.success(), "{purge:?}");
}

/// One rule for the contract, secrets and CAs: the folder of the settings.
#[test]
fn relative_paths_start_at_the_folder_of_the_settings() {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(
        200,
        r#"{"id":1,"external_id":"a","name":"A"}"#,
    ));
    let folder = tempfile::tempdir().expect("a folder");
    let settings = format!(
        "{}  far:\n    base_url: https://far.example\n    ca_file: files/ca.pem\n    auth: {{kind: header, name: X-Key, value: {{file: ./files/key}}}}\n",
        vendor
            .settings(&["netex", "ispring"])
            .replace("{env: VENDOR_TOKEN}", "{file: files/token}")
    );
    let settings = format!("callers: [{{name: a, key: {{file: files/caller}}}}]\n{settings}");
    let (api, admin) = (free_port(), free_port());
    Setup::new(settings).write(folder.path(), api, admin);
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("writable");
    for (name, text) in [
        ("token", "the-token".to_owned()),
        ("key", "a-key".to_owned()),
        ("caller", "the-key-of-the-caller".to_owned()),
        ("ca.pem", Authority::new("Test CA").pem()),
    ] {
        std::fs::write(files.join(name), text).expect("writable");
    }
    let config = folder.path().join("gateway.yaml");
    for arguments in [
        &["check"] as &[&str],
        &["routes"],
        &["explain", "getRoom", "--param", "id=1"],
    ] {
        let output = output(arguments, &config);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }
    let _process = Process(
        command()
            .args(["serve", "--config"])
            .arg(&config)
            .current_dir("/")
            .spawn()
            .expect("it starts"),
    );
    eventually("readiness", || {
        output(&["healthcheck"], &config).status.success()
    });
    let key = ("Authorization", "Bearer the-key-of-the-caller");
    let answer = Client::connect(api).request("GET", "/v1/rooms/1", &[key], b"");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(vendor.seen()[0].header("x-auth-token"), Some("the-token"));
    // What is missing is named in whole.
    std::fs::remove_file(files.join("ca.pem")).expect("it was there");
    let output = output(&["check"], &config);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("bad-ca-file"), "{text}");
    let path = files.join("ca.pem");
    assert!(text.contains(&path.display().to_string()), "{text}");
}
