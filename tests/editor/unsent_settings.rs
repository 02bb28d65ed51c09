//! Settings that no update carries: shown, told in the review, and asked about once before the first save.

use novita_edit::demo::give_newer_settings;
use novita_edit::endpoint::LoadedEndpoint;
use novita_edit::secret::MASK;
use novita_edit::store::StandingAnswer;
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Opened, Surroundings};

use crate::harness::{Editor, ID, limits_event, llama, surroundings};

/// The pictured endpoint with what newer ones have.
pub fn newer() -> LoadedEndpoint {
    let mut answer = serde_json::from_slice(include_bytes!("../../assets/demo/llama-3-8b.json")).unwrap();
    give_newer_settings(&mut answer);
    novita_edit::api::wire::endpoint(answer.to_string().as_bytes(), ID).unwrap()
}

/// The question, in a window of this size.
pub fn asked(size: (u16, u16)) -> Editor {
    let mut editor = Editor::on(newer(), size);
    editor.keys("/max w<Enter>6<Enter>w");
    for _ in 0..9 {
        if editor.in_front().as_deref() == Some("UnsentSettings") {
            return editor;
        }
        // A page of the review after the other.
        editor.keys("<Enter>");
    }
    panic!("nothing was asked: {}", editor.screen());
}

/// The review of one change, read to its end.
fn reviewing(endpoint: LoadedEndpoint) -> Editor {
    let mut editor = Editor::on(endpoint, (80, 24));
    editor.keys("/max w<Enter>6<Enter>w");
    editor
}

fn recorded(editor: &mut Editor) -> Vec<StandingAnswer> {
    let all = editor.asked().into_iter().filter_map(|effect| match effect {
        Effect::RecordAnswers(id, answers) => Some((id, answers)),
        _ => None,
    });
    all.flat_map(|(id, answers)| {
        assert_eq!(id, ID);
        answers
    })
    .collect()
}

#[test]
fn details_show_them_and_mask_secrets() {
    let mut editor = Editor::on(newer(), (80, 60));
    editor.keys("i").shows("Settings that no update carries");
    editor.shows("queueConfig.maxPending    500").hides("demo-access-key");
    assert!(editor.line("registry.accessKey").contains(MASK));
    editor.keys("V").shows("demo-access-key");
    editor.keys("v").hides("demo-access-key");
    editor.keys("V");
    editor.event(Event::Idle);
    editor.shows("registry.accessKey").hides("demo-access-key");
    editor.keys("x").hides("registry.accessKey");
    Editor::form().keys("i").hides("Settings that no update carries");
}

#[test]
fn the_review_names_them_in_a_line() {
    let editor = reviewing(newer());
    editor.shows("! 12 settings that no update carries; the server may reset them:");
    let editor = reviewing(llama());
    editor.hides("settings that no update");
}

#[test]
fn it_is_asked_once_before_the_first_save() {
    let mut editor = reviewing(newer());
    editor.keys("<Enter>");
    assert_eq!(editor.sent(), None);
    assert_eq!(editor.in_front().as_deref(), Some("UnsentSettings"));
    editor
        .shows("no document says whether")
        .shows("queueConfig.overflow")
        .hides("demo-access-key");
    editor.keys("<Esc>").shows("1 change");
    assert_eq!(editor.sent(), None);
    editor.keys("<Enter>").keys("<Enter>");
    assert!(editor.sent().is_some());
    editor.shows("Saving");
    let answers = recorded(&mut editor);
    assert_eq!(answers.len(), 1);

    // Known on the next opening, for the same settings only.
    let again = |endpoint: LoadedEndpoint| {
        let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
        editor.event(limits_event());
        let opened = Opened {
            answers: answers.clone(),
            ..Opened::ours()
        };
        editor.event(Event::Opened(ID.into(), Box::new(opened)));
        editor.load(Ok(endpoint));
        editor.effects.clear();
        editor.keys("/max w<Enter>6<Enter>w<Enter>");
        editor
    };
    assert!(again(newer()).sent().is_some());
    let mut others = newer();
    others.status.settings.pop();
    assert_eq!(again(others).sent(), None);
}

#[test]
fn the_question_comes_before_a_protected_endpoints_name() {
    let around = Surroundings {
        protected: true,
        ..surroundings()
    };
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    editor.event(limits_event());
    editor.load(Ok(newer()));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.effects.clear();
    editor.keys("/max w<Enter>6<Enter>w<Enter>");
    assert_eq!(editor.in_front().as_deref(), Some("UnsentSettings"));
    editor.keys("<Enter>");
    assert_eq!(editor.in_front().as_deref(), Some("ProtectedName"));
    assert_eq!(editor.sent(), None);
    editor.keys("llama-3-8b<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn an_enter_that_came_before_the_question_is_no_answer() {
    let mut editor = reviewing(newer());
    editor.typed_ahead("<Enter><Enter>");
    assert_eq!(editor.sent(), None);
    assert_eq!(editor.in_front().as_deref(), Some("UnsentSettings"));
}

#[test]
fn in_a_small_window_it_can_be_scrolled() {
    let mut editor = asked((40, 12));
    editor.keys("<PgDn><PgDn><PgDn>").shows("registry.accessKey");
}
