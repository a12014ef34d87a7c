//! The settings that `deploy/` shows are taken as they stand.

use super::files::repository;
use crate::support::gateway::command;

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
