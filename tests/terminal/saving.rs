//! How a save can end, each with what the person reads and what the server was asked.

use std::time::Duration;

use novita_edit::config::{Environment, StateDirs};
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Pace, Quirks, Reply, When};
use novita_edit::secret::Secret;
use novita_edit::store::{SaveLock, SaveLockAttempt, SendLog};
use serde_json::json;

use crate::harness::{ENTER, ESC, LLAMA, Session, Start, posts, server, server_with};

/// The form with max workers set to 8, and then these faults.
fn edited(server: &DemoServer, faults: &[(Call, When, Fault)]) -> Session {
    let mut session = Session::form(&server.base_url());
    session.set_max_workers(8);
    for (call, when, fault) in faults {
        server.faults().add(*call, *when, fault.clone());
    }
    session
}

fn max_workers(server: &DemoServer) -> serde_json::Value {
    server.endpoint(LLAMA).unwrap()["workerConfig"]["maxNum"].clone()
}

/// The update gets this answer and is not applied.
fn refused(reply: Reply, sentences: &[&str]) -> (DemoServer, Session) {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::Instead(reply))]);
    session.review_and_send();
    session.wait_for("✗ Not saved: the server refused the update. Your edits are kept.");
    for sentence in sentences {
        session.wait_for(sentence);
    }
    session.type_and_see(ENTER, "Max workers *8");
    assert_eq!(posts(&server).len(), 1, "a refused update is not sent again by itself");
    (server, session)
}

#[test]
fn a_refused_value_is_told_at_its_field_and_the_form_is_kept() {
    let message = "invalid workerConfig.freeTimeout: value must be inside range [60, 120]";
    let (server, mut session) = refused(
        Reply::error(400, "VALIDATOR_PARAM", message),
        &["HTTP 400 VALIDATOR_PARAM", message],
    );
    session.wait_for("›Idle timeout");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(max_workers(&server), 8);
}

#[test]
fn a_refused_key_names_where_it_was_taken_from_and_never_itself() {
    let (_server, session) = refused(
        Reply::error(401, "INVALID_API_KEY", "the API key is not valid"),
        &[
            "HTTP 401 INVALID_API_KEY",
            "The API key was taken from environment variable NOVITA_API_KEY",
        ],
    );
    assert!(!session.ever_showed("sk_test", 0), "the key was shown");
}

#[test]
fn a_rate_limit_says_how_long_to_wait() {
    refused(
        Reply::error(429, "RATE_LIMIT_EXCEEDED", "slow down").header("Retry-After", "17"),
        &["HTTP 429 RATE_LIMIT_EXCEEDED", "Wait 17 s, then try again."],
    );
}

#[test]
fn a_server_error_after_the_change_was_applied_is_saved_by_reading_back() {
    let server = server();
    let fault = Fault::After(Reply::error(500, "UNKNOWN", "internal error"));
    let mut session = edited(&server, &[(Call::Update, When::next(1), fault)]);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn a_connection_cut_after_the_change_was_applied_is_saved_by_reading_back() {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::CutAfter)]);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn a_connection_cut_before_the_change_was_applied_may_still_arrive() {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::CutBefore)]);
    session.review_and_send();
    session.wait_for(
        "! Not known: the update was sent, no answer tells what became of it, and the server doesn't show it.",
    );
    session.wait_for("Max workers 8 → 5");
    assert_eq!(posts(&server).len(), 1, "sent again by itself");
    session.type_and_see(ESC, "Max workers *8");
}

#[test]
fn an_accepted_update_that_does_not_show_is_looked_for_and_shows_the_difference() {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::Ignore)]);
    session.review_and_send();
    session.wait_for("› Not shown yet: looking again in");
    session.wait_for("! Accepted, not shown yet: the server accepted the update");
    session.wait_for("Sent → what the server holds:");
    session.wait_for("Max workers 8 → 5");
    session.type_and_see(ESC, "Max workers *8");
}

#[test]
fn an_update_stored_otherwise_than_sent_is_told_as_that_and_shows_the_difference() {
    let server = server();
    let clamp = Fault::store_other(|endpoint| endpoint["workerConfig"]["maxNum"] = json!(7));
    let mut session = edited(&server, &[(Call::Update, When::next(1), clamp)]);
    session.review_and_send();
    session.wait_for("✗ Stored differently: what you edited is not stored");
    session.wait_for("Max workers 8 → 7");
}

#[test]
fn old_values_read_for_a_moment_after_the_update_end_in_saved() {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::StaleReads(2))]);
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn a_server_that_cannot_be_read_back_is_not_known_until_it_is_asked_again() {
    let server = server();
    let unreadable = Fault::Instead(Reply::error(503, "UNKNOWN", "maintenance"));
    // The first read is the check; from the second on they verify.
    let mut session = edited(&server, &[(Call::Load, When::from_nth(2), unreadable)]);
    session.review_and_send();
    session.wait_for("! Not known: the update was sent, and the server could not be read.");
    session.wait_for("maintenance");
    server.faults().clear();
    session.type_and_see(ENTER, "✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1, "asking again sent it again");
}

#[test]
fn a_server_that_cannot_be_read_before_sending_is_sent_nothing() {
    let server = server();
    let unreadable = Fault::Instead(Reply::html(502, "Bad Gateway"));
    let mut session = edited(&server, &[(Call::Load, When::next(4), unreadable)]);
    session.review_and_send();
    session.wait_for("(again, 1 of 3)");
    session.wait_for("✗ Not sent: the endpoint could not be read before sending.");
    assert_eq!(posts(&server), []);
    session.type_and_see(ENTER, "✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn somebody_elses_change_is_merged_seen_and_sent_along() {
    let server = server();
    let mut session = edited(&server, &[]);
    assert!(server.edit(LLAMA, |endpoint| endpoint["name"] = json!("renamed")));
    session.review_and_send();
    session.wait_for("Nothing was sent. Somebody else changed Name: merged, look again.");
    session.wait_for("Max workers 5 → 8");
    session.wait_for("Name llama-3-8b → renamed");
    assert_eq!(posts(&server), []);
    session.type_and_see(ENTER, "✓ Saved: every sent field read back as sent.");
    assert_eq!(max_workers(&server), 8);
    assert_eq!(server.endpoint(LLAMA).unwrap()["name"], "renamed");
}

#[test]
fn a_clash_is_decided_on_its_own_screen_and_nothing_is_sent_before_the_review() {
    let server = server();
    let mut session = edited(&server, &[]);
    let theirs = |endpoint: &mut serde_json::Value| endpoint["workerConfig"]["maxNum"] = json!(7);
    assert!(server.edit(LLAMA, theirs));
    session.review_and_send();
    session.wait_for("Conflict 0 of 1 decided");
    session.wait_for("1 loaded 5 2 mine 8 3 theirs 7");
    session.type_and_see("2", "Enter TO THE REVIEW");
    session.type_and_see(ENTER, "Max workers 7 → 8");
    session.wait_for("yours, above, goes over it");
    assert_eq!(posts(&server), []);
    session.type_and_see(ENTER, "✓ Saved");
    assert_eq!(max_workers(&server), 8);
}

#[test]
fn a_change_that_falls_in_right_after_the_send_is_told_and_kept() {
    let server = server();
    let after = Fault::change_after(LLAMA, |endpoint| endpoint["name"] = json!("renamed"));
    let mut session = edited(&server, &[(Call::Update, When::next(1), after)]);
    session.review_and_send();
    session.wait_for("! Stored differently: what you edited is stored, and something else reads back otherwise");
    session.wait_for("Name llama-3-8b → renamed");
    session.type_and_see(ENTER, "Max workers 8 ");
    assert_eq!(posts(&server).len(), 1);
    assert_eq!(max_workers(&server), 8);
    assert_eq!(server.endpoint(LLAMA).unwrap()["name"], "renamed");
}

#[test]
fn waiting_can_be_stopped_and_the_form_says_that_nothing_is_known() {
    let server = server();
    let slow = Fault::DelayAfter(Duration::from_secs(15));
    let mut session = edited(&server, &[(Call::Update, When::next(1), slow)]);
    session.review_and_send();
    session.wait_for("› Send: the reviewed body, once…");
    session.type_and_see(
        ESC,
        "Stopped waiting: the update was sent, and whether it was stored is not known.",
    );
    session.wait_for("Max workers *8");
}

#[test]
fn a_request_timeout_that_is_not_reported_must_be_entered_and_is_saved() {
    let server = server_with(DemoOptions {
        quirks: Quirks {
            without_request_timeout: true,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    });
    let mut session = Session::form(&server.base_url());
    session.find("request timeout");
    session.wait_for("Request timeout: not reported by the server; enter it");
    session.type_and_see("w", "to the first error");
    session.type_and_see(ENTER, "Nothing was sent.");
    assert_eq!(posts(&server), []);
    session.type_and_see("700", "Ctrl-U clear");
    session.send(ENTER);
    session.wait_gone("Ctrl-U clear");
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.wait_for("Request timeout is not reported by the server");
    assert_eq!(server.endpoint(LLAMA).unwrap()["workerConfig"]["requestTimeout"], 700);
}

#[test]
fn after_not_known_reading_the_server_from_the_form_settles_it() {
    let server = server();
    let unreadable = Fault::Instead(Reply::error(503, "UNKNOWN", "maintenance"));
    let mut session = edited(&server, &[(Call::Load, When::from_nth(2), unreadable)]);
    session.review_and_send();
    session.wait_for("! Not known: the update was sent, and the server could not be read.");
    session.type_and_see(ESC, "! The last send is not known to be stored: r reads the server");
    server.faults().clear();
    session.send("r");
    session.wait_gone("is not known to be stored");
    // What was sent is what the server holds: nothing is left to save, and nobody else changed anything.
    session.wait_gone("*8");
    assert!(
        !session.shows("Changed on the server meanwhile"),
        "one's own send is told as somebody else's:\n{}",
        session.screen()
    );
    assert_eq!(posts(&server).len(), 1);
}

#[test]
fn a_stopped_wait_is_told_in_one_sentence() {
    let server = server();
    let slow = Fault::DelayAfter(Duration::from_secs(15));
    let mut session = edited(&server, &[(Call::Update, When::next(1), slow)]);
    session.review_and_send();
    session.wait_for("› Send: the reviewed body, once…");
    session.type_and_see(ESC, "Stopped waiting");
    assert!(!session.shows(".."), "{}", session.screen());
}

#[test]
fn a_check_that_fails_once_is_repeated_and_the_save_goes_on() {
    let server = server();
    let busy = Fault::Instead(Reply::error(429, "RATE_LIMIT_EXCEEDED", "slow down").header("Retry-After", "2"));
    let mut session = edited(&server, &[(Call::Load, When::next(1), busy)]);
    session.review_and_send();
    session.wait_for("(again, 1 of 3)");
    session.wait_for("RATE_LIMIT_EXCEEDED");
    session.wait_for("✓ Saved: every sent field read back as sent.");
    assert_eq!(posts(&server).len(), 1);
}

/// The endpoint's save lock, as another novita-edit with the same state directory takes it.
fn other_saves(session: &Session, server: &DemoServer) -> SaveLock {
    let env = Environment::from_pairs([("XDG_STATE_HOME", session.home.path().join("state").to_str().unwrap())]);
    let send_log = SendLog::new(StateDirs::find(&env), &server.base_url(), &Secret::new("sk_test"));
    match send_log.endpoint_files(LLAMA).unwrap().try_save_lock().unwrap() {
        SaveLockAttempt::Yours(lock) => lock,
        SaveLockAttempt::Taken(owner) => panic!("taken by {owner:?}"),
    }
}

#[test]
fn a_save_waits_while_another_program_on_this_machine_saves_the_same_endpoint() {
    let server = server();
    let mut session = edited(&server, &[]);
    let lock = other_saves(&session, &server);
    let asked = server.requests().len();
    session.review_and_send();
    session.wait_for("Another novita-edit saves this endpoint: waiting");
    assert_eq!(server.requests().len(), asked, "the check ran before the turn came");
    drop(lock);
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.type_and_see(ENTER, "Max workers");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    session.home.assert_tidy();
}

#[test]
fn esc_while_another_program_saves_sends_nothing_and_the_next_save_gets_its_turn() {
    let server = server();
    let mut session = edited(&server, &[]);
    let lock = other_saves(&session, &server);
    session.review_and_send();
    session.wait_for("Another novita-edit saves this endpoint: waiting");
    session.type_and_see(ESC, "Stopped waiting: nothing was sent.");
    drop(lock);
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(posts(&server).len(), 1);
}

/// A command beside the editor, on the same machine with the same key.
fn command(session: &Session, server: &DemoServer, arguments: &[&str]) -> std::process::Child {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_novita-edit"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", session.home.path())
        .env("XDG_CONFIG_HOME", session.home.path().join("config"))
        .env("XDG_STATE_HOME", session.home.path().join("state"))
        .env("NOVITA_BASE_URL", server.base_url())
        .env("NOVITA_API_KEY", "sk_test")
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn a_command_that_comes_while_the_editor_saves_waits_and_nothing_is_lost() {
    let server = server();
    let slow = Fault::DelayBefore(Duration::from_secs(1));
    let mut session = edited(&server, &[(Call::Update, When::next(1), slow)]);
    session.review_and_send();
    session.wait_for("› Send");
    let output = command(&session, &server, &["scale", LLAMA, "--idle-timeout", "120", "--yes"])
        .wait_with_output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && told.contains("is saving this endpoint; waiting."),
        "{told}"
    );
    session.wait_for("✓ Saved: every sent field read back as sent.");
    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["workerConfig"]["maxNum"], 8, "the editor's change is lost");
    assert_eq!(
        stored["workerConfig"]["freeTimeout"], 120,
        "the command's change is lost"
    );
}

#[test]
fn an_editor_that_saves_while_a_command_does_finds_its_change_and_merges_it() {
    let server = server();
    let slow = Fault::DelayBefore(Duration::from_secs(1));
    let mut session = edited(&server, &[(Call::Update, When::next(1), slow)]);
    let running = command(&session, &server, &["scale", LLAMA, "--idle-timeout", "120", "--yes"]);
    while posts(&server).is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    session.review_and_send();
    session.wait_for("Another novita-edit saves this endpoint: waiting");
    assert!(running.wait_with_output().unwrap().status.success());
    session.wait_for("Somebody else changed Idle timeout: merged, look again.");
    session.send(ENTER);
    session.wait_for("✓ Saved");
    let stored = server.endpoint(LLAMA).unwrap();
    assert_eq!(stored["workerConfig"]["maxNum"], 8);
    assert_eq!(stored["workerConfig"]["freeTimeout"], 120);
}

#[test]
fn a_send_that_may_still_arrive_is_asked_about_before_the_next_one() {
    let server = server();
    let mut session = edited(&server, &[(Call::Update, When::next(1), Fault::CutBefore)]);
    session.review_and_send();
    session.wait_for("! Not known: the update was sent, no answer tells");
    session.type_and_see(ESC, "Max workers *8");
    session.review_and_send();
    session.wait_for("✗ Not sent: your last update may still arrive, until");
    assert_eq!(posts(&server).len(), 1);
    session.type_and_see(ENTER, "Max workers *8");
    session.review_and_send();
    session.wait_for("✓ Saved");
    assert_eq!(posts(&server).len(), 2);
}

#[test]
fn after_saved_the_page_goes_on_with_the_new_worker_and_then_the_header() {
    let server = DemoServer::start(DemoOptions {
        pace: Pace {
            updating: Duration::from_millis(500),
            pending: Duration::from_secs(2),
            warming: Duration::from_secs(3),
            ..Pace::fast()
        },
        ..DemoOptions::default()
    })
    .unwrap();
    server.edit(LLAMA, |endpoint| {
        for worker in endpoint["workers"].as_array_mut().unwrap() {
            worker["healthy"] = json!(worker["state"]["state"] == "running");
        }
    });
    let mut session = Start::editor(&server.base_url()).arg(LLAMA).spawn();
    session.wait_for("0–10");
    session.find("min w");
    session.type_and_see("4", "Enter take");
    session.type_and_see(ENTER, "Min workers *4");
    session.review_and_send();
    session.wait_for("✓ Saved: every sent field read back as sent.");
    session.wait_for("Rollout: 0 of 1 new ones healthy…");
    session.type_and_see(ESC, "rolling out");
    session.wait_for("The rollout is over: the new worker is healthy.");
    session.wait_gone("rolling out");
    session.wait_for("4/4 healthy");
    let looks = server.requests().len();
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(server.requests().len(), looks, "nobody looks any more");
}
