//! What a draft costs: the write that the thread makes, and the note that a keystroke makes.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use novita_edit::api::wire;
use novita_edit::config::{Environment, StateDirs};
use novita_edit::endpoint::EnvVar;
use novita_edit::secret::Secret;
use novita_edit::store::{
    Account, DraftWriter, EditorLock, EditorLockAttempt, EndpointFiles, Snapshot, Store, Unsaved,
};

const ID: &str = "ep_7f3a91c2";
const BASE: &str = "https://api.test/v1";

/// An endpoint whose envs have values of 200 characters, the last of them just edited.
fn unsaved(envs: usize) -> Unsaved {
    let mut endpoint = wire::endpoint(include_bytes!("../assets/demo/llama-3-8b.json"), ID).expect("a demo endpoint");
    endpoint.config.envs = (0..envs)
        .map(|at| EnvVar::new(format!("VARIABLE_{at}"), "v".repeat(200)))
        .collect();
    let loaded = Snapshot::from(&endpoint);
    let mut edited = endpoint.config;
    edited.envs[envs - 1] = EnvVar::new("VARIABLE", "w".repeat(200));
    Unsaved {
        loaded: Arc::new(loaded),
        edited: Arc::new(edited),
        typing: None,
        sent: None,
        editor_texts: Vec::new(),
    }
}

fn owned(home: &std::path::Path) -> (EndpointFiles, EditorLock) {
    let home = home.to_str().expect("a temporary directory's name is UTF-8");
    let dirs = StateDirs::find(&Environment::from_pairs([("XDG_STATE_HOME", home)])).expect("a home");
    let store = Store::open(&dirs, &Account::new(BASE, &Secret::new("sk"))).expect("a writable directory");
    let files = store.endpoint_files(BASE, ID);
    match files.try_editor_lock().expect("a writable directory") {
        EditorLockAttempt::Yours(editor_lock) => (files, editor_lock),
        EditorLockAttempt::Taken(owner) => panic!("taken by {owner}"),
    }
}

fn drafts(c: &mut Criterion) {
    let home = tempfile::tempdir().expect("a temporary directory");
    for envs in [10, 5000] {
        let unsaved = unsaved(envs);
        let (files, editor_lock) = owned(home.path());
        editor_lock.write_draft(&unsaved).expect("a writable directory");
        let bytes = std::fs::metadata(files.draft_path()).expect("just written").len();
        println!("a draft with {envs} envs: {bytes} bytes");
        let mut group = c.benchmark_group("draft");
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(format!("write/{envs} envs"), |b| {
            b.iter(|| editor_lock.write_draft(black_box(&unsaved)))
        });
        group.bench_function(format!("read/{envs} envs"), |b| {
            b.iter(|| files.read_draft().expect("just written"))
        });
        group.finish();

        let draft_writer = DraftWriter::start(|_| {}).expect("a thread");
        draft_writer.own(editor_lock);
        // Each note is of another configuration, as after a keystroke; the old one is dropped by whoever drops it last.
        let edited = || Unsaved {
            edited: Arc::new((*unsaved.edited).clone()),
            ..unsaved.clone()
        };
        c.bench_function(&format!("note/{envs} envs"), |b| {
            b.iter_batched(
                edited,
                |unsaved| draft_writer.note(Some(unsaved)),
                BatchSize::LargeInput,
            );
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2))
        .warm_up_time(Duration::from_millis(500));
    targets = drafts
}
criterion_main!(benches);
