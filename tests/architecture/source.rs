//! The source of one crate as a tree of modules: which file each one stands in, and which paths it names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::paths::{self, Names};

/// Segments below the root: `["engine", "call"]`. The root of a library is empty; that of a binary or a
/// second root begins with a segment in angle brackets, which no module can be called.
pub type ModulePath = Vec<String>;

#[derive(Debug)]
pub struct Module {
    /// Below the workspace, with slashes.
    pub file: String,
    pub names: Names,
}

#[derive(Debug)]
pub struct Crate {
    pub name: String,
    pub modules: BTreeMap<ModulePath, Module>,
}

impl Crate {
    /// Reads all modules of a crate that are not only for tests, from its roots on.
    pub fn read(workspace: &Path, name: &str, folder: &str) -> Self {
        let mut modules = BTreeMap::new();
        for (root, prefix) in roots(&workspace.join(folder).join("src")) {
            let below = root.parent().expect("a file in src").to_owned();
            read(workspace, &root, &below, prefix, &mut modules);
        }
        assert!(!modules.is_empty(), "{folder} has no source");
        Self {
            name: name.to_owned(),
            modules,
        }
    }

    pub fn files(&self) -> BTreeSet<&str> {
        self.modules
            .values()
            .map(|module| module.file.as_str())
            .collect()
    }
}

/// The roots of a crate: library, binary, and each of `src/bin`.
fn roots(src: &Path) -> Vec<(PathBuf, ModulePath)> {
    let mut roots = Vec::new();
    for (file, prefix) in [("lib.rs", vec![]), ("main.rs", vec!["<main>".to_owned()])] {
        if src.join(file).exists() {
            roots.push((src.join(file), prefix));
        }
    }
    for entry in std::fs::read_dir(src.join("bin")).into_iter().flatten() {
        let path = entry.expect("an entry of src/bin").path();
        let root = if path.is_dir() {
            path.join("main.rs")
        } else {
            path.clone()
        };
        let name = path.file_stem().expect("a name").to_string_lossy();
        roots.push((root, vec![format!("<{name}>")]));
    }
    roots
}

/// Reads one file and those of its modules, which stand in `below`.
fn read(
    workspace: &Path,
    file: &Path,
    below: &Path,
    path: ModulePath,
    modules: &mut BTreeMap<ModulePath, Module>,
) {
    let text =
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let names = paths::read(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for child in &names.modules {
        let next = below.join(format!("{child}.rs"));
        let mut inner = path.clone();
        inner.push(child.clone());
        read(workspace, &next, &below.join(child), inner, modules);
    }
    let file = file
        .strip_prefix(workspace)
        .expect("a file of the workspace");
    let file = file.to_string_lossy().into_owned();
    modules.insert(path, Module { file, names });
}
