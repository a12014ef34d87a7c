//! The house as CONTRIBUTING draws it: imports go downhill, and no two files or folders import each other.
//!
//! Every path in the sources of all crates is read (`use`, inline, in macros; not what is only for tests) and
//! followed to the file in which the thing stands, through re-exports.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod floors;
mod graph;
mod paths;
mod recursions;
mod resolve;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use resolve::Import;
use source::Crate;

/// The crates of the workspace: name and folder.
const CRATES: [(&str, &str); 8] = [
    ("bench", "bench"),
    ("contract", "crates/contract"),
    ("grammar", "crates/grammar"),
    ("proxy", "crates/proxy"),
    ("sandbox", "crates/sandbox"),
    ("translate", "crates/translate"),
    ("trials", "tests/trials"),
    ("validate", "crates/validate"),
];

/// Where Pingora may be named: a caller's connection, a vendor's, and what is measured against it.
const PINGORA: [&str; 3] = [
    "crates/proxy/src/edge",
    "crates/proxy/src/upstream/transport",
    "bench/src/bin/bare.rs",
];

fn workspace() -> PathBuf {
    let package = std::env::var("CARGO_MANIFEST_DIR").expect("cargo runs this");
    PathBuf::from(package).join("../..").canonicalize().unwrap()
}

/// Read once: to parse all that we wrote takes seconds.
fn crates() -> &'static [Crate] {
    static ALL: LazyLock<Vec<Crate>> = LazyLock::new(|| {
        let workspace = workspace();
        CRATES
            .iter()
            .map(|(name, folder)| Crate::read(&workspace, name, folder))
            .collect()
    });
    &ALL
}

fn houses() -> Vec<floors::House> {
    floors::read(&std::fs::read_to_string(workspace().join("CONTRIBUTING.md")).unwrap())
}

/// All imports but those inside of a documented recursion.
fn imports(source: &Crate) -> Vec<Import> {
    let mut imports = resolve::imports(source);
    imports.retain(|import| !recursions::holds(&import.from, &import.to));
    imports
}

/// Fails with all complaints at once.
fn none(complaints: &[String], rule: &str) {
    assert!(
        complaints.is_empty(),
        "{rule}\n  {}\n",
        complaints.join("\n  ")
    );
}

#[test]
fn no_files_import_each_other() {
    let mut complaints = Vec::new();
    for source in crates() {
        let imports = imports(source);
        let edges = imports
            .iter()
            .map(|import| (import.from.as_str(), import.to.as_str()));
        for circle in graph::circles(&graph::graph(edges)) {
            complaints.push(told(&circle, &imports, |file| file));
        }
    }
    none(
        &complaints,
        "files import each other in a circle: move what both need into a third one below them",
    );
}

#[test]
fn no_folders_import_each_other() {
    let mut complaints = Vec::new();
    for source in crates() {
        let imports = imports(source);
        for folder in folders(source) {
            let inside: Vec<_> = imports
                .iter()
                .filter_map(|import| {
                    let from = floors::room(&folder, &import.from)?;
                    let to = floors::room(&folder, &import.to)?;
                    (from != to).then_some((from, to))
                })
                .collect();
            for circle in graph::circles(&graph::graph(inside)) {
                let room = |file| floors::room(&folder, file).unwrap_or_default();
                complaints.push(format!("in {folder}: {}", told(&circle, &imports, room)));
            }
        }
    }
    none(
        &complaints,
        "folders import each other: move what both need into a third one below them",
    );
}

#[test]
fn imports_go_downhill() {
    let houses = houses();
    let mut complaints = Vec::new();
    for source in crates() {
        let imports = resolve::imports(source);
        for house in &houses {
            for import in &imports {
                let rooms = house.room(&import.from).zip(house.room(&import.to));
                let Some((from, to)) = rooms.filter(|(from, to)| from != to) else {
                    continue;
                };
                if let (Some(above), Some(below)) = (house.rooms.get(from), house.rooms.get(to))
                    && above >= below
                {
                    let way = if above == below {
                        "stands beside"
                    } else {
                        "stands above"
                    };
                    complaints.push(format!(
                        "{} imports {} (`{}`), but in {} `{to}` {way} `{from}`",
                        import.from, import.to, import.path, house.folder
                    ));
                }
            }
        }
    }
    none(
        &complaints,
        "imports go uphill (the floors stand in CONTRIBUTING.md): let the lower one say what it needs, or move the thing down",
    );
}

#[test]
fn every_room_is_drawn() {
    let houses = houses();
    assert!(
        houses
            .iter()
            .any(|house| house.folder == "crates/proxy/src/engine"),
        "CONTRIBUTING.md draws no floors"
    );
    let files: BTreeSet<&str> = crates().iter().flat_map(Crate::files).collect();
    let mut complaints = Vec::new();
    for house in &houses {
        let there: BTreeSet<&str> = files.iter().filter_map(|file| house.room(file)).collect();
        let drawn: BTreeSet<&str> = house.rooms.keys().map(String::as_str).collect();
        for room in there.difference(&drawn) {
            complaints.push(format!("{}: `{room}` is not drawn", house.folder));
        }
        for room in drawn.difference(&there) {
            complaints.push(format!(
                "{}: `{room}` is drawn, but not there",
                house.folder
            ));
        }
    }
    none(
        &complaints,
        "the floors in CONTRIBUTING.md and the source differ",
    );
}

#[test]
fn every_documented_recursion_is_one() {
    let circles: Vec<BTreeSet<String>> = crates()
        .iter()
        .flat_map(|source| {
            let imports = resolve::imports(source);
            let edges = imports
                .iter()
                .map(|import| (import.from.as_str(), import.to.as_str()));
            graph::circles(&graph::graph(edges))
        })
        .collect();
    let complaints: Vec<String> = recursions::ALL
        .iter()
        .filter(|recursion| {
            let within =
                |circle: &BTreeSet<String>| circle.iter().all(|file| recursion.covers(file));
            !circles.iter().any(within)
        })
        .map(|recursion| format!("{}: {}", recursion.place, recursion.reason))
        .collect();
    none(
        &complaints,
        "no circle any more: take it out of tests/architecture/recursions.rs",
    );
}

#[test]
fn crates_know_only_those_below() {
    let houses = houses();
    let order = houses
        .iter()
        .find(|house| house.folder == "crates")
        .expect("the crates' floors");
    let names: Vec<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    let mut complaints = Vec::new();
    for source in crates() {
        // bench stands in a folder of its own, above all; trials beside it, for bench and for tests.
        let above = order.rooms.get(&source.name).copied();
        for (name, file) in resolve::other_crates(source, &names) {
            if (source.name.as_str(), name.as_str()) == ("bench", "trials") {
                continue;
            }
            if order
                .rooms
                .get(&name)
                .is_none_or(|floor| above.is_some_and(|above| *floor <= above))
            {
                complaints.push(format!(
                    "{file} names `{name}`, which stands above or beside `{}`",
                    source.name
                ));
            }
        }
    }
    none(&complaints, "crates point upwards");
}

#[test]
fn only_the_ends_of_a_connection_know_pingora() {
    let mut complaints = Vec::new();
    for source in crates() {
        for module in source.modules.values() {
            let names = module
                .names
                .paths
                .iter()
                .find(|path| path[0].starts_with("pingora"));
            let may = PINGORA.iter().any(|place| module.file.starts_with(place));
            if let Some(path) = names.filter(|_| !may) {
                complaints.push(format!("{} names `{}`", module.file, path.join("::")));
            }
        }
    }
    none(
        &complaints,
        "Pingora is for edge/ and the transport: give them what they need",
    );
}

/// The folders of a crate that hold several files or folders.
fn folders(source: &Crate) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for file in source.files() {
        let mut folder = file;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folders.insert(above.to_owned());
            folder = above;
        }
    }
    folders
}

/// A circle, with an import for each of its steps.
fn told<'i>(
    circle: &BTreeSet<String>,
    imports: &'i [Import],
    name: impl Fn(&'i str) -> &'i str,
) -> String {
    let mut steps: BTreeMap<(&str, &str), &Import> = BTreeMap::new();
    for import in imports {
        let (from, to) = (name(&import.from), name(&import.to));
        if from != to && circle.contains(from) && circle.contains(to) {
            steps.entry((from, to)).or_insert(import);
        }
    }
    let mut text = circle.iter().cloned().collect::<Vec<_>>().join(" ↔ ");
    for import in steps.values() {
        let _ = write!(
            text,
            "\n    {} imports {} (`{}`)",
            import.from, import.to, import.path
        );
    }
    text
}
