//! `version`: what this binary is, for a bug report and for programs.

use std::process::ExitCode;

use serde_json::json;

use super::{Format, print};
use crate::build_info::{PROFILE, REVISION, RUSTC, TARGET, VERSION, features};

pub fn run(format: Format) -> ExitCode {
    let features: Vec<&str> = features().collect();
    match format {
        Format::Json => print(
            &json!({
                "name": "lms-gateway",
                "version": VERSION,
                "revision": REVISION,
                "profile": PROFILE,
                "target": TARGET,
                "rustc": RUSTC,
                "features": features,
            })
            .to_string(),
        ),
        Format::Text => {
            let known = |text: Option<&'static str>| text.unwrap_or("unknown");
            let features = if features.is_empty() {
                "none".to_owned()
            } else {
                features.join(", ")
            };
            print(&format!(
                "lms-gateway {VERSION}\nrevision  {}\nprofile   {}\ntarget    {}\nrustc     {}\nfeatures  {features}",
                known(REVISION),
                known(PROFILE),
                known(TARGET),
                known(RUSTC),
            ));
        }
    }
    ExitCode::SUCCESS
}
