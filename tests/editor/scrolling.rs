//! What is out of sight is told, above and below, and the marks never take the focused row's place.

use std::collections::BTreeSet;

use novita_edit::endpoint::{EnvVar, Summary};
use novita_edit::tui::model::Opened;
use novita_edit::tui::view::View;

use crate::harness::{Editor, llama};
use crate::scenes;
use crate::situations::{opening, picker_of};

/// The line with the focus.
fn focused(editor: &Editor) -> String {
    let at = editor.cursor().expect("a cursor on the focused row").y;
    editor.screen().lines().nth(usize::from(at)).unwrap().to_owned()
}

#[test]
fn a_pane_tells_how_many_rows_are_hidden_on_either_side() {
    let mut editor = Editor::with(|config| {
        config.envs = (0..30).map(|n| EnvVar::new(format!("KEY_{n:02}"), "x")).collect();
    });
    editor.keys("/KEY_00<Enter>").shows("…21 more").hides("above");
    for n in 0..30 {
        assert!(focused(&editor).contains(&format!("KEY_{n:02}")), "{}", editor.screen());
        editor.keys("j");
    }
    editor.shows("…21 above").hides("more");
    editor.keys("/KEY_15<Enter>").shows("…8 above").shows("…14 more");
}

#[test]
fn marks_and_rows_shown_make_all_of_them_at_every_step() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>");
    let count = |screen: &str, word: &str| {
        let mut lines = screen.lines().filter_map(|line| {
            let before = line
                .split(&format!(" {word}"))
                .next()
                .filter(|before| *before != line)?;
            before.rsplit('…').next()?.parse::<usize>().ok()
        });
        lines.next().unwrap_or(0)
    };
    for _ in 0..12 {
        let screen = editor.screen();
        let rows = screen.lines().filter(|line| line.contains("••••••")).count();
        let hidden = count(&screen, "above") + count(&screen, "more");
        assert_eq!(rows + hidden, 12, "{screen}");
        editor.keys("j");
    }
}

#[test]
fn the_list_of_endpoints_the_matches_and_the_pages_do_the_same() {
    let many = |n: usize| Summary {
        id: format!("ep_{n:03}"),
        name: format!("name-{n:03}"),
        state: "serving".into(),
        ..Summary::default()
    };
    let mut editor = picker_of((0..100).map(many).collect());
    editor.shows("name-000").shows("…82 more").hides("above");
    editor.keys("<PgDn><PgDn>").shows("above").shows("more");
    assert!(focused(&editor).contains("name-036"), "{:?}", focused(&editor));
    editor.keys("G").shows("name-099").shows("…82 above").hides("more");
    let mut editor = Editor::form();
    editor.keys("/e<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down>");
    editor.shows("above").shows("more").shows("› ");
    let mut editor = Editor::form();
    editor.keys("?").hides("above");
    editor.keys("jj").shows("▲ 2 above");
    editor.keys("G").hides("▼");
}

#[test]
fn a_click_among_marks_focuses_the_row_that_was_clicked_and_moves_nothing() {
    let mut editor = Editor::form();
    editor.keys("/VLLM_USAGE<Enter>").shows("above");
    let before = editor.screen();
    let places: Vec<_> = ["HF_HOME", "MAX_NUM_SEQS", "VLLM_LOGGING_LEVEL"]
        .map(|key| editor.place(key))
        .to_vec();
    for key in ["HF_HOME", "MAX_NUM_SEQS", "VLLM_LOGGING_LEVEL"] {
        editor.click(key);
        assert_eq!(editor.focus(), key, "{before}");
    }
    let after: Vec<_> = ["HF_HOME", "MAX_NUM_SEQS", "VLLM_LOGGING_LEVEL"]
        .map(|key| editor.place(key))
        .to_vec();
    assert_eq!(places, after);
    // A mark is no row.
    let focus = editor.focus();
    editor.click(" above");
    assert_eq!(editor.focus(), focus);
}

#[test]
fn the_wheel_takes_the_focus_along_to_a_row_that_shows() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>").wheel("9LIVES", 1).shows("above");
    let row = focused(&editor);
    assert!(row.contains(&editor.focus()) && row.contains("›"), "{row}");
    editor.wheel("9LIVES", -5).shows("HF_TOKEN").hides("above");
}

#[test]
fn a_note_scrolls_as_it_says_and_only_its_own_keys_close_it() {
    let told = |count| (1..=count).map(|n| format!("Line {n} of what was found.")).collect();
    let notes = Opened {
        notes: told(12),
        ..Opened::ours()
    };
    let mut editor = opening(llama(), (40, 12), notes);
    editor
        .shows("↑↓ scroll")
        .shows("Line 1 of")
        .shows("▼ 3 more")
        .hides("above");
    for (on, back) in [("j", "k"), ("<Down>", "<Up>")] {
        editor.keys(on).shows("▲ 1 above").shows("▼ 2 more");
        editor.keys(back).shows("▼ 3 more").hides("above");
    }
    for on in ["<PgDn>", " "] {
        editor.keys(on).shows("Line 12 of").shows("▲ 3 above").hides("more");
        editor.keys(on).shows("▲ 3 above");
        editor.keys("<PgUp>").shows("▼ 3 more").hides("above");
    }
    editor.wheel("Note", 1).shows("▲ 3 above");
    editor.wheel("Note", -1).hides("above");
    editor.keys("xG0").shows("Line 1 of").shows("▼ 3 more");
    assert!(editor.keys("<Esc>").model.is_bare());
}

#[test]
fn every_page_of_which_there_is_more_goes_to_its_end_and_back() {
    let mut names = BTreeSet::new();
    for scene in scenes::all() {
        let mut editor = (scene.at)((40, 12));
        let front = editor.model.views.front_mut();
        if front.and_then(View::scroll).is_none() || !editor.screen().contains('▼') {
            continue;
        }
        names.extend(editor.in_front());
        let mut steps = 0;
        while editor.screen().contains('▼') {
            editor.keys("<Down>");
            steps += 1;
            assert!(
                editor.screen().contains('▲') && steps < 500,
                "{}:\n{}",
                scene.name,
                editor.screen()
            );
        }
        for _ in 0..steps {
            editor.keys("<Up>");
        }
        assert!(editor.screen().contains('▼'), "{}:\n{}", scene.name, editor.screen());
    }
    let pages = [
        "Details",
        "DraftQuestion",
        "Help",
        "HistoryView",
        "Import",
        "NotTaken",
        "Review",
        "SaveResult",
    ];
    for page in pages {
        assert!(names.contains(page), "no scene of {page} scrolls at 40×12: {names:?}");
    }
}
