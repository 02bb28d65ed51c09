//! What comes after *Saved*: the page goes on with the new workers, and then the header tells.

use novita_edit::endpoint::{EndpointStatus, State, Worker};
use novita_edit::session::{Missing, Readiness, RolloutFailure, Verdict};
use novita_edit::tui::event::{Effect, Event, RolloutNews};

use crate::harness::{Editor, ID};
use crate::saving::{ended, saved, stored};

fn state(word: &str) -> State {
    State {
        word: word.to_owned(),
        ..State::default()
    }
}

/// The state, and workers by id, word and health.
fn status(word: &str, workers: &[(&str, &str, bool)]) -> EndpointStatus {
    let worker = |(id, word, healthy): &(&str, &str, bool)| Worker {
        id: (*id).to_owned(),
        state: state(word),
        healthy: *healthy,
    };
    EndpointStatus {
        state: state(word),
        workers: workers.iter().map(worker).collect(),
        ..stored().status
    }
}

/// The page of a save whose rollout goes on, with one new worker that isn't healthy yet.
pub fn rolling_out(editor: &mut Editor) {
    look(
        editor,
        status("updating", &[OLD, ("wk_new", "pending", false)]),
        going(0),
    );
}

/// The same once that worker's error lasted.
pub fn failing(editor: &mut Editor) {
    look(
        editor,
        status("updating", &[OLD, ("wk_new", "pending", false)]),
        failed(),
    );
}

fn look(editor: &mut Editor, status: EndpointStatus, verdict: Verdict) {
    let news = RolloutNews::Look {
        status: Box::new(status),
        new: vec!["wk_new".to_owned()],
        verdict,
        at: "14:09".to_owned(),
    };
    editor.event(Event::Rollout(ID.to_owned(), news));
}

fn going(there: usize) -> Verdict {
    Verdict::Going(Missing::Healthy(there, 1))
}

fn failed() -> Verdict {
    Verdict::Failed(RolloutFailure {
        worker: Some("wk_new".to_owned()),
        state: State {
            error: "ImagePullBackOff".to_owned(),
            ..state("pending")
        },
    })
}

const OLD: (&str, &str, bool) = ("wk_old", "running", true);

#[test]
fn the_page_goes_on_with_the_workers_that_came_after_the_save() {
    let mut editor = ended(saved());
    editor.shows("✓ Saved").shows("State: serving, 2/3 workers healthy.");
    look(
        &mut editor,
        status("updating", &[OLD, ("wk_new", "pending", false)]),
        going(0),
    );
    editor
        .shows("State: updating, 1/2 workers healthy.")
        .shows("Rollout: 0 of 1 new ones healthy…")
        .shows("wk_new  pending not healthy");
    editor.hides("wk_old");
    let ready = Verdict::Ready(Readiness::New(1));
    look(&mut editor, status("serving", &[("wk_new", "running", true)]), ready);
    editor
        .shows("✓ Rollout: the new worker is healthy.")
        .shows("wk_new  running healthy");
    editor.keys("<Esc>").hides("rolling out").shows("14:09");
}

#[test]
fn a_key_leaves_and_the_header_tells_it() {
    let mut editor = ended(saved());
    let now = status("serving", &[OLD, ("wk_new", "pending", false)]);
    look(&mut editor, now.clone(), going(0));
    editor.keys("<Esc>");
    editor.shows("rolling out").shows("0/1 new healthy").shows("live");
    editor.event(Event::Rollout(ID.to_owned(), RolloutNews::NotRead));
    editor.hides("live");
    let ready = Verdict::Ready(Readiness::New(1));
    look(&mut editor, status("serving", &[("wk_new", "running", true)]), ready);
    editor
        .hides("rolling out")
        .shows("1/1 healthy")
        .shows("The rollout is over: the new worker is healthy.");
}

#[test]
fn a_rollout_that_fails_says_so_with_the_servers_words() {
    let mut editor = ended(saved());
    let now = status("updating", &[OLD, ("wk_new", "pending", false)]);
    look(&mut editor, now.clone(), failed());
    editor.shows("✗ Rollout failed: the worker wk_new is pending, ImagePullBackOff.");
    editor.keys("<Esc>").shows("rollout failed");
    // The next save begins anew.
    editor.keys("/max w<Enter>7<Enter>w<Enter>").save_ends(saved());
    editor.keys("<Esc>").hides("rollout failed");

    let mut editor = ended(saved());
    editor.keys("<Esc>");
    look(&mut editor, now, failed());
    editor.shows("The rollout failed: the worker wk_new is pending, ImagePullBackOff. H leads back.");
}

#[test]
fn it_is_looked_at_as_long_as_the_form_is_there() {
    let mut editor = ended(saved());
    let now = status("updating", &[OLD]);
    look(&mut editor, now.clone(), going(0));
    editor.keys("<Esc>").asked();
    editor.keys("o");
    assert!(editor.asked().contains(&Effect::CancelSave));
    // What comes late is of another screen.
    let before = editor.screen();
    look(&mut editor, now.clone(), failed());
    assert_eq!(editor.screen(), before);

    let mut editor = ended(saved());
    look(&mut editor, now, going(0));
    editor.event(Event::Rollout(ID.to_owned(), RolloutNews::GivenUp));
    editor.shows("! Rollout: 0 of 1 new ones healthy, and nobody looks any more.");
    editor.keys("<Esc>").hides("rolling out");
    editor.event(Event::Rollout(ID.to_owned(), RolloutNews::Gone));
    editor.shows("● deleted").shows("This endpoint was deleted");
}

#[test]
fn what_is_being_typed_stays_and_no_edit_is_lost() {
    let mut editor = ended(saved());
    editor.keys("<Esc>/max w<Enter><Enter>9");
    look(&mut editor, status("updating", &[OLD]), going(0));
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
}
