//! What lies over a screen: help, details, find, the question on leaving, review, save and result.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::header::draw_hints;
use super::lines::{self, Line};
use super::{Places, Scrolls, Target, review_height};
use crate::session::{MOST_RETRIES, Progress, Step};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{Form, Keeping, Leaving, Model, OtherCluster, Overlay, Review, ReviewView, Screen};
use crate::tui::theme;
use crate::tui::update::{can_keep, entries, matches};
use crate::tui::widget::paint;
use crate::tui::widget::text_edit::TextEdit;

/// Draws an overlay; where the cursor stands.
pub fn draw(
    model: &Model,
    overlay: &Overlay,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Option<Position> {
    if is_page(overlay) {
        let whole = Rect::new(area.x, area.y, area.width, area.height - 1);
        places.window(whole, Scrolls::Front, 0, 0);
    }
    match overlay {
        Overlay::Help { scroll, .. } => sheet(model, "Keys", *scroll, &any_key(), buffer, area),
        Overlay::LongCopy { text, .. } => long_copy(text.reveal().len(), buffer, area),
        Overlay::Told(_) => sheet(model, "Note", 0, &any_key(), buffer, area),
        Overlay::Details { scroll } => sheet(model, "Details", *scroll, &any_key(), buffer, area),
        Overlay::Find(text, at) => return Some(find(model, text, *at, buffer, area, places)),
        Overlay::Palette(text, at) => return Some(palette(model, text, *at, buffer, area, places)),
        Overlay::Outside(name) => super::outside::draw_outside(name, buffer, area),
        Overlay::Rejected => super::outside::draw_rejected(model, buffer, area),
        Overlay::Import(import) => super::outside::draw_import(model, import, buffer, area),
        Overlay::Path(asked) => return Some(super::outside::draw_path(asked, buffer, area)),
        Overlay::Leave(leaving) => leave(model, *leaving, buffer, area),
        Overlay::Scale(_) => return super::scale::draw(model, buffer, area, places),
        Overlay::Past(past) => return super::past::draw(model, past, buffer, area, places),
        Overlay::Draft(question) => super::keeping::draw_draft(model, question, buffer, area),
        Overlay::OtherCluster(question) => other_cluster(question, buffer, area),
        Overlay::Occupied => super::keeping::draw_occupied(model, buffer, area),
        Overlay::Conflict(conflict) => return super::conflict::draw(model, conflict, buffer, area, places),
        Overlay::Review(review) => return draw_review(model, review, buffer, area, places),
        Overlay::Saving { progress, .. } => saving(progress.as_ref(), buffer, area),
        Overlay::Result { outcome, scroll, .. } => {
            let title = match &model.screen {
                Screen::Form(form) => format!("{} · {}", lines::result_title(outcome), subject(model, form)),
                _ => lines::result_title(outcome).to_owned(),
            };
            sheet(model, &title, *scroll, &lines::result_hints(outcome), buffer, area);
        }
    }
    None
}

/// Whether it is a page of lines that the wheel moves; lists say themselves which rows they show.
fn is_page(overlay: &Overlay) -> bool {
    matches!(
        overlay,
        Overlay::Help { .. }
            | Overlay::Details { .. }
            | Overlay::Review(_)
            | Overlay::Draft(_)
            | Overlay::Import(_)
            | Overlay::Result { .. }
    )
}

fn any_key() -> Vec<(String, &'static str)> {
    vec![("↑↓".to_owned(), "scroll"), ("Esc".to_owned(), "close")]
}

/// A full page of lines.
pub(super) fn sheet(
    model: &Model,
    title: &str,
    scroll: usize,
    hints: &[(String, &str)],
    buffer: &mut Buffer,
    area: Rect,
) {
    let place = Rect::new(area.x, area.y, area.width, area.height - 1);
    let inside = paint::window(buffer, place, title);
    let lines = lines::of_overlay(model);
    draw_lines(&lines, scroll, buffer, inside);
    // What is to be told has the last rows: the message area of the form is covered.
    if let Some(notice) = &model.notice {
        let said = paint::wrap(&notice.text, usize::from(inside.width));
        let rows = u16::try_from(said.len()).unwrap_or(4).min(4);
        let place = Rect::new(inside.x, inside.bottom().saturating_sub(rows), inside.width, rows);
        paint::clear(buffer, place);
        let style = if notice.bad { theme::error() } else { theme::strong() };
        for (row, line) in said.iter().take(4).enumerate() {
            let y = place.y + u16::try_from(row).unwrap_or(0);
            paint::text(buffer, place.x, y, place.width, line, style);
        }
    }
    hints_row(buffer, area, hints);
}

pub(super) fn hints_row(buffer: &mut Buffer, area: Rect, hints: &[(String, &str)]) {
    let row = Rect::new(area.x, area.bottom() - 1, area.width, 1);
    paint::clear(buffer, row);
    draw_hints(buffer, row, hints);
}

pub(super) fn draw_lines(lines: &[Line], scroll: usize, buffer: &mut Buffer, area: Rect) {
    for (row, line) in lines.iter().skip(scroll).take(usize::from(area.height)).enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, area.x, y, area.width, &line.text, line.style);
    }
    let hidden = lines.len().saturating_sub(scroll + usize::from(area.height));
    if hidden > 0 {
        let text = format!(" ▼ {hidden} more ");
        let wide = u16::try_from(crate::tui::width::shown_width(&text)).unwrap_or(0);
        paint::text(
            buffer,
            area.right().saturating_sub(wide + 1),
            area.bottom(),
            wide,
            &text,
            theme::strong(),
        );
    }
}

fn find(model: &Model, text: &TextEdit, at: usize, buffer: &mut Buffer, area: Rect, places: &mut Places) -> Position {
    let found = match &model.screen {
        Screen::Form(form) if !text.text().trim().is_empty() => matches(form, &text.text()),
        _ => Vec::new(),
    };
    let rows = found
        .into_iter()
        .map(|place| (place.name, place.holds))
        .collect::<Vec<_>>();
    search(
        ("Find a field, an env key, a volume", "go there"),
        text,
        &rows,
        at,
        buffer,
        area,
        places,
    )
}

fn palette(
    model: &Model,
    text: &TextEdit,
    at: usize,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Position {
    let rows: Vec<_> = entries(&model.screen, &text.text())
        .into_iter()
        .map(|entry| (entry.action.says().to_owned(), entry.keys))
        .collect();
    search(("All actions", "do it"), text, &rows, at, buffer, area, places)
}

/// A box in which something is looked for: what is typed, and under it the rows that match, each with what stands beside it.
fn search(
    (title, enter): (&str, &str),
    text: &TextEdit,
    found: &[(String, String)],
    at: usize,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Position {
    let rows = (area.height / 2).clamp(4, 12);
    let place = Rect::new(area.x, area.bottom() - 1 - rows, area.width.min(70), rows);
    let inside = paint::window(buffer, place, title);
    paint::text(buffer, inside.x, inside.y, 1, "/", theme::strong());
    if found.is_empty() && !text.text().trim().is_empty() {
        let says = "nothing is called so";
        paint::text(buffer, inside.x + 2, inside.y + 1, inside.width - 2, says, theme::dim());
    }
    let rows = usize::from(inside.height.saturating_sub(1)).max(1);
    let first = (at + 1).saturating_sub(rows);
    let aside = inside.width / 2;
    places.window(inside, Scrolls::Front, first, found.len());
    for (row, (name, holds)) in found.iter().enumerate().skip(first).take(rows) {
        let y = inside.y + 1 + u16::try_from(row - first).unwrap_or(0);
        places.put(Rect::new(inside.x, y, inside.width, 1), Target::Row(row));
        let (lead, style) = if row == at {
            ("› ", theme::focus())
        } else {
            ("  ", theme::plain())
        };
        paint::pieces(buffer, inside.x, y, aside - 1, &[(lead, style), (name, style)]);
        paint::text(buffer, inside.x + aside, y, inside.width - aside, holds, theme::dim());
    }
    let keys = [("Enter", enter), ("↑↓", "choose"), ("Esc", "close")];
    hints_row(buffer, area, &keys.map(|(key, says)| (key.to_owned(), says)));
    text.draw_line(buffer, Rect::new(inside.x + 1, inside.y, inside.width - 1, 1))
}

/// The question about a text that no terminal takes.
fn long_copy(bytes: usize, buffer: &mut Buffer, area: Rect) {
    let inside = paint::window(buffer, paint::centered(area, 60, 8), "Too long to copy");
    let text = format!(
        "{} KiB are more than terminals take for their clipboard (64 KiB). Enter writes it into a file that only you can \
         read, with environment values in clear, and tells where.",
        bytes.div_ceil(1024)
    );
    let room = usize::from(inside.width.saturating_sub(2));
    for (row, line) in paint::wrap(&text, room)
        .iter()
        .take(usize::from(inside.height))
        .enumerate()
    {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 2, line, theme::plain());
    }
    let keys = [("Enter", "write the file"), ("Esc", "copy nothing")];
    hints_row(buffer, area, &keys.map(|(key, says)| (key.to_owned(), says)));
}

fn leave(model: &Model, leaving: Leaving, buffer: &mut Buffer, area: Rect) {
    let kept = can_keep(model);
    let (keep, discard) = match leaving {
        Leaving::Quit => ("keep them as a draft and quit", "discard them and quit"),
        Leaving::Picker => ("keep them as a draft, to the picker", "discard them, to the picker"),
    };
    let mut choices = vec![("w", "review and save them"), ("d", discard), ("Esc", "go back")];
    if kept {
        choices.insert(1, ("k", keep));
    }
    let rows = u16::try_from(choices.len()).unwrap_or(4);
    let inside = paint::window(buffer, paint::centered(area, 46, rows + 2), "Unsaved changes");
    let hints: Vec<_> = choices
        .iter()
        .map(|(key, says)| {
            (
                (*key).to_owned(),
                says.split(" them").next().unwrap_or("").trim_end_matches(" and save"),
            )
        })
        .collect();
    hints_row(buffer, area, &hints);
    for (row, (key, says)) in choices.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, 5, key, theme::key());
        paint::text(buffer, inside.x + 6, y, inside.width - 6, says, theme::plain());
    }
}

fn other_cluster(question: &OtherCluster, buffer: &mut Buffer, area: Rect) {
    let width = area.width.min(66);
    let now = match question.now.as_str() {
        "" => "and Cluster ID is blank".to_owned(),
        now => format!("but Cluster ID is {now}"),
    };
    let said = format!(
        "{} lies in {}, {now}. A network volume can be mounted in its own cluster only.",
        question.storage, question.cluster
    );
    let lines = paint::wrap(&said, usize::from(width - 4));
    let choices = [
        ("y", format!("set Cluster ID to {} too", question.cluster_id)),
        ("n", "leave Cluster ID as it is".to_owned()),
    ];
    let rows = u16::try_from(lines.len()).unwrap_or(3) + 5;
    let inside = paint::window(
        buffer,
        paint::centered(area, width, rows.min(area.height - 1)),
        "Another cluster",
    );
    let room = usize::from(inside.height).saturating_sub(choices.len());
    for (row, line) in lines.iter().take(room).enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        paint::text(buffer, inside.x + 1, y, inside.width - 1, line, theme::plain());
    }
    for (row, (key, says)) in choices.iter().enumerate() {
        let y = inside.bottom() - u16::try_from(choices.len() - row).unwrap_or(1);
        paint::text(buffer, inside.x + 1, y, 5, key, theme::key());
        paint::text(buffer, inside.x + 6, y, inside.width - 6, says, theme::plain());
    }
    let hints = [("y", "set it"), ("n", "leave it"), ("Esc", "leave it")];
    hints_row(buffer, area, &hints.map(|(key, says)| (key.to_owned(), says)));
}

fn draw_review(
    model: &Model,
    review: &Review,
    buffer: &mut Buffer,
    area: Rect,
    places: &mut Places,
) -> Option<Position> {
    paint::clear(buffer, area);
    let Screen::Form(form) = &model.screen else { return None };
    let mut x = area.x + 1;
    x += paint::text(buffer, x, area.y, 10, "Review", theme::strong()) + 2;
    for view in ReviewView::ALL {
        let style = if view == review.view {
            theme::chosen()
        } else {
            theme::dim()
        };
        let room = area.right().saturating_sub(x);
        let wide = paint::text(buffer, x, area.y, room, &format!(" {} ", view.title()), style);
        places.put(Rect::new(x, area.y, wide, 1), Target::View(view));
        x += wide + 1;
    }
    let masked = form.work.now().envs.len();
    let reveal = keymap().word(Context::Review, Action::RevealAll);
    let note = match (review.view, review.reveal) {
        (ReviewView::Curl, _) => String::new(),
        (_, true) => format!("values shown, {reveal} masks them"),
        (_, false) if masked == 0 => String::new(),
        (_, false) => format!("{masked} values masked, {reveal} shows them"),
    };
    let room = area.right().saturating_sub(x + 1);
    paint::text(buffer, x, area.y, room, &note, theme::dim());
    let rule = "─".repeat(usize::from(area.width));
    paint::text(buffer, area.x, area.y + 1, area.width, &rule, theme::frame());
    let subject = format!(" {} ", subject(model, form));
    paint::text(
        buffer,
        area.x + 2,
        area.y + 1,
        area.width - 4,
        &subject,
        theme::strong(),
    );
    let height = u16::try_from(review_height(model.size)).unwrap_or(1);
    let body = Rect::new(area.x + 1, area.y + 2, area.width - 2, height);
    draw_lines(&lines::of_overlay(model), review.scroll, buffer, body);
    if let Some(notice) = &model.notice {
        paint::clear(buffer, Rect::new(area.x, area.bottom() - 2, area.width, 1));
        paint::text(
            buffer,
            area.x + 1,
            area.bottom() - 2,
            area.width - 2,
            &notice.text,
            theme::strong(),
        );
    }
    if let Some(confirm) = &review.confirm {
        places.cover();
        return Some(draw_confirm(form, confirm, buffer, area));
    }
    let errors = form.work.error_count() > 0;
    let enter = if matches!(form.keeping, Keeping::Theirs(_)) && form.work.is_changed() {
        "take over…"
    } else if errors {
        "to the first error"
    } else if !form.work.is_changed() {
        "nothing to send"
    } else if model.around.read_only {
        "read-only, can't send"
    } else {
        "SEND"
    };
    let mut hints: Vec<(String, &str)> = Vec::new();
    for (action, says) in [
        (Action::Send, enter),
        (Action::NextView, "next view"),
        (Action::PageDown, "scroll"),
        (Action::RevealAll, "values"),
        (Action::Back, "back"),
    ] {
        hints.extend(keymap().hint(Context::Review, action).map(|key| (key, says)));
    }
    hints_row(buffer, area, &hints);
    None
}

/// The last question before a protected endpoint is changed.
fn draw_confirm(form: &Form, confirm: &TextEdit, buffer: &mut Buffer, area: Rect) -> Position {
    let place = paint::centered(area, 60, 5);
    let inside = paint::window(buffer, place, "Protected");
    let config = &form.work.base().config;
    let name = if config.name.is_empty() {
        &config.id
    } else {
        &config.name
    };
    let text = format!("Type the endpoint's name to send: {name}");
    paint::text(buffer, inside.x + 1, inside.y, inside.width - 1, &text, theme::strong());
    let keys = [("Enter", "send"), ("Esc", "back")];
    hints_row(buffer, area, &keys.map(|(key, says)| (key.to_owned(), says)));
    confirm.draw_line(buffer, Rect::new(inside.x + 1, inside.y + 2, inside.width - 2, 1))
}

/// Which endpoint it is about, and where: the last thing to be seen before something is sent.
pub(super) fn subject(model: &Model, form: &Form) -> String {
    let config = &form.work.base().config;
    let mut subject = format!("{} {}", config.name, config.id);
    if let Some(profile) = &model.around.profile {
        subject.push_str(&format!(" [{profile}]"));
    }
    if model.around.demo {
        subject.push_str(" demo");
    } else if let Some(host) = model.around.update_url.split('/').nth(2) {
        subject.push_str(&format!(" at {host}"));
    }
    if model.around.read_only {
        subject.push_str(" read-only");
    }
    subject
}

fn saving(progress: Option<&Progress>, buffer: &mut Buffer, area: Rect) {
    let again = progress.and_then(|p| p.again.as_ref());
    let why = again.and_then(|again| again.why.as_ref()).map(ToString::to_string);
    let width = area.width.min(64);
    let why = paint::wrap(&why.unwrap_or_default(), usize::from(width.saturating_sub(5)));
    let rows = if again.is_some_and(|again| again.why.is_some()) {
        u16::try_from(why.len()).unwrap_or(4).min(area.height.saturating_sub(8)) + 1
    } else {
        0
    };
    let inside = paint::window(buffer, paint::centered(area, width, 7 + rows), "Saving");
    let waits = progress.is_some_and(|p| p.step == Step::Turn);
    let at = match progress.map(|p| p.step) {
        None | Some(Step::Turn | Step::Check) => 0,
        Some(Step::Send) => 1,
        Some(Step::Verify) => 2,
    };
    let steps = if waits {
        // Another program on this machine saves the same endpoint.
        let check = if width < 64 {
            "Waits for another novita-edit"
        } else {
            "Another novita-edit saves this endpoint: waiting"
        };
        [check, "Send", "Verify"]
    } else if width < 64 {
        ["Check: reading it", "Send: the body", "Verify: reading back"]
    } else {
        [
            "Check: reading the endpoint again",
            "Send: the reviewed body, once",
            "Verify: reading back",
        ]
    };
    for (row, text) in steps.iter().enumerate() {
        let y = inside.y + u16::try_from(row).unwrap_or(0);
        let (sign, style) = match row.cmp(&at) {
            std::cmp::Ordering::Less => ("✓", theme::good()),
            std::cmp::Ordering::Equal => ("›", theme::strong()),
            std::cmp::Ordering::Greater => (" ", theme::dim()),
        };
        let tail = match again {
            Some(again) if row == at => format!(" (again, {} of {MOST_RETRIES})…", again.count),
            None if row == at => "…".to_owned(),
            _ => String::new(),
        };
        paint::pieces(
            buffer,
            inside.x + 1,
            y,
            inside.width - 1,
            &[(sign, style), (" ", style), (text, style), (&tail, style)],
        );
    }
    for (row, line) in why.iter().take(usize::from(rows)).enumerate() {
        let y = inside.y + 4 + u16::try_from(row).unwrap_or(0);
        if y < inside.bottom() {
            paint::text(buffer, inside.x + 1, y, inside.width - 1, line, theme::warning());
        }
    }
    hints_row(buffer, area, &[("Esc".to_owned(), "stop waiting")]);
}
