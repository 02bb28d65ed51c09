//! Texts that an editor saved and nobody took: offered by the endpoint that they are of, once, and never lost.

use novita_edit::endpoint::body;
use novita_edit::secret::Secret;
use novita_edit::store::{Unread, UnreadOf};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Discard, Edited, Opened, SavedText, Target};

use crate::harness::{Editor, llama};
use crate::situations::{found, opening};

/// The body with max workers at 7.
fn seven() -> String {
    body::text(&llama().config).replace("\"maxNum\": 5", "\"maxNum\": 7") + "\n"
}

fn saved(what: UnreadOf, text: &str) -> SavedText {
    SavedText {
        dir: "/state/editor/left-1".into(),
        what,
        text: Edited::Text(Secret::new(text)),
        at: "2026-11-23T18:02:00.000+00:00".into(),
    }
}

/// The form, with a text of the body that was left.
fn with(text: &str, opened: Opened) -> Editor {
    let texts = vec![saved(UnreadOf::Body, text)];
    opening(llama(), (80, 24), Opened { texts, ..opened })
}

fn decided() -> Effect {
    Effect::SavedDecided(vec!["/state/editor/left-1".into()])
}

#[test]
fn a_saved_text_is_offered_and_taken_as_one_step_of_undo() {
    let mut editor = with(&seven(), Opened::ours());
    editor
        .shows("! The editor saved a text of the body, 23 Nov 18:02, that was not taken.")
        .shows("It changes: Max workers.")
        .shows("Enter takes it as one step of undo.");
    assert_eq!(editor.now().workers.max_num.text(), "5", "nothing is changed unasked");
    let unsaved = editor.model.unsaved().flatten().unwrap();
    assert_eq!(unsaved.unread[0].text.reveal(), seven(), "it is in the draft meanwhile");
    editor.asked();
    editor.keys("<Enter>").shows("Taken from the editor: Max workers.");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [decided()]);
    editor.keys("u");
    assert_eq!(editor.now().workers.max_num.text(), "5");
}

#[test]
fn later_keeps_it_and_its_key_offers_it_again() {
    let mut editor = with(&seven(), Opened::ours());
    editor.asked();
    editor.keys("<Esc>").shows("1 not taken");
    editor.shows("The editor's text of the body was saved, and not taken: B opens it.");
    assert_eq!(editor.asked(), []);
    editor.keys("B").shows("that was not taken.");
    editor.keys("e");
    assert!(matches!(&editor.asked()[..], [Effect::RunEditor(Target::Body, text)] if text.reveal() == seven()));
}

#[test]
fn discarded_it_is_put_aside_before_it_goes() {
    let mut editor = with(&seven(), Opened::ours());
    editor.asked();
    editor.keys("<C-x>");
    let what = editor.put_aside();
    assert!(matches!(&*what, Discard::Text(alone) if alone.unread[0].text.reveal() == seven()));
    assert_eq!(editor.asked(), [decided()]);
}

#[test]
fn leaving_without_it_puts_it_aside_with_the_edits_and_it_is_not_offered_again() {
    let mut editor = with(&seven(), Opened::ours());
    editor.keys("<Esc>q");
    editor.asked();
    editor.keys("<C-x>");
    let what = editor.put_aside();
    assert!(matches!(&*what, Discard::Edits(_, unsaved) if unsaved.unread.len() == 1));
    assert_eq!(editor.asked(), [Effect::DiscardDraft, decided(), Effect::Quit]);
}

#[test]
fn one_that_changes_nothing_is_not_asked_about() {
    let same = body::text(&llama().config) + "\n";
    let editor = with(&same, Opened::ours());
    editor.hides("not taken").shows("Enter edit");
    assert!(editor.model.overlay.is_none() && editor.form_state().unread.is_empty());
}

#[test]
fn one_that_cannot_be_read_waits_to_be_mended_as_any_other() {
    let mut editor = with("{ half", Opened::ours());
    editor.shows("What came from the editor for the body can't be read.");
    editor.keys("<Enter>");
    assert!(matches!(&editor.asked()[..], [.., Effect::RunEditor(Target::Body, text)] if text.reveal() == "{ half"));
}

#[test]
fn the_question_about_a_draft_comes_first_and_what_the_draft_has_is_not_offered_twice() {
    let mut editor = with(&seven(), found(|_| ()));
    editor.shows("An earlier session").hides("that was not taken");
    editor.asked();
    editor.keys("<Enter>").shows("that was not taken.").shows("It changes:");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [decided()]);

    let has = || {
        found(|draft| {
            let at = "2026-11-23T18:02:00.000+00:00".to_owned();
            draft.unread = vec![Unread::saved(UnreadOf::Body, Secret::new(seven()), at)];
        })
    };
    let mut editor = with(&seven(), has());
    editor
        .shows("› The body")
        .shows("a text that the editor saved, not taken yet");
    editor.keys("<Enter>");
    assert_eq!(editor.form_state().unread.len(), 1);
    // Discarded with the draft that has it, it is gone with that.
    let mut editor = with(&seven(), has());
    editor.asked();
    editor.keys("<C-x>").put_aside();
    assert_eq!(editor.asked(), [Effect::DiscardDraft, decided()]);
    editor.hides("that was not taken");
}

#[test]
fn two_of_different_things_are_offered_one_after_the_other() {
    let texts = vec![
        SavedText {
            dir: "/state/editor/left-2".into(),
            ..saved(UnreadOf::Field(novita_edit::endpoint::FieldId::Name), "renamed\n")
        },
        saved(UnreadOf::Body, &seven()),
    ];
    let mut editor = opening(
        llama(),
        (80, 24),
        Opened {
            texts,
            ..Opened::ours()
        },
    );
    editor.shows("a text of the body");
    editor.asked();
    editor.keys("<Enter>j").shows("1 not taken");
    assert_eq!(editor.asked(), [decided()]);
    eprintln!(
        "{:?}",
        editor
            .form_state()
            .unread
            .iter()
            .map(|u| (u.what.clone(), u.saved_at().is_some()))
            .collect::<Vec<_>>()
    );
    editor.keys("/name<Enter>e").shows("a text of Name");
    editor.keys("<Enter>");
    assert_eq!(editor.now().name, "renamed");
}

#[test]
fn an_editor_that_died_after_it_had_saved_loses_nothing() {
    let mut editor = Editor::form();
    editor.keys("B");
    editor.asked();
    let why = "The editor was ended by a signal.".to_owned();
    editor.event(Event::Edited(Target::Body, Edited::Saved(Secret::new(seven()), why)));
    editor
        .shows("The editor had saved a text of the body before it ended.")
        .shows("The editor was ended by a signal. Nothing is changed.");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn an_editor_that_came_back_at_once_is_told_to_wait() {
    let mut editor = Editor::form();
    editor.keys("B");
    editor.event(Event::Edited(Target::Body, Edited::AtOnce));
    editor.shows(
        "Nothing was changed: the editor came back at once. One with a window of its own has to wait (`code --wait`).",
    );
}
