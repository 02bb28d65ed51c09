//! The rooms of the crate, and which may use which: read off the imports of all of `src/`, tests in it left out.
//!
//! A room uses only rooms that stand before it in [`ROOMS`]. Inside a room no files use each other in a circle; a
//! module's file may use its own children. `endpoint` and `text` are pure. Files are opened and made by `fs` alone.
//! `demo` uses nothing of the crate. No type name stands twice.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::{Crate, File};

/// From the ground up: a room uses only those before it. Each is a file or a folder of `src/`.
const ROOMS: [&str; 18] = [
    "secret",
    "text",
    "exit_code",
    "hardening",
    "file_limit",
    "endpoint",
    "fs",
    "config",
    "api",
    "store",
    "session",
    "demo",
    "platform",
    "report",
    "terminal",
    "tui",
    "cli",
    "main",
];

/// Crates and parts of the standard library that the pure rooms may use: no clock, file, socket, terminal among them.
const PURE: [&str; 31] = [
    "base64",
    "granit_parser",
    "serde",
    "serde_json",
    "similar",
    "thiserror",
    "unicode_segmentation",
    "zeroize",
    "url::form_urlencoded",
    "std::array",
    "std::borrow",
    "std::cell",
    "std::cmp",
    "std::collections",
    "std::convert",
    "std::error",
    "std::fmt",
    "std::hash",
    "std::iter",
    "std::mem",
    "std::num",
    "std::ops",
    "std::option",
    "std::slice",
    "std::str",
    "std::string",
    "std::sync",
    // A length of time; what time it is, Instant and SystemTime would tell.
    "std::time::Duration",
    "std::vec",
    // The trait that serde_json writes to; in `text` it is memory. What could open something stands in other modules.
    "std::io",
    // The width of a text in cells, which has to be the one that ratatui lays out by. No terminal is in it.
    "ratatui::buffer::CellWidth",
];

/// What opens, makes and changes files. Only `fs` does that.
const OF_FILES: [&str; 15] = [
    "tempfile",
    "rustix::fs",
    "std::os::unix::fs",
    "std::fs::DirBuilder",
    "std::fs::File::create",
    "std::fs::File::open",
    "std::fs::OpenOptions",
    "std::fs::Permissions",
    "std::fs::copy",
    "std::fs::create_dir",
    "std::fs::create_dir_all",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::set_permissions",
    "std::fs::write",
];

/// Files beside `fs` that use one of them all the same, each with its reason.
const BESIDE_FS: [(&str, &str, &str); 5] = [
    (
        "src/terminal/tty.rs",
        "rustix::fs",
        "it opens a terminal once more, by its descriptor",
    ),
    ("src/terminal/wake.rs", "rustix::fs", "the flags of a pipe"),
    (
        "src/store/history.rs",
        "std::os::unix::fs",
        "it reads one byte at a place",
    ),
    (
        "src/cli/man.rs",
        "std::fs::create_dir_all",
        "man pages are for everybody",
    ),
    ("src/cli/man.rs", "std::fs::write", "man pages are for everybody"),
];

/// Type names that may stand twice, each with its reason.
const TWICE: [(&str, &str); 0] = [];

#[test]
fn a_room_uses_only_rooms_before_it() {
    let rank = |room: &str| {
        let found = ROOMS.iter().position(|known| *known == room);
        found.unwrap_or_else(|| panic!("`{room}` is in no place of the order of rooms"))
    };
    let mut wrong = BTreeSet::new();
    let sources = Crate::read();
    for file in &sources.files {
        for used in &file.uses {
            let (here, there) = (file.room(), sources.files[*used].room());
            if here != "lib" && there != "lib" && rank(there) > rank(here) {
                wrong.insert(format!("{} uses {}", file.path, sources.files[*used].path));
            }
        }
    }
    none(&wrong, "use rooms that stand after theirs");
}

#[test]
fn no_files_of_a_room_use_each_other_in_a_circle() {
    let sources = Crate::read();
    let circles: BTreeSet<String> = source::circles(&sources)
        .into_iter()
        .map(|files| files.join(" ⇄ "))
        .collect();
    none(&circles, "are circles");
}

#[test]
fn the_pure_rooms_touch_no_clock_file_socket_or_terminal() {
    let mut wrong = BTreeSet::new();
    for file in &Crate::read().files {
        if !["endpoint", "text"].contains(&file.room()) {
            continue;
        }
        for outside in &file.outside {
            let is_pure = |known: &&str| outside == *known || outside.starts_with(&format!("{known}::"));
            if !PURE.iter().any(is_pure) {
                wrong.insert(format!("{} uses {outside}", file.path));
            }
        }
    }
    none(&wrong, "are not known to be pure");
}

#[test]
fn files_are_opened_and_made_by_fs_alone() {
    let (mut wrong, mut met) = (BTreeSet::new(), BTreeSet::new());
    for file in Crate::read().files.iter().filter(|file| file.room() != "fs") {
        for outside in &file.outside {
            let is_or_is_in = |known: &&str| outside == *known || outside.starts_with(&format!("{known}::"));
            let Some(found) = OF_FILES.iter().find(|known| is_or_is_in(known)) else {
                continue;
            };
            let exception = BESIDE_FS
                .iter()
                .find(|(path, what, _)| *path == file.path && what == found);
            match exception {
                Some((path, what, _)) => drop(met.insert((*path, *what))),
                None => drop(wrong.insert(format!("{} uses {outside}", file.path))),
            }
        }
    }
    none(&wrong, "open or make files, and `fs` does that");
    for (path, what, reason) in BESIDE_FS {
        assert!(met.contains(&(path, what)), "{path} no longer uses {what} ({reason})");
    }
}

#[test]
fn the_demo_uses_nothing_of_the_crate() {
    let sources = Crate::read();
    let of_demo = |file: &&File| file.room() == "demo";
    let mut wrong = BTreeSet::new();
    for file in sources.files.iter().filter(of_demo) {
        for used in file.uses.iter().map(|used| &sources.files[*used]) {
            if !of_demo(&used) {
                wrong.insert(format!("{} uses {}", file.path, used.path));
            }
        }
    }
    none(&wrong, "are used by the demo");
}

#[test]
fn no_type_name_stands_twice() {
    let sources = Crate::read();
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in &sources.files {
        for name in &file.types {
            places.entry(name).or_default().push(&file.path);
        }
    }
    let wrong: BTreeSet<String> = places
        .iter()
        .filter(|(name, places)| places.len() > 1 && TWICE.iter().all(|(known, _)| known != *name))
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    none(&wrong, "stand more than once");
    for (name, reason) in TWICE {
        assert!(
            places.get(name).is_some_and(|places| places.len() > 1),
            "{name} no longer stands twice ({reason})"
        );
    }
}

fn none(wrong: &BTreeSet<String>, what: &str) {
    let listed: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} {what}:\n{}", wrong.len(), listed.join("\n"));
}
