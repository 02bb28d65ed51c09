//! The other readers, each a program that is run once for many texts.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Texts as JSON in, their variables as JSON out. What they read differs from version to version: others than those of
/// the table count as missing.
const PYTHON: &str = "
import importlib.metadata, io, json, sys
from dotenv import dotenv_values
assert importlib.metadata.version('python-dotenv') == '1.2.4'
def read(text):
    found = dotenv_values(stream=io.StringIO(text, newline=None), interpolate=False)
    return {key: value for key, value in found.items() if value is not None}
sys.stdin.reconfigure(encoding='utf-8')
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
";
const NODE: &str = "
const { parse } = require('dotenv')
require('assert')(require('dotenv/package.json').version === '18.0.10')
const texts = JSON.parse(require('fs').readFileSync(0))
console.log(JSON.stringify(texts.map(text => parse(text))))
";

pub struct Tool {
    program: &'static str,
    arguments: [&'static str; 2],
    path: (&'static str, PathBuf),
}

/// Where one of them is: as the variable says, else where `.ci/run` puts it.
fn place(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(
        || {
            PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
                .join("../ci-tools/dotenv")
                .join(name)
        },
        PathBuf::from,
    )
}

pub fn python() -> Option<Tool> {
    let tool = Tool {
        program: "python3",
        arguments: ["-c", PYTHON],
        path: ("PYTHONPATH", place("PYTHON_DOTENV", "python")),
    };
    tool.or_skipped("python-dotenv 1.2.4")
}

pub fn node() -> Option<Tool> {
    let tool = Tool {
        program: "node",
        arguments: ["-e", NODE],
        path: ("NODE_PATH", place("NODE_DOTENV", "node").join("node_modules")),
    };
    tool.or_skipped("dotenv 18.0.10 of node")
}

impl Tool {
    fn or_skipped(self, name: &str) -> Option<Self> {
        let works = self.run(&["A=1"]).is_some();
        if !works {
            println!("skipped: no {name}");
        }
        works.then_some(self)
    }

    /// The variables of each text.
    pub fn read(&self, texts: &[&str]) -> Vec<BTreeMap<String, String>> {
        let read = self.run(texts).expect("it worked a moment ago");
        assert_eq!(read.len(), texts.len());
        read
    }

    /// `None`: the program or the module isn't there.
    fn run(&self, texts: &[&str]) -> Option<Vec<BTreeMap<String, String>>> {
        let mut child = Command::new(self.program)
            .args(self.arguments)
            .env(self.path.0, &self.path.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut stdin = child.stdin.take()?;
        let texts = serde_json::to_vec(texts).expect("texts are JSON");
        // Both read all before they write; one without the module may be gone already.
        let _ = stdin.write_all(&texts);
        drop(stdin);
        let output = child.wait_with_output().expect("it can be waited for");
        let read = output.status.success();
        read.then(|| serde_json::from_slice(&output.stdout).expect("it prints JSON"))
    }
}
