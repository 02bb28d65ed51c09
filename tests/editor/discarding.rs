//! Discarding: Ctrl-X and nothing else, put aside before anything goes, and the way back.

use novita_edit::endpoint::{EnvVar, ParseError};
use novita_edit::secret::Secret;
use novita_edit::store::{Draft, EditorText, EditorTextOf};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Discard, DraftState, Edited, EditorTarget, KeptAside, Leaving, Opened};

use crate::harness::{Editor, ID, limits_event, llama, redacting, surroundings};
use crate::situations::{found, in_november, opening};

/// The form with max workers at 6, and the question whether that is to be discarded.
fn asked(leave: &str) -> Editor {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>").keys(leave);
    editor.shows("Unsaved changes");
    editor.asked();
    editor
}

/// What was to be put aside: max workers.
fn aside(what: &Discard) -> &str {
    match what {
        Discard::Edits(_, unsaved) | Discard::Text(unsaved) => unsaved.edited.workers.max_num.text(),
        Discard::Draft => panic!("a draft"),
    }
}

#[test]
fn letters_discard_nothing_and_the_old_one_names_the_key() {
    for leave in ["q", "o"] {
        let mut editor = asked(leave);
        for (width, height) in [(80, 24), (50, 14), (40, 12)] {
            editor.resize(width, height);
            editor.keys("d").shows("Ctrl-X discards.").shows("Unsaved changes");
            editor.keys("gocloudxXD").shows("Unsaved changes");
        }
        assert_eq!(editor.asked(), []);
        assert_eq!(editor.now().workers.max_num.text(), "6");
    }
    let mut editor = opening(llama(), (80, 24), found(|_| ()));
    editor.keys("d").shows("Ctrl-X discards.").shows("An earlier session");
    assert_eq!(editor.asked(), []);
}

#[test]
fn edits_are_put_aside_before_the_form_is_left_and_no_key_comes_between() {
    for (leave, leaving) in [("q", Leaving::Quit), ("o", Leaving::Picker)] {
        let mut editor = asked(leave);
        editor.keys("<C-x>");
        // Until the disk has answered what it has stays, and nothing is typed behind it.
        assert!(editor.model.unsaved().is_none());
        editor.keys("<Esc>k7<C-x>").shows("Unsaved changes");
        let what = editor.put_aside();
        assert_eq!(aside(&what), "6");
        assert!(matches!(&*what, Discard::Edits(to, _) if *to == leaving));
        let asked = editor.asked();
        assert_eq!(asked[0], Effect::DiscardDraft);
        assert_eq!(asked.contains(&Effect::Quit), leave == "q");
    }
}

#[test]
fn where_it_cannot_be_put_aside_that_is_told_and_only_the_same_key_again_throws_it_away() {
    let mut editor = asked("q");
    editor.keys("<C-x>").is_put_aside(Err("the disk is full".to_owned()));
    for (width, height) in [(80, 24), (50, 14), (40, 12)] {
        editor.resize(width, height);
        editor
            .shows("This can't be kept aside: the disk")
            .shows("Ctrl-X once more");
    }
    assert_eq!(editor.asked(), []);
    assert!(editor.model.unsaved().flatten().is_some(), "the draft stays what it is");
    editor.keys("<Esc>q").hides("can't be kept aside");
    editor.keys("<C-x>").is_put_aside(Err("the disk is full".to_owned()));
    editor.keys("<C-x>");
    assert_eq!(editor.asked(), [Effect::DiscardDraft, Effect::Quit]);
}

#[test]
fn beside_another_editor_edits_are_put_aside_and_its_draft_stays() {
    let theirs = Opened {
        draft_state: DraftState::Theirs("process 77 on box since 23 Nov 13:58".into()),
        ..Opened::ours()
    };
    let mut editor = opening(llama(), (80, 24), theirs);
    editor.keys("r/max w<Enter>6<Enter>q<C-x>");
    assert_eq!(aside(&editor.put_aside()), "6");
    assert_eq!(editor.asked(), [Effect::Quit]);
}

#[test]
fn a_read_only_session_writes_nothing_aside() {
    let mut around = surroundings();
    around.read_only = true;
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    editor.load(Ok(llama()));
    editor.keys("/max w<Enter>6<Enter>q");
    editor.asked();
    editor.keys("<C-x>");
    assert_eq!(editor.asked(), [Effect::Quit]);
}

#[test]
fn a_draft_that_cannot_be_put_aside_is_asked_about_further() {
    let mut editor = opening(llama(), (80, 24), found(|_| ()));
    editor.keys("<C-x>");
    assert_eq!(
        *editor.is_put_aside(Err("permission denied".to_owned())),
        Discard::Draft
    );
    editor
        .shows("An earlier session")
        .shows("This can't be kept aside: permission denied. Ctrl-X once more throws it away");
    assert!(
        editor.model.unsaved().is_none(),
        "an undecided draft is not written over"
    );
    editor.keys("j<C-x>").is_put_aside(Err("permission denied".to_owned()));
    editor.keys("<C-x>").hides("kept aside").shows("are discarded.");
    assert_eq!(editor.asked(), [Effect::DiscardDraft]);
}

#[test]
fn a_text_that_cannot_be_put_aside_waits_further() {
    let mut editor = Editor::form();
    editor.keys("B");
    editor.asked();
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new("{ half"))));
    editor.shows("Not taken");
    editor.keys("d").shows("Ctrl-X discards.");
    editor.keys("<C-x>").is_put_aside(Err("the disk is full".to_owned()));
    editor
        .shows("Not taken")
        .shows("This can't be kept aside: the disk is full.");
    assert_eq!(editor.form_state().editor_texts.len(), 1);
    editor
        .keys("<C-x>")
        .shows("The editor's text of the body is thrown away for good.");
    assert_eq!((editor.form_state().editor_texts.len(), editor.asked()), (0, vec![]));
}

#[test]
fn a_text_is_the_only_thing_in_what_is_put_aside_of_it() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>B");
    editor.asked();
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new("{ half"))));
    editor.keys("<C-x>");
    let what = editor.put_aside();
    let Discard::Text(alone) = &*what else {
        panic!("{what:?}")
    };
    assert_eq!(alone.editor_texts[0].text.reveal(), "{ half");
    assert_eq!((&*alone.edited, aside(&what)), (&alone.loaded.config, "5"));
    editor.shows("The editor's text of the body is discarded; it is kept aside for 7 days.");
    editor.shows("*6").hides("not taken");
}

/// Edits that were discarded on 23 November: max workers is that many.
fn discarded(max: i64) -> Draft {
    *found(|draft| draft.edited.workers.max_num = novita_edit::endpoint::Number::of(max))
        .draft
        .unwrap()
}

fn with_discarded() -> Editor {
    let opened = Opened {
        discarded: Some(KeptAside {
            at: in_november("23T18:02:00.000"),
            until: in_november("30T18:02:00.000"),
        }),
        ..Opened::ours()
    };
    opening(llama(), (80, 24), opened)
}

/// Asks for what was discarded, and this comes.
fn bring_back(editor: &mut Editor, drafts: Vec<Draft>) {
    editor.keys(":restore-d<Enter>");
    assert_eq!(editor.asked(), [Effect::LoadDiscarded(ID.into())]);
    editor.event(Event::DiscardedRead(ID.into(), Ok(drafts)));
}

#[test]
fn what_was_discarded_is_told_once_in_a_line_and_never_asked_about() {
    let mut editor = with_discarded();
    editor
        .shows("Edits discarded 23 Nov 18:02 are kept until 30 Nov; : restore-discarded brings them back.")
        .shows("Max workers      5");
    assert!(editor.model.is_bare());
    editor.keys("j").hides("discarded");
}

#[test]
fn the_newest_comes_back_as_one_step_and_then_the_one_before() {
    let mut editor = with_discarded();
    bring_back(&mut editor, vec![discarded(8), discarded(7)]);
    editor.shows("Restored the discarded edits of 23 Nov 13:58; u takes them back.");
    assert_eq!(editor.now().workers.max_num.text(), "8");
    editor.keys("u");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor.keys("<C-y>");
    // It meets what is in the form, and the decision leads back there.
    bring_back(&mut editor, vec![discarded(8), discarded(7)]);
    editor
        .shows("the discarded edits meet what is here now")
        .shows("2 discarded");
    editor.keys("2").shows("TO THE FORM");
}

#[test]
fn a_clash_with_the_form_is_decided_or_left_with_the_form_as_it_was() {
    let mut editor = with_discarded();
    editor.keys("/max w<Enter>9<Enter>");
    bring_back(&mut editor, vec![discarded(8)]);
    editor.shows("Conflict");
    editor.keys("<Esc>").hides("Conflict");
    editor.shows("Nothing was brought back; the form is as it was.");
    assert_eq!(editor.now().workers.max_num.text(), "9");
    assert!(
        editor.model.unsaved().flatten().is_some(),
        "the form's own edits are kept all the while"
    );
    bring_back(&mut editor, vec![discarded(8)]);
    editor.keys("2<Enter>").shows("Restored the discarded edits");
    assert_eq!(editor.now().workers.max_num.text(), "8");
}

#[test]
fn a_discarded_text_comes_back_to_be_mended() {
    let mut editor = with_discarded();
    let text = Draft {
        edited: llama().config,
        editor_texts: vec![EditorText::new(
            EditorTextOf::Body,
            Secret::new("{ half"),
            ParseError::at("{ half", 2, "expected a name"),
        )],
        ..discarded(5)
    };
    bring_back(&mut editor, vec![text.clone()]);
    editor.shows("What came from the editor for the body can't be read.");
    editor.keys("<Esc>");
    bring_back(&mut editor, vec![text]);
    editor.shows("All that was discarded of this endpoint is in the form already.");
}

#[test]
fn what_was_sent_then_is_not_taken_for_a_send_of_now() {
    let mut editor = with_discarded();
    let sent = Draft {
        sent: Some(llama().config),
        ..discarded(8)
    };
    bring_back(&mut editor, vec![sent]);
    assert!(editor.form_state().unknown.is_none());
}

#[test]
fn where_nothing_is_kept_or_it_cannot_be_read_that_is_said() {
    let mut editor = Editor::form();
    bring_back(&mut editor, Vec::new());
    editor.shows("Nothing that was discarded of this endpoint is kept.");
    editor.keys(":restore-d<Enter>");
    editor.asked();
    editor.event(Event::DiscardedRead(ID.into(), Err("permission denied".to_owned())));
    editor.shows("What was discarded can't be read: permission denied.");
    // An answer that comes too late disturbs nothing.
    editor.keys(":restore-d<Enter>w");
    editor.event(Event::DiscardedRead(ID.into(), Ok(vec![discarded(8)])));
    assert_eq!(editor.now().workers.max_num.text(), "5");
}

/// The form of a session that writes no values.
fn without_secrets(opened: Opened) -> Editor {
    let mut around = surroundings();
    around.redactor = redacting();
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    editor.event(limits_event());
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(llama()));
    editor.asked();
    editor
}

#[test]
fn where_values_are_not_kept_the_page_and_the_question_say_that_a_text_is_not() {
    let mut editor = without_secrets(Opened::ours());
    editor.keys("E");
    editor.event(Event::Edited(
        EditorTarget::Environment,
        Edited::Text(Secret::new("not one")),
    ));
    editor
        .shows("can't be read.")
        .shows("your text is only in memory")
        .hides("draft on disk");
    editor
        .keys("<Esc>q")
        .shows("A draft is kept without the text from the")
        .shows("editor (keep_secrets = false).")
        .hides("new values");
    editor.keys("<Esc>/HF_TOKEN<Enter><Enter>x<Enter>q");
    editor
        .shows("A draft is kept without new values of the")
        .shows("environment and texts from the editor");
}

#[test]
fn where_values_are_not_kept_a_text_goes_for_good_and_only_after_that_was_said() {
    for (target, keys) in [(EditorTarget::Body, "B"), (EditorTarget::Environment, "E")] {
        let mut editor = without_secrets(Opened::ours());
        editor.keys(keys);
        editor.asked();
        editor.event(Event::Edited(target, Edited::Text(Secret::new("not one"))));
        editor.shows("your text is only in memory");
        editor
            .keys("<C-x>")
            .shows("This text can't be kept aside (keep_secrets = false). Ctrl-X once more");
        assert_eq!((editor.form_state().editor_texts.len(), editor.asked()), (1, vec![]));
        // Another key between takes it back.
        editor.keys("<Up><C-x>").shows("This text can't be kept aside");
        editor
            .keys("<C-x>")
            .shows("is thrown away for good.")
            .hides("kept aside");
        assert_eq!((editor.form_state().editor_texts.len(), editor.asked()), (0, vec![]));
    }
}

#[test]
fn where_values_are_not_kept_new_ones_are_discarded_only_after_that_was_said() {
    let mut editor = without_secrets(Opened::ours());
    editor.keys("/HF_TOKEN<Enter><Enter><C-u>new<Enter>q");
    editor.asked();
    for (width, height) in [(80, 24), (50, 14), (40, 12)] {
        editor.resize(width, height);
        editor.keys("<Up><C-x>").shows("New values").shows("Unsaved changes");
    }
    assert_eq!(editor.asked(), []);
    editor.keys("<C-x>").put_aside();
    assert_eq!(editor.asked(), [Effect::DiscardDraft, Effect::Quit]);
    // Without a new value all of it is kept, and the same key does it at once.
    let mut editor = without_secrets(Opened::ours());
    editor.keys("/max w<Enter>6<Enter>q<C-x>").put_aside();
}

#[test]
fn where_values_are_not_kept_those_of_a_draft_are_discarded_only_after_that_was_said() {
    let old = found(|draft| draft.edited.envs[0] = EnvVar::new("HF_TOKEN", "new"));
    let mut editor = without_secrets(old);
    editor.keys("<C-x>").shows("New values").shows("An earlier session");
    assert_eq!(editor.asked(), []);
    editor.keys("<C-x>").put_aside();
    editor.shows("they are kept aside for 7 days, without new values.");
}

#[test]
fn keys_that_come_before_what_was_discarded_keep_it_from_opening() {
    let mut editor = with_discarded();
    editor
        .keys(":restore-d<Enter>")
        .shows("Looking for what was discarded…");
    editor.keys("j");
    editor.event(Event::DiscardedRead(ID.into(), Ok(vec![discarded(8)])));
    editor.shows("Nothing was brought back, for other keys came before it");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor.asked();
    bring_back(&mut editor, vec![discarded(8)]);
    assert_eq!(editor.now().workers.max_num.text(), "8");
}
