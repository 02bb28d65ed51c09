//! Drafts and other editors: what is asked, what is kept, what is restored.

use std::sync::Arc;

use insta::assert_snapshot;
use novita_edit::config::{Environment, StateDirs};
use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::{EnvVar, FieldId, Number, body};
use novita_edit::secret::{Fingerprint, Secret};
use novita_edit::store::{
    Account, DraftReport, EditorLockAttempt, FoundDraft, History, SendOutcome, Snapshot, Store, Typing, TypingTarget,
    Unsaved,
};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Discard, DraftState, Edited, Editing, EditorTarget, Leaving, Opened, Surroundings};

use crate::harness::{Editor, ID, llama, redacting, surroundings};
use crate::saving::step;
use crate::situations::{found, opening, past_of, record};

pub fn asked(size: (u16, u16)) -> Editor {
    opening(llama(), size, found(|_| ()))
}

fn kept(editor: &Editor) -> Option<Unsaved> {
    editor.model.unsaved().expect("this editor's endpoint")
}

#[test]
fn a_draft_is_asked_about_with_what_it_changes_and_stays_as_it_is_until_then() {
    let mut editor = asked((80, 24));
    editor
        .shows("An earlier session (process 4242) left unsaved edits of 23 Nov 13:58.")
        .shows("Restoring them changes:")
        .shows("Max workers 5 → 6");
    assert!(
        editor.model.unsaved().is_none(),
        "an undecided draft is not written over"
    );
    editor.keys("x");
    editor.shows("An earlier session");
}

#[test]
fn what_is_on_disk_may_be_found_out_before_or_after_the_endpoint_came() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.load(Ok(llama()));
    editor.shows("Reading");
    editor.event(Event::Opened(ID.into(), Box::new(found(|_| ()))));
    editor.shows("left unsaved edits");
    let mut editor = Editor::form();
    editor.event(Event::Opened("ep_other".into(), Box::new(found(|_| ()))));
    editor.hides("left unsaved edits");
}

#[test]
fn restoring_is_one_undoable_step() {
    let mut editor = asked((80, 24));
    editor.keys("<Enter>");
    editor.shows("Restored the unsaved edits of 23 Nov 13:58; u takes them back.");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(kept(&editor).unwrap().edited.workers.max_num.text(), "6");
    editor.keys("u");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor.shows("restore the draft");
}

#[test]
fn discarding_removes_the_draft_and_nothing_else() {
    let mut editor = asked((80, 24));
    editor.keys("<C-x>");
    assert_eq!(*editor.put_aside(), Discard::Draft);
    assert_eq!(editor.asked(), [Effect::DiscardDraft]);
    assert_eq!(editor.now().workers.max_num.text(), "5");
}

#[test]
fn deciding_later_goes_to_the_picker_and_leaves_the_draft() {
    let mut editor = asked((80, 24));
    editor.keys("<Esc>");
    assert!(matches!(editor.asked()[..], [Effect::Disown, Effect::LoadList(_), ..]));
}

#[test]
fn a_draft_is_merged_with_what_changed_on_the_server_and_the_review_shows_it() {
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    let mut editor = opening(theirs, (80, 24), found(|_| ()));
    editor
        .shows("Somebody else changed since then")
        .shows("Idle timeout 300 s → 900 s");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.now().workers.free_timeout.text(), "900");
    editor.keys("w");
    editor
        .shows("Somebody else changed meanwhile")
        .shows("Idle timeout 300 s → 900 s");
}

#[test]
fn a_draft_that_clashes_is_decided_and_can_be_asked_about_again() {
    let mut theirs = llama();
    theirs.config.workers.max_num = Number::of(9);
    let mut editor = opening(theirs, (80, 24), found(|_| ()));
    editor.shows("Changed on both sides, to be decided when you restore: Max workers.");
    editor.keys("<Enter>");
    editor.shows("Conflict").shows("2 draft 6").shows("3 now here 9");
    assert!(
        editor.model.unsaved().is_none(),
        "an undecided draft is not written over"
    );
    editor.keys("<Esc>");
    editor.shows("left unsaved edits");
    editor.keys("<Enter>2<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.shows("Restored the unsaved edits");
}

#[test]
fn a_draft_that_the_server_holds_already_is_not_asked_about() {
    let mut theirs = llama();
    theirs.config.workers.max_num = Number::of(6);
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(Event::Opened(ID.into(), Box::new(found(|_| ()))));
    editor.effects.clear();
    editor.load(Ok(theirs));
    editor.shows("The unsaved edits of 23 Nov 13:58 are what the server holds.");
    assert_eq!(editor.asked(), [Effect::DiscardDraft, Effect::LoadLookups]);
}

#[test]
fn typing_is_restored_with_its_cursor() {
    let mut editor = opening(
        llama(),
        (80, 24),
        found(|draft| {
            draft.typing = Some(Typing {
                what: TypingTarget::Field(FieldId::Name),
                text: Secret::new("llama-X-8b"),
                cursor: (0, 7),
            });
        }),
    );
    editor.shows("› Name llama-X-8b (being typed, not taken yet)");
    editor.keys("<Enter>!");
    let Some(Editing::Field { text, .. }) = &editor.form_state().editing else {
        panic!("{}", editor.screen())
    };
    assert_eq!((text.text(), text.cursor()), ("llama-X!-8b", (0, 8)));
}

#[test]
fn a_row_that_was_being_typed_is_found_again_or_is_a_new_one() {
    let typing = |old: EnvVar| Typing {
        what: TypingTarget::Row {
            at: 1,
            old: Some(Row::Env(old.clone())),
            row: Row::Env(old),
            part: FieldId::EnvValue,
        },
        text: Secret::new("typed"),
        cursor: (0, 5),
    };
    let model_name = llama().config.envs[1].clone();
    let mut moved = llama();
    moved.config.envs.insert(0, EnvVar::new("FIRST", "x"));
    let mut editor = opening(
        moved,
        (80, 24),
        found(|draft| draft.typing = Some(typing(model_name.clone()))),
    );
    editor.hides("typed (being");
    editor.keys("<Enter><Enter>");
    assert_eq!(editor.now().envs[2], EnvVar::new(model_name.key.clone(), "typed"));
    let mut gone = llama();
    gone.config.envs.remove(1);
    let mut editor = opening(
        gone,
        (80, 24),
        found(|draft| draft.typing = Some(typing(model_name.clone()))),
    );
    editor.keys("<Enter><Enter>");
    assert_eq!(editor.now().envs[1], EnvVar::new(model_name.key.clone(), "typed"));
    assert_eq!(
        editor.now().envs.len(),
        llama().config.envs.len(),
        "put in, over nothing"
    );
}

#[test]
fn typed_env_values_are_masked_in_the_question_until_shown() {
    let mut editor = opening(
        llama(),
        (80, 24),
        found(|draft| {
            let old = draft.edited.envs[0].clone();
            draft.typing = Some(Typing {
                what: TypingTarget::Row {
                    at: 0,
                    old: Some(Row::Env(old.clone())),
                    row: Row::Env(old),
                    part: FieldId::EnvValue,
                },
                text: Secret::new("s3cret"),
                cursor: (0, 6),
            });
        }),
    );
    editor.hides("s3cret");
    editor.keys("V");
    editor.shows("s3cret");
}

#[test]
fn every_state_is_kept_and_nothing_when_nothing_is_unsaved() {
    let mut editor = Editor::form();
    assert!(kept(&editor).is_none());
    editor.keys("/max w<Enter><Enter><C-u>1");
    let typing = kept(&editor).unwrap().typing.unwrap();
    assert_eq!((typing.text.reveal(), typing.cursor), ("1", (0, 1)));
    editor.keys("<Esc>");
    assert!(kept(&editor).is_none(), "an edit that was left is no draft");
    editor.keys("7<Enter>");
    assert_eq!(kept(&editor).unwrap().edited.workers.max_num.text(), "7");
    editor.keys("u");
    assert!(kept(&editor).is_none(), "everything is undone");
}

#[test]
fn what_is_on_its_way_is_kept_as_not_known() {
    use novita_edit::session::Step;
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>w<Enter>");
    editor.event(step(Step::Check, 0, None));
    assert!(kept(&editor).unwrap().sent.is_none());
    editor.event(step(Step::Send, 0, None));
    assert_eq!(kept(&editor).unwrap().sent.unwrap().workers.max_num.text(), "6");
    editor.keys("<Esc>");
    assert!(kept(&editor).unwrap().sent.is_some(), "stopped waiting");
}

#[test]
fn a_draft_that_cannot_be_written_is_a_warning_that_goes_when_it_can() {
    let mut editor = Editor::form();
    editor.event(Event::Kept(DraftReport::Failed(
        "/s/a.json can't be written: the disk is full; make room there".into(),
    )));
    editor.shows("not kept");
    editor.keys("/name<Enter>");
    editor.shows("Your edits are only in memory, not on disk: /s/a.json can't be written: the disk is full");
    editor.event(Event::Kept(DraftReport::Written));
    editor.hides("not kept");
}

#[test]
fn without_a_place_for_drafts_the_editor_works_and_says_so() {
    let mut editor = opening(
        llama(),
        (80, 24),
        Opened {
            draft_state: DraftState::Nowhere("there is no home directory".into()),
            ..Opened::ours()
        },
    );
    editor.shows("not kept");
    editor.keys("/max w<Enter>6<Enter>q");
    editor.hides("keep them as a draft");
    editor.keys("k");
    assert_eq!(editor.asked(), []);
    editor.keys("<Esc>w<Enter>");
    assert!(editor.sent().is_some(), "saving needs no place for drafts");
}

pub fn occupied(size: (u16, u16)) -> Editor {
    opening(
        llama(),
        size,
        Opened {
            draft_state: DraftState::Theirs("process 77 on box since 23 Nov 13:58".into()),
            ..Opened::ours()
        },
    )
}

#[test]
fn a_second_editor_is_told_of_the_first_and_may_look_or_take_over() {
    let mut editor = occupied((80, 24));
    editor.shows("Another novita-edit has this endpoint: process 77 on box since");
    editor.shows("23 Nov 13:58.");
    editor.keys("r");
    editor.shows("read-only");
    editor.keys("/max w<Enter>6<Enter>");
    assert!(editor.model.unsaved().is_none(), "the other's draft is not touched");
    editor.keys("w<Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("take over");
    editor.keys("t");
    let request = editor.model.request;
    let wanted = [Effect::Load(request, ID.into()), Effect::TakeOver(ID.into())];
    assert_eq!(editor.asked(), wanted, "what was loaded may be old");
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.shows("Your edits of this session are laid over it");
    editor.keys("w<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn an_editor_that_was_taken_over_says_so_keeps_its_edits_and_sends_nothing() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>");
    editor.event(Event::Kept(DraftReport::Gone("the owner file is gone".into())));
    editor
        .shows("This one is read-only now: it took over and has left, or its file was deleted.")
        .shows("read-only");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert!(editor.model.unsaved().is_none());
    editor.keys("w<Enter>");
    assert_eq!(editor.sent(), None);
}

#[test]
fn a_read_only_session_claims_nothing_and_keeps_nothing() {
    let mut around = surroundings();
    around.read_only = true;
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    assert!(!editor.effects.iter().any(|e| matches!(e, Effect::OpenEndpoint(_))));
    editor.load(Ok(llama()));
    editor.shows("w review").hides("w save");
    editor.keys("/max w<Enter>6<Enter>");
    assert!(editor.model.unsaved().is_none());
    editor
        .hides("not kept")
        .shows("Read-only: edits are good for a look at the body; they are neither sent nor kept.");
    editor.keys("/idle<Enter>301<Enter>").hides("edits are good");
    editor.keys("uu6").keys("<Esc>+").hides("edits are good");
    editor
        .keys("q")
        .shows("Read-only: they can be neither sent nor")
        .shows("review them")
        .hides("and save")
        .hides("as a draft");
}

#[test]
fn beside_another_editor_edits_are_said_to_be_kept_nowhere_and_nothing_offers_to_save_them() {
    let mut editor = occupied((80, 24));
    editor.keys("r").shows("w review").hides("w save");
    editor
        .keys("/max w<Enter>6<Enter>")
        .shows("Read-only: edits made here are not kept on disk until you take over.");
    editor
        .keys("q")
        .shows("They can't be kept as a draft: another")
        .shows("editor has this endpoint.")
        .shows("review them")
        .hides("and save");
}

#[test]
fn why_no_draft_is_offered_is_said() {
    let mut editor = Editor::form();
    editor.event(Event::Kept(DraftReport::Failed("the disk is full".into())));
    editor
        .keys("/max w<Enter>6<Enter>q")
        .shows("They can't be kept as a draft: the disk is")
        .shows("review and save them");
    for (width, height) in [(80, 24), (40, 12)] {
        editor
            .resize(width, height)
            .shows("the disk is")
            .shows("discard them and quit")
            .shows("Esc");
    }
}

#[test]
fn the_questions() {
    for (width, height) in [(80, 24), (120, 40), (50, 14), (40, 12)] {
        assert_snapshot!(format!("draft_{width}x{height}"), asked((width, height)).picture());
        assert_snapshot!(
            format!("occupied_{width}x{height}"),
            occupied((width, height)).picture()
        );
    }
}

#[test]
fn what_was_discarded_on_quitting_is_not_kept_by_accident() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>q");
    assert!(kept(&editor).is_some(), "nothing is decided yet");
    editor.keys("<C-x>").put_aside();
    assert!(editor.model.unsaved().is_none_or(|unsaved| unsaved.is_none()));
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>qk");
    assert_eq!(editor.asked(), [Effect::FlushDraft(Leaving::Quit)]);
    assert!(kept(&editor).is_some());
    editor.event(Event::Flushed(false, Leaving::Quit));
    editor.shows("The draft could not be written: you are still here, and so are your edits.");
    editor.keys("qk");
    editor.asked();
    editor.event(Event::Flushed(true, Leaving::Quit));
    assert_eq!(editor.asked(), [Effect::Quit], "what is kept is not discarded");
}

#[test]
fn what_comes_after_an_unknown_send_waits_too_while_something_is_typed() {
    let mut editor = Editor::form();
    editor
        .keys("/max w<Enter>6<Enter>w<Enter>")
        .save_ends(crate::saving::not_known());
    editor.keys("<Esc>r/idle<Enter><Enter><C-u>400");
    let mut theirs = llama();
    theirs.config.name = "renamed".into();
    editor.load(Ok(theirs));
    assert_eq!(editor.form_state().work.base().config.name, "llama-3-8b");
    editor.keys("<Enter>");
    assert_eq!(editor.now().name, "renamed");
    assert_eq!(editor.now().workers.free_timeout.text(), "400");
    assert_eq!(editor.now().workers.max_num.text(), "6");
}

#[test]
fn an_edit_in_which_nothing_was_typed_is_no_draft() {
    for keys in [
        "/max w<Enter><Enter>",
        "/policy t<Enter><Enter>",
        "/HF_TOKEN<Enter><Enter>",
        "/HF_TOKEN<Enter>a",
    ] {
        let mut editor = Editor::form();
        editor.keys(keys);
        assert!(editor.form_state().editing.is_some(), "{keys}");
        assert!(kept(&editor).is_none(), "{keys}");
        editor.keys(if keys.contains("policy") { "j" } else { "9" });
        assert!(kept(&editor).unwrap().typing.is_some(), "{keys}");
        // A number was selected, and the 9 took its place.
        let back = match keys {
            "/max w<Enter><Enter>" => "<BS>5",
            "/HF_TOKEN<Enter><Enter>" => "<C-u>hf_demo_not_a_real_token",
            "/policy t<Enter><Enter>" => "j",
            _ => "<BS>",
        };
        editor.keys(back);
        assert!(kept(&editor).is_none(), "{keys}, taken back");
    }
}

/// A draft is asked about in which a name was being typed.
fn half_typed() -> Editor {
    opening(
        llama(),
        (80, 24),
        found(|draft| {
            draft.typing = Some(Typing {
                what: TypingTarget::Field(FieldId::Name),
                text: Secret::new("half a na"),
                cursor: (0, 9),
            });
        }),
    )
}

#[test]
fn what_was_being_typed_in_a_discarded_draft_comes_back_too() {
    let mut editor = half_typed();
    editor.keys("<C-x>").put_aside();
    editor.shows("Ctrl-Y brings them back, and once more what was being typed.");
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<C-y>");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.keys("<C-y>");
    assert_eq!(editor.now().name, "half a na");
}

#[test]
fn while_the_restored_text_is_being_typed_no_letter_is_offered_as_a_key() {
    let mut editor = half_typed();
    editor
        .keys("<Enter>")
        .shows("Restored the unsaved edits")
        .hides("takes them back");
}

fn lost(number: u8) -> Secret {
    Secret::redacted(Fingerprint([number; 16]))
}

#[test]
fn values_that_were_not_kept_are_told_before_and_after_restoring_and_have_to_be_entered_before_a_save() {
    let mut editor = opening(
        llama(),
        (80, 24),
        found(|draft| {
            draft.loaded.config.envs[0].value = lost(1);
            draft.edited.envs[0].value = lost(2);
            draft.typing = Some(Typing {
                what: TypingTarget::Row {
                    at: 1,
                    old: None,
                    row: Row::Env(EnvVar::new("TYPED", "")),
                    part: FieldId::EnvValue,
                },
                text: lost(3),
                cursor: (0, 0),
            });
        }),
    );
    editor
        .shows("Values are not kept on disk (keep_secrets = false). These will have to be")
        .shows("entered again: HF_TOKEN.")
        .shows("(was being typed, and was not kept)");
    assert_snapshot!("values-not-kept", editor.screen());
    editor.keys("<Enter>");
    // The server's value is another one than was loaded by then, as far as can be known: the two clash.
    editor.shows("HF_TOKEN");
    editor.keys("1<Enter>");
    editor.shows("Not kept, so enter again: HF_TOKEN.");
    assert!(editor.model.unsaved().flatten().is_some());
    editor.keys("w<Enter>");
    editor.shows("the value was not kept (keep_secrets = false in the config file); enter it");
    editor.keys("<Enter>hf_new<Enter>");
    assert_eq!(editor.now().envs[0].value.reveal(), "hf_new");
    editor.hides("was not kept");
}

#[test]
fn values_that_the_server_still_has_are_restored_from_there() {
    let account = Account::new("https://api.test", &Secret::new("sk_test"));
    let home = tempfile::tempdir().unwrap();
    let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let store = Store::open(&StateDirs::find(&env).unwrap(), &account.clone().keeping_secrets(false)).unwrap();
    let files = store.endpoint_files("https://api.test", ID);
    let EditorLockAttempt::Yours(editor_lock) = files.try_editor_lock().unwrap() else {
        panic!("taken")
    };
    let mut edited = llama().config;
    edited.envs.swap(0, 1);
    editor_lock
        .write_draft(&Unsaved {
            loaded: Arc::new(Snapshot::from(&llama())),
            edited: Arc::new(edited.clone()),
            typing: None,
            sent: None,
            editor_texts: Vec::new(),
        })
        .unwrap();
    let FoundDraft::Draft(draft) = files.read_draft().unwrap() else {
        panic!("no draft")
    };
    let around = Surroundings {
        redactor: account.redactor().clone(),
        ..surroundings()
    };
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    let mut opened = Opened::ours();
    opened.draft = Some(draft);
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(llama()));
    editor.shows("left unsaved edits").hides("entered again");
    editor.keys("<Enter>");
    assert_eq!(editor.now().envs, edited.envs);
}

/// The form after two values were put back that were not kept.
fn with_lost_values() -> Editor {
    let history = History {
        records: vec![record("23T13:58", SendOutcome::Stored, |after| {
            after.envs[0].value = lost(1);
            after.envs[1].value = lost(2);
        })],
        skipped: 0,
        ..History::default()
    };
    let mut editor = past_of(history, (80, 24));
    editor.keys("<Enter><Tab>p");
    assert_eq!(editor.now().redacted().count(), 2);
    editor
}

#[test]
fn a_draft_of_another_key_asks_only_for_the_values_that_were_edited() {
    let mut opened = found(|draft| {
        for (at, number) in [(0, 1), (1, 2)] {
            draft.loaded.config.envs[at].value = lost(number);
            draft.edited.envs[at].value = lost(number);
        }
        draft.edited.envs[1].value = lost(9);
    });
    let draft = opened.draft.take().unwrap();
    opened.offer(draft);
    let mut editor = opening(llama(), (80, 24), opened);
    editor
        .shows("They were kept under another API key of the same API.")
        .shows("the server's count for what was not edited")
        .shows("entered again: MODEL_NAME.")
        .hides("Somebody else changed since then");
    editor.keys("<Enter>").shows("Not kept, so enter again: MODEL_NAME.");
    assert_eq!(editor.now().envs[0], llama().config.envs[0]);
}

#[test]
fn putting_back_what_was_not_kept_says_so() {
    with_lost_values().shows("Not kept, so enter again: HF_TOKEN, MODEL_NAME.");
}

#[test]
fn a_lost_value_is_only_looked_at_and_stays_what_it_is() {
    let mut editor = with_lost_values();
    editor.keys("/HF_TOKEN<Enter>");
    let before = editor.now().clone();
    editor.keys("<Enter><Enter>");
    assert_eq!(editor.now(), &before, "taken without a letter typed");
    editor.keys("<Enter><Esc>");
    assert_eq!(editor.now(), &before);
    editor.hides("brings the typed text back");
    // Its mask is no text to type behind, whatever is shown, nor in the editor.
    editor.keys("V<Enter><End>x<Enter>");
    assert_eq!(editor.now().envs[0].value.reveal(), "x");
    editor.keys("u/MODEL_NAME<Enter>e");
    assert!(matches!(&editor.asked()[..], [.., Effect::RunEditor(_, text)] if text.is_empty()));
    let target = EditorTarget::EnvValue {
        at: 1,
        old: editor.now().envs[1].clone(),
    };
    editor.event(Event::Edited(target, Edited::Text(Secret::new("\n"))));
    editor.shows("Nothing was changed in the editor.");
    assert_eq!(editor.now(), &before);
}

#[test]
fn where_all_values_are_wanted_the_lost_ones_are_told() {
    let mut editor = with_lost_values();
    editor.keys("/HF_TOKEN<Enter>");
    let why = "The value of HF_TOKEN, MODEL_NAME was not kept (keep_secrets = false): enter it first.";
    for keys in ["y", "Y", "E"] {
        editor.asked();
        editor.keys(keys);
        editor.shows(why);
        assert_eq!(editor.asked(), [], "{keys}");
    }
    editor.keys(":export<Enter>.env<Enter>");
    editor.shows("The value of HF_TOKEN, MODEL_NAME was not kept (keep_secrets =");
    assert_eq!(editor.asked(), []);
}

#[test]
fn the_body_that_comes_back_from_the_editor_as_it_was_changes_nothing() {
    let mut editor = with_lost_values();
    editor.keys("/HF_TOKEN<Enter>");
    let before = editor.now().clone();
    editor.keys("B");
    let text = body::text(editor.now()) + "\n";
    editor.event(Event::Edited(
        EditorTarget::Body,
        Edited::Text(Secret::new(text.clone())),
    ));
    editor.shows("Nothing was changed in the editor.");
    editor.keys("B");
    let other = text.replace("\"minNum\": 1", "\"minNum\": 2");
    editor.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new(other))));
    assert_eq!(editor.now().envs, before.envs);
    assert_eq!(editor.now().workers.min_num.text(), "2");
}

/// A send of which nothing was known turns out to be stored: its value is there again, though our files never held it.
#[test]
fn a_lost_value_that_the_server_turns_out_to_have_is_that_value() {
    let account = Account::new("https://api.test", &Secret::new("sk_test"));
    let around = Surroundings {
        redactor: account.redactor().clone(),
        ..surroundings()
    };
    let home = tempfile::tempdir().unwrap();
    let env = Environment::from_pairs([("XDG_STATE_HOME", home.path().to_str().unwrap())]);
    let store = Store::open(&StateDirs::find(&env).unwrap(), &account.clone().keeping_secrets(false)).unwrap();
    let files = store.endpoint_files("https://api.test", ID);
    let EditorLockAttempt::Yours(editor_lock) = files.try_editor_lock().unwrap() else {
        panic!("taken")
    };
    let mut sent = llama();
    sent.config.envs[0].value = Secret::new("hf_sent");
    editor_lock
        .write_draft(&Unsaved {
            loaded: Arc::new(Snapshot::from(&llama())),
            edited: Arc::new(sent.config.clone()),
            typing: None,
            sent: Some(Arc::new(sent.config.clone())),
            editor_texts: Vec::new(),
        })
        .unwrap();
    let FoundDraft::Draft(draft) = files.read_draft().unwrap() else {
        panic!("no draft")
    };
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    let mut opened = Opened::ours();
    opened.draft = Some(draft);
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(llama()));
    editor.keys("<Enter>");
    assert_eq!(editor.now().redacted().count(), 1);
    editor.keys("r");
    editor.asked();
    editor.load(Ok(sent.clone()));
    editor.shows("the last send is stored after all");
    assert!(matches!(
        &editor.asked()[..],
        [Effect::RecordOutcome(_, note)] if note.outcome == SendOutcome::Stored
    ));
    assert_eq!(editor.now(), &sent.config);
}

#[test]
fn on_quitting_it_is_told_that_a_draft_is_without_new_values() {
    let around = Surroundings {
        redactor: redacting(),
        ..surroundings()
    };
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter>x<Enter>q");
    editor
        .shows("keep them as a draft and quit")
        .hides("without new values");
    editor.keys("<Esc>");
    editor.model.around = around;
    editor.keys("q");
    editor.shows("A draft is kept without new values of the");
    editor.keys("<Esc>uq");
    editor.hides("without new values");
}
