//! The files of `tests/exchanges`.

use std::path::{Path, PathBuf};

/// One file.
pub struct File {
    /// Below `tests/exchanges`.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/exchanges");
const EXTENSION: &str = "exchange";

/// Every exchange, sorted by name. Any other file but the README is a slip: it would prove nothing.
pub fn all() -> Vec<File> {
    let mut files = Vec::new();
    walk(Path::new(FOLDER), &mut files);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

/// A file of another day, whose form must still be read.
pub fn frozen() -> File {
    let path = Path::new(FOLDER).join("../compat/create_room.exchange");
    File {
        name: "compat/create_room.exchange".to_owned(),
        text: std::fs::read_to_string(&path).unwrap(),
        path,
    }
}

fn walk(folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|found| found == EXTENSION) {
            let name = path.strip_prefix(FOLDER).unwrap();
            files.push(File {
                name: name.display().to_string(),
                text: std::fs::read_to_string(&path).unwrap(),
                path,
            });
        } else {
            assert!(
                path.ends_with("README.md"),
                "{} is no .{EXTENSION} file",
                path.display()
            );
        }
    }
}

/// Whether the author asks to write what happens into the files. A pipeline must never do so: it
/// would call right whatever the program does.
pub fn updating() -> bool {
    let on = std::env::var_os("UPDATE_EXCHANGES").is_some_and(|value| value == "1");
    assert!(
        !on || std::env::var_os("CI").is_none(),
        "UPDATE_EXCHANGES is for authors, not for CI"
    );
    on
}
