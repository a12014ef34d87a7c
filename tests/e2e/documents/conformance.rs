//! `docs/conformance.md` and `docs/coverage.md` name tests; a name that is no test would be a promise that
//! nobody keeps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where a row has something to say: section, what we do, test, why not.
const COLUMNS: usize = 4;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows under each heading of the page.
fn tables(page: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let mut tables = Vec::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            tables.push((heading.to_owned(), Vec::new()));
        }
        let Some((heading, rows)) = tables.last_mut() else {
            continue;
        };
        let Some(row) = line.strip_prefix('|') else {
            continue;
        };
        let cells: Vec<String> = row
            .trim_end()
            .strip_suffix('|')
            .unwrap_or_else(|| panic!("{heading}: a row ends with `|`: {line}"))
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        assert_eq!(cells.len(), COLUMNS, "{heading}: {line}");
        if cells[0] != "section" && !cells[0].starts_with("---") {
            rows.push(cells);
        }
    }
    tables
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Every test as `file::name`, and every golden exchange by its path without the ending.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["tests", "crates"] {
        walk(&root().join(folder), &mut |file| {
            // The tests of `head.rs` may stand in `head/tests.rs`: by either name.
            let is_aside = file.file_name().is_some_and(|name| name == "tests.rs");
            let folder = file.parent().filter(|_| is_aside);
            let stems = [Some(file), folder].into_iter().flatten();
            let stems: Vec<&str> = stems
                .filter_map(|path| path.file_stem()?.to_str())
                .collect();
            match file.extension().and_then(|ending| ending.to_str()) {
                Some("rs") => {
                    let text = std::fs::read_to_string(file).expect("a source file can be read");
                    for stem in &stems {
                        let tests = test_functions(&text);
                        found.extend(tests.map(|name| format!("{stem}::{name}")));
                    }
                }
                Some("exchange") => {
                    let exchanges = root().join("tests/exchanges");
                    let path = file
                        .strip_prefix(exchanges)
                        .map(|path| path.with_extension(""));
                    found.extend(
                        path.iter()
                            .filter_map(|path| path.to_str())
                            .map(str::to_owned),
                    );
                }
                _ => {}
            }
        });
    }
    found
}

/// The functions behind an attribute that ends with `test`, in source text that is formatted.
fn test_functions(text: &str) -> impl Iterator<Item = &str> {
    let is_test = |line: &str| {
        let name = line
            .strip_prefix("#[")
            .and_then(|line| line.split([']', '(']).next());
        name.is_some_and(|name| name == "test" || name.ends_with("::test"))
    };
    let mut pending = false;
    text.lines().map(str::trim).filter_map(move |line| {
        pending |= is_test(line);
        let line = line.strip_prefix("async ").unwrap_or(line);
        let name = line.strip_prefix("fn ")?.split(['(', '<']).next()?;
        std::mem::take(&mut pending).then_some(name)
    })
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            walk(&path, visit);
        } else {
            visit(&path);
        }
    }
}

#[test]
fn every_test_that_the_page_names_exists() {
    let page = std::fs::read_to_string(root().join("docs/conformance.md")).expect("the page");
    let tests = tests();
    assert!(tests.contains("conformance::every_test_that_the_page_names_exists"));
    for (heading, rows) in tables(&page) {
        assert!(!rows.is_empty(), "{heading}: nobody walked through it");
        for row in rows {
            let [section, deed, named, reason] = row.as_slice() else {
                unreachable!("the count of cells is checked above");
            };
            assert!(
                !section.is_empty() && !deed.is_empty(),
                "{heading}: {row:?} says nothing"
            );
            assert!(
                quoted(named).next().is_some() || !reason.is_empty(),
                "{heading}, {section}: neither a test nor a reason"
            );
            for name in quoted(named) {
                assert!(
                    tests.contains(name),
                    "{heading}, {section}: there is no test `{name}`"
                );
            }
        }
    }
}

/// Whether something in backticks is meant as a test: `file::test`, or the path of a golden exchange.
fn names_a_test(quoted: &str) -> bool {
    let word = |part: &str| {
        let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        !part.is_empty() && part.bytes().all(named)
    };
    let exchanges = ["rooms/", "training_days/", "refused/", "unclear/"];
    let test = quoted.split_once("::");
    test.is_some_and(|(file, name)| word(file) && word(name))
        || exchanges.iter().any(|folder| quoted.starts_with(folder)) && quoted.split('/').all(word)
}

#[test]
fn every_test_that_the_coverage_names_exists() {
    let page = std::fs::read_to_string(root().join("docs/coverage.md")).expect("the page");
    let tests = tests();
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let missing: BTreeSet<&str> = rows
        .flat_map(quoted)
        .filter(|quoted| names_a_test(quoted) && !tests.contains(*quoted))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}
