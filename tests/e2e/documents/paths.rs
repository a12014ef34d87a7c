//! What the documents lead to is there: links, and files that are named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The documents that speak of today; a decision in `docs/adr` speaks of its day.
fn documents() -> Vec<PathBuf> {
    let root = root();
    let listed = fs::read_dir(root.join("docs")).unwrap();
    let pages = listed.map(|entry| entry.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|found| found == "md"));
    let others = ["README.md", "CONTRIBUTING.md", "tests/compat/README.md"];
    let mut all: Vec<PathBuf> = others.iter().map(|name| root.join(name)).collect();
    all.extend(pages);
    all
}

/// Every file of the repository, from its root on.
fn files() -> BTreeSet<String> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name == "target" || name == ".git" => {}
                true => walk(&path, root, found),
                false => {
                    let path = path.strip_prefix(root).unwrap();
                    found.insert(path.to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&root(), &root(), &mut found);
    found
}

/// The texts between two marks.
fn between<'t>(text: &'t str, open: &'t str, close: &'t str) -> impl Iterator<Item = &'t str> {
    let parts = text.split(open).skip(1);
    parts.filter_map(move |part| part.split_once(close).map(|(inside, _)| inside))
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        _ => None,
    });
    kept.collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    let mut links = 0;
    for page in documents() {
        let text = fs::read_to_string(&page).unwrap();
        for link in between(&text, "](", ")") {
            if link.contains("://") {
                continue;
            }
            links += 1;
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let is_there = target.exists()
                && (heading.is_empty()
                    || fs::read_to_string(&target)
                        .unwrap()
                        .lines()
                        .any(|line| line.starts_with('#') && anchor(line) == heading));
            if !is_there {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(links > 50, "the links were found: {links}");
    assert!(dead.is_empty(), "{dead:#?}");
}

/// Files by their whole path or its end: `engine/accept/route.rs`, `route.rs`.
#[test]
fn every_file_that_is_named_exists() {
    let files = files();
    let is_file = |name: &str| {
        let end = format!("/{name}");
        files
            .iter()
            .any(|file| file == name || file.ends_with(&end))
    };
    let is_name = |word: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
        let ends = [".rs", ".toml", ".md", ".exchange", ".sh"];
        word.chars().all(plain) && ends.iter().any(|end| word.ends_with(end) && word != end)
    };
    // What a file is not to be called, or is only called in an example.
    let is_pattern = |name: &str| matches!(name, "name.rs" | "mod.rs");
    let mut missing = Vec::new();
    let mut named = 0;
    for page in documents() {
        let text = fs::read_to_string(&page).unwrap();
        // A fence would turn inside and outside about.
        let fenced = text.split("```").step_by(2).collect::<String>();
        for word in fenced.split('`').skip(1).step_by(2).filter(is_name) {
            named += 1;
            if !is_file(word) && !is_pattern(word) {
                missing.push(format!("{}: {word}", page.display()));
            }
        }
    }
    assert!(named > 50, "the names were found: {named}");
    assert!(missing.is_empty(), "{missing:#?}");
}
