//! The review's keys, and what has to be seen before anything is sent.

use crossterm::event::KeyCode;

use crate::session::ReviewedBody;
use crate::tui::event::{Effect, Press};
use crate::tui::guard::Refusal;
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Keeping, Model, Overlay, Review, ReviewView, Screen};
use crate::tui::screen::{lines, review_height};
use crate::tui::widgets::text_edit::{TextEdit, TextKind, is_alt};

pub(super) fn open(model: &mut Model) {
    let Screen::Form(form) = &model.screen else { return };
    let (changed, errors) = (form.work.is_changed(), form.work.error_count() > 0);
    let others = !form.work.others().is_empty();
    if !changed {
        model.say("Nothing is changed: there is nothing to save. This is the body as it stands.");
    }
    let view = if changed || errors || others {
        ReviewView::Changes
    } else {
        ReviewView::Body
    };
    model.show(Overlay::Review(Review {
        view,
        scroll: 0,
        seen: 0,
        seen_in: 0,
        drawn: None,
        confirm: None,
        reveal: false,
    }));
}

/// A frame was drawn: notes which lines of the changes are on it.
pub(super) fn drawn(model: &mut Model, frame: u64) {
    let height = review_height(model.size, model.notice.as_ref());
    if let Some(Overlay::Review(review)) = &mut model.overlay {
        let lines = (review.view == ReviewView::Changes).then_some((review.scroll, review.scroll + height));
        review.note_drawn(lines, frame);
    }
}

/// A key or the mouse was used with a frame on the terminal.
pub(super) fn seen(model: &mut Model, frame: u64) {
    if let Some(Overlay::Review(review)) = &mut model.overlay {
        review.note_seen(frame);
    }
}

pub(super) fn key(model: &mut Model, press: Press) -> Vec<Effect> {
    let key = &press.key;
    // The key took the notice away; a page is what could be read beside it.
    let page = review_height(model.size, model.noticed.as_ref());
    let height = review_height(model.size, None);
    let count = lines::of_overlay(model).len();
    let last = count.saturating_sub(height);
    let Some(Overlay::Review(review)) = &mut model.overlay else {
        return Vec::new();
    };
    let turn = |view: ReviewView, by: usize| {
        let at = ReviewView::ALL.iter().position(|v| *v == view).unwrap_or(0);
        ReviewView::ALL[(at + by) % ReviewView::ALL.len()]
    };
    if review.confirm.is_some() {
        return confirm_key(model, press);
    }
    match keymap().action(Context::Review, key) {
        Some(Action::Send) => return send(model, press, false),
        Some(Action::NextView) => (review.view, review.scroll) = (turn(review.view, 1), 0),
        Some(Action::PreviousView) => (review.view, review.scroll) = (turn(review.view, 3), 0),
        Some(Action::Down) => review.scroll = (review.scroll + 1).min(last),
        Some(Action::Up) => review.scroll = review.scroll.saturating_sub(1),
        Some(Action::PageDown) => review.scroll = (review.scroll + page).min(last),
        Some(Action::PageUp) => review.scroll = review.scroll.saturating_sub(page),
        Some(Action::First) => review.scroll = 0,
        Some(Action::Last) => review.scroll = last,
        Some(Action::RevealAll) => {
            review.reveal = !review.reveal;
            review.scroll = 0;
            // Problems read the same with and without values; changes, which must be seen beside others', don't.
            if matches!(&model.screen, Screen::Form(form) if !form.work.others().is_empty()) {
                review.forget_seen();
            }
        }
        Some(Action::Help) => super::help(model),
        Some(Action::CopyBody) => return super::copy::body(model),
        Some(Action::Back) => model.overlay = None,
        _ => {}
    }
    Vec::new()
}

/// The name of a protected endpoint is being typed.
fn confirm_key(model: &mut Model, press: Press) -> Vec<Effect> {
    let key = &press.key;
    let (Screen::Form(form), Some(Overlay::Review(review))) = (&model.screen, &mut model.overlay) else {
        return Vec::new();
    };
    let Some(text) = &mut review.confirm else {
        return Vec::new();
    };
    match key.code {
        _ if super::editing::is_leave(key) => review.confirm = None,
        KeyCode::Enter if !is_alt(key) => {
            let config = &form.work.base().config;
            let typed = text.text();
            // The id too: a name may hold what can't be typed.
            if !typed.is_empty() && (typed == config.name || typed == config.id) {
                review.confirm = None;
                return send(model, press, true);
            }
            model.complain("Nothing was sent: that is not the endpoint's name.");
        }
        _ => {
            if let Err(why) = text.press(key, TextKind::WORDS) {
                model.complain(why);
            }
        }
    }
    Vec::new()
}

fn send(model: &mut Model, press: Press, confirmed: bool) -> Vec<Effect> {
    let protected = model.around.protected;
    let must_be_seen = lines::must_be_seen(model);
    let (Screen::Form(form), Some(Overlay::Review(review))) = (&mut model.screen, &mut model.overlay) else {
        return Vec::new();
    };
    // What can be answered by taking over comes before what is wrong.
    if matches!(form.keeping, Keeping::Theirs(_)) && form.work.is_changed() {
        super::keeping::may_send(model);
        return Vec::new();
    }
    if let Some(first) = form.go_to_first_error() {
        model.overlay = None;
        model.complain(format!("Nothing was sent. {first}"));
        return Vec::new();
    }
    if !form.work.is_changed() {
        model.say("Nothing is changed: there is nothing to send.");
        return Vec::new();
    }
    if review.seen < must_be_seen {
        review.view = ReviewView::Changes;
        review.scroll = review.seen;
        let send = keymap().word(Context::Review, Action::Send);
        model.say(format!(
            "There is more to be read before this goes; then press {send} again."
        ));
        return Vec::new();
    }
    // What had to be seen was on the screen only after the question itself, and has to be there for as long.
    if press.settled < review.seen_in {
        super::weight::refuse(model, &press, Refusal::TooEarly);
        return Vec::new();
    }
    if !super::keeping::may_send(model) {
        return Vec::new();
    }
    let (Screen::Form(form), Some(Overlay::Review(review))) = (&mut model.screen, &mut model.overlay) else {
        return Vec::new();
    };
    if protected && !confirmed {
        review.confirm = Some(TextEdit::new(""));
        return Vec::new();
    }
    let Some(body) = ReviewedBody::of(&form.work) else {
        return Vec::new();
    };
    let base = Box::new(form.work.base().clone());
    // An answer to an earlier read would be older than this save.
    let reading = std::mem::take(&mut form.reloading);
    model.overlay = Some(Overlay::Saving {
        progress: None,
        body: body.clone(),
    });
    model.next_request();
    let mut effects = Vec::new();
    if reading {
        effects.push(Effect::CancelRead);
    }
    effects.push(Effect::Save(base, body));
    effects
}
