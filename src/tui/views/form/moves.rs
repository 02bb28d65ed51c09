//! Where the focus goes in the form.

use crate::api::{ApiError, FailureHint};
use crate::endpoint::{List, Pane, Place};
use crate::tui::model::{Focus, Form, Model, Screen};

/// Moves the focus so many stops on.
pub fn step(form: &mut Form, by: isize) {
    let stops = form.stops();
    let at = stops.iter().position(|s| *s == form.focus).unwrap_or(0);
    form.focus = stops[at.saturating_add_signed(by).min(stops.len() - 1)];
}

/// Moves it so many panes on, around the end.
pub fn pane(form: &mut Form, by: usize) {
    let at = Pane::ALL.iter().position(|p| *p == form.focus.pane()).unwrap_or(0);
    go_to_pane(form, Pane::ALL[(at + by) % Pane::ALL.len()]);
}

fn go_to_pane(form: &mut Form, pane: Pane) {
    if let Some(stop) = form.stops().into_iter().find(|s| s.pane() == pane) {
        form.focus = stop;
    }
}

/// Goes to the next or previous problem, or change where there is no problem.
pub fn problem(model: &mut Model, forward: bool) {
    let Screen::Form(form) = &mut model.screen else { return };
    let stops = form.all_stops();
    let mut places: Vec<Focus> = form.problems().iter().map(|p| Focus::at(p.place)).collect();
    let problems = !places.is_empty();
    if !problems {
        places = changed_places(form);
    }
    // Rows of a pane stand in a row: their place follows from the pane's first one.
    let order = |focus: &Focus| {
        let first = stops.iter().position(|s| s.pane() == focus.pane()).unwrap_or(0);
        match focus {
            Focus::Row(_, row) => first + row,
            Focus::Empty(_) => first,
            Focus::Field(_) => stops.iter().position(|s| s == focus).unwrap_or(0),
        }
    };
    let mut at: Vec<usize> = places.iter().map(order).collect();
    at.sort_unstable();
    at.dedup();
    let here = order(&form.focus);
    let next = if forward {
        at.iter().find(|p| **p > here).or(at.first())
    } else {
        at.iter().rev().find(|p| **p < here).or(at.last())
    };
    match next {
        Some(next) => form.go(stops[*next]),
        None => model.say("No problems and no changes."),
    }
}

/// Where something differs from what was loaded, in the order of the form.
fn changed_places(form: &Form) -> Vec<Focus> {
    let marks = form.work.marks();
    form.all_stops()
        .into_iter()
        .filter(|stop| match stop {
            Focus::Field(field) => form.work.is_field_changed(*field),
            Focus::Row(List::Volumes, row) => marks.volumes.get(*row).copied().unwrap_or(false),
            Focus::Row(List::Envs, row) => marks.envs.get(*row).copied().unwrap_or(false),
            Focus::Empty(_) => false,
        })
        .collect()
}

/// Goes to the place that a refusal names, or to the pane that it points at.
pub fn follow(form: &mut Form, error: &ApiError) {
    match (error.place(), error.hint()) {
        (Some(place), _) => form.go(Focus::at(place)),
        (None, FailureHint::Field(field)) => form.go(Focus::at(Place::of(field))),
        (None, FailureHint::Pane(pane)) => go_to_pane(form, pane),
        (None, _) => {}
    }
    form.settle();
}
