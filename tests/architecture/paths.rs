//! The paths that one file names, outside of its tests: in `use`, inline, and in the tokens of macros.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree};

#[derive(Debug, Default)]
pub struct Names {
    /// Modules with a file of their own.
    pub modules: BTreeSet<String>,
    /// Every path that is named, from its first segment on. A glob ends in `*`.
    pub paths: BTreeSet<Vec<String>>,
    /// What `use` gives a name to in this file, and its path.
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// Reads a file's text.
pub fn read(text: &str) -> Result<Names, syn::Error> {
    let file = syn::parse_file(text)?;
    let mut reader = Reader::default();
    reader.visit_file(&file);
    Ok(reader.names)
}

#[derive(Default)]
struct Reader {
    names: Names,
    /// Modules that stand in braces around what is read now.
    depth: usize,
}

impl Reader {
    fn named(&mut self, mut path: Vec<String>) {
        // Inside of `mod inner { … }` the first `super` or `self` is still this file.
        for _ in 0..self.depth {
            match path.first().map(String::as_str) {
                Some("super") => {
                    path.remove(0);
                    if path.first().is_none_or(|first| first != "super") {
                        path.insert(0, "self".to_owned());
                        break;
                    }
                }
                _ => break,
            }
        }
        self.names.paths.insert(path);
    }

    fn used(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| {
            let mut path = before.to_vec();
            // `use a::{self}` names `a`.
            if before.is_empty() || name != "self" {
                path.push(name.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(tree) => self.used(&tree.tree, &with(&tree.ident)),
            UseTree::Name(tree) => {
                let path = with(&tree.ident);
                if let Some(last) = path.last() {
                    self.alias(last.clone(), path);
                }
            }
            UseTree::Rename(tree) => self.alias(tree.rename.to_string(), with(&tree.ident)),
            UseTree::Glob(_) => {
                let mut path = before.to_vec();
                path.push("*".to_owned());
                self.named(path);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.used(tree, before);
                }
            }
        }
    }

    fn alias(&mut self, name: String, path: Vec<String>) {
        if self.depth == 0 {
            self.names.aliases.insert(name, path.clone());
        }
        self.named(path);
    }

    /// Paths in the arguments of a macro, which are no syntax yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 || path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(punct)
                    if punct.as_char() == ':' && colons < 2 && !path.is_empty() =>
                {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => {
                    self.end_of(&mut path, &mut colons);
                    self.tokens(group.stream());
                }
                TokenTree::Ident(ident) => {
                    self.end_of(&mut path, &mut colons);
                    path.push(ident.to_string());
                }
                _ => self.end_of(&mut path, &mut colons),
            }
        }
        self.end_of(&mut path, &mut colons);
    }

    fn end_of(&mut self, path: &mut Vec<String>, colons: &mut usize) {
        if path.len() > 1 {
            self.named(std::mem::take(path));
        }
        path.clear();
        *colons = 0;
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !only_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if module.content.is_some() {
            self.depth += 1;
            visit::visit_item_mod(self, module);
            self.depth -= 1;
        } else {
            assert_eq!(self.depth, 0, "a file's module inside of braces");
            self.names.modules.insert(module.ident.to_string());
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.used(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.named(
            path.segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect(),
        );
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(super)` and `pub(in crate::a)` import nothing.
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
