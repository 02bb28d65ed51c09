//! What the form takes: with nothing edited, while its filter is typed, and while something is edited.

use crate::endpoint::List;
use crate::endpoint::schema::Kind;
use crate::tui::command::Command;
use crate::tui::keymap::{Action, Context};
use crate::tui::model::{Editing, Focus, Form, Model, Suggestions, suggestions};
use crate::tui::widgets::key_bar::Rank;

/// What it takes now, in the order of the key bar.
pub fn of(model: &Model, form: &Form) -> Vec<Command> {
    match (&form.editing, &form.filter) {
        (Some(editing), _) => while_editing(model, form, editing),
        (None, Some(filter)) if filter.typing => Command::of_filter(&filter.text),
        (None, _) => of_focus(model, form),
    }
}

fn while_editing(model: &Model, form: &Form, editing: &Editing) -> Vec<Command> {
    let of_text = Command::of_text;
    let has_suggestions =
        matches!(suggestions(&model.lookups, form), Some(Suggestions::Here(choices)) if !choices.here.is_empty());
    let choose = of_text("↑↓", "choose", Rank::Needed);
    let (take, leave) = (of_text("Enter", "take", Rank::Way), of_text("Esc", "leave", Rank::Way));
    let new_line = editing
        .text_kind()
        .filter(|kind| kind.has_lines)
        .map(|_| Command::new_line());
    let choose_suggestion = has_suggestions.then(|| choose.clone());
    let all = match editing {
        Editing::Choice { .. } => vec![Some(take), Some(choose), Some(leave)],
        Editing::Row(row) => {
            let is_text = !matches!(row.part.spec().kind, Kind::Choice(_));
            vec![
                Some(take),
                choose_suggestion,
                Some(of_text("Tab", "next part", Rank::Needed)),
                Some(leave),
                new_line,
                is_text.then(|| Command::clear(&row.text)),
            ]
        }
        Editing::Field { text, .. } => vec![
            Some(take),
            choose_suggestion,
            Some(leave),
            new_line,
            Some(Command::clear(text)),
            Some(of_text("Tab", "take|, next", Rank::Useful)),
            Some(of_text("Ctrl-S", "review", Rank::Extra)),
            Some(of_text("F1", "help", Rank::Extra)),
        ],
    };
    all.into_iter().flatten().collect()
}

/// What can be done with what is focused.
fn of_focus(model: &Model, form: &Form) -> Vec<Command> {
    let is_list = form.focus.pane().list().is_some();
    let review = if model.is_read_only() { "review" } else { "save" };
    let mut actions = vec![(Action::Edit, "edit", Rank::Way), (Action::Review, review, Rank::Way)];
    if is_list {
        actions.extend([
            (Action::Add, "add", Rank::Useful),
            (Action::Delete, "delete", Rank::Useful),
        ]);
    }
    actions.extend([
        (Action::Undo, "undo", Rank::Useful),
        (Action::Find, "find", Rank::Useful),
    ]);
    if let Focus::Row(List::Envs, row) = form.focus {
        let does = if form.is_revealed(row) { "mask" } else { "reveal" };
        actions.push((Action::Reveal, does, Rank::Needed));
        let env = form.work.now().envs.get(row);
        if let Some(env) = env.filter(|env| form.work.may_be_meant(env)) {
            let says = if form.work.is_meant(env) {
                "not meant"
            } else {
                "it is meant"
            };
            actions.push((Action::AllowMasked, says, Rank::Needed));
        }
    } else if is_list {
        actions.push((Action::Details, "details", Rank::Useful));
    } else {
        actions.extend([
            (Action::NextProblem, "next problem", Rank::Extra),
            (Action::Details, "details", Rank::Useful),
        ]);
    }
    if goes_to_the_editor(form.focus) {
        actions.push((Action::Editor, "editor", Rank::Needed));
    }
    actions.extend([(Action::Help, "help", Rank::Way), (Action::Quit, "quit", Rank::Way)]);
    let esc = if form.filter.is_some() {
        Some("show all")
    } else {
        form.reloading.then_some("stop reading")
    };
    let esc = esc.map(|says| Command::of_text("Esc", says, Rank::Way));
    let bound = actions
        .into_iter()
        .map(|(action, says, rank)| Command::bound(Context::Form, &[action], says, rank));
    esc.into_iter().chain(bound).collect()
}

/// Whether what is focused has a text that `$EDITOR` can have.
fn goes_to_the_editor(focus: Focus) -> bool {
    match focus {
        Focus::Field(field) => matches!(field.spec().kind, Kind::Text { .. }),
        Focus::Row(list, _) | Focus::Empty(list) => list == List::Envs,
    }
}
