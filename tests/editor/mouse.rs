//! Clicks, double clicks and the wheel.

use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Focus, Screen};
use novita_edit::tui::screen::title;
use novita_edit::tui::screen::{Target, hit_map};
use novita_edit::tui::views::review::{Review, ReviewTab};
use ratatui::layout::{Position, Size};

use crate::harness::Editor;
use crate::loading::picker;

fn tab(editor: &Editor) -> Option<ReviewTab> {
    editor.model.views.find::<Review>().map(|review| review.tab)
}

#[test]
fn a_click_focuses_and_a_double_click_edits() {
    let mut editor = Editor::form();
    editor.click("Idle timeout");
    assert_eq!(editor.focus(), "Idle timeout");
    assert!(editor.form_state().editing.is_none());
    editor.click("MODEL_NAME");
    assert_eq!(editor.focus(), "MODEL_NAME");
    editor.double_click("healthy");
    assert!(editor.form_state().editing.is_none(), "nothing is clicked there");
    editor.double_click("Max workers").keys("<C-u>7<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "7");
}

#[test]
fn every_stop_that_is_drawn_is_hit_where_it_stands_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        let mut editor = Editor::form();
        editor.resize(width, height);
        let found = hit_map(&editor.model);
        assert!(found.targets.len() > 4, "{width}×{height}");
        for (area, target) in found.targets {
            let Target::Focus(focus) = target else {
                panic!("{target:?} in the form")
            };
            let mut editor = Editor::form();
            editor.resize(width, height);
            editor.event(Event::Click(
                Position::new(area.right() - 1, area.y),
                false,
                editor.frame(),
            ));
            assert_eq!(editor.form_state().focus, focus, "{width}×{height}");
            // The row that was clicked has the focus's sign, where it was clicked.
            assert_eq!(
                editor.buffer()[(area.x, area.y)].symbol(),
                "›",
                "{width}×{height}\n{}",
                editor.screen()
            );
        }
    }
}

#[test]
fn a_click_among_scrolled_rows_moves_none_of_them() {
    let mut editor = Editor::form();
    editor.keys("G");
    let before = editor.place("MAX_NUM_SEQS");
    editor.click("MAX_NUM_SEQS");
    assert_eq!(editor.focus(), "MAX_NUM_SEQS");
    assert_eq!(editor.place("MAX_NUM_SEQS"), before);
}

#[test]
fn the_wheel_scrolls_the_list_under_it_and_leaves_the_focus_elsewhere_alone() {
    let mut editor = Editor::form();
    editor.hides("OMP_NUM_THREADS");
    let last = editor.now().envs.last().unwrap().key.clone();
    editor.wheel("MODEL_NAME", 1).hides("HF_TOKEN");
    editor.wheel("MAX_NUM_SEQS", 9).shows(&last);
    assert_eq!(editor.focus(), "Min workers");
    editor.wheel(&last, -20).shows("HF_TOKEN");
    // A focus in the list itself goes along, to the first row that no mark hides.
    editor.click("HF_TOKEN").wheel("HF_TOKEN", 1);
    editor.hides("HF_TOKEN");
    assert_eq!(
        editor.form_state().focus,
        Focus::Row(novita_edit::endpoint::List::Envs, 3)
    );
}

#[test]
fn in_one_column_the_wheel_scrolls_the_whole_form() {
    let mut editor = Editor::form();
    editor.resize(40, 12);
    let before = editor.screen();
    editor.wheel("Min workers", 1);
    assert_ne!(editor.screen(), before);
    editor.wheel("Max workers", 40).shows("VLLM_USAGE_SOURCE");
    assert!(
        editor.screen().contains('›'),
        "the focus is shown:\n{}",
        editor.screen()
    );
    editor.event(Event::Wheel(Position::new(3, 5), -60, editor.frame()));
    editor.shows("General").shows("Name");
}

#[test]
fn a_click_never_takes_or_leaves_what_is_typed() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>9").double_click("Min workers");
    editor.shows("Enter takes what is typed, Esc leaves it");
    assert!(editor.form_state().editing.is_some());
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
}

#[test]
fn the_reviews_tabs_are_clicked_and_nothing_in_it_sends() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>7<Enter>w").click(" Diff ");
    assert_eq!(tab(&editor), Some(ReviewTab::Diff));
    editor.click("curl");
    assert_eq!(tab(&editor), Some(ReviewTab::Curl));
    editor.click(" Body ").wheel("{", 2);
    editor.asked();
    editor.clicks_everywhere();
    assert_eq!(editor.asked(), [], "no click asks for anything");
    assert!(tab(&editor).is_some(), "nor closes the review");
}

#[test]
fn no_click_answers_a_question() {
    for keys in ["/max w<Enter>7<Enter>q", "s", ":"] {
        let mut editor = Editor::form();
        editor.keys(keys).asked();
        let (work, before) = (editor.now().clone(), editor.in_front().unwrap());
        editor.clicks_everywhere();
        assert_eq!(editor.asked(), [], "{keys}");
        assert_eq!(editor.in_front(), Some(before), "{keys}");
        assert_eq!(*editor.now(), work, "{keys}");
    }
}

#[test]
fn a_click_on_a_frame_that_is_not_the_newest_means_nothing() {
    let mut editor = Editor::form();
    let place = editor.place("Idle timeout");
    let frame = editor.frame();
    editor.keys("j");
    let focus = editor.focus();
    editor.event(Event::Click(place, false, frame));
    assert_eq!(editor.focus(), focus);
}

#[test]
fn the_list_of_endpoints_is_clicked_and_scrolled() {
    let mut editor = picker();
    editor.click("comfy-render").asked();
    let Screen::Picker(list) = &editor.model.screen else {
        panic!("the list stays")
    };
    assert_eq!(list.at, 1);
    editor.double_click("whisper");
    assert!(
        editor
            .asked()
            .iter()
            .any(|e| matches!(e, Effect::Load(_, id) if id == "ep_19e0d3aa"))
    );
}

#[test]
fn capital_m_turns_the_mouse_on_and_off() {
    let mut editor = Editor::form();
    editor.keys("M").shows("The mouse is on");
    assert_eq!(editor.asked(), [Effect::Mouse(true)]);
    editor.keys("M").shows("The mouse is off");
    assert_eq!(editor.asked(), [Effect::Mouse(false)]);
}

#[test]
fn the_title_follows_the_endpoint_and_marks_what_is_unsaved() {
    let mut editor = picker();
    assert_eq!(title(&editor.model), "novita-edit");
    editor = Editor::form();
    assert_eq!(title(&editor.model), "llama-3-8b novita-edit");
    editor.keys("/max w<Enter>7<Enter>");
    assert_eq!(title(&editor.model), "llama-3-8b* novita-edit");
    editor.keys("u");
    assert_eq!(title(&editor.model), "llama-3-8b novita-edit");
}

#[test]
fn clicks_and_wheel_anywhere_at_any_size_do_no_harm() {
    for (width, height) in [(20, 5), (40, 12), (120, 30)] {
        for keys in ["", "wV", "fzz"] {
            let mut editor = Editor::form();
            editor.keys(keys).resize(width, height);
            assert_eq!(editor.model.size, Size::new(width, height));
            editor.clicks_everywhere();
            editor.draw();
        }
    }
}
