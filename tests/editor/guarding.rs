//! Keys that are older than the screen they land on, and keys that other terminals spell otherwise: nobody's text is a
//! command.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use novita_edit::endpoint::EnvVar;
use novita_edit::endpoint::diff::differences;
use novita_edit::session::Outcome;
use novita_edit::tui::event::{Event, Pasted, Press};
use novita_edit::tui::model::Written;
use novita_edit::tui::views::conflict::Conflict;

use crate::harness::{Editor, llama, redacting, unsent};
use crate::situations::three_clashes;

/// Max workers is 6, and the review of that is open.
fn review() -> Editor {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>w");
    editor
}

/// The value of HF_TOKEN is being typed.
fn typing() -> Editor {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter>typed");
    editor
}

#[test]
fn esc_tab_and_enter_in_one_read_send_nothing_from_the_review() {
    let mut editor = review();
    editor.typed_ahead("<A-Tab><Enter>");
    assert_eq!(editor.sent(), None);
    editor.hides("Enter SEND");
}

#[test]
fn an_alt_key_in_a_text_closes_nothing_and_what_follows_is_text() {
    for key in ["b", "f", "BS", "Left", "q", "w", "u", "s", "é"] {
        let mut editor = typing();
        editor.keys(&format!("<A-{key}>world"));
        assert!(editor.form_state().editing.is_some(), "Alt-{key} left the text");
        editor.hides("Enter SEND");
        editor.keys("<Enter>");
        assert!(editor.now().envs[0].value.reveal().contains("world"), "Alt-{key}");
    }
}

#[test]
fn alt_d_in_a_value_deletes_no_row() {
    let mut editor = typing();
    editor.keys("<A-d><Enter>");
    assert_eq!(editor.now().envs.len(), 12);
    assert!(editor.now().envs[0].value.reveal().contains("typed"));
}

#[test]
fn in_one_read_with_an_alt_key_nothing_accepts_the_text() {
    for accept in ["<Enter>", "<Tab>", "<C-s>"] {
        let mut editor = Editor::form();
        editor.keys("/name<Enter><Enter>typed");
        editor.typed_ahead(&format!("<A-w>{accept}"));
        assert!(editor.form_state().editing.is_some(), "{accept}");
        editor.shows("Nothing was done");
        editor.keys(accept);
        assert!(editor.form_state().editing.is_none(), "{accept}");
    }
}

#[test]
fn a_text_that_begins_with_q_or_o_discards_nothing() {
    for text in [
        "q--model\u{8}d",
        "quit and discard",
        "ogoogle-cloud",
        "q<C-x>",
        "quick",
        "o<C-x>",
        "ouzel k",
    ] {
        let mut editor = Editor::form();
        editor.keys("/max w<Enter>6<Enter>");
        editor.asked();
        editor.typed_ahead(&text.replace('\u{8}', "<BS>"));
        assert_eq!(editor.asked(), [], "{text}");
        assert_eq!(editor.now().workers.max_num.text(), "6", "{text}");
    }
}

#[test]
fn letters_that_mean_nothing_in_a_question_void_the_answer_until_a_pause() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>q");
    editor.asked();
    editor.quick_keys("xk");
    assert_eq!(editor.asked(), [], "k is one of a text");
    editor.shows("Unsaved changes");
    editor.keys("k");
    assert_eq!(editor.asked().len(), 1, "after a pause it keeps the draft");
}

#[test]
fn enter_that_came_with_w_or_right_after_the_review_sends_nothing_and_says_so() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>").typed_ahead("w<Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("Press Enter again");
    editor.quick_keys("<Enter>");
    assert_eq!(editor.sent(), None, "the review is there, but not for long");
    editor.shows("Press Enter again");
    editor.keys("<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn what_is_typed_ahead_through_quick_scale_ends_in_the_review() {
    let mut editor = Editor::form();
    editor.typed_ahead("s<Tab>+<Enter><Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("Enter SEND").shows("5 → 6");
}

#[test]
fn after_an_esc_in_one_read_nothing_quits() {
    let mut editor = Editor::form();
    editor.typed_ahead("<Esc>q");
    assert_eq!(editor.asked(), []);
    editor.shows("Press q again");
    editor.typed_ahead("<Esc>:quit<Enter>");
    assert_eq!(editor.asked(), [], "by its name neither");
    editor.keys("<Esc><Esc>q");
    assert_eq!(editor.asked().len(), 1);
}

#[test]
fn the_name_of_a_protected_endpoint_is_not_typed_ahead() {
    let mut editor = review();
    editor.model.around.protected = true;
    editor.typed_ahead("<Enter>llama-3-8b<Enter>");
    assert_eq!(editor.sent(), None);
    editor.keys("<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn a_letter_of_another_alphabet_says_once_why_nothing_happens() {
    let mut editor = Editor::form();
    editor
        .keys("ц")
        .shows("ц does nothing here: the keys are the letters a to z");
    editor.keys("ф").hides("does nothing here");
}

#[test]
fn a_paste_that_stalls_in_a_text_is_the_same_as_one_that_does_not() {
    for (whole, wanted) in [
        ("one\n\ntwo\nthree\n", "one\n\ntwo\nthree\n"),
        ("\u{feff}one\n", "one"),
        ("one", "one"),
        ("\none\n\n", "\none\n\n"),
    ] {
        for cut in (0..=whole.len()).filter(|cut| whole.is_char_boundary(*cut)) {
            for again in (cut..=whole.len()).filter(|again| whole.is_char_boundary(*again)) {
                let mut editor = Editor::with(|config| config.image.command.clear());
                editor.keys("/command<Enter><Enter>");
                editor.paste_piece(&whole[..cut], true, false);
                editor.paste_piece(&whole[cut..again], false, false);
                editor.paste_piece(&whole[again..], false, true).keys("<Enter>");
                assert_eq!(editor.now().image.command, wanted, "{whole:?} cut at {cut} and {again}");
            }
        }
    }
}

#[test]
fn a_paste_that_stalls_says_so_and_goes_on_where_it_stopped() {
    let mut editor = Editor::form();
    editor.keys("/command<Enter><Enter><C-u>");
    editor.paste_piece("one\n", true, false);
    editor.shows("The paste stopped; Esc ends it");
    editor
        .paste_piece("two\n", false, false)
        .paste_piece("three\n", false, true);
    editor.keys("<Enter>");
    assert_eq!(editor.now().image.command, "one\ntwo\nthree\n");
}

#[test]
fn a_paste_of_variables_that_stalls_is_shown_when_it_is_whole() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>").paste_piece("A=1\nB", true, false);
    editor.shows("The paste stopped").hides("Import");
    editor.paste_piece("=2\n", false, true);
    editor.keys("<Enter>");
    let values = |key| {
        editor
            .now()
            .envs
            .iter()
            .find(|env| env.key == key)
            .map(|env| env.value.reveal().to_owned())
    };
    assert_eq!((values("A").as_deref(), values("B").as_deref()), (Some("1"), Some("2")));
}

#[test]
fn the_line_break_of_a_paste_that_comes_as_keys_takes_no_preview() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>").paste("A=1\n").asked();
    editor.keys_seen_at("<Enter>", editor.frame() - 1);
    assert!(editor.now().envs.iter().all(|env| env.key != "A"));
    editor.keys("<Enter>");
    assert!(editor.now().envs.iter().any(|env| env.key == "A"));
}

#[test]
fn a_paste_that_stalls_while_the_terminal_shows_nothing_keeps_its_head() {
    let mut editor = Editor::form();
    editor.keys("/name<Enter><Enter>").resize(30, 8);
    editor.paste_piece("head ", true, false).resize(80, 24);
    editor.paste_piece("tail", false, true).keys("<Enter>");
    assert!(editor.now().name.ends_with("head tail"), "{}", editor.now().name);
}

#[test]
fn ctrl_c_that_leaves_a_text_quits_nothing_in_the_same_read() {
    let mut editor = Editor::form();
    editor.keys("/name<Enter><Enter>typed").asked();
    editor.typed_ahead("<C-c><C-c>");
    assert_eq!(editor.asked(), []);
    editor.keys("<C-c>");
    assert_eq!(editor.asked().len(), 1);
}

/// The review of one change of mine and of sixty others', which have to be read.
fn long_review() -> Editor {
    let many = |value: &str| {
        (0..60)
            .map(|n| EnvVar::new(format!("KEY_{n}"), value))
            .collect::<Vec<_>>()
    };
    let mut endpoint = llama();
    endpoint.config.envs = many("old").into();
    let mut editor = Editor::on(endpoint.clone(), (80, 24));
    editor.keys("/max w<Enter>6<Enter>w<Enter>");
    let mut theirs = endpoint.clone();
    theirs.config.envs = many("new").into();
    editor.save_ends(Outcome::ServerChanged {
        changes: differences(&endpoint.config, &theirs.config),
        theirs: Box::new(theirs),
        as_before: None,
    });
    editor.asked();
    editor
}

#[test]
fn a_page_of_the_review_that_never_came_to_the_terminal_was_not_seen() {
    let mut editor = long_review();
    editor.keys("<PgDn><PgDn><PgDn><PgDn><Enter>");
    assert!(editor.sent().is_some(), "all pages were seen");

    let mut editor = long_review();
    let first = editor.frame();
    // The second page is drawn while the terminal takes nothing, and the third takes its place.
    editor.keys_seen_at("<PgDn>", first).keys_seen_at("<PgDn>", first);
    editor.keys("<PgDn><PgDn><Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("There is more to be read");
}

#[test]
fn what_a_conflict_was_decided_as_is_not_thrown_away_by_esc_esc_in_one_read() {
    let mut editor = three_clashes((80, 24));
    editor.keys("1").typed_ahead("<Esc><Esc>");
    let conflict = editor.model.views.find::<Conflict>();
    assert!(conflict.is_some_and(|conflict| conflict.choices[0].is_some()));
    editor.keys("<Esc><Esc>");
    assert!(editor.model.is_bare());
}

#[test]
fn an_impatient_second_enter_sends_nothing_again() {
    let mut editor = review();
    editor.keys("<Enter>").asked();
    editor.save_ends(Outcome::NotSent(unsent()));
    editor.asked();
    editor.quick_keys("<Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("Nothing was done");
    editor.keys("<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn only_a_plain_y_writes_over_a_file() {
    let mut editor = Editor::form();
    editor.keys(":export<Enter><Enter>").asked();
    editor.event(Event::FileWritten(".env".into(), Written::Exists));
    editor.keys("<C-y>").shows("y writes over it");
    assert_eq!(editor.asked(), []);
    editor.keys("y");
    assert_eq!(editor.asked().len(), 1);
}

#[test]
fn a_paste_of_variables_that_is_too_long_takes_no_part_of_a_value() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>");
    let piece = |text: &str, first, last| {
        Event::Paste(Pasted {
            first,
            last,
            cut: true,
            ..Pasted::whole(text)
        })
    };
    editor.event(piece("FIRST=1\nSECOND=half of i", true, false));
    editor.event(piece("", false, true));
    editor
        .shows("line 2")
        .shows("the paste is longer than 2 MiB and was cut in");
    editor.keys("<Enter>");
    let keys = |key| editor.now().envs.iter().any(|env| env.key == key);
    assert!(keys("FIRST") && !keys("SECOND"));
}

#[test]
fn when_a_paste_that_stalled_is_over_nothing_says_that_it_stopped() {
    for (focus, head, tail, over) in [
        ("/HF_TOKEN<Enter>", "A=1\nB=", "2\n", "Paste 2 into"),
        ("/name<Enter><Enter>", "one", " two", "The paste is over"),
        ("/name<Enter><Enter>", "one\ntwo", "", "The paste is over"),
    ] {
        let mut editor = Editor::form();
        editor.keys(focus).paste_piece(head, true, false);
        editor.shows("The paste stopped");
        editor.paste_piece(tail, false, true);
        editor.hides("The paste stopped").shows(over);
    }
}

#[test]
fn a_draft_that_loses_values_is_not_kept_by_a_key_that_was_typed_ahead() {
    let mut editor = Editor::form();
    editor.model.around.redactor = redacting();
    editor.keys("/HF_TOKEN<Enter><Enter>new<Enter>").asked();
    editor.typed_ahead("qk");
    assert_eq!(editor.asked(), []);
    editor.keys("k");
    assert_eq!(editor.asked().len(), 1);
}

#[test]
fn where_nothing_can_be_sent_enter_waits_for_nothing() {
    let mut editor = Editor::form();
    editor.typed_ahead("w<Enter>").shows("there is nothing to send");
    editor.keys("<Esc>/max w<Enter>12<Enter>").typed_ahead("w<Enter>");
    editor.shows("Nothing was sent. Max workers");
    assert_eq!(editor.sent(), None);
}

#[test]
fn a_paste_that_nothing_takes_says_what_would() {
    let mut editor = Editor::form();
    editor.paste("A=1\nB=2\n").shows("move to Environment and paste there");
    editor
        .keys("/HF_TOKEN<Enter>")
        .paste("a b=\n")
        .shows("There is no KEY=value line in the paste; line 1");
    editor.paste("hello").shows("press Enter on the value first");
}

#[test]
fn any_key_closes_help_whatever_else_it_does_and_whatever_came_before() {
    let mut editor = Editor::form();
    editor.keys("6<Enter>q");
    // A letter that means nothing to the question comes just before.
    editor.quick_keys("z?");
    assert_eq!(editor.in_front().as_deref(), Some("Help"));
    editor.quick_keys("q").hides("Nothing was done");
    assert_eq!(editor.in_front().as_deref(), Some("Leave"));
}

#[test]
fn esc_leaves_whatever_is_held_with_it() {
    let mut editor = Editor::form();
    editor.keys("6<Enter>q");
    assert_eq!(editor.in_front().as_deref(), Some("Leave"));
    let held = KeyEvent::new(KeyCode::Esc, KeyModifiers::SHIFT);
    let seen = editor.frame();
    editor.event(Event::Key(Press::seen(held, seen)));
    assert_eq!(editor.in_front(), None);
}
