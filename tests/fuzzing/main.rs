//! The entries of `fuzz/` in `cargo test`: over the saved corpus, which has all that was ever found, and over random
//! changes of it.

mod entries;

use std::fs;
use std::path::Path;

use novita_edit::api::wire;
use novita_edit::endpoint::dotenv;
use novita_edit::store::{Draft, History};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

/// What is saved for an entry, with the files' names.
fn corpus(entry: &str) -> Vec<(String, Vec<u8>)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzzing/corpus")
        .join(entry);
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let named = files.into_iter().map(|path| {
        let bytes = fs::read(&path).unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), bytes)
    });
    named.collect()
}

fn holds_for_the_corpus(name: &str, entry: fn(&[u8])) {
    let corpus = corpus(name);
    assert!(corpus.len() > 5, "{name} has no corpus");
    for (file, bytes) in corpus {
        println!("{name}/{file}");
        entry(&bytes);
    }
}

/// A change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Put(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, u8),
    /// A piece of another file of the corpus.
    Splice(Index, Index, Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        3 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, count)| Change::Cut(at, count)),
        2 => (any::<Index>(), any::<Index>(), any::<Index>(), any::<u8>())
            .prop_map(|(at, file, from, count)| Change::Splice(at, file, from, count)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change], corpus: &[(String, Vec<u8>)]) -> Vec<u8> {
    for change in changes {
        let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        match change {
            Change::Put(at, byte) => {
                let at = place(at, &bytes);
                if let Some(there) = bytes.get_mut(at) {
                    *there = *byte;
                }
            }
            Change::Insert(at, more) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Cut(at, count) => {
                let at = place(at, &bytes);
                let end = (at + usize::from(*count)).min(bytes.len());
                bytes.drain(at..end);
            }
            Change::Splice(at, file, from, count) => {
                let at = place(at, &bytes);
                let other = &corpus[file.index(corpus.len())].1;
                let from = place(from, other);
                let end = (from + usize::from(*count)).min(other.len());
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
    }
    bytes
}

fn holds_for_changes_of_it(name: &str, cases: u32, entry: fn(&[u8])) {
    let corpus = corpus(name);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (any::<Index>(), prop::collection::vec(change(), 1..8));
    let run = TestRunner::new(config).run(&strategy, |(file, changes)| {
        let seed = corpus[file.index(corpus.len())].1.clone();
        entry(&changed(seed, &changes, &corpus));
        Ok(())
    });
    run.unwrap();
}

/// A seed that is refused at the door would test nothing.
#[test]
fn the_seeds_are_taken_for_what_they_are() {
    let seed = |entry: &str, name: &str| {
        let found = corpus(entry).into_iter().find(|(file, _)| file == name);
        found.unwrap_or_else(|| panic!("no {entry}/{name}")).1[1..].to_vec()
    };
    let id = "ep_7f3a91c2";
    for name in ["endpoint-llama-3-8b", "endpoint-hostile", "endpoint-bare"] {
        assert!(wire::endpoint(&seed("answer", name), id).is_ok(), "{name}");
    }
    assert!(wire::limits(&seed("answer", "limits")).is_ok());
    assert_eq!(wire::endpoint_page(&seed("answer", "list")).unwrap().items.len(), 2);
    for name in ["draft", "draft-not-kept"] {
        assert!(Draft::parse(&seed("file", name), id).is_ok(), "{name}");
    }
    assert_eq!(History::parse(&seed("file", "history")).records.len(), 2);
    let lines = dotenv::read(std::str::from_utf8(&seed("file", "dotenv")).unwrap())
        .envs
        .len();
    assert!(lines > 2, "{lines}");
}

#[test]
fn answers_of_the_corpus() {
    holds_for_the_corpus("answer", entries::answer);
}

#[test]
fn keys_of_the_corpus() {
    holds_for_the_corpus("keys", entries::keys);
}

#[test]
fn files_of_the_corpus() {
    holds_for_the_corpus("file", entries::file);
}

#[test]
fn any_answer() {
    holds_for_changes_of_it("answer", 300, entries::answer);
}

#[test]
fn any_keys() {
    holds_for_changes_of_it("keys", 300, entries::keys);
}

#[test]
fn any_file() {
    holds_for_changes_of_it("file", 2000, entries::file);
}
