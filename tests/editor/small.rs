//! Small windows: the ways out and on are always told, and no sentence ends in the middle without saying so.

use novita_edit::endpoint::Number;
use novita_edit::secret::Secret;
use novita_edit::session::{Outcome, Step};
use novita_edit::store::{History, SendOutcome};
use novita_edit::tui::event::Event;
use novita_edit::tui::model::{DraftState, Edited, EditorTarget, Opened, Surroundings};

use crate::harness::{Editor, ID, llama, surroundings, unsent};
use crate::loading::picker;
use crate::review::reviewing;
use crate::saving::{ended, not_known, not_saved, saved, step};
use crate::situations::{changed, found, opening, past_of, record, three_clashes};

/// Each screen and popup with the keys that lead out of it and on from it.
fn ways() -> Vec<(&'static str, Editor, &'static [&'static str])> {
    let form = |keys: &str| {
        let mut editor = Editor::form();
        editor.looked_up().keys(keys);
        editor
    };
    let mut saving = reviewing();
    saving.keys("<Enter>");
    saving.event(step(Step::Check, 2, Some(unsent())));
    let mut filtering = picker();
    filtering.keys("/comfy");
    let mut failed = Editor::starting((80, 24), surroundings(), Some(ID));
    failed.load(Err(unsent()));
    let history = || History {
        records: vec![record("23T13:58", SendOutcome::Stored, |config| {
            config.name = "x".into()
        })],
        skipped: 0,
        ..History::default()
    };
    let mut opened = past_of(history(), (80, 24));
    opened.keys("<Enter>");
    let occupied = Opened {
        draft_state: DraftState::Theirs("process 4242 on laptop since 23 Nov 13:58".into()),
        ..Opened::ours()
    };
    let mut broken = Editor::form();
    broken.keys("B");
    broken.event(Event::Edited(EditorTarget::Body, Edited::Text(Secret::new("{ half"))));
    vec![
        (
            "a text not taken",
            broken,
            &["Enter go on", "Esc later", "Ctrl-X discard"],
        ),
        ("the list", picker(), &["Enter open", "q quit", "? help", "/ filter"]),
        ("its filter", filtering, &["Enter", "Esc show all"]),
        ("a failed load", failed, &["r try again", "q quit"]),
        ("the form", form(""), &["Enter edit", "w save", "? help", "q quit"]),
        (
            "a list of the form",
            form("/HF_TOKEN<Enter>"),
            &["Enter edit", "w save", "? help", "q quit"],
        ),
        ("the rows' filter", form("fhf"), &["Enter", "Esc show all"]),
        ("a number", form("/max w<Enter>12"), &["Enter take", "Esc leave"]),
        (
            "a long text",
            form("/command<Enter><Enter>"),
            &["Enter take", "Esc leave"],
        ),
        (
            "a choice",
            form("/policy t<Enter><Enter>"),
            &["Enter take", "Esc leave"],
        ),
        (
            "an env",
            form("/HF_TOKEN<Enter><Enter>"),
            &["Enter take", "Tab next part", "Esc leave"],
        ),
        (
            "a look-up",
            form("/cluster<Enter><Enter>"),
            &["Enter take", "↑↓ choose", "Esc leave"],
        ),
        (
            "a look-up in a row",
            form("/models<Enter><Enter>"),
            &["Enter take", "Esc leave"],
        ),
        ("find", form("/h"), &["Enter go there", "Esc close"]),
        ("palette", form(":re"), &["Enter do it", "Esc close"]),
        ("help", form("?"), &["Esc close"]),
        ("details", form("i"), &["Esc close"]),
        ("scale", form("s"), &["Enter review", "Esc back"]),
        ("quitting", form("/max w<Enter>6<Enter>q"), &["w review", "Esc go back"]),
        (
            "the review",
            form("/max w<Enter>6<Enter>w"),
            &["Enter SEND", "V values", "Esc back"],
        ),
        ("saving", saving, &["Esc stop waiting"]),
        ("saved", ended(saved()), &["Enter back to the form"]),
        ("not saved", ended(not_saved()), &["Enter send again", "Esc back"]),
        ("not known", ended(not_known()), &["Enter read the server", "Esc"]),
        (
            "not sent",
            ended(Outcome::NotSent(unsent())),
            &["Enter try again", "Esc back"],
        ),
        ("a conflict", three_clashes((80, 24)), &["V values", "Esc back"]),
        (
            "a draft",
            opening(llama(), (80, 24), found(|_| ())),
            &["Enter restore", "Esc later"],
        ),
        (
            "in use",
            opening(llama(), (80, 24), occupied),
            &["go on read-only", "to the picker"],
        ),
        (
            "the history",
            past_of(history(), (80, 24)),
            &["Enter difference", "Esc back"],
        ),
        ("a send", opened, &["p put back", "Esc to the list"]),
    ]
}

#[test]
fn the_ways_out_and_on_stay_in_the_last_row_down_to_40_columns() {
    for (name, mut editor, wanted) in ways() {
        for size in [(40, 12), (50, 14), (45, 20), (60, 24), (80, 24)] {
            editor.resize(size.0, size.1);
            let screen = editor.screen();
            let last = screen.lines().next_back().unwrap();
            for way in wanted {
                assert!(
                    last.contains(way),
                    "{name} at {size:?}: no {way:?} in {last:?}\n{screen}"
                );
            }
            assert!(!last.contains('…'), "{name} at {size:?}: {last:?}");
        }
    }
}

#[test]
fn all_keys_of_a_decided_conflict_that_lead_on_are_told() {
    let mut editor = three_clashes((40, 12));
    editor.keys("123");
    let screen = editor.screen();
    let last = screen.lines().next_back().unwrap();
    assert!(
        last.contains("Enter TO THE REVIEW") && last.contains("Esc back"),
        "{last}"
    );
}

#[test]
fn a_long_notice_takes_the_rows_that_it_needs() {
    for size in [(40, 12), (50, 14), (80, 24)] {
        let mut editor = Editor::on(llama(), size);
        editor.keys("/name<Enter>").paste("text");
        editor.shows("Pasted text goes into a field being edited: press Enter on the field first.");
        // The focused field is still there.
        editor.shows("›Name");
        editor.keys("j").hides("Pasted");
    }
}

#[test]
fn a_notice_that_no_room_holds_says_so_and_details_tell_it_whole() {
    let mut editor = Editor::on(llama(), (40, 12));
    editor.keys("r");
    let long = "the connection to api.novita.ai broke before the answer was there ".repeat(4);
    let error = crate::harness::refused("GET /endpoint", 400, "VALIDATOR_PARAM", &format!("{long} the very end"));
    editor.load(Err(error));
    editor.shows("… i").hides("the very end");
    editor.keys("i").shows("✗ Not read again");
    let screen = editor.keys("<PgDn>").screen();
    let page: Vec<&str> = screen.lines().map(|line| line.trim_matches(['│', ' '])).collect();
    assert!(page.join(" ").contains("the very end."), "{screen}");
    editor.keys("<Esc>").hides("Not read again");
    editor.keys("i").hides("Not read again");
}

#[test]
fn a_problem_that_no_room_holds_names_the_key_for_details() {
    let mut editor = Editor::on(llama(), (40, 12));
    editor.keys("/max w<Enter>12<Enter>").shows("It was 5 when loaded.");
}

#[test]
fn the_review_tells_its_notice_whole_and_counts_as_seen_only_what_shows() {
    let mut editor = Editor::on(llama(), (40, 12));
    editor
        .keys("w")
        .shows("Nothing is changed: there is nothing to save. This is the body as it stands.");
    // Somebody else's change would just have its row, were it not for the notice.
    let mut editor = Editor::on(llama(), (40, 15));
    editor.keys("/max w<Enter>6<Enter>w<Enter>").asked();
    editor.save_ends(changed(|theirs| theirs.config.workers.free_timeout = Number::of(900)));
    editor.shows("Nothing was sent. Somebody else changed Idle timeout: merged, look again.");
    editor.hides("300 s");
    editor.keys("<Enter>");
    assert_eq!(editor.sent(), None, "what others changed was never on the screen");
    editor.shows("There is more to be read before this goes; then press Enter again.");
    editor.keys("<PgDn>").shows("300 s → 900 s");
    editor.keys("<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn the_list_tells_where_it_is_and_its_errors_whole() {
    let around = Surroundings {
        read_only: true,
        ..surroundings()
    };
    let mut editor = Editor::starting((40, 12), around, None);
    editor.shows("[prod]").shows("read-only");
    let request = editor.model.request;
    editor.event(Event::Page(request, crate::harness::summaries()));
    editor.event(Event::ListEnd(request, Err(crate::harness::cut("GET /endpoints"))));
    editor.shows("connection reset").shows("Try again.").shows("llama-3-8b");
}

#[test]
fn the_name_of_a_protected_endpoint_is_told_whole() {
    let around = Surroundings {
        protected: true,
        ..surroundings()
    };
    let mut endpoint = llama();
    endpoint.config.name = "an-endpoint-with-a-name-that-is-wider-than-a-small-window".into();
    let mut editor = Editor::starting((40, 16), around, Some(ID));
    editor.event(crate::harness::limits_event());
    editor.load(Ok(endpoint));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
    editor.keys("/max w<Enter>6<Enter>w<Enter><Enter><Enter>");
    editor.shows("Type the endpoint's name to send:");
    let screen = editor.screen();
    let box_of = screen
        .lines()
        .filter_map(|line| line.strip_prefix("│")?.strip_suffix("│"));
    let text: String = box_of.map(str::trim).collect();
    assert!(
        text.contains("an-endpoint-with-a-name-that-is-wider-than-a-small-window"),
        "{screen}"
    );
}

#[test]
fn the_header_tells_whole_things_only() {
    for width in 40..=130 {
        let mut editor = Editor::on(llama(), (width, 24));
        let screen = editor.keys("/max w<Enter>6<Enter>").screen();
        for line in screen.lines().take(2) {
            assert!(
                !line.contains('…') && line.chars().count() <= usize::from(width),
                "{width}: {line}"
            );
        }
        editor
            .shows("llama-3-8b")
            .shows("● serving")
            .shows("i details")
            .shows("*1 !1");
    }
    let mut endpoint = llama();
    endpoint.config.name = "a-name-that-is-longer-than-any-header-has-room-for-and-goes-on-v2".into();
    let editor = Editor::on(endpoint, (60, 14));
    let header = editor.screen().lines().next().unwrap().to_owned();
    assert!(
        header.contains('…') && header.contains("-v2") && header.contains("2/3"),
        "{header}"
    );
}
