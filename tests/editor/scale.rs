//! Quick scale: from the list of endpoints and from the form.

use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use insta::assert_snapshot;
use novita_edit::endpoint::LoadedEndpoint;
use novita_edit::session::Outcome;
use novita_edit::tui::event::{Effect, Event, Press};
use novita_edit::tui::keymap::{self, Keymap};
use novita_edit::tui::model::{DraftState, Opened};

use crate::harness::{Editor, ID, cut, llama};
use crate::loading::picker;
use crate::situations::found;

fn scaling_with(endpoint: LoadedEndpoint, opened: Opened) -> Editor {
    let mut editor = picker();
    editor.keys("s");
    editor.effects.clear();
    editor.event(Event::Opened(ID.into(), Box::new(opened)));
    editor.load(Ok(endpoint));
    editor
}

fn scaling() -> Editor {
    scaling_with(llama(), Opened::ours())
}

#[test]
fn max_workers_by_one_from_the_picker_is_s_tab_plus_enter_enter() {
    let mut editor = scaling();
    editor.keys("<Tab>+<Enter>");
    editor.shows("Review").shows("Max workers 5 → 6");
    editor.keys("<Enter>");
    assert!(editor.sent().unwrap().contains("\"maxNum\": 6"));
}

#[test]
fn what_is_typed_while_the_endpoint_is_read_is_for_the_box_and_nothing_unseen_is_sent() {
    let mut editor = picker();
    editor.keys("s<Tab>+<Enter><Enter>");
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.shows("Max workers 5 → 6");
    assert_eq!(
        editor.sent(),
        None,
        "the review was not seen when the second Enter was typed"
    );
    editor.keys("<Enter>");
    assert!(editor.sent().unwrap().contains("\"maxNum\": 6"));

    // Esc still leaves.
    let mut editor = picker();
    editor.keys("s+<Esc>").shows("Choose an endpoint");

    // A question in front of the box is no place for them.
    let mut editor = picker();
    editor.keys("s+t");
    let theirs = Opened {
        draft_state: DraftState::Theirs("process 77 on box".into()),
        ..Opened::ours()
    };
    editor.event(Event::Opened(ID.into(), Box::new(theirs)));
    editor.load(Ok(llama()));
    assert_eq!(*editor.now(), llama().config);
    editor.shows("Another novita-edit has this endpoint");
}

#[test]
fn numbers_are_typed_stepped_checked_and_undone_in_the_box() {
    let mut editor = scaling();
    editor.keys("<Tab>12");
    editor.shows("12 is above 10");
    editor.keys("<BS><BS>7<Tab>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    editor.keys("<gt><lt><lt>");
    assert_eq!(editor.now().workers.free_timeout.text(), "290");
    editor.keys("<Tab> ");
    assert_eq!(editor.now().policy.kind.word(), "concurrency");
    editor.keys("uuuuu");
    assert_eq!(*editor.now(), llama().config);
    editor.keys("<S-Tab>9<Esc>");
    assert_eq!(editor.now().workers.free_timeout.text(), "300", "Esc leaves the text");
    editor.shows("Scale ·");
}

#[test]
fn the_ends_of_a_range_are_typed_in_the_box_too_and_the_hints_follow_the_field() {
    let mut editor = scaling();
    editor.keys("<Tab>max<Tab>");
    assert_eq!(editor.now().workers.max_num.text(), "10");
    editor.shows("by one").shows("Esc back, asks first").hides("Space");
    editor.keys("<Tab>").shows("Space the other").hides("by one");
    editor.keys("?").shows("In the box of quick scale").hides("In the form");
}

#[test]
fn an_error_is_gone_to_instead_of_sending() {
    let mut editor = scaling();
    editor.keys("<Tab>12<Enter><Enter>");
    editor.shows("Nothing was sent.");
    assert_eq!(editor.sent(), None);
}

#[test]
fn esc_goes_back_to_where_it_was_opened_and_asks_before_changes_are_lost() {
    let mut editor = scaling();
    editor.keys("<Esc>");
    editor.shows("Choose an endpoint");
    let mut editor = scaling();
    editor.keys("+<Esc>");
    editor.shows("Unsaved changes");
}

#[test]
fn esc_over_the_form_takes_back_what_the_box_changed_and_nothing_else() {
    let mut editor = Editor::form();
    editor
        .keys("/name<Enter><Enter>!<Enter>s<Esc>")
        .hides("Scale ·")
        .hides("taken back");
    editor.keys("s+<Tab>+").shows("Esc cancel");
    editor
        .keys("<Esc>")
        .hides("Scale ·")
        .shows("What was changed in the box is taken back; Ctrl-Y makes it again.");
    assert_eq!(editor.now().workers, llama().config.workers);
    assert_eq!(editor.now().name, "llama-3-8b!");
    editor.keys("<C-y><C-y>");
    assert_eq!(editor.now().workers.min_num.text(), "2");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    // Undo in the box stops where the box began.
    editor.keys("s+uu").shows("Nothing was changed here.");
    assert_eq!(editor.now().workers.min_num.text(), "2");
}

#[test]
fn s_once_more_keeps_what_was_changed_as_edits_of_the_form() {
    let mut editor = Editor::form();
    editor.keys("s+").shows("s keep");
    editor.keys("s").hides("Scale ·");
    assert_eq!(editor.now().workers.min_num.text(), "2");
}

#[test]
fn the_review_and_what_comes_of_a_save_go_back_to_the_box() {
    let mut editor = Editor::form();
    editor.keys("s+<Enter>").shows("Review");
    editor.keys("<Esc>").shows("Scale ·").shows("*2");
    editor
        .keys("<Enter><Enter>")
        .save_ends(Outcome::CheckFailed(cut("GET /endpoint")));
    editor.shows("Not sent");
    editor.keys("<Esc>").shows("Scale ·");
    editor.keys("<Esc>").shows("is taken back");
}

#[test]
fn after_a_save_the_list_comes_back_where_the_box_was_opened_there_else_the_form() {
    let saved = |editor: &Editor| Outcome::Saved {
        fresh: Box::new(LoadedEndpoint {
            config: editor.now().clone(),
            ..llama()
        }),
        moved: Vec::new(),
        unreported: Vec::new(),
        said: String::new(),
    };
    let mut editor = scaling();
    editor.keys("+<Enter><Enter>");
    let outcome = saved(&editor);
    editor
        .save_ends(outcome)
        .shows("✓ Saved")
        .shows("Enter back to the list");
    editor.asked();
    editor.keys("<Enter>").shows("Choose an endpoint");
    assert!(matches!(editor.asked()[..], [Effect::Disown, Effect::LoadList(_), ..]));
    let mut editor = Editor::form();
    editor.keys("s+<Enter><Enter>");
    let outcome = saved(&editor);
    editor.save_ends(outcome).shows("Enter back to the form");
    editor.keys("<Enter>").hides("Scale ·").shows("Min workers");
}

#[test]
fn an_error_that_is_not_in_the_box_leads_to_the_form_which_says_whether_anything_is_kept() {
    let broken = || {
        let mut endpoint = llama();
        endpoint.config.image.image = String::new();
        endpoint
    };
    let mut editor = scaling_with(broken(), Opened::ours());
    editor
        .keys("+<Enter><Enter>")
        .shows("Nothing was sent. Image")
        .hides("Scale ·");
    assert_eq!(editor.focus(), "Image");
    assert!(editor.model.unsaved().flatten().is_some(), "it is kept as in any form");
    let mut editor = scaling_with(broken(), found(|_| ()));
    editor.keys("+<Enter><Enter>").hides("Scale ·").shows("not kept");
    editor
        .keys("/name<Enter>")
        .shows("Your edits are only in memory, not on disk: unsaved edits of 23 Nov 13:58 wait");
}

#[test]
fn what_somebody_else_changed_meanwhile_is_merged_and_the_box_still_takes_back_its_own() {
    let mut theirs = llama();
    theirs.config.image.command = "theirs".to_owned();
    let mut editor = Editor::form();
    editor.keys("/name<Enter><Enter>!<Enter>s+<Enter><Enter>");
    editor.save_ends(Outcome::ServerChanged {
        theirs: Box::new(theirs),
        changes: Vec::new(),
        as_before: None,
    });
    editor.shows("Somebody else changed Command: merged");
    editor.keys("<Esc>").shows("Scale ·");
    editor.keys("<Esc>");
    assert_eq!(editor.now().workers.min_num.text(), "1");
    assert_eq!(editor.now().name, "llama-3-8b!");
    assert_eq!(editor.now().image.command, "theirs");
}

#[test]
fn discarding_leaves_the_draft_that_waits_alone() {
    let mut editor = scaling_with(llama(), found(|_| ()));
    editor.asked();
    editor.keys("+<Esc>").shows("Unsaved changes").hides("keep them");
    editor.keys("<Esc>").shows("Scale ·");
    editor.keys("<Esc><C-x>").put_aside();
    editor.shows("Choose an endpoint");
    assert!(!editor.asked().contains(&Effect::DiscardDraft));
}

#[test]
fn a_waiting_draft_is_left_alone_and_that_is_said() {
    let mut editor = scaling_with(llama(), found(|_| ()));
    editor.shows("Unsaved edits of 23 Nov 13:58 wait: they are left alone.");
    assert!(editor.asked().contains(&Effect::Disown));
    editor.keys("<Tab>+");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert!(editor.model.unsaved().is_none(), "nothing is written over the draft");
    editor.keys("<Enter><Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn the_box() {
    for (width, height) in [(80, 24), (120, 40), (50, 14), (40, 12)] {
        let mut editor = scaling();
        editor.resize(width, height).keys("<Tab>12");
        assert_snapshot!(format!("scale_{width}x{height}"), editor.picture());
    }
}

#[test]
fn a_paste_goes_into_the_number_that_is_focused_or_is_told() {
    let mut editor = Editor::form();
    editor.keys("s<Tab>").paste(" 8\n").keys("<Tab>");
    assert_eq!(editor.now().workers.max_num.text(), "8");
    editor.keys("4").paste("20").keys("<Tab>");
    assert_eq!(
        editor.now().workers.free_timeout.text(),
        "420",
        "into what is being typed"
    );
    editor.paste("concurrency").shows("Pasted text goes into a number");
}

#[test]
fn the_keys_of_the_box_its_key_bar_and_its_help_are_the_users() {
    let keys = "[form]\nincrease = [\"f2\"]\ndecrease = [\"f3\"]\nundo = [\"f4\"]\nscale = [\"f5\"]\n";
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), keys);
    assert!(problems.is_empty(), "{problems:?}");
    keymap::set(Arc::new(keymap));
    let mut editor = Editor::form();
    editor.keys("<F5><Tab><F2>").shows("F2 F3 by one").shows("F5 keep");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    editor.keys("+-");
    assert_eq!(editor.now().workers.max_num.text(), "6", "these keys are no longer any");
    editor.keys("<F4>");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    editor
        .keys("?")
        .shows("In the box of quick scale")
        .shows("F2 F3")
        .shows("F4");
    keymap::set(Keymap::standard());
}

#[test]
fn help_of_the_box_lists_each_key_once() {
    let mut editor = Editor::form();
    editor
        .keys("s?")
        .shows("Tab Down j         next")
        .shows("Shift-Tab Up k     previous");
}

#[test]
fn a_key_of_the_users_with_alt_works_in_the_box_as_its_key_bar_says() {
    let keys = "[form]\nincrease = [\"alt-i\"]\n";
    let (keymap, problems) = Keymap::read(Path::new("keymap.toml"), keys);
    assert!(problems.is_empty(), "{problems:?}");
    keymap::set(Arc::new(keymap));
    let mut editor = Editor::form();
    editor.keys("s<Tab>").shows("Alt-i");
    let alt_i = KeyEvent::new(KeyCode::Char('i'), KeyModifiers::ALT);
    let press = Press {
        after_esc: true,
        ..Press::seen(alt_i, editor.frame())
    };
    editor.event(Event::Key(press));
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.in_front().as_deref(), Some("QuickScale"));
    keymap::set(Keymap::standard());
}
