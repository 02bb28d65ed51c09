//! What meeting somebody else's change costs, with few and with very many envs: the merge by itself, a workspace's
//! merge with 100 steps of undo, and one edit with what the draft takes of it.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use novita_edit::api::wire;
use novita_edit::endpoint::edit::{Edit, Row};
use novita_edit::endpoint::merge::Merge;
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, Limits, List, LoadedEndpoint};
use novita_edit::session::Workspace;

const ID: &str = "ep_7f3a91c2";
const STEPS: usize = 100;

fn endpoint(envs: usize) -> LoadedEndpoint {
    let mut endpoint = wire::endpoint(include_bytes!("../assets/demo/llama-3-8b.json"), ID).expect("a demo endpoint");
    endpoint.config.envs = (0..envs)
        .map(|at| EnvVar::new(format!("VARIABLE_{at}"), format!("value {at}")))
        .collect();
    endpoint
}

fn value(config: &EndpointConfig, at: usize, value: String) -> Edit {
    let at = at % config.envs.len();
    let new = Row::Env(EnvVar::new(config.envs[at].key.clone(), value));
    let old = Row::of(config, List::Envs, at).expect("there");
    Edit::Replace { at, old, new }
}

/// A workspace with that many steps of undo, each another value of an env or another number.
fn edited(envs: usize) -> Workspace {
    let mut work = Workspace::new(endpoint(envs), Limits::unknown());
    for step in 0..STEPS {
        let edit = match step % 10 {
            0 => Edit::set(work.now(), FieldId::MaxWorkers, format!("{}", 6 + step)),
            _ => value(work.now(), step * 7, format!("mine {step}")),
        };
        work.apply(edit);
    }
    work
}

/// One field, one value that clashes with mine, one row more and one less.
fn theirs(envs: usize) -> LoadedEndpoint {
    let mut theirs = endpoint(envs);
    theirs.config.set_text(FieldId::HealthPath, "/live");
    value(&theirs.config, 7, "theirs".into()).apply(&mut theirs.config);
    theirs.config.envs.remove(envs - 1);
    theirs.config.envs.insert(envs / 2, EnvVar::new("NEW", "theirs"));
    theirs
}

fn merges(c: &mut Criterion) {
    for envs in [10, 5000] {
        let (work, theirs) = (edited(envs), theirs(envs));
        let (loaded, mine) = (&work.base().config, work.now());
        c.bench_function(&format!("merge and resolve/{envs} envs"), |b| {
            b.iter(|| black_box(Merge::new(loaded, mine, &theirs.config).resolve(&[])));
        });
        c.bench_function(&format!("workspace merge, {STEPS} undo steps/{envs} envs"), |b| {
            let fresh = || (work.clone(), theirs.clone());
            b.iter_batched(
                fresh,
                |(mut work, theirs)| {
                    work.merge(theirs, &[]);
                    work
                },
                BatchSize::LargeInput,
            );
        });
        let mut work = Workspace::new(endpoint(envs), Limits::unknown());
        let mut at = 0;
        c.bench_function(&format!("apply and kept/{envs} envs"), |b| {
            b.iter(|| {
                at += 1;
                let edit = value(work.now(), at, format!("mine {at}"));
                work.apply(edit);
                black_box(work.kept())
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(std::time::Duration::from_secs(2))
        .warm_up_time(std::time::Duration::from_millis(500));
    targets = merges
}
criterion_main!(benches);
