//! The list of endpoints marks those where edits wait, and those that another editor has.

use novita_edit::store::StoreOverview;
use novita_edit::tui::event::{Effect, Event};

use crate::harness::{Editor, summaries, surroundings};
use crate::loading::picker;

fn marked() -> Editor {
    let mut editor = picker();
    editor.event(Event::StoreOverview(StoreOverview::new(
        ["ep_b40c55de", "ep_7f3a91c2"],
        ["ep_7f3a91c2", "ep_gone"],
    )));
    editor
}

#[test]
fn drafts_and_other_editors_have_a_sign_and_where_there_is_room_a_word() {
    let mut editor = marked();
    assert!(editor.line("llama").contains("!llama") && editor.line("llama").contains(" in use "));
    assert!(editor.line("comfy").contains("*comfy") && editor.line("comfy").contains(" draft "));
    assert!(editor.line("whisper").starts_with("  whisper"));
    editor.resize(40, 12);
    assert!(editor.line("llama").starts_with("›!llama"));
    assert!(editor.line("comfy").starts_with(" *comfy"));
    editor.hides("in use").hides("draft");
    // Nothing is kept free for signs that aren't there.
    let editor = picker();
    assert!(editor.line("llama").starts_with("›llama"));
}

#[test]
fn it_does_not_matter_which_is_known_first() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    editor.event(Event::StoreOverview(StoreOverview::new(["ep_b40c55de"], [])));
    editor.event(Event::Page(editor.model.request, summaries()));
    assert!(editor.line("comfy").starts_with(" *comfy"));
}

#[test]
fn the_filter_finds_them_by_the_word() {
    let mut editor = marked();
    editor.keys("/draft").shows("1 of 3").shows("comfy-render");
}

#[test]
fn they_are_looked_up_whenever_the_list_opens_and_on_request() {
    let mut editor = Editor::starting((80, 24), surroundings(), None);
    assert!(editor.asked().contains(&Effect::LoadOverview));
    editor.keys("r");
    assert!(editor.asked().contains(&Effect::LoadOverview));
    let mut editor = Editor::form();
    editor.keys("o");
    let asked = editor.asked();
    let at = |effect: &Effect| asked.iter().position(|one| one == effect);
    assert!(at(&Effect::Disown) < at(&Effect::LoadOverview), "{asked:?}");
}
