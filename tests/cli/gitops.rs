//! A repository of endpoints, as a pipeline keeps it: written once without secrets, checked without a server, compared,
//! applied, and what somebody else changed since is found.

use novita_edit::demo::{Call, DemoOptions, Fault, Pace, When};
use serde_json::json;

use crate::run::{Ended, LLAMA, TOKEN, User};
use crate::writing::{max, posts};

/// The endpoints of the repository, a file each.
const IDS: [&str; 5] = [LLAMA, "ep_b40c55de", "ep_19e0d3aa", "ep_four", "ep_five"];
const ROTATED: &str = "hf_rotated_by_the_pipeline";
const KEPT: &str = "from-a-mounted-secret";

/// A user whose folder `endpoints` is the repository.
struct Repository {
    user: User,
}

impl Repository {
    fn new() -> Self {
        Self::of(User::new())
    }

    fn of(user: User) -> Self {
        let user = user.env("HF_TOKEN", ROTATED);
        for id in ["ep_four", "ep_five"] {
            let mut more = user.server.endpoint("ep_19e0d3aa").unwrap();
            more["id"] = json!(id);
            more["name"] = json!(id);
            user.server.add_endpoint(more);
        }
        std::fs::create_dir_all(user.path("endpoints/team")).unwrap();
        std::fs::create_dir(user.path("endpoints/secrets")).unwrap();
        let repository = Self { user };
        for id in IDS {
            let written = repository
                .run(&["get", id, "-o", "yaml", "--secrets", "server"])
                .with(0)
                .out;
            repository.write(id, &written);
        }
        repository
    }

    fn path(id: &str) -> String {
        match id {
            "ep_four" | "ep_five" => format!("endpoints/team/{id}.yaml"),
            id => format!("endpoints/{id}.yaml"),
        }
    }

    fn write(&self, id: &str, text: &str) {
        self.user.file(&Self::path(id), text);
    }

    /// A commit to the file of an endpoint.
    fn commit(&self, id: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.user.path(&Self::path(id))).unwrap();
        assert!(text.contains(old), "{old}: {text}");
        self.write(id, &text.replacen(old, new, 1));
    }

    /// A step of the pipeline; no secret is ever in its log.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Ended {
        let ended = self.user.run(arguments);
        for secret in [TOKEN, ROTATED, KEPT] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{ended:#?}");
        }
        ended
    }

    /// The same for the whole repository.
    #[track_caller]
    fn step(&self, command: &[&str]) -> Ended {
        self.run(&[command, &["-f", "endpoints", "-R"]].concat())
    }
}

fn last(ended: &Ended) -> &str {
    ended.err.lines().last().unwrap_or_default()
}

#[test]
fn a_repository_is_checked_compared_and_applied_and_drift_is_found() {
    let repository = Repository::new();
    let user = &repository.user;
    // As written it is what is there, and no token is in it.
    for id in IDS {
        let text = std::fs::read_to_string(user.path(&Repository::path(id))).unwrap();
        assert!(text.contains("fromServer: true") && !text.contains(TOKEN), "{text}");
    }
    repository.step(&["validate", "--offline"]).with(0);
    assert_eq!(repository.step(&["diff"]).with(0).out, "");

    // A commit: one more worker, a token out of the pipeline's own variable, and one out of a file.
    repository.commit(LLAMA, "maxNum: 5", "maxNum: 6");
    repository.commit(
        LLAMA,
        "- key: HF_TOKEN\n  value:\n    fromServer: true",
        "- key: HF_TOKEN\n  value: {fromEnv: HF_TOKEN}",
    );
    user.file("endpoints/secrets/vad", &format!("{KEPT}\n"));
    repository.commit(
        "ep_four",
        "- key: VAD_FILTER\n  value:\n    fromServer: true",
        "- key: VAD_FILTER\n  value:\n    fromFile: ../secrets/vad",
    );
    let before = user.server.requests().len();
    repository.step(&["validate", "--offline"]).with(0);
    assert_eq!(user.server.requests().len(), before, "a pull request needs no key");
    repository.step(&["validate"]).with(0);
    let ended = repository.step(&["diff"]).with(1);
    assert_eq!(
        last(&ended),
        "5 files: endpoints/ep_19e0d3aa.yaml 1 unchanged, endpoints/ep_7f3a91c2.yaml 1 different, endpoints/ep_b40c55de.yaml 1 \
         unchanged, endpoints/team/ep_five.yaml 1 unchanged, endpoints/team/ep_four.yaml 1 different"
    );
    let ended = repository.step(&["apply", "--yes"]).with(0);
    assert_eq!(
        last(&ended),
        "5 files: endpoints/ep_19e0d3aa.yaml 1 unchanged, endpoints/ep_7f3a91c2.yaml 1 saved, endpoints/ep_b40c55de.yaml 1 \
         unchanged, endpoints/team/ep_five.yaml 1 unchanged, endpoints/team/ep_four.yaml 1 saved"
    );
    assert_eq!((max(user, LLAMA), posts(user).len()), (6.into(), 2));
    let envs = |id: &str| user.server.endpoint(id).unwrap()["envs"].to_string();
    assert!(envs(LLAMA).contains(ROTATED) && envs("ep_four").contains(KEPT));
    assert_eq!(repository.step(&["diff"]).with(0).out, "");

    // Somebody else changes something by hand: the nightly run finds it, in numbers and in values.
    user.server
        .edit("ep_b40c55de", |endpoint| endpoint["workerConfig"]["maxNum"] = json!(9));
    user.server.edit(LLAMA, |endpoint| {
        for env in endpoint["envs"].as_array_mut().unwrap() {
            if env["key"] == "HF_TOKEN" {
                env["value"] = json!(TOKEN);
            }
        }
    });
    let drift = repository.step(&["diff", "-o", "name"]).with(1);
    assert_eq!(drift.out, format!("{LLAMA}\nep_b40c55de\n"));
    // A value that stays on the server is nobody's drift.
    user.server.edit("ep_five", |endpoint| {
        endpoint["envs"][0]["value"] = json!("rotated by hand")
    });
    assert_eq!(repository.step(&["diff", "-o", "name"]).with(1).out, drift.out);
    repository.step(&["apply", "--yes"]).with(0);
    assert!(envs(LLAMA).contains(ROTATED) && envs("ep_five").contains("rotated by hand"));

    // A commit that is no good is told with its place, and nothing of the others goes.
    repository.commit("ep_b40c55de", "maxNum: 8", "maxNum: 80");
    repository.commit("ep_five", "minNum: 1", "minNum: 2");
    let sent = posts(user).len();
    let ended = repository.step(&["apply", "--yes"]).with(4);
    assert!(
        ended.err.starts_with(
            "The line break at the end of the file endpoints/team/../secrets/vad is left out.\n\
             endpoints/ep_b40c55de.yaml:6:11: error: "
        ),
        "{ended:#?}"
    );
    assert_eq!(posts(user).len(), sent);
}

#[test]
fn a_rollout_is_waited_for_and_one_that_fails_is_told_and_can_be_taken_back() {
    let comfy = "ep_b40c55de";
    let pace = Pace {
        draining: std::time::Duration::from_millis(300),
        ..Pace::fast()
    };
    let user = User::with(DemoOptions {
        pace,
        ..DemoOptions::default()
    });
    let repository = Repository::of(user.env("NOVITA_EDIT_TEST_STEADY", "1500"));
    let user = &repository.user;
    let image = |id: &str| user.server.endpoint(id).unwrap()["image"]["image"].clone();
    let before = image(comfy);
    for id in [LLAMA, comfy] {
        let old = image(id);
        repository.commit(id, old.as_str().unwrap(), "acme/server:2");
    }
    let fails = Fault::FailRollout {
        endpoint: true,
        error: "IMAGE_PULL_FAILED".to_owned(),
        message: "no such tag".to_owned(),
    };
    user.server.faults().add(Call::Update, When::nth(2), fails);
    let files = [Repository::path(LLAMA), Repository::path(comfy)];
    let apply = [
        "apply",
        "-f",
        &files[0],
        "-f",
        &files[1],
        "--yes",
        "--wait",
        "--timeout",
        "60s",
    ];
    let ended = repository.run(&[&apply[..], &["-o", "json"]].concat()).with(9);
    crate::schema::holds("writes", &ended.json());
    let verdict = |at: usize| ended.json()[at]["rollout"]["verdict"].clone();
    assert_eq!(
        (verdict(0), verdict(1)),
        (json!("ready"), json!("failed")),
        "{ended:#?}"
    );
    assert!(
        ended.err.contains("no such tag") && ended.err.contains(&format!("rollback {comfy}")),
        "{}",
        ended.err
    );
    // The pipeline puts back what it broke, and waits for that, too.
    repository
        .run(&["rollback", comfy, "--yes", "--wait", "--timeout", "60s"])
        .with(0);
    assert_eq!(image(comfy), before);
    repository
        .run(&["watch", LLAMA, comfy, "--until", "healthy", "--timeout", "60s"])
        .with(0);
}
