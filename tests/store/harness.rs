//! A state directory that vanishes, and configurations to keep there.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use novita_edit::config::{Environment, StateDirs};
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number};
use novita_edit::secret::Secret;
use novita_edit::store::{
    Account, Draft, EditorLock, EditorLockAttempt, EndpointFiles, FoundDraft, Snapshot, Store, Unsaved,
};
use tempfile::TempDir;

pub const BASE: &str = "https://api.test/v1";
pub const ID: &str = "ep_1";

pub fn dirs(home: &Path) -> StateDirs {
    let home = home.to_str().unwrap();
    StateDirs::find(&Environment::from_pairs([("XDG_STATE_HOME", home)])).unwrap()
}

pub fn account() -> Account {
    Account::new(BASE, &Secret::new("sk_hidden"))
}

pub fn store(home: &Path) -> Store {
    Store::open(&dirs(home), &account()).unwrap()
}

pub fn files_in(home: &Path) -> EndpointFiles {
    store(home).endpoint_files(BASE, ID)
}

pub fn files() -> (TempDir, EndpointFiles) {
    let home = tempfile::tempdir().unwrap();
    let files = files_in(home.path());
    (home, files)
}

pub fn config(max: &str) -> EndpointConfig {
    let mut config = EndpointConfig {
        id: ID.into(),
        name: "llama".into(),
        port: "8000".into(),
        envs: vec![EnvVar::new("HF_TOKEN", "hf_hidden")].into(),
        ..EndpointConfig::default()
    };
    config.workers.max_num = Number::typed(max);
    config
}

pub fn snapshot() -> Snapshot {
    Snapshot {
        config: config("5"),
        has_health_check: true,
        settings: Vec::new(),
    }
}

pub fn unsaved(max: &str) -> Unsaved {
    Unsaved {
        loaded: Arc::new(snapshot()),
        edited: Arc::new(config(max)),
        typing: None,
        sent: None,
        editor_texts: Vec::new(),
    }
}

/// One with so many envs of 200 characters.
pub fn large(envs: usize) -> Unsaved {
    let mut edited = config("5");
    edited.envs = (0..envs)
        .map(|at| EnvVar::new(format!("KEY_{at}"), "v".repeat(200)))
        .collect();
    Unsaved {
        edited: Arc::new(edited),
        ..unsaved("5")
    }
}

pub fn mine(files: &EndpointFiles) -> EditorLock {
    match files.try_editor_lock().unwrap() {
        EditorLockAttempt::Yours(editor_lock) => editor_lock,
        EditorLockAttempt::Taken(owner) => panic!("taken by {owner}"),
    }
}

pub fn draft(files: &EndpointFiles) -> Option<Box<Draft>> {
    match files.read_draft().unwrap() {
        FoundDraft::Draft(draft) => Some(draft),
        FoundDraft::Nothing => None,
        FoundDraft::SetAside { name, why } => panic!("set aside as {name:?}, for {why}"),
    }
}

/// Max workers in the draft on disk.
pub fn max(files: &EndpointFiles) -> Option<String> {
    draft(files).map(|draft| draft.edited.workers.max_num.text().to_owned())
}

pub fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

pub fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub fn drafts_dir(files: &EndpointFiles) -> PathBuf {
    files.draft_path().parent().unwrap().to_owned()
}

/// Everything under a directory, itself included.
pub fn all_under(dir: &Path) -> Vec<PathBuf> {
    let mut all = vec![dir.to_owned()];
    let mut at = 0;
    while at < all.len() {
        if all[at].is_dir() {
            let dir = all[at].clone();
            all.extend(std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()));
        }
        at += 1;
    }
    all
}

/// Waits until it holds; false after the time.
pub fn within(time: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < time {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    holds()
}
