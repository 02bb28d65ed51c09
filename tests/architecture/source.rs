//! The files of `src/`, with what each uses and defines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

/// A path of Rust: `["crate", "text", "Charset"]`.
type RustPath = Vec<String>;

/// The whole crate.
pub struct Crate {
    /// In the order of their paths.
    pub files: Vec<File>,
    /// The file of each module that has one.
    modules: BTreeMap<RustPath, usize>,
    /// What modules hand on under a name (`pub use`): module and name → path.
    handed_on: BTreeMap<(RustPath, String), RustPath>,
}

/// A file of `src/`, without what is only built for tests.
pub struct File {
    /// Below the crate's folder: `src/text/mod.rs`.
    pub path: String,
    /// Its module, from the crate on; empty for `lib.rs`.
    module: RustPath,
    /// The files that it uses, itself left out.
    pub uses: BTreeSet<usize>,
    /// What it uses of other crates, by full paths.
    pub outside: BTreeSet<String>,
    /// Types and traits that it defines.
    pub types: Vec<String>,
}

impl File {
    /// The part of the crate that it belongs to: `text`, `lib`.
    pub fn room(&self) -> &str {
        match self.module.first() {
            Some(first) => first,
            None if self.path.ends_with("main.rs") => "main",
            None => "lib",
        }
    }
}

impl Crate {
    /// Reads all of it.
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = Vec::new();
        rust_files(&root.join("src"), &mut paths);
        let found: Vec<(String, RustPath, Names)> = paths
            .iter()
            .map(|path| {
                let below = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                let text = std::fs::read_to_string(path).unwrap();
                let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{below}: {error}"));
                let mut names = Names::default();
                names.visit_file(&parsed);
                (below.clone(), module_of(&below), names)
            })
            .collect();
        // A file that a module takes in for tests only.
        let for_tests: BTreeSet<RustPath> = found
            .iter()
            .flat_map(|(_, module, names)| names.test_modules.iter().map(|name| joined(module, name)))
            .collect();
        let is_for_tests = |module: &RustPath| for_tests.iter().any(|tests| module.starts_with(tests));
        let found: Vec<_> = found
            .into_iter()
            .filter(|(path, module, _)| !is_for_tests(module) && !path.ends_with("_tests.rs"))
            .collect();
        let modules: BTreeMap<RustPath, usize> = found
            .iter()
            .enumerate()
            .filter(|(_, (path, ..))| !path.ends_with("main.rs"))
            .map(|(at, (_, module, _))| (module.clone(), at))
            .collect();
        let mut all = Self {
            files: Vec::new(),
            modules,
            handed_on: BTreeMap::new(),
        };
        for (_, module, names) in &found {
            for import in names.imports.iter().filter(|import| import.handed_on) {
                let path = all.absolute(module, &import.path);
                all.handed_on.insert((module.clone(), import.name.clone()), path);
            }
        }
        all.files = found
            .into_iter()
            .enumerate()
            .map(|(at, (path, module, names))| all.file(at, path, module, names))
            .collect();
        all
    }

    fn file(&self, at: usize, path: String, module: RustPath, names: Names) -> File {
        // What a short name stands for here: `theme::plain` after `use crate::tui::theme`.
        let short: BTreeMap<&str, RustPath> = names
            .imports
            .iter()
            .map(|import| (&*import.name, self.absolute(&module, &import.path)))
            .collect();
        let imported = short.values().cloned();
        let written = names.paths.iter().map(|path| match short.get(&*path[0]) {
            Some(whole) => [whole, &path[1..]].concat(),
            None => self.absolute(&module, path),
        });
        let (mut uses, mut outside) = (BTreeSet::new(), BTreeSet::new());
        for path in imported.chain(written) {
            match path.first().map(String::as_str) {
                Some("crate") => {
                    uses.insert(self.defined_in(&path[1..]));
                }
                Some(first) if path.len() > 1 && first.starts_with(char::is_lowercase) && !is_primitive(first) => {
                    outside.insert(path.join("::"));
                }
                _ => (),
            }
        }
        uses.remove(&at);
        File {
            path,
            module,
            uses,
            outside,
            types: names.types,
        }
    }

    /// A path as it is written in a module, from the crate on if it is one of ours.
    fn absolute(&self, module: &[String], path: &[String]) -> RustPath {
        let in_crate = |module: &[String], rest: &[String]| [&["crate".to_owned()], module, rest].concat();
        match path[0].as_str() {
            "crate" => path.to_vec(),
            "novita_edit" => in_crate(&[], &path[1..]),
            "self" => in_crate(module, &path[1..]),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                in_crate(&module[..module.len().saturating_sub(up)], &path[up..])
            }
            first if self.modules.contains_key(&joined(module, first)) => in_crate(module, path),
            _ => path.to_vec(),
        }
    }

    /// The file in which the thing of this path stands, through what modules hand on.
    fn defined_in(&self, path: &[String]) -> usize {
        let mut module: RustPath = Vec::new();
        let mut rest = path.to_vec();
        for _ in 0..20 {
            while rest
                .first()
                .is_some_and(|next| self.modules.contains_key(&joined(&module, next)))
            {
                module.push(rest.remove(0));
            }
            let next = rest.first().cloned().unwrap_or_default();
            match self.handed_on.get(&(module.clone(), next)) {
                Some(whole) if whole[0] == "crate" => {
                    rest = [&whole[1..], &rest[1..]].concat();
                    module = Vec::new();
                }
                _ => break,
            }
        }
        self.modules[&module]
    }
}

/// The circles of files inside rooms, each as the paths of its files. A module's file may use its own children.
pub fn circles(sources: &Crate) -> Vec<Vec<&str>> {
    let files = &sources.files;
    let next = |at: usize| {
        files[at].uses.iter().copied().filter(move |used| {
            let (here, there) = (&files[at], &files[*used]);
            here.room() == there.room() && !there.module.starts_with(&here.module)
        })
    };
    let reach: Vec<BTreeSet<usize>> = (0..files.len())
        .map(|from| {
            let mut reached = BTreeSet::new();
            let mut todo: Vec<usize> = next(from).collect();
            while let Some(at) = todo.pop() {
                if reached.insert(at) {
                    todo.extend(next(at));
                }
            }
            reached
        })
        .collect();
    let mut circles = BTreeSet::new();
    for (at, reached) in reach.iter().enumerate() {
        if reached.contains(&at) {
            let members = reached.iter().filter(|other| reach[**other].contains(&at));
            circles.insert(members.map(|member| files[*member].path.as_str()).collect::<Vec<_>>());
        }
    }
    circles.into_iter().collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// `src/text/width.rs` is `text::width`.
fn module_of(path: &str) -> RustPath {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: RustPath = inside.split('/').map(ToOwned::to_owned).collect();
    if ["mod", "lib", "main"].contains(&&*module[module.len() - 1]) {
        module.pop();
    }
    module
}

/// A type that the language itself has: `char::from_u32`.
fn is_primitive(name: &str) -> bool {
    let numbers = [
        "usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f32", "f64",
    ];
    ["bool", "char", "str"].contains(&name) || numbers.contains(&name)
}

fn joined(module: &[String], name: &str) -> RustPath {
    [module, &[name.to_owned()]].concat()
}

/// What is written in a file.
#[derive(Default)]
struct Names {
    imports: Vec<Import>,
    /// Paths of two parts and more beside imports.
    paths: Vec<RustPath>,
    types: Vec<String>,
    test_modules: Vec<String>,
}

struct Import {
    name: String,
    path: RustPath,
    handed_on: bool,
}

impl Names {
    fn import(&mut self, tree: &UseTree, before: &[String], handed_on: bool) {
        let mut add = |name: String, path: RustPath| self.imports.push(Import { name, path, handed_on });
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &joined(before, &path.ident.to_string()), handed_on),
            UseTree::Name(name) if name.ident == "self" => {
                add(before.last().cloned().unwrap_or_default(), before.to_vec());
            }
            UseTree::Name(name) => add(name.ident.to_string(), joined(before, &name.ident.to_string())),
            UseTree::Rename(renamed) => {
                add(renamed.rename.to_string(), joined(before, &renamed.ident.to_string()));
            }
            UseTree::Glob(_) => add("*".to_owned(), before.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before, handed_on)),
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        let tokens = attribute.meta.require_list().map(|list| list.tokens.to_string());
        attribute.path().is_ident("cfg") && tokens.is_ok_and(|tokens| tokens == "test")
    };
    attributes.iter().any(is_test)
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Union(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, None),
            Item::Impl(item) => (&item.attrs, None),
            Item::Const(item) => (&item.attrs, None),
            Item::Use(item) => (&item.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if is_for_tests(attributes) {
            return;
        }
        self.types.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if is_for_tests(&module.attrs) {
            self.test_modules.push(module.ident.to_string());
        } else {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let handed_on = !matches!(item.vis, Visibility::Inherited);
        self.import(&item.tree, &[], handed_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let parts = path.segments.iter().map(|part| part.ident.to_string());
            self.paths.push(parts.collect());
        }
        visit::visit_path(self, path);
    }
}
