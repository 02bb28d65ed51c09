//! `.env` files as everybody else reads them: our reading beside that of python-dotenv and of node's dotenv.
//!
//! They are looked for where `.ci/run` puts them, below the target directory in `ci-tools/dotenv/`, or where
//! `PYTHON_DOTENV` (a directory with the module) and `NODE_DOTENV` (one with a `node_modules`) say. A test without them
//! says so and goes on.

mod table;
mod tools;

use std::collections::BTreeMap;

use novita_edit::endpoint::EnvVar;
use novita_edit::endpoint::dotenv;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use self::table::{TABLE, Theirs};
use self::tools::{Tool, node, python};

type Vars = BTreeMap<String, String>;

fn owned(vars: table::Vars) -> Vars {
    vars.iter()
        .map(|(key, value)| ((*key).into(), (*value).into()))
        .collect()
}

fn ours(text: &str) -> Vars {
    let envs = dotenv::read(text).envs;
    envs.into_iter()
        .map(|env| (env.key.clone(), env.value.reveal().to_owned()))
        .collect()
}

#[test]
fn every_text_of_the_table_is_read_as_it_says() {
    assert!(TABLE.len() >= 60);
    for (text, wanted, ..) in TABLE {
        assert_eq!(ours(text), owned(wanted), "{text:?}");
    }
}

fn compare(tool: Option<Tool>, column: impl Fn(&table::Entry) -> &Theirs) {
    let Some(tool) = tool else { return };
    let texts: Vec<&str> = TABLE.iter().map(|(text, ..)| *text).collect();
    for (entry, read) in TABLE.iter().zip(tool.read(&texts)) {
        let wanted = match column(entry) {
            Theirs::Same => owned(entry.1),
            Theirs::Other(vars) => owned(vars),
        };
        assert_eq!(read, wanted, "{:?}", entry.0);
    }
}

#[test]
fn python_dotenv_reads_the_table_as_it_says() {
    compare(python(), |entry| &entry.2);
}

#[test]
fn nodes_dotenv_reads_the_table_as_it_says() {
    compare(node(), |entry| &entry.3);
}

/// Where ours differs from both, or from the one that it follows, there is a reason: no other case comes in unseen.
#[test]
fn what_differs_from_python_dotenv_is_what_the_page_lists() {
    for (text, wanted, python, _) in TABLE {
        let Theirs::Other(theirs) = python else { continue };
        let backtick = text.contains('`');
        let pem = text.contains("-----BEGIN");
        let quoted_key = text.starts_with(['\'', '"']);
        // A quote that is never closed takes no other line along.
        let never_closed = wanted.len() > theirs.len();
        assert!(backtick || pem || quoted_key || never_closed, "{text:?}");
    }
}

/// Values of every kind that has a meaning to some reader.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,24}",
        "[\\\\'\"`$# \n\r\tanrx=-]{0,16}",
        "(\\PC|[\\\\'\"`$# \n\r\t]){0,16}",
        "-----BEGIN [A-Z]{1,4}[\n\\\\'\" a-z=-]{0,16}",
    ]
}

#[test]
fn any_environment_is_written_so_that_it_is_read_the_same() {
    let envs = prop::collection::vec(("[A-Z_9./-]{1,6}", value()), 0..6);
    let mut runner = TestRunner::new(Config::with_cases(2000));
    let run = runner.run(&envs, |envs| {
        let envs: Vec<EnvVar> = envs.into_iter().map(|(key, value)| EnvVar::new(key, value)).collect();
        let text = dotenv::write(&envs).map_err(|key| TestCaseError::fail(format!("{key} can't be written")))?;
        let back = dotenv::read(&text);
        prop_assert_eq!(&back.envs, &envs, "{}", text);
        prop_assert!(back.parse_errors.is_empty());
        Ok(())
    });
    run.unwrap_or_else(|why| panic!("{why}"));
}

/// Random values, each as the file that we write for it.
fn written() -> Vec<(String, String)> {
    let mut runner = TestRunner::deterministic();
    let mut some = || {
        let value = value().new_tree(&mut runner).expect("no value is refused").current();
        let text =
            dotenv::write(&[EnvVar::new("A", value.as_str()), EnvVar::new("B", "2")]).expect("both can be written");
        (value, text)
    };
    (0..3000).map(|_| some()).collect()
}

fn reads_back(tool: Option<Tool>, can_hold: impl Fn(&str, &str) -> bool) {
    let Some(tool) = tool else { return };
    let written = written();
    let texts: Vec<&str> = written.iter().map(|(_, text)| text.as_str()).collect();
    let mut held = 0;
    for ((value, text), read) in written.iter().zip(tool.read(&texts)) {
        if can_hold(value, text) {
            held += 1;
            let wanted = [("A", value.as_str()), ("B", "2")];
            let wanted: Vars = wanted.map(|(key, value)| (key.into(), value.into())).into();
            assert_eq!(read, wanted, "{text:?}");
        }
    }
    assert!(held > written.len() / 2, "only {held} were compared");
}

#[test]
fn python_dotenv_reads_back_what_we_write() {
    reads_back(python(), |_, _| true);
}

#[test]
fn nodes_dotenv_reads_back_what_we_write_but_for_escapes_that_it_has_not() {
    let escapes = |text: &str| text.starts_with("A=\"") && (text.contains("\\\"") || text.contains("\\\\"));
    reads_back(node(), |_, text| !escapes(text));
}
