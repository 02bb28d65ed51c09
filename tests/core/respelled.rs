//! What a server made of what was sent: named where the kind is known, and never taken for another thing.

use novita_edit::endpoint::diff::{changes, differences};
use novita_edit::endpoint::respelled::{Deviation, Respelling, as_read, deviations};
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number, PolicyType, VolumeMount};
use novita_edit::session::{Answer, Next, Outcome, Request, ReviewedBody, Save, Teller, Workspace};
use proptest::prelude::*;

use crate::edits::{endpoint, touch, with};

fn base() -> EndpointConfig {
    let mut base = endpoint().config;
    base.envs = [("B", "two"), ("A", "one"), ("EMPTY", ""), ("A", "again")]
        .map(|(key, value)| EnvVar::new(key, value))
        .to_vec()
        .into();
    base.volumes = vec![VolumeMount {
        size: Number::of(30),
        mount_path: "/data".into(),
        ..VolumeMount::default()
    }];
    base.image.image = "vllm/vllm-openai:v1".into();
    base.image.command = "serve --port 8000".into();
    base.health_path = "/health".into();
    base
}

/// What differs where Max workers was raised and the server changed this.
fn made(change: impl Fn(&mut EndpointConfig)) -> Vec<Deviation> {
    let base = base();
    let mut sent = base.clone();
    sent.workers.max_num = Number::of(9);
    let mut read = sent.clone();
    change(&mut read);
    deviations(&base, &sent, &read)
}

#[test]
fn each_kind_is_named_and_says_whether_it_means_the_same() {
    use Respelling::*;
    type Row = (&'static str, fn(&mut EndpointConfig), &'static [Respelling], bool);
    let rows: [Row; 22] = [
        ("an env value", |c| c.envs[0] = EnvVar::new("B", "other"), &[], false),
        ("its case", |c| c.envs[0] = EnvVar::new("B", "TWO"), &[Case], false),
        ("its blanks", |c| c.envs[0] = EnvVar::new("B", "two "), &[Blanks], true),
        ("a row dropped", |c| drop(c.envs.remove(0)), &[], false),
        ("an empty one", |c| drop(c.envs.remove(2)), &[Empty], true),
        ("a duplicate", |c| drop(c.envs.remove(1)), &[Duplicate], true),
        ("sorted", |c| c.envs.sort_by(|a, b| a.key.cmp(&b.key)), &[Order], true),
        ("added", |c| c.envs.push(EnvVar::new("NEW", "1")), &[Added], true),
        ("a key's blanks", |c| c.envs[0].key = "B ".into(), &[Blanks], true),
        ("a volume dropped", |c| c.volumes.clear(), &[], false),
        (
            "its slash",
            |c| c.volumes[0].mount_path = "/data/".into(),
            &[Slash],
            true,
        ),
        ("its size", |c| c.volumes[0].size = Number::of(20), &[], false),
        (
            "docker.io",
            |c| c.image.image = "docker.io/vllm/vllm-openai:v1".into(),
            &[Registry],
            true,
        ),
        (
            "both",
            |c| c.image.image = "docker.io/VLLM/vllm-openai:v1".into(),
            &[Case, Registry],
            true,
        ),
        (
            "another image",
            |c| c.image.image = "vllm/vllm-openai:v2".into(),
            &[],
            false,
        ),
        ("the command", |c| c.image.command = "serve".into(), &[], false),
        ("its line break", |c| c.image.command.push('\n'), &[Blanks], true),
        ("the name's case", |c| c.name = c.name.to_uppercase(), &[Case], true),
        ("a clamp", |c| c.workers.max_num = Number::of(8), &[Clamped], false),
        ("GPUs", |c| c.workers.gpu_num = Number::of(7), &[], false),
        ("the policy", |c| c.policy.kind = PolicyType::Concurrency, &[], false),
        ("the health path", |c| c.health_path = "/health/".into(), &[Slash], true),
    ];
    for (what, change, kinds, same) in rows {
        let found = made(change);
        assert_eq!(found.len(), 1, "{what}: {found:?}");
        assert_eq!((&found[0].kinds[..], found[0].is_spelling), (kinds, same), "{what}");
    }
    let all = made(|c| c.envs = Vec::new().into());
    assert_eq!(
        all.iter().filter(|found| !found.is_spelling).count(),
        3,
        "all of a duplicated one too: {all:?}"
    );
}

/// A row that was deleted and is there again, an order that was changed and is as before: not stored, whatever it
/// looks like.
#[test]
fn an_edit_that_reads_back_as_it_was_is_not_called_a_spelling() {
    let base = base();
    let mut sent = base.clone();
    sent.envs.remove(0);
    let mut read = base.clone();
    read.name = "somebody else's".into();
    let found = deviations(&base, &sent, &read);
    assert!(found.iter().all(|found| !found.is_spelling), "{found:?}");
    assert_eq!(as_read(&base, &sent, &read).envs, sent.envs);
    let mut sent = base.clone();
    sent.envs.swap(0, 1);
    let found = deviations(&base, &sent, &read);
    assert!(found.iter().all(|found| !found.is_spelling), "{found:?}");
    // With another edit there, the send arrived: then it is the server that sorts.
    sent.workers.max_num = Number::of(9);
    read.workers.max_num = Number::of(9);
    let found = deviations(&base, &sent, &read);
    assert!(
        found
            .iter()
            .any(|found| found.kinds == [Respelling::Order] && found.is_spelling),
        "{found:?}"
    );
}

fn any_config() -> impl Strategy<Value = EndpointConfig> {
    prop::collection::vec(touch(), 0..6).prop_map(|touches| {
        let mut config = endpoint().config;
        for touch in touches {
            if let Some(edit) = touch.edit(&config) {
                edit.apply(&mut config);
            }
        }
        config
    })
}

/// Words that would say who did it, or that something is lost or safe.
const CAUSES: [&str; 4] = [
    "somebody else changed",
    "Nothing is lost",
    "the server changed",
    "was overwritten",
];

proptest! {
    #[test]
    fn deviations_are_there_exactly_where_differences_are(
        base in any_config(),
        sent in any_config(),
        read in any_config(),
    ) {
        let found = deviations(&base, &sent, &read);
        prop_assert_eq!(found.is_empty(), differences(&sent, &read).is_empty());
        // In the server's spelling the same differs as without it, and nothing else.
        let spelled = as_read(&base, &sent, &read);
        let left = deviations(&base, &spelled, &read);
        prop_assert!(left.len() <= found.len(), "{:?} of {:?}", left, found);
        if found.iter().all(|found| found.is_spelling) {
            prop_assert!(differences(&spelled, &read).is_empty(), "{:?}", changes(&spelled, &read));
        }
    }

    /// For any stored result and any sent body: *saved* exactly if all sent fields are equal after reading, and no
    /// sentence names a cause that the reads don't prove.
    #[test]
    fn saved_is_said_exactly_of_what_reads_back_as_sent(sent in any_config(), stored in any_config()) {
        let mut work = Workspace::new(endpoint(), novita_edit::endpoint::Limits::unknown());
        work.apply(novita_edit::endpoint::edit::Edit::Whole {
            name: "any".into(),
            old: Box::new(work.now().clone()),
            new: Box::new(sent.clone()),
        });
        let Some(body) = ReviewedBody::of(&work) else { return Ok(()) };
        let (mut save, mut request) = Save::start(endpoint(), body);
        let mut reads = 0;
        let outcome = loop {
            let answer = match request {
                Request::Read(_) => {
                    reads += 1;
                    let read = if reads == 1 { endpoint() } else { with(stored.clone()) };
                    Answer::Read(Box::new(Ok(read)))
                }
                Request::Send(_) => Answer::Sent(Ok(Default::default())),
            };
            match save.answer(answer) {
                Next::Do(next) => request = next,
                Next::Done(outcome) => break outcome,
            }
        };
        let is_equal = differences(&sent, &stored).is_empty();
        prop_assert_eq!(matches!(*outcome, Outcome::Saved { .. }), is_equal, "{:?}", outcome);
        let is_former = differences(&endpoint().config, &stored).is_empty();
        prop_assert_eq!(matches!(*outcome, Outcome::NotShown { .. }), !is_equal && is_former, "{:?}", outcome);
        for teller in [Teller::Editor, Teller::Command] {
            let said = outcome.sentence(teller);
            for cause in CAUSES {
                prop_assert!(!said.contains(cause), "{}", said);
            }
        }
    }
}
