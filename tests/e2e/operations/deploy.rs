//! The settings that `deploy/` shows are taken as they stand.

use super::files::repository;
use crate::support::eventually;
use crate::support::gateway::{command, free_port};
use crate::support::redis::{Kind, StoreServer};
use crate::support::{Client, Sandboxed};

#[test]
fn the_settings_of_each_form_of_deployment_are_accepted() {
    for form in ["sidecar", "standalone"] {
        let output = command()
            .args(["check", "--config"])
            .arg(repository(&format!("deploy/{form}/gateway.yaml")))
            // There it is the one in the image.
            .env("LMS_GATEWAY__CONTRACT", repository("config/contract.yaml"))
            .output()
            .expect("the binary runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{form}: {printed} {output:?}");
    }
}

/// The user of `users.acl` may do all that a gateway asks, and nothing else.
#[test]
fn the_store_of_the_deployment_is_one_that_a_fleet_can_rest_on() {
    let read = |name: &str| std::fs::read_to_string(repository(&format!("deploy/store/{name}")));
    let (users, settings) = (read("users.acl").unwrap(), read("valkey.conf").unwrap());
    for kind in Kind::ALL {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("users.acl"), users.replace("PASSWORD", "secret")).unwrap();
        let there = settings.replace(
            "/etc/store/users.acl",
            &file("users.acl").display().to_string(),
        );
        std::fs::write(file("valkey.conf"), there).unwrap();
        let path = file("valkey.conf").display().to_string();
        let server = StoreServer::with(kind, free_port(), &["--include", &path]);
        let url = format!("redis://lms-gateway:secret@{}", server.address);
        let gateway = Sandboxed::with(sandbox::Config::default(), |mut setup| {
            setup.settings = format!("shared: {{url: {{env: STORE_URL}}}}\n{}", setup.settings);
            setup.env("STORE_URL", &url)
        });
        let checked = command()
            .args(["check", "--online", "--config", "gateway.yaml"])
            .current_dir(gateway.folder())
            .env("STORE_URL", &url)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(
            text.contains("\nThe store can be used from here."),
            "{text}"
        );
        eventually("a lease", || {
            let told = Client::connect(gateway.admin).request("GET", "/status.json", &[], b"");
            let fleet = told.json()["shared"]["fleets"][0].clone();
            (fleet["lease_held"] == true).then_some(()).ok_or(fleet)
        });
        let created = gateway.request(
            "POST",
            "/v1/rooms",
            &[
                ("Content-Type", "application/json"),
                ("Idempotency-Key", "k"),
            ],
            br#"{"type":"PHYSICAL_ROOM","external_id":"of-acl","name":"Aula"}"#,
        );
        assert_eq!(created.status, 201, "{created:?}");
        let metrics = gateway.admin_get("/metrics").text();
        // The time that it cost is seen.
        for phase in ["store", "members"] {
            let line = format!("seconds_count{{phase=\"{phase}\",upstream=\"netex\"}} 1");
            assert!(metrics.contains(&line), "{phase}");
        }
        let refused: Vec<&str> = metrics
            .lines()
            .filter(|line| line.starts_with("lms_gateway_shared_commands_total"))
            .filter(|line| !line.contains("outcome=\"ok\"") && !line.ends_with(" 0"))
            .collect();
        assert!(refused.is_empty(), "{refused:?}");
    }
}

/// What no script asks for, and the gateway neither.
#[test]
fn the_user_of_the_store_has_no_right_that_is_not_used() {
    let users = std::fs::read_to_string(repository("deploy/store/users.acl")).unwrap();
    let user = users.lines().nth(1).expect("the gateway's");
    let mut used = String::new();
    for folder in ["", "/journal"] {
        let path = repository(&format!("crates/proxy/src/shared/redis{folder}"));
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                used.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    // The crate says it by itself, for a database of another number.
    used.push_str("cmd(\"SELECT\")");
    for right in user.split(" +").skip(1) {
        let name = right.to_uppercase();
        let is_used = used.contains(&format!("redis.call('{name}'"))
            || used.contains(&format!("cmd(\"{name}\")"));
        assert!(is_used, "{right}");
    }
}
