//! That no screen, popup, page or box is missing among the scenes.
//!
//! Each table below names every variant of one of the model's types. A variant that is added without a line here is a
//! compile error; a line of which there is no scene fails the test.

use std::collections::BTreeSet;
use std::path::Path;

use novita_edit::session::{EditsStored, Outcome, SendSide, Step};
use novita_edit::tui::model::{
    DraftState, Editing, Focus, Leaving, LimitsState, Model, Screen, Suggestions, suggestions,
};
use novita_edit::tui::views::conflict::{Between, Conflict};
use novita_edit::tui::views::history::HistoryView;
use novita_edit::tui::views::leave::Leave;
use novita_edit::tui::views::of_screen;
use novita_edit::tui::views::path::{PathBox, PathFor};
use novita_edit::tui::views::review::{Review, ReviewTab};
use novita_edit::tui::views::save_result::SaveResult;
use novita_edit::tui::views::saving::Saving;

use crate::harness::Editor;
use crate::scenes;

macro_rules! kinds {
    ($($table:ident, $type:ty: { $($pattern:pat $(if $guard:expr)? => $kind:literal,)+ })+) => {
        $(
            fn $table(it: &$type) -> &'static str {
                match it {
                    $($pattern $(if $guard)? => concat!(stringify!($table), ": ", $kind),)+
                }
            }
        )+

        /// All that can be seen.
        const KINDS: &[&str] = &[$($(concat!(stringify!($table), ": ", $kind),)+)+];
    };
}

kinds! {
    screen, Screen: {
        Screen::Picker(_) => "the list of endpoints",
        Screen::Loading(loading) if loading.error.is_none() => "an endpoint is read",
        Screen::Loading(_) => "an endpoint can't be read",
        Screen::Form(_) => "the form",
    }
    leaving, Leaving: {
        Leaving::Quit => "for good",
        Leaving::Picker => "for the picker",
    }
    outcome, Outcome: {
        Outcome::CheckFailed(_) => "the check failed",
        // Merged, or the conflict screen: shown as the review.
        Outcome::ServerChanged { .. } => "the server changed",
        Outcome::Forbidden(_) => "forbidden",
        Outcome::NotSent(_) => "not sent",
        Outcome::Refused(_) => "refused",
        Outcome::Saved { moved, .. } if moved.is_empty() => "saved",
        Outcome::Saved { .. } => "saved with warnings",
        Outcome::NotSaved { .. } => "not saved",
        Outcome::StoredDifferently { edits: EditsStored::All, .. } => "stored differently, the edits as sent",
        Outcome::StoredDifferently { .. } => "stored differently",
        Outcome::NotShown { .. } => "not shown yet",
        Outcome::NotKnown { read: Err(_), .. } => "not known, not read",
        Outcome::NotKnown { .. } => "not known, may arrive",
        Outcome::RefusedNotRead { .. } => "refused, not read back",
    }
    step, Step: {
        Step::SaveLock => "waiting for another save",
        Step::Check => "checking",
        Step::Send => "sending",
        Step::Verify => "verifying",
        Step::Look => "looking",
    }
    tab, ReviewTab: {
        ReviewTab::Changes => "changes",
        ReviewTab::Diff => "diff",
        ReviewTab::Body => "body",
        ReviewTab::Curl => "curl",
    }
    between, Between: {
        Between::FormAndServer(_) => "form and server",
        Between::DraftAndServer(_) => "draft and server",
        Between::DiscardedAndForm(_) => "discarded edits and form",
    }
    side, SendSide: {
        SendSide::Before => "before a send",
        SendSide::Sent => "as sent",
    }
    path, PathFor: {
        PathFor::Import => "import",
        PathFor::Export => "export",
    }
    draft_state, DraftState: {
        DraftState::Opening => "being found out",
        DraftState::Ours => "kept",
        DraftState::Nowhere(_) => "not kept",
        DraftState::Theirs(_) => "another editor's",
    }
    limits, LimitsState: {
        LimitsState::Loading => "to come",
        LimitsState::Known(_) => "known",
        LimitsState::Failed(_) => "failed",
    }
    focus, Focus: {
        Focus::Field(_) => "a field",
        Focus::Row(..) => "a row",
        Focus::Empty(_) => "an empty list",
    }
    editing, Editing: {
        Editing::Field { .. } => "a field",
        Editing::Choice { .. } => "a choice",
        Editing::Row(_) => "a row",
    }
    offered, Suggestions: {
        Suggestions::Here(choices) if choices.here.is_empty() => "nothing matches",
        Suggestions::Here(..) => "a list",
        Suggestions::Told(_) => "a sentence",
    }
}

/// What there is that no scene can show.
const UNSEEN: [&str; 2] = [
    // It becomes the review or the conflict screen before anything is drawn.
    "outcome: the server changed",
    // The form isn't shown before that is found out.
    "draft_state: being found out",
];

/// The views that there are, by the names of their types: read off the source, so that none is forgotten.
fn views() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui/views");
    let mut names = BTreeSet::new();
    let mut todo = vec![folder];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let found = text
            .lines()
            .filter_map(|line| line.strip_prefix("impl View<Model> for "));
        names.extend(found.map(|rest| rest.trim_end_matches(" {").to_owned()));
    }
    assert!(names.len() >= 4, "{names:?}");
    names
}

/// Views of which a scene shows them over something, too.
const OVER_SOMETHING: [&str; 2] = ["Help", "LongCopy"];

#[test]
fn there_is_a_scene_of_every_view() {
    let mut missing = views();
    missing.extend(OVER_SOMETHING.map(|name| format!("{name} over something")));
    for scene in scenes::all() {
        let Editor { model, .. } = (scene.at)((80, 24));
        missing.remove(of_screen(&model.screen).name());
        let mut below = false;
        for view in model.views.iter() {
            missing.remove(view.name());
            if below {
                missing.remove(&format!("{} over something", view.name()));
            }
            below = true;
        }
    }
    assert!(missing.is_empty(), "no scene shows these: {missing:?}");
}

/// What of it is on the screen.
fn of_model(model: &Model) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::from([screen(&model.screen), limits(&model.limits)]);
    if let Screen::Form(form) = &model.screen {
        found.extend([draft_state(&form.draft_state), focus(&form.focus)]);
        found.extend(form.editing.as_ref().map(editing));
        found.extend(suggestions(&model.lookups, form).as_ref().map(offered));
    }
    let history = model.views.find::<HistoryView>();
    found.extend(history.and_then(|history| history.side.as_ref()).map(side));
    if let Some(conflict) = model.views.find::<Conflict>() {
        found.insert(between(&conflict.between));
        found.extend(conflict.editing.as_ref().map(editing));
    }
    found.extend(model.views.find::<Review>().map(|review| tab(&review.tab)));
    let progress = model.views.find::<Saving>().and_then(|saving| saving.progress.as_ref());
    found.extend(progress.map(|progress| step(&progress.step)));
    found.extend(model.views.find::<SaveResult>().map(|result| outcome(&result.outcome)));
    found.extend(model.views.find::<Leave>().map(|leave| self::leaving(&leave.0)));
    found.extend(model.views.find::<PathBox>().map(|asked| path(&asked.what)));
    found
}

#[test]
fn there_is_a_scene_of_everything_that_can_be_on_the_screen() {
    let mut missing: BTreeSet<&str> = KINDS.iter().copied().collect();
    for scene in scenes::all() {
        let Editor { model, .. } = (scene.at)((80, 24));
        for kind in of_model(&model) {
            assert!(!UNSEEN.contains(&kind), "{} shows {kind}", scene.name);
            missing.remove(kind);
        }
    }
    assert_eq!(missing, BTreeSet::from(UNSEEN), "no scene shows these");
}
