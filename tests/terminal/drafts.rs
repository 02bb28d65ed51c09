//! Drafts: when they are written, when they go, and what the next start makes of them.

use std::fs;
use std::time::Duration;

use novita_edit::demo::{Call, DemoServer, Fault, Reply, When};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{CTRL_X, ENTER, ESC, LLAMA, OLD_TOKEN, Session, Start, posts, server};
use crate::home::{Home, PROMISED, max_workers};

/// An editor that was killed with max workers set to 8 and a draft of that.
fn killed(server: &DemoServer) -> Home {
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    let home = session.home.clone();
    home.wait_for_max_workers(8);
    session.kill();
    home
}

fn draft_path(home: &Home) -> std::path::PathBuf {
    home.state().join(&home.files(".draft.json")[0].name)
}

#[test]
fn an_edit_and_a_typed_character_are_on_disk_within_half_a_second() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    let home = session.home.clone();
    session.find("max w");
    // The machine may be busy with other tests: one of a few tries has to be in time.
    let fastest = (6..9).map(|number| {
        session.send("+");
        home.wait_for_max_workers(number)
    });
    let fastest = fastest.min().unwrap();
    assert!(fastest < PROMISED, "an edit took {fastest:?} at least");
    session.find("name");
    session.type_and_see(ENTER, "Ctrl-U clear");
    let fastest = [("-x", "-x"), ("y", "-xy"), ("z", "-xyz")].map(|(keys, typed)| {
        session.send(keys);
        home.wait_for_typed(&format!("llama-3-8b{typed}"))
    });
    let fastest = fastest.into_iter().min().unwrap();
    assert!(fastest < PROMISED, "a character took {fastest:?} at least");
    session.kill();

    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("Max workers 5 → 8");
    session.wait_for("llama-3-8b-xyz (being typed, not taken yet)");
    session.send(ENTER);
    session.wait_for("Max workers *8");
    session.type_and_see(ENTER, "Name *llama-3-8b-xyz");
}

#[test]
fn an_env_value_that_was_being_typed_is_restored_and_shown_to_nobody() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("HF_TOKEN");
    session.type_and_see(ENTER, "Tab next part");
    session.send("\x15hf_being_typed");
    let home = session.home.clone();
    home.wait_for_typed("hf_being_typed");
    let row = |draft: &Value| draft["typing"]["what"]["row"].clone();
    assert_eq!(row(&home.draft().unwrap())["part"], "envs[].value");
    session.kill();

    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("(being typed, not taken yet)");
    assert!(!session.ever_showed("hf_being_typed", 0) && !session.ever_showed(OLD_TOKEN, 0));
    session.type_and_see(ENTER, "Tab next part");
    session.send("!");
    home.wait_for_typed("hf_being_typed!");
    session.send(ENTER);
    home.wait_for_draft("the value taken", |draft| {
        draft["typing"].is_null() && draft["edited"]["envs"].to_string().contains("hf_being_typed!")
    });
}

#[test]
fn leaving_keeps_the_draft_or_removes_it_as_was_chosen() {
    let server = server();
    for (key, kept) in [("k", true), (CTRL_X, false)] {
        let mut session = Session::form(&server.base_url());
        session.set_max_workers(8);
        session.home.wait_for_max_workers(8);
        session.type_and_see("q", "keep them as a draft and quit");
        session.send(key);
        assert_eq!(session.exit_code(), 0);
        assert_eq!(session.home.draft().is_some(), kept, "after {key}");
        // What was discarded is on disk before the program has ended, with the newest edit.
        let aside: Vec<u32> = session.home.discarded().iter().map(max_workers).collect();
        assert_eq!(aside, if kept { vec![] } else { vec![8] }, "after {key}");
        session.home.assert_tidy();
    }
}

#[test]
fn leaving_for_the_picker_keeps_the_draft_or_removes_it_as_was_chosen() {
    let server = server();
    for (key, kept) in [("k", true), (CTRL_X, false)] {
        let mut session = Session::form(&server.base_url());
        session.set_max_workers(8);
        session.home.wait_for_max_workers(8);
        session.type_and_see("o", "keep them as a draft, to the picker");
        session.type_and_see(key, "3 of 3");
        session
            .home
            .wait("the endpoint given back", |home| home.owner().is_none());
        assert_eq!(session.home.draft().is_some(), kept, "after {key}");
        session.send("q");
        assert_eq!(session.exit_code(), 0);
        session.home.assert_tidy();
    }
}

#[test]
fn keys_that_edit_and_leave_in_one_burst_are_kept_as_if_typed_slowly() {
    let server = server();
    for leave in ["+qk", "+ok"] {
        let mut session = Session::form(&server.base_url());
        session.find("max w");
        session.send(leave);
        session
            .home
            .wait("the endpoint given back", |home| home.owner().is_none());
        assert_eq!(session.home.draft().as_ref().map(max_workers), Some(6), "after {leave}");
    }
    // The letter that discarded once does nothing to a question that nobody has seen, nor later.
    for leave in ["+qd", "+od"] {
        let mut session = Session::form(&server.base_url());
        session.set_max_workers(8);
        session.type_and_see(leave, "Unsaved changes");
        session.home.wait_for_max_workers(9);
        session.type_and_see(ESC, "Max workers *9");
    }
    for leave in ["uq", "uo"] {
        let mut session = Session::form(&server.base_url());
        session.set_max_workers(8);
        session.home.wait_for_max_workers(8);
        session.send(leave);
        session
            .home
            .wait("the endpoint given back", |home| home.owner().is_none());
        assert_eq!(session.home.draft(), None, "after {leave}");
    }
}

#[test]
fn undoing_everything_removes_the_draft() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.home.wait_for_max_workers(8);
    session.send("u");
    session.home.wait_for_no_draft();
    session.begin_max_workers(7);
    session.home.wait_for_typed("7");
    session.send(ESC);
    session.home.wait_for_no_draft();
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.home.assert_tidy();
}

#[test]
fn a_successful_save_removes_the_draft() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    session.home.wait_for_max_workers(8);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.home.wait_for_no_draft();
    let home = session.home.clone();
    session.kill();
    let session = Session::form_in(&home, &server.base_url());
    assert!(!session.shows("unsaved"), "{}", session.screen());
}

#[test]
fn a_refused_and_a_failed_save_keep_the_draft() {
    let refusal = Fault::Instead(Reply::error(400, "VALIDATOR_PARAM", "no"));
    for (fault, said, is_open) in [
        (refusal, "the server refused the update", false),
        (Fault::CutBefore, "the update was sent, no answer tells", true),
    ] {
        let server = server();
        let mut session = Session::form(&server.base_url());
        session.set_max_workers(8);
        server.faults().add(Call::Update, When::next(1), fault);
        session.review_and_send();
        session.wait_for(said);
        let home = session.home.clone();
        home.wait_for_draft("the send, if it may still arrive", |draft| {
            max_workers(draft) == 8 && draft["sent"].is_null() != is_open
        });
        session.kill();
        let mut session = Session::asked(&home, &server.base_url());
        session.type_and_see(ENTER, "Max workers *8");
        session.review_and_send();
        if is_open {
            session.wait_for("✗ Not sent: an update that another novita-edit");
            session.type_and_see(ENTER, "Max workers *8");
            session.review_and_send();
        }
        session.wait_for("✓ Saved");
        home.wait_for_no_draft();
    }
}

/// The next start after an editor was killed while its send was under way.
fn killed_while_sending(faults: &[Fault]) -> (DemoServer, Home) {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    for fault in faults.iter().chain([&Fault::DelayAfter(Duration::from_secs(30))]) {
        server.faults().add(Call::Update, When::next(1), fault.clone());
    }
    session.review_and_send();
    session.wait_for("› Send: the reviewed body, once…");
    let home = session.home.clone();
    home.wait("the update at the server", |_| posts(&server).len() == 1);
    session.kill();
    (server, home)
}

#[test]
fn after_a_kill_in_the_middle_of_a_send_that_was_applied_the_next_start_says_that_it_is_stored() {
    let (server, home) = killed_while_sending(&[]);
    home.wait("the update applied", |_| {
        server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"] == 8
    });
    let session = Session::form_in(&home, &server.base_url());
    session.wait_for("of which nothing was known, is stored.");
    session.wait_for("Max workers 8");
    home.wait_for_no_draft();
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn after_a_kill_in_the_middle_of_a_send_that_was_not_applied_the_next_start_says_so_and_offers_it() {
    let (server, home) = killed_while_sending(&[Fault::Ignore]);
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("was stored is not known yet: it may still arrive.");
    session.wait_for("Max workers 5 → 8");
    session.type_and_see(ENTER, "Max workers *8");
    session.review_and_send();
    session.wait_for("✗ Not sent: an update that another novita-edit");
    session.type_and_see(ENTER, "Max workers *8");
    session.review_and_send();
    session.wait_for("✓ Saved");
    home.wait_for_no_draft();
}

#[test]
fn after_a_kill_in_the_middle_of_a_send_and_another_change_the_next_start_asks() {
    let other = Fault::store_other(|endpoint| endpoint["workerConfig"]["maxNum"] = json!(7));
    let (server, home) = killed_while_sending(&[other]);
    home.wait("the update applied", |_| {
        server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"] == 7
    });
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("was stored is still not known");
    session.wait_for("to be decided when you restore: Max workers");
    session.type_and_see(ENTER, "1 loaded 5 2 draft 8 3 now here 7");
    session.type_and_see("2", "Enter");
    session.send(ENTER);
    session.wait_for("Max workers *8");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn restoring_merges_what_changed_on_the_server_meanwhile() {
    let server = server();
    let home = killed(&server);
    assert!(server.edit(LLAMA, |endpoint| endpoint["name"] = json!("renamed")));
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("Somebody else changed since then, and the server holds:");
    session.wait_for("Name llama-3-8b → renamed");
    session.type_and_see(ENTER, "merged with what changed on the server: Name.");
    session.wait_for("Max workers *8");
    session.review_and_send();
    session.wait_for("✓ Saved");
    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(
        (&stored["name"], &stored["workerConfig"]["maxNum"]),
        (&json!("renamed"), &json!(8))
    );
}

#[test]
fn restoring_asks_where_both_sides_changed_the_same() {
    let server = server();
    let home = killed(&server);
    assert!(server.edit(LLAMA, |endpoint| endpoint["workerConfig"]["maxNum"] = json!(7)));
    let mut session = Session::asked(&home, &server.base_url());
    session.wait_for("! Changed on both sides, to be decided when you restore: Max workers.");
    session.type_and_see(ENTER, "Conflict 0 of 1 decided");
    let draft = home.draft();
    // Undecided, it stays as it was, and going back asks again.
    session.type_and_see(ESC, "left unsaved edits of");
    session.type_and_see(ENTER, "1 loaded 5 2 draft 8 3 now here 7");
    assert_eq!(home.draft(), draft);
    session.type_and_see("2", "1 of 1 decided");
    session.type_and_see(ENTER, "Max workers *8");
    assert_eq!(posts(&server), []);
}

#[test]
fn discarding_removes_the_draft_and_deciding_later_keeps_it() {
    let server = server();
    let home = killed(&server);
    let draft = home.draft();
    let mut session = Session::asked(&home, &server.base_url());
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    assert_eq!(home.draft(), draft);
    let mut session = Session::asked(&home, &server.base_url());
    session.send(ESC);
    session.wait_for("3 of 3");
    assert_eq!(home.draft(), draft);
    session.signal(Signal::TERM);
    assert_eq!(session.exit_code(), 143);
    assert_eq!(home.draft(), draft);

    let mut session = Session::asked(&home, &server.base_url());
    session.type_and_see(CTRL_X, "are discarded; they are kept aside for 7 days.");
    session.wait_for("Max workers 5");
    home.wait_for_no_draft();
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    home.assert_tidy();
}

#[test]
fn edits_that_are_discarded_faster_than_they_are_written_are_aside_all_the_same_and_come_back() {
    let server = server();
    let mut session = Session::form(&server.base_url());
    session.find("max w");
    session.send("++q");
    session.wait_for("discard them and quit");
    session.send(CTRL_X);
    assert_eq!(session.exit_code(), 0);
    let home = session.home.clone();
    let aside: Vec<u32> = home.discarded().iter().map(max_workers).collect();
    assert_eq!((aside, home.draft()), (vec![7], None));

    let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("restore-discarded brings them back");
    session.wait_for("Max workers 5");
    session.type_and_see(&format!(":restore-d{ENTER}"), "Max workers *7");
    home.wait_for_max_workers(7);
    assert_eq!(home.discarded().len(), 1, "it is kept until its time is over");
    session.type_and_see(&format!(":restore-d{ENTER}"), "is in the form already");
    session.kill();
}

#[test]
fn where_nothing_can_be_kept_aside_that_is_told_before_anything_is_thrown_away() {
    let server = server();
    let Some(mut session) = Session::on_a_full_disk(&server.base_url()) else {
        return;
    };
    session.wait_for("0–10");
    session.set_max_workers(8);
    session.type_and_see("q", "discard them and quit");
    session.type_and_see(CTRL_X, "This can't be kept aside: the disk is");
    session.type_and_see(ESC, "Max workers *8");
    session.type_and_see("q", "discard them and quit");
    session.type_and_see(CTRL_X, "Ctrl-X once more");
    session.send(CTRL_X);
    assert_eq!(session.exit_code(), 0);
    session.assert_restored();
}

#[test]
fn a_draft_that_cannot_be_used_is_set_aside_with_its_name_told() {
    let server = server();
    for (spoil, said) in [
        (
            (|_| b"{\"version\":1,\"saved".to_vec()) as fn(Value) -> Vec<u8>,
            "it is damaged",
        ),
        (
            |mut draft| {
                draft["version"] = json!(99);
                draft.to_string().into_bytes()
            },
            "it is of version 99; this program knows version 1",
        ),
    ] {
        let home = killed(&server);
        let path = draft_path(&home);
        let spoiled = spoil(home.draft().unwrap());
        fs::write(&path, &spoiled).unwrap();
        let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
        session.wait_for(said);
        let aside = home
            .files(".json")
            .into_iter()
            .find(|file| file.name.contains(".aside-"));
        let aside = aside.expect("it was set aside");
        assert_eq!(aside.bytes, spoiled);
        let name = aside.name.rsplit('/').next().unwrap().to_owned();
        let shown: String = session.screen().split_whitespace().collect();
        assert!(shown.contains(&name), "{name} isn't told:\n{}", session.screen());
        // The editor goes on, and keeps its own draft.
        session.type_and_see(ESC, "0–10");
        session.set_max_workers(7);
        home.wait_for_max_workers(7);
    }
}

#[test]
fn the_draft_of_an_endpoint_that_is_gone_is_not_touched() {
    let server = server();
    let home = killed(&server);
    let before = fs::read(draft_path(&home)).unwrap();
    let gone = Reply::error(400, "SERVERLESS_ENDPOINT_NOT_FOUND", "serverless endpoint not found");
    server.faults().add(Call::Load, When::always(), Fault::Instead(gone));
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).home(&home).spawn();
    session.wait_for("not found");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    assert_eq!(fs::read(draft_path(&home)).unwrap(), before);
    home.assert_tidy();
    server.faults().clear();
    Session::asked(&home, &server.base_url());
}

#[test]
fn everything_is_private_whatever_the_umask_and_the_key_is_nowhere() {
    let server = server();
    for umask in [0, 0o777] {
        let mut session = Start::editor(&server.base_url()).arg(LLAMA).umask(umask).spawn();
        session.wait_for("0–10");
        session.set_max_workers(8);
        server
            .faults()
            .add(Call::Update, When::next(1), Fault::Instead(Reply::status(400)));
        session.review_and_send();
        session.wait_for("✗ Not saved");
        session.home.wait_for_max_workers(8);
        for ending in [".draft.json", ".owner.json", ".jsonl"] {
            assert_eq!(session.home.files(ending).len(), 1, "{ending}");
        }
        for entry in session.home.entries() {
            let mode = if entry.is_dir { 0o700 } else { 0o600 };
            assert_eq!(
                entry.mode, mode,
                "{:o} of {:?} under umask {umask:o}",
                entry.mode, entry.name
            );
            let holds_key = entry.bytes.windows(7).any(|bytes| bytes == b"sk_test");
            assert!(
                !holds_key && !entry.name.contains("sk_test"),
                "the key in {}",
                entry.name
            );
        }
    }
}
