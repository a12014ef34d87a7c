//! From a path in a file to the module in whose file the thing stands.

use std::collections::BTreeMap;

use crate::source::{Crate, ModulePath};

/// Re-exports of re-exports; more than this is a ring of names.
const DEEPEST: usize = 16;

/// An import: between two files of one crate, told by the path as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: String,
    pub to: String,
    pub path: String,
}

/// The imports between the files of a crate, one for each pair of files.
pub fn imports(source: &Crate) -> Vec<Import> {
    let mut found = BTreeMap::new();
    for (from, module) in &source.modules {
        for path in &module.names.paths {
            let Some(to) = resolve(source, from, path, 0) else {
                continue;
            };
            // A module that is only given a name: what is taken through the name counts.
            if to.is_module && path.last().is_none_or(|last| last != "*") {
                continue;
            }
            let to = &source.modules[&to.module].file;
            if *to != module.file {
                found
                    .entry((module.file.clone(), to.clone()))
                    .or_insert_with(|| path.join("::"));
            }
        }
    }
    let imports = found.into_iter();
    imports
        .map(|((from, to), path)| Import { from, to, path })
        .collect()
}

/// The crates that the files of a crate name, each with such a file.
pub fn other_crates<'s>(source: &'s Crate, crates: &[&str]) -> BTreeMap<String, &'s str> {
    let mut found = BTreeMap::new();
    for (at, module) in &source.modules {
        for path in &module.names.paths {
            let first = path[0].as_str();
            let own = module.names.modules.contains(first) || first == source.name;
            if !own && crates.contains(&first) && resolve(source, at, path, 0).is_none() {
                found.insert(first.to_owned(), module.file.as_str());
            }
        }
    }
    found
}

struct Target {
    module: ModulePath,
    /// The path names the module itself and nothing in it.
    is_module: bool,
}

/// What a path names, if it is of this crate.
fn resolve(source: &Crate, from: &ModulePath, path: &[String], depth: usize) -> Option<Target> {
    if depth > DEEPEST {
        return None;
    }
    let mut at = from.clone();
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "crate" => at.truncate(usize::from(is_second_root(from))),
            "super" => {
                at.pop()?;
            }
            "self" => {}
            // A binary that calls its own library.
            name if name == source.name && is_second_root(from) => at.clear(),
            _ => break,
        }
        rest = after;
    }
    if rest.len() == path.len() {
        // Neither `crate`, `super` nor `self`: a module or a name of this file, or another crate.
        let names = &source.modules[from].names;
        let known = names.modules.contains(&path[0]) || names.aliases.contains_key(&path[0]);
        if !known {
            return None;
        }
    }
    for (index, segment) in rest.iter().enumerate() {
        let mut inner = at.clone();
        inner.push(segment.clone());
        if segment == "*" {
            break;
        }
        if source.modules.contains_key(&inner) {
            at = inner;
            continue;
        }
        // The name may be given by a `use`, if that is not the very path that is looked at.
        let alias = source.modules.get(&at)?.names.aliases.get(segment);
        if let Some(alias) = alias.filter(|alias| !(at == *from && alias.as_slice() == path)) {
            let mut through = alias.clone();
            through.extend_from_slice(&rest[index + 1..]);
            return resolve(source, &at, &through, depth + 1);
        }
        return Some(Target {
            module: at,
            is_module: false,
        });
    }
    let is_module = rest.last().is_none_or(|last| last != "*");
    source.modules.contains_key(&at).then_some(Target {
        module: at,
        is_module,
    })
}

fn is_second_root(module: &ModulePath) -> bool {
    module.first().is_some_and(|first| first.starts_with('<'))
}
