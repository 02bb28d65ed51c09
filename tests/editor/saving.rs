//! A save under way, and its ends.

use std::time::Duration;

use novita_edit::api::ApiError;
use novita_edit::endpoint::diff::differences;
use novita_edit::endpoint::{FieldId, LoadedEndpoint, Number};
use novita_edit::session::{NotSaved, Outcome, Progress, Repetition, Step};
use novita_edit::tui::event::{Effect, Event};

use crate::harness::{Editor, cut, llama, refused, unsent};
use crate::review::reviewing;

pub fn stored() -> LoadedEndpoint {
    let mut endpoint = llama();
    endpoint.config.workers.max_num = Number::of(6);
    endpoint
}

pub fn saved() -> Outcome {
    Outcome::Saved {
        fresh: Box::new(stored()),
        moved: Vec::new(),
        unreported: Vec::new(),
    }
}

pub fn not_saved() -> Outcome {
    Outcome::NotSaved {
        fresh: Box::new(llama()),
        differences: differences(&stored().config, &llama().config),
        how: NotSaved::Unchanged,
        send_error: Some(cut("POST /endpoint/update")),
    }
}

/// A step, done for the `again`-th time after the first.
pub fn step(step: Step, again: u8, why: Option<ApiError>) -> Event {
    let again = (again > 0).then(|| Repetition {
        count: again,
        pause: Duration::from_millis(500),
        why,
    });
    Event::SaveStep(Progress { step, again })
}

pub fn not_known() -> Outcome {
    Outcome::NotKnown {
        read_error: cut("GET /endpoint"),
        send_error: Some(cut("POST /endpoint/update")),
    }
}

pub fn server_changed() -> Outcome {
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    Outcome::ServerChanged {
        changes: differences(&llama().config, &theirs.config),
        theirs: Box::new(theirs),
    }
}

/// A save that has ended so.
pub fn ended(outcome: Outcome) -> Editor {
    let mut editor = reviewing();
    editor.keys("<Enter>").save_ends(outcome);
    editor
}

#[test]
fn what_was_saved_is_listed_masked_and_warnings_come_after_it() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>/HF_TOKEN<Enter><Enter><C-u>hf_new<Enter>aNEW<Enter>1<Enter>w<Enter><Enter>");
    let mut fresh = llama();
    fresh.config = editor.now().clone();
    editor.save_ends(Outcome::Saved {
        fresh: Box::new(fresh),
        moved: vec![crate::situations::newer_cuda()],
        unreported: Vec::new(),
    });
    editor
        .shows("✓ Saved: every sent field read back as sent.")
        .shows("* Max workers           5 → 6");
    editor
        .shows("* Environment HF_TOKEN  •••••• → ••••••")
        .shows("+ Environment NEW       •••••• (added)");
    editor.hides("hf_new");
    let row = |text| editor.place(text).y;
    assert!(row("Max workers") < row("! cudaVersion") && row("! cudaVersion") < row("State:"));
    // The next save lists its own changes only.
    editor.keys("<Enter>/min w<Enter>2<Enter>w<Enter><Enter>");
    let mut fresh = llama();
    fresh.config = editor.now().clone();
    editor.save_ends(Outcome::Saved {
        fresh: Box::new(fresh),
        moved: Vec::new(),
        unreported: Vec::new(),
    });
    editor.shows("* Min workers      1 → 2").hides("Max workers");
}

#[test]
fn each_step_is_shown_as_it_runs() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    for (at, again, wanted) in [
        (Step::Check, 0, "› Check"),
        (Step::Send, 0, "› Send"),
        (Step::Verify, 0, "› Verify"),
        (Step::Verify, 2, "again, 2 of 3"),
    ] {
        editor.event(step(at, again, None));
        editor.shows(wanted);
    }
    editor.event(step(Step::Check, 1, Some(unsent())));
    editor.shows("› Check: reading the endpoint again (again, 1 of 3)");
    editor.shows("api.test refused the connection; nothing was sent.");
}

#[test]
fn what_was_saved_is_the_new_base() {
    let mut editor = ended(saved());
    editor.shows("Saved");
    editor.keys("<Enter>");
    assert!(!editor.form_state().work.is_changed());
    assert!(!editor.line("Max workers  ").contains('*'));
    editor.shows("14:07");
    editor.asked();
    editor.keys("q");
    assert_eq!(editor.asked(), [Effect::Quit]);
}

#[test]
fn moved_platform_settings_are_told_beside_saved() {
    let editor = ended(Outcome::Saved {
        fresh: Box::new(stored()),
        moved: vec![crate::situations::newer_cuda()],
        unreported: vec![FieldId::RequestTimeout],
    });
    editor
        .shows("Saved")
        .shows("cudaVersion")
        .shows("12.8")
        .shows("not reported by the server");
}

#[test]
fn a_refusal_says_the_servers_words_keeps_the_form_and_goes_to_the_field() {
    let error = refused(
        "POST /endpoint/update",
        400,
        "VALIDATOR_PARAM",
        "workerConfig.freeTimeout must be at most 600",
    );
    let mut editor = ended(Outcome::Refused(error));
    editor
        .shows("VALIDATOR_PARAM")
        .shows("workerConfig.freeTimeout must be at most 600");
    editor.keys("<Esc>");
    assert_eq!(editor.focus(), "Idle timeout");
    assert_eq!(editor.now().workers.max_num.text(), "6");
}

#[test]
fn not_saved_shows_the_difference_and_loses_nothing() {
    let mut editor = ended(not_saved());
    editor.shows("Not saved").shows("Max workers").shows("6 → 5");
    editor.keys("<Esc>");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert!(editor.form_state().work.is_changed());
}

#[test]
fn not_known_asks_again_on_request_and_sends_nothing() {
    let mut editor = ended(not_known());
    editor.shows("Not known");
    editor.asked();
    editor.keys("<Enter>");
    assert!(matches!(editor.asked()[..], [Effect::Verify(..)]));
    editor.save_ends(saved());
    editor.shows("Saved");
}

#[test]
fn esc_stops_waiting_and_says_what_is_known() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Check, 0, None));
    editor.asked();
    editor.keys("<Esc>");
    assert_eq!(editor.asked(), [Effect::CancelSave]);
    editor.shows("nothing was sent");
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Send, 0, None));
    editor.keys("<C-c>");
    editor.shows("not known");
}

#[test]
fn the_sentence_after_waiting_was_stopped_ends_in_one_full_stop() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Send, 0, None));
    editor.keys("<Esc>");
    editor.hides("..");
}

#[test]
fn an_end_that_comes_after_waiting_was_stopped_is_ignored() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Send, 0, None));
    editor.keys("<Esc>");
    editor.event(Event::SaveDone(Box::new(saved()), "14:07".into()));
    assert!(editor.form_state().work.is_changed());
    editor.hides("Saved");
}

#[test]
fn other_keys_do_nothing_while_a_save_runs() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.asked();
    editor.keys("qud9w/r?");
    assert_eq!(editor.asked(), []);
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.shows("Saving");
}

#[test]
fn the_next_save_after_a_saved_one_starts_from_the_new_base() {
    let mut editor = ended(saved());
    editor.keys("<Enter>");
    editor.asked();
    editor.keys("/idle<Enter>301<Enter>w<Enter>");
    let [Effect::Save(base, _)] = &editor.asked()[..] else {
        panic!("{}", editor.screen())
    };
    assert_eq!(base.config.workers.max_num.text(), "6");
}

#[test]
fn enter_on_not_saved_sends_the_reviewed_body_once_more() {
    for outcome in [
        not_saved(),
        Outcome::NotSent(unsent()),
        Outcome::CheckFailed(cut("GET /endpoint")),
    ] {
        let mut editor = ended(outcome);
        editor.shows(" again  Esc back to the form");
        let before = editor.sent().unwrap().to_owned();
        editor.asked();
        editor.keys("<Enter>");
        assert_eq!(editor.sent(), Some(before.as_str()));
        editor.shows("› Check");
    }
}

#[test]
fn an_enter_typed_before_the_result_was_shown_does_not_send_again() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.asked();
    let frame = editor.frame();
    editor.save_ends(not_saved());
    editor.asked();
    editor.keys_seen_at("<Enter>", frame);
    assert_eq!(editor.asked(), []);
    editor.shows("Not saved");
}

#[test]
fn a_protected_endpoint_is_not_sent_again_without_its_name() {
    let mut editor = reviewing();
    editor.model.around.protected = true;
    editor.keys("<Enter>llama-3-8b<Enter>").save_ends(not_saved());
    editor.asked();
    editor.keys("<Enter><Enter>");
    editor.shows("Type the endpoint's name to send");
    assert_eq!(editor.asked(), []);
}
