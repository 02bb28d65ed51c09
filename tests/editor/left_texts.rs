//! Texts that an editor saved and nobody took: offered by the endpoint that they are of, once, and never lost.

use novita_edit::endpoint::{FieldId, LoadedEndpoint, Number, ParseError, body};
use novita_edit::secret::Secret;
use novita_edit::store::{EditorText, EditorTextOf, Snapshot};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Discard, DraftState, Edited, EditorTarget, Opened, SavedText};

use crate::harness::{Editor, ID, llama, surroundings};
use crate::situations::{found, in_november, opening};

/// The body with max workers at 7.
fn seven() -> String {
    body::text(&llama().config).replace("\"maxNum\": 5", "\"maxNum\": 7") + "\n"
}

/// What it was when the editor got it.
fn base() -> Option<Box<Snapshot>> {
    Some(Box::new(Snapshot::from(&llama())))
}

fn saved(what: EditorTextOf, text: &str) -> SavedText {
    SavedText {
        dir: "/state/editor/left-1".into(),
        text: Edited::Text(Secret::new(text)),
        at: in_november("23T18:02:00.000"),
        base: base(),
        ..SavedText::of(what)
    }
}

/// The form, with a text of the body that was left.
fn with(text: &str, opened: Opened) -> Editor {
    let texts = vec![saved(EditorTextOf::Body, text)];
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
    assert_eq!(
        unsaved.editor_texts[0].text.reveal(),
        seven(),
        "it is in the draft meanwhile"
    );
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
    editor
        .keys("q")
        .shows("e      look at the text from the editor")
        .shows("e see the text")
        .hides("mend");
    editor.keys("<Esc>B").shows("that was not taken.");
    editor.keys("e");
    assert!(matches!(&editor.asked()[..], [Effect::RunEditor(EditorTarget::Body, text)] if text.reveal() == seven()));
}

#[test]
fn discarded_it_is_put_aside_before_it_goes() {
    let mut editor = with(&seven(), Opened::ours());
    editor.asked();
    editor.keys("<C-x>");
    let what = editor.put_aside();
    assert!(matches!(&*what, Discard::Text(alone) if alone.editor_texts[0].text.reveal() == seven()));
    assert_eq!(editor.asked(), [decided()]);
}

#[test]
fn leaving_without_it_puts_it_aside_with_the_edits_and_it_is_not_offered_again() {
    let mut editor = with(&seven(), Opened::ours());
    editor.keys("<Esc>q");
    editor.asked();
    editor.keys("<C-x>");
    let what = editor.put_aside();
    assert!(matches!(&*what, Discard::Edits(_, unsaved) if unsaved.editor_texts.len() == 1));
    assert_eq!(editor.asked(), [Effect::DiscardDraft, decided(), Effect::Quit]);
}

#[test]
fn one_that_changes_nothing_is_not_asked_about() {
    let same = body::text(&llama().config) + "\n";
    let editor = with(&same, Opened::ours());
    editor.hides("not taken").shows("Enter edit");
    assert!(editor.model.is_bare() && editor.form_state().editor_texts.is_empty());
}

#[test]
fn one_that_cannot_be_read_waits_to_be_mended_as_any_other() {
    let mut editor = with("{ half", Opened::ours());
    editor.shows("What came from the editor for the body can't be read.");
    editor.keys("<Enter>");
    assert!(
        matches!(&editor.asked()[..], [.., Effect::RunEditor(EditorTarget::Body, text)] if text.reveal() == "{ half")
    );
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
            let at = in_november("23T18:02:00.000");
            draft.editor_texts = vec![EditorText::saved(EditorTextOf::Body, Secret::new(seven()), at)];
        })
    };
    let mut editor = with(&seven(), has());
    editor
        .shows("› The body")
        .shows("a text that the editor saved, not taken yet");
    editor.keys("<Enter>");
    assert_eq!(editor.form_state().editor_texts.len(), 1);
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
            ..saved(EditorTextOf::Field(novita_edit::endpoint::FieldId::Name), "renamed\n")
        },
        saved(EditorTextOf::Body, &seven()),
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
    editor.event(Event::Edited(
        EditorTarget::Body,
        Edited::Saved(Secret::new(seven()), why),
    ));
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
    editor.event(Event::Edited(EditorTarget::Body, Edited::AtOnce));
    editor.shows(
        "Nothing was changed: the editor came back at once. One with a window of its own has to wait (`code --wait`).",
    );
}

/// A text of the body in the draft that can't be read.
fn broken() -> Opened {
    found(|draft| {
        let text = Secret::new("{ half");
        draft.editor_texts = vec![EditorText::new(
            EditorTextOf::Body,
            text,
            ParseError::at("{ half", 2, "no"),
        )];
    })
}

#[test]
fn a_newer_text_than_the_draft_has_of_the_same_is_offered_first_and_both_wait() {
    let mut editor = with(&seven(), broken());
    editor.asked();
    editor.keys("<Enter>").shows("! The editor saved a text of the body");
    assert_eq!(editor.asked(), [], "nothing is decided about");
    assert_eq!(editor.form_state().editor_texts.len(), 2);
    let unsaved = editor.model.unsaved().flatten().unwrap();
    assert_eq!(unsaved.editor_texts[1].text.reveal(), seven());
    editor.keys("<Enter>").shows("1 not taken");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [decided()]);
    editor.keys("B");
    assert!(matches!(&editor.asked()[..], [Effect::RunEditor(_, text)] if text.reveal() == "{ half"));
}

#[test]
fn a_newer_text_than_the_discarded_draft_has_is_not_discarded_with_it() {
    let mut editor = with(&seven(), broken());
    editor.asked();
    editor.keys("<C-x>").put_aside();
    assert_eq!(editor.asked(), [Effect::DiscardDraft]);
    editor.shows("! The editor saved a text of the body");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [decided()]);
}

/// The form, with two texts of the body: max workers at 7 and, saved later, at 8.
fn with_two(opened: Opened) -> Editor {
    let later = SavedText {
        dir: "/state/editor/left-2".into(),
        // Before the other by its letters.
        at: in_november("23T17:30:00.000"),
        ..saved(EditorTextOf::Body, &seven().replace("\"maxNum\": 7", "\"maxNum\": 8"))
    };
    // Of another zone, where it is the next day.
    let sooner: jiff::Timestamp = in_november("23T17:02:00.000").parse().unwrap();
    let sooner = sooner.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(14)));
    let sooner = SavedText {
        at: sooner.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
        ..saved(EditorTextOf::Body, &seven())
    };
    let texts = vec![later, sooner];
    opening(llama(), (80, 24), Opened { texts, ..opened })
}

#[test]
fn of_two_texts_of_the_same_the_newest_comes_first_and_each_is_decided_about_by_itself() {
    let mut editor = with_two(Opened::ours());
    assert_eq!(editor.form_state().editor_texts.len(), 2);
    editor.asked();
    editor.keys("<C-x>");
    let what = editor.put_aside();
    assert!(matches!(&*what, Discard::Text(alone) if alone.editor_texts[0].text.reveal().contains("\"maxNum\": 8")));
    let gone = Effect::SavedDecided(vec!["/state/editor/left-2".into()]);
    assert_eq!(editor.asked(), [gone]);
    editor.keys("B").shows("! The editor saved a text of the body");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [decided()]);
}

#[test]
fn what_was_saved_before_the_draft_was_written_comes_after_what_that_has() {
    let later = |opened: Opened| Opened {
        draft: opened.draft.map(|mut draft| {
            draft.saved_at = in_november("23T19:00:00.000");
            draft
        }),
        ..opened
    };
    let mut editor = with(&seven(), later(broken()));
    editor.keys("<Enter>").shows("can't be read.");
    assert_eq!(editor.form_state().editor_texts.len(), 2);
}

/// The form on what somebody else changed since the text was begun.
fn on_changed(change: impl FnOnce(&mut LoadedEndpoint), base: Option<Box<Snapshot>>) -> Editor {
    let mut endpoint = llama();
    change(&mut endpoint);
    let texts = vec![SavedText {
        base,
        ..saved(EditorTextOf::Body, &seven())
    }];
    let texts = Opened {
        texts,
        ..Opened::ours()
    };
    opening(endpoint, (80, 24), texts)
}

#[test]
fn what_others_changed_since_it_was_begun_is_not_put_back() {
    let mut editor = on_changed(|endpoint| endpoint.config.name = "theirs".to_owned(), base());
    editor.shows("It changes: Max workers.").hides("put back");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.now().name, "theirs");
    // So it is where it comes by way of the draft.
    let mut editor = on_changed(|endpoint| endpoint.config.name = "theirs".to_owned(), base());
    editor.keys("<Esc>B<Enter>");
    assert_eq!(editor.now().name, "theirs");
    // The same in both.
    let mut editor = on_changed(|endpoint| endpoint.config.workers.max_num = Number::of(9), base());
    editor.shows("! Changed otherwise since then, and put back by this text: Max workers.");
    editor
        .keys("<Enter>")
        .shows("Changed otherwise meanwhile, and put back by it: Max workers.");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn where_it_is_not_known_what_it_was_made_of_that_is_said() {
    let editor = on_changed(|endpoint| endpoint.config.name = "theirs".to_owned(), None);
    editor
        .shows("It changes: Name, Max workers.")
        .shows("! It is taken as a whole: what others changed since it was begun is put");
}

#[test]
fn a_text_that_waits_to_be_mended_puts_nothing_back_that_was_read_meanwhile() {
    let mut editor = Editor::form();
    editor.keys("B");
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new("{ half"))));
    editor.keys("<Esc>r");
    let mut theirs = llama();
    theirs.config.name = "theirs".to_owned();
    editor.load(Ok(theirs));
    assert_eq!(editor.now().name, "theirs");
    editor.keys("B");
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new(seven()))));
    assert_eq!(editor.now().name, "theirs");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn an_environment_of_comments_only_waits_until_it_is_decided_about() {
    let text = "# HF_TOKEN=later\n";
    for (key, left) in [("<C-x>", 0), ("<Esc>", 12)] {
        let mut editor = Editor::form();
        editor.keys("E");
        editor.event(Event::Edited(
            EditorTarget::Environment,
            Edited::Text(Secret::new(text)),
        ));
        editor.shows("Emptied");
        let unsaved = editor.model.unsaved().flatten().unwrap();
        assert_eq!(unsaved.editor_texts[0].text.reveal(), text);
        editor.keys(key);
        assert_eq!(editor.now().envs.len(), left);
        assert!(editor.form_state().editor_texts.is_empty());
    }
    // Left by an earlier session it is asked about as well.
    let texts = vec![saved(EditorTextOf::Environment, text)];
    let texts = Opened {
        texts,
        ..Opened::ours()
    };
    let mut editor = opening(llama(), (80, 24), texts);
    editor.shows("a text of the environment");
    editor.keys("<Enter>").shows("Emptied");
    editor.keys("<C-x>");
    assert_eq!(editor.now().envs.len(), 0);
    assert_eq!(editor.asked(), [decided()]);
}

#[test]
fn what_was_no_utf_8_is_not_taken_later_as_the_sign_that_stands_for_it() {
    // The rest of the sentence stands in the next row.
    let said = "� stands for a byte that was no UTF-8; write it anew or";
    let mut editor = Editor::form();
    editor.keys("/name<Enter>e");
    let was = ParseError::at("caf", 3, "this is no UTF-8");
    editor.event(Event::Edited(
        EditorTarget::Field(FieldId::Name),
        Edited::NotText(Secret::new("caf\u{fffd}\n"), was),
    ));
    editor.keys("<Enter>");
    // What can be read by now is saved without a look at that.
    for text in ["caf\u{fffd}\n", "caf\u{fffd}s\n"] {
        editor.event(Event::Edited(
            EditorTarget::Field(FieldId::Name),
            Edited::Text(Secret::new(text)),
        ));
        editor.shows("Line 1, column 4:").shows(said);
        assert_eq!(editor.now().name, "llama-3-8b");
        editor.keys("<Enter>");
    }
    editor.event(Event::Edited(
        EditorTarget::Field(FieldId::Name),
        Edited::Text(Secret::new("café\n")),
    ));
    assert_eq!(editor.now().name, "café");
    for (target, keys) in [(EditorTarget::Environment, "E"), (EditorTarget::Body, "B")] {
        editor.keys(keys);
        let text = match &editor.asked()[..] {
            [.., Effect::RunEditor(_, text)] => text.reveal().replacen("hf_demo", "hf\u{fffd}demo", 1),
            other => panic!("{other:?}"),
        };
        editor.event(Event::Edited(target, Edited::Text(Secret::new(text))));
        editor.shows("� stands for a byte that was no UTF-8");
        editor.keys("<Esc>");
    }
    // Left by a killed session it waits to be mended as well.
    with(&seven().replacen("llama-3-8b", "\u{fffd}", 1), Opened::ours())
        .shows("can't be read.")
        .shows("� stands for a byte");
}

#[test]
fn the_sign_for_what_was_no_text_stays_where_the_form_has_it() {
    let mut endpoint = llama();
    endpoint.config.image.command = "--a \u{fffd}".to_owned();
    let mut editor = Editor::on(endpoint, (80, 24));
    let edited = |text| Event::Edited(EditorTarget::Field(FieldId::Command), Edited::Text(Secret::new(text)));
    editor.keys("/command<Enter>e");
    editor.event(edited("--b \u{fffd}\n"));
    assert_eq!(editor.now().image.command, "--b \u{fffd}");
    editor.keys("e");
    editor.event(edited("--b \u{fffd}\n--c \u{fffd}\n"));
    editor.shows("Line 2, column 5: � stands for");
    editor.keys("<Esc>B");
    let text = body::text(editor.now()).replace("\"maxNum\": 5", "\"maxNum\": 7");
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new(text))));
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn what_an_editor_left_besides_stands_there_until_enter_or_esc() {
    for key in ["<Esc>", "<Enter>"] {
        let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
        editor.event(Event::Opened(ID.into(), Box::new(noted(Opened::ours()))));
        editor.load(Ok(llama()));
        editor.keys("xjq <Tab><C-x>").shows("The editor left something.");
        editor.keys(key).hides("The editor left something.");
    }
}

/// What an editor left besides is there to be told.
fn noted(opened: Opened) -> Opened {
    Opened {
        notes: vec!["The editor left something.".to_owned()],
        told: vec!["/state/editor/left-3".into()],
        ..opened
    }
}

#[test]
fn what_an_editor_left_besides_counts_as_told_once_it_was_shown() {
    let told = Effect::LeftTold(vec!["/state/editor/left-3".into()]);
    for opened in [Opened::ours(), broken()] {
        let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
        editor.event(Event::Opened(ID.into(), Box::new(noted(opened))));
        assert!(!editor.asked().contains(&told), "the endpoint itself isn't there yet");
        editor.load(Ok(llama()));
        editor.shows("The editor left something.");
        assert!(editor.asked().contains(&told));
    }
    // In front of it stands a question: until that is answered no key takes it away.
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(noted(broken()))));
    editor.load(Ok(llama()));
    editor.keys("jjx").shows("The editor left something.");
    editor.keys("<Enter>").hides("The editor left something.");
    // In front of another editor's endpoint nothing of it is shown.
    let theirs = Opened {
        draft_state: DraftState::Theirs("process 77 on box since 23 Nov 13:58".into()),
        ..noted(Opened::ours())
    };
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(theirs)));
    editor.load(Ok(llama()));
    assert!(!editor.asked().contains(&told));
}

#[test]
fn where_nothing_can_be_kept_a_text_that_is_taken_stays_where_it_was_until_the_form_is_left() {
    let nowhere = || Opened {
        draft_state: DraftState::Nowhere("the disk is full".into()),
        ..Opened::ours()
    };
    let mut editor = with(&seven(), nowhere());
    editor.asked();
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    assert_eq!(editor.asked(), [], "it is in memory only");
    editor.keys("q<C-x>").put_aside();
    assert_eq!(editor.asked(), [decided(), Effect::Quit]);
    // Discarded, it is not offered again there either.
    let mut editor = with(&seven(), nowhere());
    editor.asked();
    editor.keys("<C-x>").put_aside();
    assert_eq!(editor.asked(), [decided()]);
}
