//! Somebody else's change between the read and the send: merged, decided as asked for, or told.

use novita_edit::demo::{Call, Fault, When};
use serde_json::json;

use crate::run::{Ended, LLAMA, User};
use crate::schema::holds;
use crate::writing::{max, posts};

const COMFY: &str = "ep_b40c55de";

/// `scale` of two endpoints to max 6, where the first one's max or name changes after both were read and before the
/// check.
fn met(path: &'static str, theirs: serde_json::Value, more: &[&str]) -> (User, Ended) {
    let user = User::new();
    let change = move |endpoint: &mut serde_json::Value| *endpoint.pointer_mut(path).unwrap() = theirs.clone();
    let fault = Fault::change_before(LLAMA, change);
    user.server.faults().add(Call::Load, When::nth(3), fault);
    let ended = user.run(&[&["scale", LLAMA, COMFY, "--max", "6", "--yes"], more].concat());
    (user, ended)
}

#[test]
fn what_both_changed_is_a_conflict_that_names_the_three_sides_and_sends_nothing() {
    let (user, ended) = met("/workerConfig/maxNum", json!(7), &["-o", "json"]);
    let ended = ended.with(5);
    let json = ended.json();
    holds("writes", &json);
    assert_eq!(json[0]["outcome"], "conflict");
    assert_eq!(
        json[0]["conflicts"],
        json!([{"path": "workerConfig.maxNum", "name": "Max workers", "loaded": 5, "mine": 6, "theirs": 7}])
    );
    assert!(
        ended.err.contains("  ? Max workers: loaded 5, mine 6, theirs 7\n"),
        "{ended:#?}"
    );
    assert!(ended.err.contains("--on-conflict mine or theirs"), "{ended:#?}");
    assert_eq!(json[1]["outcome"], "saved", "the other one has nothing to do with it");
    assert_eq!((max(&user, LLAMA), posts(&user).len()), (json!(7), 1));
}

#[test]
fn on_conflict_decides_for_one_side() {
    let (user, ended) = met("/workerConfig/maxNum", json!(7), &["--on-conflict", "mine"]);
    let ended = ended.with(0);
    assert!(ended.err.contains("--on-conflict mine decides"), "{ended:#?}");
    assert_eq!(max(&user, LLAMA), 6);
    let (user, ended) = met(
        "/workerConfig/maxNum",
        json!(7),
        &["--on-conflict", "theirs", "-o", "json"],
    );
    let json = ended.with(0).json();
    assert_eq!(json[0]["outcome"], "unchanged");
    assert_eq!((max(&user, LLAMA), posts(&user).len()), (json!(7), 1));
    let (user, ended) = met("/workerConfig/maxNum", json!(7), &["--on-conflict", "theirs"]);
    let said = format!(
        "Nothing to change: llama-3-8b (ep_7f3a91c2) at {}: what somebody else changed meanwhile stands, as --on-conflict \
         theirs says: Max workers. Nothing was sent.\n",
        user.host()
    );
    assert_eq!(ended.with(0).out.matches(&said).count(), 1, "told once");
}

#[test]
fn what_they_changed_elsewhere_is_merged_told_and_sent_along() {
    let (user, ended) = met("/name", json!("renamed"), &[]);
    let ended = ended.with(0);
    assert!(ended.err.contains("Somebody else changed") && ended.err.contains("  * Name: llama-3-8b → renamed\n"));
    let stored = user.server.endpoint(LLAMA).unwrap();
    assert_eq!(
        (&stored["name"], &stored["workerConfig"]["maxNum"]),
        (&json!("renamed"), &json!(6))
    );
}

#[test]
fn what_somebody_else_made_the_same_meanwhile_is_nothing_to_change() {
    let (user, ended) = met("/workerConfig/maxNum", json!(6), &["-o", "json"]);
    assert_eq!(ended.with(0).json()[0]["outcome"], "unchanged");
    assert_eq!(posts(&user).len(), 1);
    let (_user, ended) = met("/workerConfig/maxNum", json!(6), &[]);
    let out = ended.with(0).out;
    assert_eq!(out.matches("somebody else changed it so meanwhile").count(), 1, "{out}");
}

#[test]
fn what_does_not_fit_together_after_the_merge_is_invalid() {
    let (user, ended) = met("/workerConfig/minNum", json!(8), &["-o", "json"]);
    let json = ended.with(4).json();
    holds("writes", &json);
    assert_eq!(json[0]["outcome"], "invalid");
    assert_eq!((max(&user, LLAMA), posts(&user).len()), (json!(5), 1));
}

#[test]
fn an_endpoint_that_changes_at_every_look_is_given_up() {
    let user = User::new();
    let count = std::sync::atomic::AtomicU64::new(0);
    let restless = Fault::change_before(LLAMA, move |endpoint| {
        let count = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        endpoint["name"] = json!(format!("name-{count}"));
    });
    user.server.faults().add(Call::Load, When::from_nth(2), restless);
    // On a terminal each round is asked about, and each check finds another name.
    let shown = user.talk(80, &["scale", LLAMA, "--max", "6"], &[("[y/N]", "y\n"); 6]);
    assert_eq!(shown.code, 5, "{}", shown.text());
    assert!(shown.text().contains("again and again"), "{}", shown.text());
    assert_eq!(posts(&user), []);
}

#[test]
fn a_secret_is_masked_in_a_conflict_too() {
    let user = User::new();
    let theirs = Fault::change_before(LLAMA, |endpoint| endpoint["envs"][0]["value"] = json!("their-secret"));
    user.server.faults().add(Call::Load, When::nth(2), theirs);
    user.file("secret", "my-own-secret\n");
    let key = user.server.endpoint(LLAMA).unwrap()["envs"][0]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let argument = format!("envs.{key}=@secret");
    let shown = user.talk(80, &["set", LLAMA, &argument], &[("[y/N]", "y\n")]);
    assert_eq!(shown.code, 5, "{}", shown.text());
    assert!(shown.text().contains(&format!(
        "? Environment {key}: loaded ••••••, mine ••••••, theirs ••••••"
    )));
    assert!(!shown.raw.contains("-secret"), "{}", shown.raw);
}
