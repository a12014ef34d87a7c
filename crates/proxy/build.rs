//! Tells the binary what it is built from and for. Nothing here has to be there: a build without git, or from an
//! archive, knows no revision.

use std::path::Path;
use std::process::Command;

/// Set by whoever builds without a `.git` (an image, an archive).
const REVISION: &str = "LMS_GATEWAY_REVISION";

/// What the revision is of; from the folder of this package.
const SOURCES: [&str; 5] = [
    "../../Cargo.lock",
    "../../Cargo.toml",
    "../../config",
    "../../crates",
    "../../rust-toolchain.toml",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed={REVISION}");
    let of_build = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    tell("TARGET", of_build("TARGET"));
    tell("PROFILE", of_build("PROFILE"));
    tell(
        "RUSTC",
        of_build("RUSTC").and_then(|rustc| first_line(&rustc, &["--version"])),
    );
    tell("FEATURES", Some(features()));
    tell(
        "REVISION",
        of_build(REVISION).or_else(|| of_git(of_build("PROFILE"))),
    );
}

fn tell(name: &str, value: Option<String>) {
    if let Some(value) = value {
        println!("cargo:rustc-env=LMS_GATEWAY_BUILD_{name}={value}");
    }
}

fn features() -> String {
    let names = std::env::vars().filter_map(|(name, _)| {
        let name = name.strip_prefix("CARGO_FEATURE_")?;
        (name != "DEFAULT").then(|| name.to_ascii_lowercase().replace('_', "-"))
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.join(",")
}

/// The commit, with `-dirty` where the tree is not as committed. Only of a release build: a debug build is of a tree
/// that is being changed, and would be built anew with each commit.
fn of_git(profile: Option<String>) -> Option<String> {
    if profile.as_deref() != Some("release") {
        return None;
    }
    let describe = [
        "describe",
        "--always",
        "--dirty",
        "--exclude=*",
        "--abbrev=12",
    ];
    let revision = first_line("git", &describe)?;
    let of_git = ["HEAD", "index", "logs/HEAD"];
    let files = of_git
        .iter()
        .filter_map(|name| first_line("git", &["rev-parse", "--git-path", name]));
    let sources = SOURCES.into_iter().map(str::to_owned);
    // A file that is not there would run this script at each build.
    for file in files.chain(sources).filter(|file| Path::new(file).exists()) {
        println!("cargo:rerun-if-changed={file}");
    }
    Some(revision)
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next()?.trim().to_owned();
    (output.status.success() && !line.is_empty()).then_some(line)
}
