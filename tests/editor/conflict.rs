//! Somebody else changed the endpoint meanwhile: merged where that is plain, decided where it isn't, always seen.

use insta::assert_snapshot;
use novita_edit::endpoint::{EnvVar, Number};
use novita_edit::session::{Outcome, SendAnswer};
use novita_edit::tui::event::Effect;

use crate::harness::{Editor, llama};
use crate::review::reviewing;
use crate::saving::{ended, server_changed, stored, stored_differently};
use crate::situations::{changed, three_clashes};

/// Mine is 6 max workers; theirs this many.
fn max_workers(theirs: i64) -> Outcome {
    changed(|endpoint| endpoint.config.workers.max_num = Number::of(theirs))
}

#[test]
fn what_does_not_clash_is_merged_and_leads_back_to_the_review() {
    let mut editor = ended(server_changed());
    editor
        .shows("Review")
        .shows("Nothing was sent. Somebody else changed Idle timeout: merged, look again.");
    editor.shows("Max workers 5 → 6");
    editor.shows("Somebody else changed meanwhile, and the server holds:");
    editor.shows("Idle timeout 300 s → 900 s");
    editor.asked();
    editor.keys("<Enter>");
    let [Effect::Save(base, body)] = &editor.asked()[..] else {
        panic!("{}", editor.screen())
    };
    assert_eq!(
        base.config.workers.free_timeout.text(),
        "900",
        "the check compares with theirs"
    );
    assert!(body.text().contains("\"freeTimeout\": 900"));
    assert!(body.text().contains("\"maxNum\": 6"));
}

#[test]
fn an_enter_typed_before_the_merged_review_was_shown_sends_nothing() {
    let mut editor = reviewing();
    editor.keys("<Enter>");
    editor.asked();
    let frame = editor.frame();
    editor.save_ends(server_changed());
    editor.asked();
    editor.keys_seen_at("<Enter>", frame);
    assert_eq!(editor.asked(), []);
}

#[test]
fn others_changes_below_the_fold_have_to_be_scrolled_to() {
    let mut editor = Editor::on(llama(), (40, 12));
    editor
        .keys("/max w<Enter>6<Enter>w<Enter>")
        .save_ends(changed(|endpoint| {
            endpoint.config.workers.free_timeout = Number::of(900);
            for at in 0..12 {
                endpoint.config.envs[at] = EnvVar::new(endpoint.config.envs[at].key.clone(), "theirs");
            }
        }));
    editor.asked();
    editor.keys("<Enter>");
    assert_eq!(editor.asked(), [], "{}", editor.screen());
    editor.shows("more to be read");
    editor.keys("<PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><Enter>");
    assert!(matches!(editor.asked()[..], [Effect::Save(..)]), "{}", editor.screen());
}

#[test]
fn the_same_change_on_both_sides_is_one_and_leaves_nothing_to_send() {
    let mut editor = ended(max_workers(6));
    editor.shows("Nothing of yours is left to send");
    editor.asked();
    editor.keys("<Enter>");
    assert_eq!(editor.asked(), []);
}

#[test]
fn undo_after_a_merge_takes_back_ones_own_edit_and_never_theirs() {
    let mut editor = ended(server_changed());
    editor.keys("<Esc>u");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    assert_eq!(editor.now().workers.free_timeout.text(), "900");
    editor.keys("<C-y>");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.now().workers.free_timeout.text(), "900");
}

#[test]
fn undo_after_a_merge_finds_its_rows_though_theirs_came_before_them() {
    let mut editor = Editor::form();
    // Delete the second env, change the third, then somebody puts one in front of all.
    editor.keys("/MODEL_NAME<Enter>d<Enter><C-u>mine<Enter>");
    let changed_key = editor.focus();
    editor.keys("w<Enter>").save_ends(changed(|endpoint| {
        endpoint.config.envs.insert(0, EnvVar::new("FIRST", "x"))
    }));
    editor.keys("<Esc>");
    assert_eq!(editor.now().envs[0].key, "FIRST");
    editor.keys("uu");
    let mut wanted = llama().config;
    wanted.envs.insert(0, EnvVar::new("FIRST", "x"));
    assert_eq!(*editor.now(), wanted, "after {changed_key} and the delete were undone");
}

#[test]
fn a_clash_opens_the_conflict_screen_and_enter_sends_nothing_before_it_is_decided() {
    let mut editor = ended(max_workers(7));
    editor.shows("Conflict 0 of 1 decided you and somebody else changed the same");
    editor.shows("1 loaded 5").shows("2 mine 6").shows("3 theirs 7");
    editor.asked();
    editor.keys("<Enter>");
    editor.shows("Max workers is not decided yet: 1, 2, 3 or e.");
    assert_eq!(editor.asked(), []);
}

#[test]
fn mine_goes_over_theirs_only_after_the_review_showed_both() {
    let mut editor = ended(max_workers(7));
    editor.asked();
    editor.keys("2<Enter>");
    editor
        .shows("Max workers 7 → 6")
        .shows("Max workers 5 → 7")
        .shows("yours, above, goes over it");
    assert_eq!(editor.asked(), []);
    editor.keys("<Enter>");
    let [Effect::Save(base, body)] = &editor.asked()[..] else {
        panic!("{}", editor.screen())
    };
    assert_eq!(base.config.workers.max_num.text(), "7");
    assert_eq!(body.config().workers.max_num.text(), "6");
}

#[test]
fn theirs_loaded_and_typed_are_taken_as_chosen() {
    let mut editor = ended(max_workers(7));
    editor.keys("3<Enter>");
    editor.shows("nothing of yours is left to send");
    assert_eq!(editor.now().workers.max_num.text(), "7");
    editor.keys("<Esc>u");
    assert_eq!(
        editor.now().workers.max_num.text(),
        "6",
        "the decision is one step of undo"
    );
    let mut editor = ended(max_workers(7));
    editor.keys("1<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "5");
    let mut editor = ended(max_workers(7));
    editor.keys("e<C-u>9<Enter>");
    editor.shows("e edited").shows("1 of 1 decided");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.max_num.text(), "9");
    editor.shows("Max workers 7 → 9");
}

#[test]
fn esc_on_the_conflict_screen_merges_nothing() {
    let mut editor = ended(max_workers(7));
    editor.keys("2<Esc>");
    editor.shows("Once more throws away what you decided here; nothing was merged yet.");
    editor.keys("<Esc>");
    editor.shows("Nothing was merged and nothing was sent.");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.form_state().work.base().config.workers.max_num.text(), "5");
}

#[test]
fn env_values_are_masked_on_the_conflict_screen_until_shown_and_can_be_typed() {
    let mut editor = three_clashes((80, 24));
    editor.keys("<Down><Down>");
    editor.shows("HF_TOKEN = ••••••").hides("= theirs").hides("= mine");
    editor.keys("V");
    editor.shows("HF_TOKEN = mine").shows("HF_TOKEN = theirs");
    editor.keys("e<C-u>both<Enter>");
    editor.keys("22<Enter>");
    assert_eq!(editor.now().envs[0], EnvVar::new("HF_TOKEN", "both"));
    assert_eq!(editor.now().workers.max_num.text(), "6");
}

#[test]
fn a_deleted_row_that_they_changed_is_a_clash() {
    let mut editor = Editor::form();
    editor
        .keys("/HF_TOKEN<Enter>dw<Enter><Enter>")
        .save_ends(changed(|endpoint| {
            endpoint.config.envs[0] = EnvVar::new("HF_TOKEN", "theirs")
        }));
    editor.shows("Environment HF_TOKEN").shows("(not there)");
    editor.keys("3<Enter>");
    assert_eq!(editor.now().envs[0], EnvVar::new("HF_TOKEN", "theirs"));
}

#[test]
fn reading_again_merges_and_keeps_the_edits() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>r");
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    editor.load(Ok(theirs));
    editor.shows("Changed on the server, and merged: Idle timeout. Your edits stand.");
    assert_eq!(editor.now().workers.max_num.text(), "6");
    assert_eq!(editor.now().workers.free_timeout.text(), "900");
    editor.keys("w");
    editor.shows("Somebody else changed meanwhile");
}

#[test]
fn what_comes_while_something_is_typed_waits_until_it_is_taken() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>r");
    let request = editor.model.request;
    editor.keys("/idle<Enter><Enter><C-u>400");
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    assert_eq!(editor.model.request, request);
    editor.load(Ok(theirs));
    editor.shows("It is merged when you are done here.");
    assert_eq!(
        editor.form_state().work.base().config.workers.free_timeout.text(),
        "300"
    );
    editor.keys("<Enter>");
    editor.shows("Conflict").shows("2 mine 400 s").shows("3 theirs 900 s");
}

#[test]
fn what_comes_while_keys_are_looked_up_waits_until_they_are_closed() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>r?");
    let mut theirs = llama();
    theirs.config.workers.free_timeout = Number::of(900);
    editor.load(Ok(theirs));
    let base = |editor: &Editor| {
        editor
            .form_state()
            .work
            .base()
            .config
            .workers
            .free_timeout
            .text()
            .to_owned()
    };
    editor.keys("jj");
    assert_eq!(base(&editor), "300");
    editor
        .keys("<Esc>")
        .shows("Changed on the server, and merged: Idle timeout.");
    assert_eq!(base(&editor), "900");
}

#[test]
fn a_change_that_fell_in_after_the_send_is_the_base_and_can_be_taken_back() {
    let mut fresh = stored();
    fresh.config.workers.free_timeout = Number::of(900);
    let mut editor = ended(stored_differently(fresh));
    editor
        .shows("what you edited is stored, and something else reads")
        .shows("Idle timeout 300 s → 900 s");
    editor.keys("<Enter>");
    assert!(!editor.form_state().work.is_changed());
    assert_eq!(editor.now().workers.free_timeout, Number::of(900));
    editor
        .keys("pw")
        .shows("Idle timeout 900 s → 300 s")
        .hides("Max workers");
}

#[test]
fn the_conflict_screen() {
    for (width, height) in [(80, 24), (120, 40), (50, 14), (40, 12)] {
        let mut editor = three_clashes((width, height));
        editor.keys("2");
        assert_snapshot!(format!("conflict_{width}x{height}"), editor.picture());
    }
    assert_snapshot!("conflict_editing", three_clashes((80, 24)).keys("<Down>e").picture());
}

#[test]
fn after_a_send_nobody_is_told_that_nothing_was_sent() {
    let others = |max_workers: i64| {
        let mut fresh = llama();
        fresh.config.workers.max_num = Number::of(max_workers);
        fresh.config.workers.free_timeout = Number::of(900);
        Outcome::NotSaved {
            fresh: Box::new(fresh),
            answer: SendAnswer::Nothing(None),
        }
    };
    let mut editor = ended(others(5));
    editor.keys("<Enter>");
    editor.shows("The server holds something else by now: Idle timeout. Merged, look again.");
    editor.hides("Nothing was sent");
    let mut editor = ended(others(7));
    editor.keys("<Enter><Esc>");
    editor.shows("Nothing was merged. Your edits stand");
}

#[test]
fn what_is_typed_on_the_conflict_screen_has_its_range_and_means_what_it_means_in_the_form() {
    let mut editor = Editor::form();
    editor.keys("/idle<Enter><Enter><C-u>400<Enter>w<Enter><Enter>");
    editor.save_ends(changed(|theirs| theirs.config.workers.free_timeout = Number::of(500)));
    editor.keys("e").shows("Idle timeout 60–3600 s");
    editor.keys("<C-u>5m").shows("Idle timeout 60–3600 s = 300");
    editor.keys("<Enter>").shows("300 s").shows("edited");
    editor.keys("<Enter>");
    assert_eq!(editor.now().workers.free_timeout, Number::of(300));
}

#[test]
fn an_id_on_the_conflict_screen_is_chosen_from_what_the_account_has() {
    let mut editor = Editor::form();
    editor
        .looked_up()
        .keys("/cluster<Enter><Enter><C-u>mine<Enter>/models<Enter><Enter><C-u>stor_4c1e<Enter>n");
    // What stands there is an error: it goes to the screen by a read instead of a save.
    editor.keys("r");
    let mut theirs = llama();
    theirs.config.cluster_id = "theirs".into();
    theirs.config.volumes[1].storage_id = "stor_d2f8".into();
    editor.load(Ok(theirs));
    editor.shows("0 of 2 decided");
    editor
        .keys("e")
        .shows("US Dallas NAS 2")
        .shows("EU Frankfurt NAS 1")
        .shows("↑↓ choose");
    // Filtered by what is typed, chosen by Down, taken by Enter.
    editor.keys("<C-u>frank").hides("US Dallas");
    editor.keys("<Down><Enter>").shows("1 of 2 decided");
    editor
        .keys("e")
        .shows("Edit volume")
        .shows("hf-cache")
        .shows("models-eu");
    editor.keys("<Down>").shows("›stor_9");
    // Typing goes back to the text.
    editor.keys("x").hides("›stor_9");
    editor.keys("<C-u>stor_77<Down><Enter>").shows("network stor_77a0");
    editor.keys("<Enter>").shows("Decided.");
    assert_eq!(editor.now().cluster_id, "eu-frankfurt-nas-1");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_77a0");
}

#[test]
fn what_was_typed_and_left_on_the_conflict_screen_comes_back_by_redo() {
    let mut editor = three_clashes((80, 24));
    editor.keys("<C-y>").shows("Nothing that was typed is left");
    // Nothing typed, nothing to bring back.
    editor.keys("e<Esc>").hides("brings the typed text back");
    editor
        .keys("e<C-u>9<Esc>")
        .shows("Left as it was; Ctrl-Y brings the typed text back.")
        .shows("0 of 3 decided");
    // Wherever the focus went meanwhile.
    editor
        .keys("j<C-y>")
        .shows("1 of 3 decided")
        .shows("✓ Max workers edited");
    editor.keys("<Up>").shows("9");
}

#[test]
fn on_a_low_screen_all_three_sides_are_seen_at_once() {
    let mut editor = three_clashes((40, 12));
    editor
        .shows("1 loaded 5")
        .shows("2 mine 6")
        .shows("3 theirs 9")
        .hides("more");
    // A longer text has its own rows.
    editor.keys("j");
    for side in ["1 loaded --model", "2 mine --model", "3 theirs --model"] {
        editor.shows(side);
    }
    editor.shows("more");
    let mut editor = three_clashes((80, 24));
    editor.keys("k").hides("1 loaded 5");
}

#[test]
fn help_takes_the_question_before_leaving_the_conflict_away_and_any_key_closes_it() {
    let mut editor = ended(max_workers(7));
    editor.keys("2<Esc>").typed_ahead("?x");
    editor.keys("<Esc>");
    editor.shows("Once more throws away what you decided here; nothing was merged yet.");
    editor.keys("?").shows("Where both sides changed the same");
    editor.keys("x");
    assert_eq!(
        editor.in_front().as_deref(),
        Some("Conflict"),
        "the first key closes help"
    );
    editor.shows("1 of 1 decided");
}
