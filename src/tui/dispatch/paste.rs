//! Pastes, whole or in the pieces of one that stalled.

use zeroize::Zeroizing;

use super::{front, is_shown};
use crate::endpoint::incoming::{self, Taken};
use crate::secret::Secret;
use crate::tui::event::Pasted;
use crate::tui::model::{Model, Pasting};
use crate::tui::views::import::Import;

/// A paste, or a piece of one that stalled. A text takes each piece as it comes, but for line ends that may turn out to
/// be the last ones; what is looked at as a whole waits for the end, and so does all of it on a terminal that shows
/// nothing.
pub(super) fn came(model: &mut Model, piece: &Pasted) {
    let begun = model.pasting.take().filter(|_| !piece.first);
    let held = begun.as_ref().map_or("", |pasting| pasting.held.reveal());
    let text = Zeroizing::new([held, piece.text.reveal()].concat());
    let typed = begun.as_ref().is_some_and(|pasting| pasting.typed);
    let has_breaks = begun.as_ref().is_some_and(|pasting| pasting.has_breaks);
    if piece.last {
        if is_shown(model) {
            ended(model, piece, &text, typed.then_some(has_breaks));
        }
        return;
    }
    let now = if is_shown(model) && front::is_typing(model) {
        text.trim_end_matches('\n').len()
    } else {
        0
    };
    if now > 0 && typed {
        paste_rest(model, &text[..now], false);
    } else if now > 0 {
        paste(model, &text[..now]);
    }
    model.pasting = Some(Pasting {
        held: Secret::new(&text[now..]),
        typed: typed || now > 0,
        has_breaks: has_breaks || text[..now].contains('\n'),
    });
    model.complain("The paste stopped; Esc ends it, 2 s later. Until then what is typed belongs to it.");
}

/// The end of a paste. `typed`: a text took the beginning of it, and whether there was a line break in that.
fn ended(model: &mut Model, piece: &Pasted, text: &str, typed: Option<bool>) {
    let takes = model.is_bare() || front::is_typing(model);
    if !piece.first {
        // What was said of the stall is no longer so.
        model.notice = None;
    }
    match typed {
        Some(has_breaks) => {
            // What a paste of one line ends in is no part of it.
            let alone = !has_breaks && text.matches('\n').count() == 1;
            paste_rest(model, text.strip_suffix('\n').filter(|_| alone).unwrap_or(text), true);
        }
        None if piece.cut => cut_off(model, text),
        None => paste(model, text),
    }
    if piece.cut {
        if !model.notice.as_ref().is_some_and(|notice| notice.bad) {
            model.complain("The paste is longer than 2 MiB: what came after that was left out.");
        }
    } else if !piece.first && !takes {
        model.complain("The paste is over; nothing here took it.");
    } else if !piece.first && model.notice.is_none() {
        model.say("The paste is over.");
    }
}

/// A paste goes into the text being edited; elsewhere it does nothing, since it isn't a row of keys.
pub(super) fn paste(model: &mut Model, pasted: &str) {
    let pasted = incoming::value(pasted);
    front::with(model, |view, model| view.paste(model, &pasted, true));
}

/// More of a paste that stalled: what belongs to its beginning and its end was judged by the whole. `last`: nothing
/// follows.
fn paste_rest(model: &mut Model, pasted: &str, last: bool) {
    let rest = Taken {
        text: Secret::new(pasted),
        said: Vec::new(),
    };
    front::with(model, |view, model| view.paste(model, &rest, last));
}

/// A paste of which the end is missing: what stands in its last line is a part of a value, and no value.
fn cut_off(model: &mut Model, text: &str) {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    paste(model, &text[..whole]);
    if let Some(import) = model.views.find_mut::<Import>() {
        import.was_cut(text, whole);
    }
}
