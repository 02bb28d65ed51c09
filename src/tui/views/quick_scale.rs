//! Quick scale: a small box over the form with the numbers that are changed most. What is typed in it is the form's,
//! and so are its edits; Enter goes to the review.

use std::any::Any;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::endpoint::edit::Edit;
use crate::endpoint::format::worded;
use crate::endpoint::incoming::Taken;
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::{FieldId, Place};
use crate::text::width::shown_width;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::guard::Weight;
use crate::tui::hit_map::Target;
use crate::tui::keymap::{Action, Context, form_key, keymap};
use crate::tui::model::{Editing, Focus, Form, Leaving, Model, SCALE_FIELDS, Scale, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::form::fields::range_note;
use crate::tui::views::form::footer::hint_at_times;
use crate::tui::views::form::{edit_keys, values};
use crate::tui::views::leave::Leave;
use crate::tui::views::review;
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::paint;
use crate::tui::widgets::paint::fitted;
use crate::tui::widgets::text_edit::{TextEdit, TextKind, accepts, is_alt};

/// Columns of the box, at least and at most.
const WIDTH: (u16, u16) = (56, 80);

/// The box. Where it was opened is the form's, since the review and the save come back to it.
#[derive(Debug)]
pub struct QuickScale;

/// Opens the box over the form.
pub fn open(model: &mut Model) {
    begin(model, false);
    model.views.push(QuickScale);
}

/// From now on the box belongs to the form: it is there once nothing else lies over it.
pub fn begin(model: &mut Model, from_picker: bool) {
    let Screen::Form(form) = &mut model.screen else { return };
    if !is_in_box(form.focus) {
        form.focus = Focus::Field(FieldId::MinWorkers);
    }
    form.work.mark();
    form.scaling = Some(Scale {
        from_picker,
        saved: false,
    });
}

/// Whether the box is in front.
pub fn is_in_front(model: &Model) -> bool {
    let front = model.views.front();
    front.is_some_and(|view| (view as &dyn Any).is::<QuickScale>())
}

/// When nothing lies over the form any more: back to the box, or to where it was opened once all is done.
pub fn come_back(model: &mut Model) -> Vec<Effect> {
    if !model.is_bare() {
        return Vec::new();
    }
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let Some(scale) = form.scaling else {
        return Vec::new();
    };
    if scale.saved {
        form.scaling = None;
        return model.open_picker();
    }
    if is_in_box(form.focus) {
        model.views.push(QuickScale);
    } else {
        // What has to be mended lies elsewhere in the form.
        form.scaling = None;
    }
    Vec::new()
}

impl View<Model> for QuickScale {
    fn commands(&self, model: &Model) -> Vec<Command> {
        match &model.screen {
            Screen::Form(form) => commands(form),
            _ => Vec::new(),
        }
    }

    fn help_title(&self) -> &'static str {
        "In the box of quick scale"
    }

    /// All of it is taken back by undo, or asked about later.
    fn weight(&self, _model: &Model, _action: Action) -> Weight {
        Weight::Light
    }

    fn takes(&self, _model: &Model, _key: &KeyEvent) -> Option<Weight> {
        Some(Weight::Light)
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        let Screen::Form(form) = &mut model.screen else {
            return Flow::close();
        };
        match action {
            Action::Review => return review(model),
            Action::Down => step(form, 1),
            Action::Up => step(form, SCALE_FIELDS.len() - 1),
            Action::Back => return leave(model),
            // The changes stay, as edits of the form.
            Action::Scale => {
                form.scaling = None;
                return Flow::close();
            }
            Action::Increase | Action::Decrease if is_choice(form.focus) => other_word(form),
            // What was changed before the box was opened is not in it.
            Action::Undo if form.work.since_mark() == 0 => model.say("Nothing was changed here."),
            Action::Redo if !redo_is_in_box(form) => model.say("Nothing to redo here."),
            action => drop(values::change(model, action)),
        }
        Flow::stay()
    }

    fn stray(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Form(form) = &model.screen else {
            return Flow::stay();
        };
        if keymap().action(Context::Form, &press.key).is_none()
            && let Some(first) = edit_keys::begins_a_number(form.focus, &press.key)
        {
            edit_keys::start_with(model, &first);
        }
        Flow::stay()
    }

    fn text<'a>(&'a mut self, model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        match &mut model.screen {
            Screen::Form(form) if form.editing.is_some() => form.text(),
            _ => None,
        }
    }

    /// A chosen word is taken as a text is.
    fn weight_of_typing(&self, _model: &Model, key: &KeyEvent) -> Option<Weight> {
        Some(if accepts(key) { Weight::Accepts } else { Weight::Light })
    }

    fn is_editing(&self, model: &Model) -> bool {
        matches!(&model.screen, Screen::Form(form) if form.editing.is_some())
    }

    fn edit(&mut self, model: &mut Model, press: &Press) -> Flow {
        let Screen::Form(form) = &mut model.screen else {
            return Flow::close();
        };
        match (press.key.code, press.key.modifiers) {
            _ if is_alt(&press.key) => {}
            (KeyCode::Enter, KeyModifiers::NONE) | (KeyCode::Char('s'), KeyModifiers::CONTROL) => return review(model),
            (KeyCode::Tab | KeyCode::Down, _) => {
                step(form, 1);
                return Flow::stay();
            }
            (KeyCode::BackTab | KeyCode::Up, _) => {
                step(form, SCALE_FIELDS.len() - 1);
                return Flow::stay();
            }
            _ => {}
        }
        edit_keys::key(model, &press.key);
        Flow::stay()
    }

    /// A paste starts editing with it, as a digit does; elsewhere than on a number it is told.
    fn paste(&mut self, model: &mut Model, pasted: &Taken, last: bool) {
        let Screen::Form(form) = &model.screen else { return };
        if form.editing.is_some() {
            edit_keys::paste(model, pasted, last);
            return;
        }
        let number = pasted.text.reveal().trim();
        if form.focus.is_number() && !number.is_empty() && !number.contains('\n') {
            edit_keys::start_with(model, number);
        } else {
            model.say("Pasted text goes into a number: move to one first.");
        }
    }

    fn click(&mut self, model: &mut Model, target: Target) {
        if let (Target::Focus(focus), Screen::Form(form)) = (target, &mut model.screen) {
            form.focus = focus;
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        if let Screen::Form(form) = &model.screen {
            draw_box(model, form, canvas);
        }
    }
}

/// What the box takes: keys of its own, and those of the form that the user has for the same.
fn commands(form: &Form) -> Vec<Command> {
    let bound = |actions: &[Action], says, rank| Command::bound(Context::Form, actions, says, rank);
    let both = |actions: [Action; 2], says, rank| {
        let keys: Vec<String> = actions
            .iter()
            .filter_map(|action| keymap().hint(Context::Form, *action))
            .collect();
        bound(&actions, says, rank).shown_as(&keys.join(" "))
    };
    let typing = form.editing.is_some();
    let from_picker = form.scaling.is_some_and(|scale| scale.from_picker);
    let back = if typing {
        "leave"
    } else if from_picker && form.work.is_changed() {
        "back|, asks first"
    } else if from_picker {
        "back| to the list"
    } else if form.work.since_mark() > 0 {
        "cancel"
    } else {
        "back"
    };
    let leaves = if from_picker {
        "back to the list of endpoints"
    } else {
        "take back what was changed here"
    };
    let review = [("enter", Action::Review), ("ctrl-s", Action::Review)];
    let next = [("tab", Action::Down), ("down", Action::Down)];
    let previous = [("shift-tab", Action::Up), ("up", Action::Up)];
    let mut keys = vec![
        Command::fixed(&review, "review", Rank::Way).in_help("take what is typed, and to the review"),
        Command::fixed(&next, "next", Rank::Useful),
        Command::fixed(&previous, "previous", Rank::Extra).unlisted(),
        bound(&[Action::Down], "next", Rank::Extra).unlisted(),
        bound(&[Action::Up], "previous", Rank::Extra).unlisted(),
        Command::of_text("0–9 m", "type a number; Esc leaves it as it was", Rank::Extra).unlisted(),
    ];
    let by_one = both([Action::Increase, Action::Decrease], "by one", Rank::Needed);
    if is_choice(form.focus) {
        let other = Command::fixed(&[("space", Action::Increase)], "the other", Rank::Needed);
        keys.push(other.in_help("the other word"));
        keys.push(by_one.unlisted());
    } else {
        keys.push(by_one);
        keys.push(both([Action::IncreaseTen, Action::DecreaseTen], "by ten", Rank::Useful));
    }
    keys.extend([
        bound(&[Action::Undo], Action::Undo.says(), Rank::Extra).unlisted(),
        bound(&[Action::Redo], Action::Redo.says(), Rank::Extra).unlisted(),
        bound(&[Action::RestoreField], Action::RestoreField.says(), Rank::Extra).unlisted(),
        Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], back, Rank::Way).in_help(leaves),
    ]);
    if !typing && !from_picker {
        let keep = bound(&[Action::Scale], "keep|, to the form", Rank::Extra);
        keys.push(keep.in_help("keep what was changed, as edits of the form"));
    }
    if !typing {
        keys.push(bound(&[Action::Help], "help", Rank::Extra));
    }
    keys
}

/// What is typed is taken, and to the review.
fn review(model: &mut Model) -> Flow {
    if let Screen::Form(form) = &mut model.screen {
        edit_keys::take(form);
    }
    review::open(model);
    Flow::close()
}

/// Esc: what was changed in the box is taken back; on the way to the list it is asked about, since there it would be
/// gone.
fn leave(model: &mut Model) -> Flow {
    let Screen::Form(form) = &mut model.screen else {
        return Flow::close();
    };
    if form.scaling.is_some_and(|scale| scale.from_picker) {
        if form.work.is_changed() {
            model.show_view(Leave(Leaving::Picker));
            return Flow::close();
        }
        return Flow::close().with(model.open_picker());
    }
    form.scaling = None;
    let steps = form.work.since_mark();
    for _ in 0..steps {
        form.work.undo();
    }
    form.look_again();
    if steps > 0 {
        let redo = form_key(Action::Redo);
        model.say(format!(
            "What was changed in the box is taken back; {redo} makes it again."
        ));
    }
    Flow::close()
}

fn is_in_box(focus: Focus) -> bool {
    matches!(focus, Focus::Field(field) if SCALE_FIELDS.contains(&field))
}

fn redo_is_in_box(form: &Form) -> bool {
    let places = form.work.next_redo().map(Edit::places).unwrap_or_default();
    !places.is_empty() && places.into_iter().all(|place| is_in_box(Focus::at(place)))
}

fn is_choice(focus: Focus) -> bool {
    matches!(focus, Focus::Field(field) if matches!(field.spec().kind, Kind::Choice(_)))
}

/// The next word of a choice.
fn other_word(form: &mut Form) {
    let Focus::Field(field) = form.focus else { return };
    let Kind::Choice(words) = field.spec().kind else { return };
    let now = form.work.now().text(field);
    let next = words
        .iter()
        .position(|(word, _)| *word == now)
        .map_or(0, |at| (at + 1) % words.len());
    let edit = Edit::set(form.work.now(), field, words[next].0);
    form.work.apply(edit);
}

/// To another field of the box; what is typed is taken.
fn step(form: &mut Form, by: usize) {
    edit_keys::take(form);
    let at = SCALE_FIELDS.iter().position(|field| form.focus == Focus::Field(*field));
    form.focus = Focus::Field(SCALE_FIELDS[(at.unwrap_or(0) + by) % SCALE_FIELDS.len()]);
}

/// What there is to be said under the fields: a notice, what is wrong with the focused one, how a time is typed.
fn said(model: &Model, form: &Form) -> (String, Style) {
    if let Some(notice) = &model.notice {
        let style = if notice.bad { theme::error() } else { theme::plain() };
        return (notice.text.clone(), style);
    }
    let here = form.problems().iter().filter(|problem| form.focus.holds(problem.place));
    if let Some(problem) = here.min_by_key(|problem| problem.severity) {
        let (sign, style) = theme::sign(problem.severity);
        return (format!("{sign} {}", problem.sentence(form.work.now())), style);
    }
    (hint_at_times(form).unwrap_or_default().to_owned(), theme::dim())
}

fn draw_box(model: &Model, form: &Form, canvas: &mut Canvas<'_>) {
    let area = canvas.area;
    let title = format!("Scale · {}", model.around.subject(&form.work.base().config));
    let wanted = cells(shown_width(&title) + 6);
    let width = wanted.clamp(WIDTH.0, WIDTH.1).min(area.width);
    let (text, style) = said(model, form);
    let most = usize::from(area.height.saturating_sub(9)).max(1);
    let lines = fitted(&text, usize::from(width.saturating_sub(4)), most, "");
    let place = canvas.above_keys().middle(width, 8 + cells(lines.len().max(3)));
    let inside = paint::window(canvas.buffer, place, &title);
    let [fields, below] = inside.split_top(6);
    for (line, field) in fields.rows().zip(SCALE_FIELDS) {
        if form.editing.is_none() {
            canvas.hit_map.put(line, Target::Focus(Focus::Field(field)));
        }
        let at = field_row(form, field, line, canvas);
        if form.focus == Focus::Field(field) {
            canvas.cursor = Some(at);
        }
    }
    paint::lines(canvas.buffer, below.indented(), &lines, style);
}

fn field_row(form: &Form, field: FieldId, line: Rect, canvas: &mut Canvas<'_>) -> Position {
    let focused = form.focus == Focus::Field(field);
    let config = form.work.now();
    if focused {
        paint::text(canvas.buffer, line.x, line.y, 1, "›", theme::focus());
    }
    let label = if focused { theme::strong() } else { theme::plain() };
    paint::text(canvas.buffer, line.x + 1, line.y, 16, field.label(), label);
    let changed = form.work.is_field_changed(field);
    if changed {
        paint::text(canvas.buffer, line.x + 17, line.y, 1, "*", theme::changed());
    }
    let worst = form
        .problems()
        .iter()
        .filter(|problem| problem.place == Place::of(field))
        .map(|problem| problem.severity)
        .min();
    if let Some(severity) = worst {
        let (sign, style) = theme::sign(severity);
        paint::text(canvas.buffer, line.right() - 2, line.y, 1, sign, style);
    }
    let mut note = range_note(field.range(config, form.work.limits()));
    let noted = cells(shown_width(&note)).max(if note.is_empty() { 0 } else { 10 });
    let cell = Rect::new(line.x + 18, line.y, line.width.saturating_sub(23 + noted).max(8), 1);
    let cursor = match &form.editing {
        Some(Editing::Field { field: edited, text }) if *edited == field => {
            let typed = text.text();
            let stands_for = number_text(field, typed, config, form.work.limits());
            if stands_for != typed {
                note = format!("= {stands_for} {}", field.unit(config)).trim_end().to_owned();
            }
            canvas.hit_map.put_text(cell, false);
            text.draw_line(canvas.buffer, cell)
        }
        _ => {
            let style = if changed { theme::changed() } else { theme::plain() };
            let text = worded(field, config.text(field), config);
            paint::row(canvas.buffer, cell, &text, style);
            cell.as_position()
        }
    };
    let wide = cells(shown_width(&note));
    let x = line.right().saturating_sub(wide + 4);
    paint::text(canvas.buffer, x, line.y, wide, &note, theme::dim());
    cursor
}
