//! A home directory that outlives a session, and what the editor keeps in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// What the issue promises for an edit to be on disk.
pub const PROMISED: Duration = Duration::from_millis(500);

const HANG: Duration = Duration::from_secs(20);

/// Cheap to clone; removed with the last clone.
#[derive(Clone)]
pub struct Home {
    dir: Arc<TempDir>,
    /// How the home is seen from here, where the program has mounts of its own.
    seen_from_here: Option<PathBuf>,
}

/// A file or directory under the state directory.
#[derive(Debug)]
pub struct Entry {
    /// Relative to the state directory.
    pub name: String,
    pub is_dir: bool,
    pub mode: u32,
    pub bytes: Vec<u8>,
}

impl Home {
    pub fn new() -> Self {
        Self {
            dir: Arc::new(tempfile::tempdir().unwrap()),
            seen_from_here: None,
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The same home with the mounts that this process has.
    pub fn as_seen_by(&self, pid: u32) -> Self {
        let root = PathBuf::from(format!("/proc/{pid}/root"));
        Self {
            seen_from_here: Some(root.join(self.path().strip_prefix("/").unwrap())),
            ..self.clone()
        }
    }

    /// `XDG_STATE_HOME/novita-edit`.
    pub fn state(&self) -> PathBuf {
        let home = self.seen_from_here.as_deref().unwrap_or(self.path());
        home.join("state/novita-edit")
    }

    /// Everything under the state directory, itself included.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut todo = vec![self.state()];
        while let Some(path) = todo.pop() {
            // What is gone by now was temporary.
            let Ok(facts) = fs::symlink_metadata(&path) else {
                continue;
            };
            let is_dir = facts.is_dir();
            if is_dir && let Ok(inside) = fs::read_dir(&path) {
                todo.extend(inside.flatten().map(|entry| entry.path()));
            }
            entries.push(Entry {
                name: path.strip_prefix(self.state()).unwrap().display().to_string(),
                is_dir,
                mode: facts.permissions().mode() & 0o7777,
                bytes: fs::read(&path).unwrap_or_default(),
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    /// The files whose names end so.
    pub fn files(&self, ending: &str) -> Vec<Entry> {
        let files = self.entries().into_iter();
        files
            .filter(|entry| !entry.is_dir && entry.name.ends_with(ending))
            .collect()
    }

    /// The one file whose name ends so, as JSON.
    fn one(&self, ending: &str) -> Option<Value> {
        let mut files = self.files(ending);
        assert!(files.len() < 2, "several: {files:?}");
        // Read between looking it up and its removal, it is empty.
        serde_json::from_slice(&files.pop()?.bytes).ok()
    }

    /// The draft, if there is one.
    pub fn draft(&self) -> Option<Value> {
        self.one(".draft.json")
    }

    pub fn owner(&self) -> Option<Value> {
        self.one(".owner.json")
    }

    /// The process that has the endpoint.
    pub fn owner_pid(&self) -> u32 {
        let owner = self.owner().expect("somebody has the endpoint");
        u32::try_from(owner["pid"].as_u64().unwrap()).unwrap()
    }

    /// Waits for a draft of which this is true; how long that took.
    pub fn wait_for_draft(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Duration {
        self.wait(what, |home| home.draft().as_ref().is_some_and(&holds))
    }

    pub fn wait_for_max_workers(&self, number: u32) -> Duration {
        self.wait_for_draft(&format!("{number} max workers"), |draft| max_workers(draft) == number)
    }

    /// Waits for the draft of a text that is being typed.
    pub fn wait_for_typed(&self, text: &str) -> Duration {
        self.wait_for_draft(&format!("{text:?} being typed"), |draft| {
            draft["typing"]["text"] == text
        })
    }

    pub fn wait_for_no_draft(&self) {
        self.wait("the draft gone", |home| home.draft().is_none());
    }

    /// What was discarded, as JSON.
    pub fn discarded(&self) -> Vec<Value> {
        let files = self
            .entries()
            .into_iter()
            .filter(|entry| entry.name.contains(".discarded-"));
        files.map(|file| serde_json::from_slice(&file.bytes).unwrap()).collect()
    }

    pub fn wait(&self, what: &str, holds: impl Fn(&Self) -> bool) -> Duration {
        let begun = Instant::now();
        while !holds(self) {
            assert!(
                begun.elapsed() < HANG,
                "waited in vain for {what}; the draft:\n{:#?}",
                self.draft()
            );
            thread::sleep(Duration::from_millis(5));
        }
        begun.elapsed()
    }

    /// Asserts that no process left anything but drafts, what was set aside and the history; and no lock.
    pub fn assert_tidy(&self) {
        for entry in self.entries() {
            let kept = [".draft.json", ".jsonl", "recent.json"]
                .iter()
                .any(|ending| entry.name.ends_with(ending));
            assert!(
                entry.is_dir || kept || entry.name.contains(".aside-") || entry.name.contains(".discarded-"),
                "left behind: {}",
                entry.name
            );
            if entry.is_dir {
                let dir = fs::File::open(self.state().join(&entry.name)).unwrap();
                let free = rustix::fs::flock(&dir, rustix::fs::FlockOperation::NonBlockingLockExclusive);
                assert_eq!(free, Ok(()), "still locked: {}", entry.name);
            }
        }
    }
}

/// What a draft has for the maximum of workers.
pub fn max_workers(draft: &Value) -> u32 {
    draft["edited"]["workerConfig"]["maxNum"]
        .as_u64()
        .unwrap()
        .try_into()
        .unwrap()
}
