//! Every screen as a picture.

use insta::assert_snapshot;
use novita_edit::session::{Outcome, Step};
use novita_edit::tui::event::Event;
use novita_edit::tui::model::Opened;

use crate::harness::{Editor, cut, llama, refused, surroundings, unsent};
use crate::loading::picker;
use crate::review::reviewing;
use crate::saving::{ended, not_known, not_saved, saved, server_changed, step, stored};

#[test]
fn the_picker() {
    assert_snapshot!("picker", picker().picture());
    assert_snapshot!("picker_filter", picker().keys("/comfy").picture());
}

#[test]
fn the_form() {
    assert_snapshot!("form_80x24", Editor::form().picture());
    assert_snapshot!("form_120x40", Editor::on(llama(), (120, 40)).picture());
    assert_snapshot!("form_50x14", Editor::on(llama(), (50, 14)).picture());
    assert_snapshot!("form_40x12", Editor::on(llama(), (40, 12)).picture());
    assert_snapshot!("form_too_small", Editor::on(llama(), (39, 12)).picture());
}

#[test]
fn the_form_in_a_small_window_at_its_end() {
    assert_snapshot!("form_50x14_end", Editor::on(llama(), (50, 14)).keys("G").picture());
    assert_snapshot!("form_40x12_end", Editor::on(llama(), (40, 12)).keys("G").picture());
}

#[test]
fn the_form_with_an_error() {
    assert_snapshot!("form_error", Editor::form().keys("/max w<Enter>12<Enter>").picture());
    assert_snapshot!(
        "form_error_40x12",
        Editor::on(llama(), (40, 12)).keys("/max w<Enter>12<Enter>").picture()
    );
}

#[test]
fn a_field_being_edited() {
    assert_snapshot!("editing_number", Editor::form().keys("/max w<Enter>12").picture());
    assert_snapshot!(
        "editing_name",
        Editor::form().keys("/name<Enter><Enter>-中é🚀").picture()
    );
    assert_snapshot!(
        "editing_command_box",
        Editor::form().keys("/command<Enter><Enter>").picture()
    );
    assert_snapshot!(
        "editing_command_box_40x12",
        Editor::on(llama(), (40, 12)).keys("/command<Enter><Enter>").picture()
    );
}

#[test]
fn a_row_being_edited() {
    assert_snapshot!("env_box", Editor::form().keys("/HF_TOKEN<Enter><Enter>").picture());
    assert_snapshot!(
        "env_box_new",
        Editor::form().keys("/HF_TOKEN<Enter>a9X<Enter>value").picture()
    );
    assert_snapshot!("volume_box", Editor::form().keys("/data<Enter><Enter>").picture());
    assert_snapshot!(
        "volume_box_network",
        Editor::form().keys("/models<Enter><Enter>").picture()
    );
}

#[test]
fn a_choice() {
    assert_snapshot!("choice", Editor::form().keys("/policy t<Enter><Enter>").picture());
}

#[test]
fn find_and_what_it_offers() {
    assert_snapshot!("find", Editor::form().keys("/work").picture());
}

#[test]
fn details_help_and_the_quit_question() {
    assert_snapshot!("details", Editor::form().keys("/max w<Enter>i").picture());
    assert_snapshot!("help", Editor::form().keys("?").picture());
    assert_snapshot!("help_end", Editor::form().keys("?G").picture());
    assert_snapshot!("quit_question", Editor::form().keys("/max w<Enter>6<Enter>q").picture());
}

#[test]
fn the_review_and_its_four_views() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>/HF_TOKEN<Enter><Enter>x<Enter>aNEW<Enter>1<Enter>w");
    assert_snapshot!("review_changes", editor.picture());
    assert_snapshot!("review_diff", editor.keys("<Tab>").picture());
    assert_snapshot!("review_body", editor.keys("<Tab>").picture());
    assert_snapshot!("review_curl", editor.keys("<Tab>").picture());
    assert_snapshot!("review_curl_40x12", editor.resize(40, 12).picture());
    assert_snapshot!("review_changes_40x12", editor.keys("<Tab>").picture());
}

#[test]
fn a_save_under_way() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.event(step(Step::Verify, 1, None));
    assert_snapshot!("saving", editor.picture());
}

#[test]
fn every_end_of_a_save() {
    assert_snapshot!("result_saved", ended(saved()).picture());
    let moved = Outcome::Saved {
        fresh: Box::new(stored()),
        moved: vec![crate::situations::newer_cuda()],
        unreported: vec![novita_edit::endpoint::FieldId::RequestTimeout],
        said: String::new(),
    };
    assert_snapshot!("result_saved_with_warnings", ended(moved).picture());
    assert_snapshot!("result_not_saved", ended(not_saved()).picture());
    assert_snapshot!("result_not_known", ended(not_known()).picture());
    assert_snapshot!("result_conflict", ended(server_changed()).picture());
    assert_snapshot!(
        "result_check_failed",
        ended(Outcome::CheckFailed(cut("GET /endpoint"))).picture()
    );
    assert_snapshot!("result_not_sent", ended(Outcome::NotSent(unsent())).picture());
    let error = refused(
        "POST /endpoint/update",
        400,
        "VALIDATOR_PARAM",
        "workerConfig.freeTimeout must be at most 600",
    );
    assert_snapshot!("result_refused", ended(Outcome::Refused(error)).picture());
}

#[test]
fn loading_and_what_went_wrong() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some("ep_7f3a91c2"));
    assert_snapshot!("loading", editor.picture());
    editor.load(Err(cut("GET /endpoint")));
    assert_snapshot!("loading_error", editor.picture());
    let mut editor = Editor::starting((80, 24), surroundings(), Some("ep_7f3a91c2"));
    editor.event(Event::Opened("ep_7f3a91c2".into(), Box::new(Opened::ours())));
    editor.load(Ok(llama()));
    editor.event(Event::Limits(Err(cut("GET /endpoint/limit"))));
    assert_snapshot!("form_without_limits", editor.picture());
}
