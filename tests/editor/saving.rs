//! A save under way, and its ends.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use novita_edit::api::{Accepted, ApiError};
use novita_edit::endpoint::diff::differences;
use novita_edit::endpoint::respelled::deviations;
use novita_edit::endpoint::{FieldId, LoadedEndpoint, Number};
use novita_edit::session::{EditsStored, OpenSend, Outcome, OwnSend, Progress, Repetition, SendAnswer, Step};
use novita_edit::store::SendOutcome;
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
        said: String::new(),
    }
}

pub fn not_saved() -> Outcome {
    Outcome::NotSaved {
        fresh: Box::new(llama()),
        answer: SendAnswer::Nothing(Some(cut("POST /endpoint/update"))),
    }
}

/// That send, with this answer, of which more can still be found out.
pub fn open(answer: SendAnswer) -> OpenSend {
    OpenSend {
        sent: Arc::new(stored().config),
        answer,
        until: None,
        is_over: false,
    }
}

/// The server holds this instead of what was sent.
pub fn stored_differently(fresh: LoadedEndpoint) -> Outcome {
    let (base, sent) = (llama().config, stored().config);
    let deviations = deviations(&base, &sent, &fresh.config);
    Outcome::StoredDifferently {
        edits: EditsStored::of(&base, &sent, &deviations),
        deviations,
        fresh: Box::new(fresh),
        moved: Vec::new(),
        answer: SendAnswer::Accepted(Accepted::default()),
    }
}

pub fn not_shown() -> Outcome {
    Outcome::NotShown {
        fresh: Box::new(llama()),
        open: open(SendAnswer::Accepted(Accepted::default())),
    }
}

/// No answer came, and the server shows what it held before.
pub fn may_arrive() -> Outcome {
    Outcome::NotKnown {
        read: Ok(Box::new(llama())),
        open: open(SendAnswer::Nothing(Some(cut("POST /endpoint/update")))),
    }
}

pub fn refused_not_read() -> Outcome {
    let refusal = refused("POST /endpoint/update", 403, "FORBIDDEN", "not for you");
    Outcome::RefusedNotRead {
        read_error: cut("GET /endpoint"),
        open: open(SendAnswer::Refused(refusal)),
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
        read: Err(cut("GET /endpoint")),
        open: open(SendAnswer::Nothing(Some(cut("POST /endpoint/update")))),
    }
}

pub fn server_changed() -> Outcome {
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    Outcome::ServerChanged {
        changes: differences(&llama().config, &theirs.config),
        theirs: Box::new(theirs),
        as_before: None,
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
        said: String::new(),
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
        said: String::new(),
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
fn a_read_back_that_never_left_says_nothing_of_the_update_that_did() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    for at in [Step::Verify, Step::Look] {
        editor.event(step(at, 2, Some(unsent())));
        editor
            .shows("api.test refused the connection.")
            .hides("nothing was sent");
    }
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
        said: String::new(),
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

#[test]
fn what_was_not_edited_and_reads_back_otherwise_waits_aside_and_one_key_puts_it_back() {
    let mut fresh = stored();
    fresh.config.envs.remove(0);
    let mut editor = ended(stored_differently(fresh.clone()));
    editor
        .shows("! Stored differently: what you edited is stored, and something else reads")
        .shows("The server stored it so, or somebody changed")
        .shows("- Environment HF_TOKEN")
        .shows("p put back")
        .hides("Nothing is lost");
    assert!(!editor.form_state().work.is_changed(), "what was read is the base");
    editor.keys("p").shows("Put back as edits: Environment HF_TOKEN.");
    assert_eq!(editor.now(), &stored().config);
    editor.keys("u");
    assert_eq!(editor.now(), &fresh.config);
    // From the form as well, also later.
    let mut editor = ended(stored_differently(fresh));
    editor.keys("<Esc>p").shows("Put back as edits: Environment HF_TOKEN.");
    editor.keys("p").shows("Nothing waits aside");
}

#[test]
fn an_edit_that_is_not_stored_stays_one_and_what_a_limit_cut_is_not_offered_again() {
    let mut other = stored();
    other.config.workers.max_num = Number::of(9);
    let mut editor = ended(stored_differently(other));
    editor
        .shows("✗ Stored differently: what you edited is not stored: it reads back otherwise.")
        .shows("Max workers 6 → 9")
        .shows("review again");
    editor.keys("<Enter>").shows("Max workers 9 → 6");
    assert_eq!(editor.form_state().work.base().config.workers.max_num, Number::of(9));
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>9<Enter>w<Enter>");
    let mut clamped = llama();
    clamped.config.workers.max_num = Number::of(7);
    let (base, sent) = (llama().config, editor.now().clone());
    let deviations = deviations(&base, &sent, &clamped.config);
    editor.save_ends(Outcome::StoredDifferently {
        edits: EditsStored::of(&base, &sent, &deviations),
        deviations,
        fresh: Box::new(clamped),
        moved: Vec::new(),
        answer: SendAnswer::Accepted(Accepted::default()),
    });
    editor.shows("differs in: a clamped number").hides("review again");
}

#[test]
fn another_spelling_is_no_edit_any_more() {
    let mut editor = Editor::form();
    editor.keys("/image<Enter><Enter><C-u>library/vllm:1<Enter>w<Enter>");
    let sent = editor.now().clone();
    let mut spelled = llama();
    spelled.config = sent.clone();
    spelled.config.image.image = "docker.io/library/vllm:1".into();
    let deviations = deviations(&llama().config, &sent, &spelled.config);
    editor.save_ends(Outcome::StoredDifferently {
        edits: EditsStored::of(&llama().config, &sent, &deviations),
        deviations,
        fresh: Box::new(spelled),
        moved: Vec::new(),
        answer: SendAnswer::Accepted(Accepted::default()),
    });
    editor
        .shows("! Stored differently: what you edited is stored; something reads back in")
        .shows("another spelling. Sending it again can't help.")
        .shows("differs in: docker.io/ or library/ in front")
        .hides("put back");
    assert!(!editor.form_state().work.is_changed());
}

#[test]
fn an_accepted_update_that_does_not_show_is_looked_for_and_asked_after_later() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Look, 3, None));
    editor.shows("Not shown yet: looking again in 0.5 s (3 of 7)");
    editor
        .keys("<Esc>")
        .shows("Stopped looking: the server accepted the update and doesn't show it yet.");
    editor.keys("r");
    editor.asked();
    editor.load(Ok(llama()));
    editor.shows("Accepted, not shown yet: the server still shows the old values. r looks again.");
    editor.keys("r").load(Ok(stored()));
    editor.shows("Saved: the last send is stored after all");
    let mut editor = ended(not_shown());
    editor
        .shows("! Accepted, not shown yet: the server accepted the update")
        .shows("Enter look again");
    editor.asked();
    editor.keys("<Enter>");
    assert!(matches!(editor.asked()[..], [Effect::Verify(..)]));
}

#[test]
fn a_send_without_an_answer_is_not_called_lost_while_it_may_arrive() {
    let mut editor = ended(may_arrive());
    editor
        .shows("! Not known: the update was sent, no answer tells")
        .hides("Not saved");
    editor.keys("<Esc>r");
    editor.asked();
    editor.load(Ok(llama()));
    editor
        .shows("Not known yet: the server has the old values, and the update may still arrive")
        .hides("Not saved");
    // Its time-outs are over.
    editor.model.tell_time(Timestamp::MAX, Duration::ZERO);
    editor.keys("r");
    editor.asked();
    editor.load(Ok(llama()));
    editor.shows("Not saved: the server still has the old values.");
    let [Effect::RecordOutcome(_, note)] = &editor.asked()[..] else {
        panic!("{}", editor.screen())
    };
    assert_eq!(note.outcome, SendOutcome::NotStored);
}

#[test]
fn a_refusal_that_could_not_be_read_back_is_asked_after() {
    let mut editor = ended(refused_not_read());
    editor
        .shows("! Refused, not read back: the server refused the update")
        .shows("not for you");
    editor.keys("<Esc>r");
    editor.asked();
    editor.load(Ok(llama()));
    editor.shows("Refused: the server said no, and has the old values.");
}

#[test]
fn an_endpoint_that_is_gone_is_called_deleted_and_the_header_says_so() {
    let gone = |call| refused(call, 400, "SERVERLESS_ENDPOINT_NOT_FOUND", "no such endpoint");
    let mut editor = Editor::form();
    editor.keys("r");
    editor.asked();
    editor.load(Err(gone("GET /endpoint")));
    editor
        .shows("This endpoint was deleted: the server has none of this id.")
        .shows("● deleted");
    editor.keys("r");
    editor.asked();
    editor.load(Ok(llama()));
    editor.shows("● serving");
    for (outcome, said) in [
        (
            Outcome::CheckFailed(gone("GET /endpoint")),
            "the endpoint was deleted meanwhile",
        ),
        (
            Outcome::Refused(gone("POST /endpoint/update")),
            "the endpoint was deleted meanwhile",
        ),
        (
            Outcome::NotKnown {
                read: Err(gone("GET /endpoint")),
                open: open(SendAnswer::Accepted(Accepted::default())),
            },
            "the endpoint was deleted since",
        ),
    ] {
        let mut editor = ended(outcome);
        editor.shows(said).hides(" again");
        editor.keys("<Esc>").shows("● deleted");
    }
}

#[test]
fn what_was_told_of_the_own_last_save_is_taken_as_true_the_next_time() {
    let own = OwnSend {
        before: llama().config,
        sent: stored().config,
        stored: stored().config,
        at: crate::situations::in_november("23T13:58:12.345"),
        is_recent: true,
    };
    let editor = ended(Outcome::ServerChanged {
        theirs: Box::new(llama()),
        changes: Vec::new(),
        as_before: Some(Box::new(own)),
    });
    editor
        .shows("The server shows the endpoint as it was before your save of 23 Nov 13:58, so nothing")
        .hides("Somebody else");
}
