//! `update(model, event) → effects`: a pure function, so that every behaviour is a plain test.

mod copy;
mod discarding;
pub(super) mod editing;
pub(super) mod form;
mod front;
pub(super) mod keeping;
pub(super) mod lookups;
mod mask;
pub(super) mod merging;
mod mouse;
mod pasting;
mod picker;
mod rows;
mod scale;
mod undo;
mod weight;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use super::event::{Effect, Event, Press};
use super::guard::{Guard, Weight};
use super::keymap::{Action, Context, keymap};
use super::model::{Focus, Form, Keeping, LimitsState, Lookups, Model, Notice, Opened, Picker, Screen, Surroundings};
use super::screen::SMALLEST;
use super::view::{Stack, View};
use super::views::conflict::Conflict;
use super::views::draft::DraftQuestion;
use super::views::external_editor;
use super::views::help::Help;
use super::views::note::Note;
use super::views::occupied::Occupied;
use super::views::quick_scale;
use super::views::review::Review;
use super::views::{history, leave, path, save_result, saving};
use crate::api::ApiError;
use crate::endpoint::{FieldId, Limits, LoadedEndpoint};
use crate::session::Workspace;
use crate::tui::redacted;
pub(super) use copy::body as copy_body;
pub(super) use keeping::may_send;
pub(super) use weight::refuse;

impl Model {
    /// A new editor, on an endpoint or on the picker, and what is to be asked for first.
    pub fn new(size: Size, around: Surroundings, id: Option<String>) -> (Self, Vec<Effect>) {
        let mut model = Self {
            size,
            around,
            screen: Screen::Picker(Box::default()),
            views: Stack::default(),
            notice: None,
            noticed: None,
            asked: id.clone(),
            list: None,
            limits: LimitsState::Loading,
            lookups: Lookups::default(),
            request: 0,
            recent: Vec::new(),
            again: None,
            guard: Guard::default(),
            pasting: None,
            told_alphabet: false,
            mouse: false,
            clicked: false,
            drawn: 0,
        };
        let mut effects = match id {
            Some(id) => model.open(id),
            None => model.open_picker(),
        };
        effects.push(Effect::LoadLimits);
        (model, effects)
    }

    /// Puts a view in the place of all that lies over the screen, also where another one of its kind was.
    pub(super) fn show_view(&mut self, view: impl View<Self>) {
        self.close_all();
        self.views.push(view);
        self.guard.turned(false);
    }

    /// Nothing lies over the screen any more.
    pub(super) fn close_all(&mut self) {
        self.views.clear();
    }

    /// Whether nothing lies over the screen.
    pub fn is_bare(&self) -> bool {
        self.views.is_empty()
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            bad: false,
        });
    }

    pub(super) fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            bad: true,
        });
    }

    /// A new number for a request: what was asked for before it is no longer waited for.
    pub(super) fn next_request(&mut self) -> u64 {
        self.request += 1;
        self.again = None;
        self.request
    }

    fn open(&mut self, id: String) -> Vec<Effect> {
        self.read(id, None)
    }

    /// Opens an endpoint to change a number only.
    fn open_to_scale(&mut self, id: String) -> Vec<Effect> {
        let effects = self.read(id, None);
        if let Screen::Loading { scale, .. } = &mut self.screen {
            *scale = true;
        }
        effects
    }

    /// Reads an endpoint, and finds out what is on disk about it; with the form that takes it over from another editor.
    pub(super) fn read(&mut self, id: String, back: Option<Box<Form>>) -> Vec<Effect> {
        let request = self.next_request();
        let mut effects = vec![Effect::Load(request, id.clone())];
        let mut opened = None;
        if self.around.read_only {
            opened = Some(Box::new(Opened {
                keeping: Keeping::Nowhere("this session is read-only".to_owned()),
                ..Opened::ours()
            }));
        } else if back.is_some() {
            effects.push(Effect::TakeOver(id.clone()));
        } else {
            effects.push(Effect::OpenEndpoint(id.clone()));
        }
        let loading = Screen::Loading {
            id,
            error: None,
            loaded: None,
            opened,
            scale: false,
            typed: Vec::new(),
            back,
        };
        self.leave_list_for(loading);
        effects
    }

    /// Why an endpoint can't be read, in front of the list; reading it again begins anew.
    pub(super) fn could_not_open(&mut self, id: String, error: ApiError) {
        let mut failed = Screen::loading(id);
        if let Screen::Loading { error: why, .. } = &mut failed {
            *why = Some(error);
        }
        self.leave_list_for(failed);
    }

    /// Another screen in front; the list of endpoints that was there is kept for the way back.
    fn leave_list_for(&mut self, screen: Screen) {
        if let Screen::Picker(picker) = std::mem::replace(&mut self.screen, screen) {
            self.list = Some(picker);
        }
    }

    pub(super) fn open_picker(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        self.close_all();
        let blank = Screen::Picker(Box::new(Picker::loading(self.recent.clone())));
        let mut effects = Vec::new();
        // The list that was there before is good until the new one came: a line may be slow, and keys are typed from memory.
        let known = match std::mem::replace(&mut self.screen, blank) {
            Screen::Picker(picker) => Some(picker),
            _ => {
                effects.push(Effect::Disown);
                self.list.take().map(|mut picker| {
                    picker.left();
                    picker.remember(self.recent.clone());
                    picker
                })
            }
        };
        if let Some(mut picker) = known {
            picker.read_anew();
            self.screen = Screen::Picker(picker);
        }
        effects.push(Effect::LoadList(request));
        if self.recent.is_empty() {
            effects.push(Effect::LoadRecent);
        }
        effects.push(Effect::LoadOverview);
        effects
    }

    pub(super) fn known_limits(&self) -> Limits {
        match &self.limits {
            LimitsState::Known(limits) => limits.clone(),
            LimitsState::Loading | LimitsState::Failed(_) => Limits::unknown(),
        }
    }

    fn loaded(&mut self, read: Result<LoadedEndpoint, ApiError>, at: String) -> Vec<Effect> {
        self.again = None;
        let asked = self.asked.take();
        match (&mut self.screen, read) {
            // What the program was started with may be a name.
            (Screen::Loading { id, .. }, Err(failed)) if asked.as_ref() == Some(id) && failed.may_be_about_a_name() => {
                let effects = self.open_picker();
                if let Screen::Picker(picker) = &mut self.screen {
                    picker.named = asked.map(|asked| (asked, failed));
                }
                return effects;
            }
            (Screen::Loading { error, .. }, Err(failed)) => *error = Some(failed),
            (Screen::Loading { loaded, .. }, Ok(endpoint)) => {
                *loaded = Some(Box::new((endpoint, at)));
                return self.begin();
            }
            (Screen::Form(form), read) => {
                form.reloading = false;
                match read {
                    Ok(endpoint) => return form::reread(self, endpoint, at, false),
                    Err(error) => self.complain(format!("Not read again: {error}")),
                }
            }
            (Screen::Picker(_), _) => {}
        }
        Vec::new()
    }

    /// Opens the form once the endpoint and what is on disk about it are both there: before that nothing could be kept.
    fn begin(&mut self) -> Vec<Effect> {
        let (limits, account) = (self.known_limits(), self.lookups.known());
        let Screen::Loading {
            loaded,
            opened,
            scale,
            typed,
            back,
            ..
        } = &mut self.screen
        else {
            return Vec::new();
        };
        if loaded.is_none() || opened.is_none() {
            return Vec::new();
        }
        let scale = scale.then(|| std::mem::take(typed));
        let (Some(loaded), Some(opened)) = (loaded.take(), opened.take()) else {
            return Vec::new();
        };
        let carried = back.take().and_then(|form| form.as_draft());
        let (endpoint, read_at) = *loaded;
        self.recent.retain(|id| *id != endpoint.config.id);
        self.recent.insert(0, endpoint.config.id.clone());
        let mut work = Workspace::new(endpoint, limits);
        work.set_account(account);
        self.screen = Screen::Form(Box::new(Form {
            work,
            read_at,
            focus: Focus::Field(FieldId::MinWorkers),
            editing: None,
            pick: None,
            typed_problems: None,
            revealed: Default::default(),
            reveal_all: false,
            filter: None,
            tops: Default::default(),
            reloading: false,
            unknown: None,
            keeping: Keeping::Opening,
            not_kept: None,
            carried,
            met: None,
            told_not_kept: false,
            scaling: None,
            editor_texts: Vec::new(),
            saved: Vec::new(),
            saved_in: Vec::new(),
            discarding: Default::default(),
        }));
        let mut effects = match scale {
            Some(typed) => scale::opened(self, *opened, typed),
            None => keeping::opened(self, *opened),
        };
        // The form is drawn before anything is asked: the requests begin when the loop waits again.
        if self.lookups.wanting() && self.lookups.ask() {
            effects.push(Effect::LoadLookups);
        }
        effects
    }

    /// From an endpoint that is being read: to the form that it was to take the place of, else to the picker.
    fn go_back(&mut self) -> Vec<Effect> {
        let Screen::Loading { back, .. } = &mut self.screen else {
            return Vec::new();
        };
        match back.take() {
            Some(mut form) => {
                form.work.set_account(self.lookups.known());
                self.screen = Screen::Form(form);
                self.next_request();
                vec![Effect::CancelRead, Effect::Disown]
            }
            None => self.open_picker(),
        }
    }

    fn limits_came(&mut self, limits: Result<Limits, ApiError>) {
        match limits {
            Ok(limits) => {
                if let Screen::Form(form) = &mut self.screen {
                    form.work.set_limits(limits.clone());
                    form.look_again();
                    // Other problems may stand in the review now.
                    if let Some(review) = self.views.find_mut::<Review>() {
                        review.forget_seen();
                    }
                }
                self.limits = LimitsState::Known(limits);
            }
            // What was known stays known.
            Err(_) if matches!(self.limits, LimitsState::Known(_)) => {}
            Err(error) => self.limits = LimitsState::Failed(error.to_string()),
        }
    }
}

/// Whether something is asked or told about the endpoint that comes before what an editor left.
fn is_asked_first(model: &Model) -> bool {
    model.views.find::<Note>().is_some()
        || model.views.find::<Occupied>().is_some()
        || model.views.find::<Conflict>().is_some()
        || model.views.find::<DraftQuestion>().is_some()
}

/// Esc and Ctrl-C leave what is in front.
fn is_close(key: &KeyEvent) -> bool {
    matches!(
        (key.code, key.modifiers),
        (KeyCode::Esc, _) | (KeyCode::Char('c'), KeyModifiers::CONTROL)
    )
}

/// Takes an event over and says what is to be done outside.
pub fn update(model: &mut Model, event: Event) -> Vec<Effect> {
    let shown = mask::is_anything_shown(model);
    redacted::restore_from(model, &event);
    let by_hand = matches!(event, Event::Key(_) | Event::Paste(_) | Event::Click(..));
    let before = weight::Front::of(model);
    let mut effects = apply(model, event);
    effects.extend(external_editor::take_in_saved(model, is_asked_first(model)));
    effects.extend(quick_scale::come_back(model));
    if weight::Front::of(model) != before {
        model.guard.turned(!by_hand);
    }
    keeping::tell_what_edits_are_worth(model);
    let shown_now = mask::is_anything_shown(model);
    if shown != shown_now {
        effects.push(Effect::WatchIdle(shown_now));
    }
    effects
}

fn apply(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Click(at, double, seen) if is_shown(model) => {
            let effects = mouse::click(model, at, double, seen);
            merging::meet_what_waits(model);
            return effects;
        }
        Event::Wheel(at, by, seen) if is_shown(model) => mouse::wheel(model, at, by, seen),
        Event::Click(..) | Event::Wheel(..) => {}
        Event::Idle => mask::mask(model),
        Event::Key(press) => {
            model.clicked = false;
            let filter = rows::filter_of(model);
            model.guard.pressed(&press);
            seen(model, press.seen);
            let effects = key_pressed(model, press);
            rows::tell_if_off(model, filter, &press.key);
            merging::meet_what_waits(model);
            return effects;
        }
        Event::Paste(piece) => pasting::came(model, &piece),
        Event::Resize(size) => {
            model.size = size;
            mouse::forget_tops(model);
            front::forget_layout(model);
            // Other lines are on the screen now: what was seen has to be seen again.
            if let Some(review) = model.views.find_mut::<Review>() {
                review.restart();
            }
        }
        Event::Drawn(frame) => {
            model.drawn = frame;
            if is_shown(model) {
                model.guard.drawn(frame);
                let front = model.views.iter().count().saturating_sub(1);
                for (at, view) in model.views.iter_mut().enumerate() {
                    view.drawn((at == front).then_some(frame));
                }
            }
        }
        Event::Page(request, page) if request == model.request => picker::page(model, page),
        Event::ListEnd(request, end) if request == model.request => return picker::end(model, end),
        Event::Loaded(request, read, at) if request == model.request => return model.loaded(*read, at),
        Event::Opened(id, opened) => return keeping::came(model, &id, opened),
        Event::HistoryRead(id, read) => history::came(model, &id, read),
        Event::Recent(recent) => picker::remembered(model, recent),
        Event::StoreOverview(overview) => {
            if let Screen::Picker(picker) = &mut model.screen {
                picker.set_overview(overview);
            }
        }
        Event::Kept(kept) => keeping::kept(model, kept),
        Event::Flushed(written, leaving) => return leave::flushed(model, written, leaving),
        Event::Discarded(what, put) => return discarding::done(model, &what, put),
        Event::DiscardedRead(id, read) => keeping::bring_back(model, &id, read),
        Event::NotRecorded(why) => model.complain(format!("The history could not be written: {why}.")),
        Event::Again(request, again) if request == model.request => {
            if let Screen::Picker(picker) = &mut model.screen {
                picker.restart();
            }
            model.again = Some(again);
        }
        Event::Page(..) | Event::ListEnd(..) | Event::Loaded(..) | Event::Again(..) => {}
        Event::Limits(limits) => model.limits_came(limits),
        Event::Lookup(answer) => lookups::came(model, answer),
        Event::SaveStep(at) => saving::came_to(model, at),
        Event::SaveDone(outcome, at) => return save_result::done(model, outcome, at),
        Event::Edited(target, edited) => {
            external_editor::ended(model, target, edited);
            merging::meet_what_waits(model);
        }
        Event::FileRead(path, read) => path::read(model, &path, read),
        Event::FileWritten(path, written) => {
            path::wrote(model, &path, written);
            merging::meet_what_waits(model);
        }
        Event::Copied(what, copied) => copy::copied(model, &what, copied),
        Event::CopyWritten(written) => copy::written(model, written),
    }
    Vec::new()
}

/// The table by which a key is read now; `None` where text is typed or a popup has its own few keys.
fn context(model: &Model) -> Option<Context> {
    if let Some(view) = model.views.front() {
        return view.context();
    }
    match &model.screen {
        Screen::Form(form) => (form.editing.is_none() && !rows::is_filter_typed(form)).then_some(Context::Form),
        Screen::Picker(picker) => (!picker.filtering).then_some(Context::Picker),
        Screen::Loading { .. } => Some(Context::Picker),
    }
}

fn key_pressed(model: &mut Model, press: Press) -> Vec<Effect> {
    let key = press.key;
    let bound = context(model).and_then(|context| keymap().action(context, &key));
    match (key.code, key.modifiers) {
        _ if bound == Some(Action::Redraw) => return vec![Effect::Redraw],
        _ if bound == Some(Action::Suspend) => return vec![Effect::Suspend],
        // These two work while text is typed, too.
        (KeyCode::Char('l'), KeyModifiers::CONTROL) => return vec![Effect::Redraw],
        (KeyCode::Char('z'), KeyModifiers::CONTROL) => return vec![Effect::Suspend],
        _ => {}
    }
    if let Some([esc, key]) = press.apart()
        && bound.is_none()
        && front::text_in_front(model).is_none()
    {
        let mut effects = key_pressed(model, esc);
        effects.extend(key_pressed(model, key));
        return effects;
    }
    if !is_shown(model) {
        let effects = unseen_key(model, &press);
        if key.code == KeyCode::Esc {
            model.guard.escaped();
        }
        return effects;
    }
    if model.guard.is_for_something_else(&press) {
        return Vec::new();
    }
    front::lay_out(model, &key);
    match model.notice.take() {
        None if model.views.front().is_some_and(View::tells_the_last_notice) => {}
        notice => model.noticed = notice,
    }
    let effects = if weight::counts(model, &press) {
        act_on(model, press)
    } else {
        Vec::new()
    };
    match key.code {
        KeyCode::Esc => model.guard.escaped(),
        // It leaves what Esc leaves.
        KeyCode::Char('c') if key.modifiers == KeyModifiers::CONTROL => model.guard.escaped(),
        _ if press.after_esc => model.guard.alted(),
        _ => {}
    }
    effects
}

/// Does what a key means to what is in front.
fn act_on(model: &mut Model, press: Press) -> Vec<Effect> {
    if model.is_bare() {
        screen_key(model, press)
    } else {
        front::act(model, &press)
    }
}

/// Somebody used a key or the mouse with this frame on the terminal.
fn seen(model: &mut Model, frame: u64) {
    if let Some(view) = model.views.front_mut() {
        view.seen(frame);
    }
}

/// Whether the terminal is large enough for anything to be drawn.
fn is_shown(model: &Model) -> bool {
    model.size.width >= SMALLEST.width && model.size.height >= SMALLEST.height
}

/// On a terminal that shows nothing, nothing is done blindly; leaving without a loss is possible.
fn unseen_key(model: &Model, press: &Press) -> Vec<Effect> {
    let quit = keymap().action(Context::Form, &press.key) == Some(Action::Quit);
    let quit = quit && model.guard.admits(press, Weight::Leaves).is_ok();
    let unsaved = matches!(&model.screen, Screen::Form(form) if form.is_unsaved() || form.editing.is_some());
    if quit && !unsaved && model.is_bare() {
        vec![Effect::Quit]
    } else {
        Vec::new()
    }
}

fn screen_key(model: &mut Model, press: Press) -> Vec<Effect> {
    let key = &press.key;
    match &model.screen {
        Screen::Form(form) if form.editing.is_some() => editing::key(model, key),
        Screen::Form(form) if rows::is_filter_typed(form) => rows::filter_key(model, key),
        Screen::Form(_) => form::key(model, key),
        Screen::Picker(_) => picker::key(model, key),
        Screen::Loading { id, error, .. } => {
            let id = id.clone();
            match keymap().action(Context::Picker, key) {
                Some(Action::Quit) => vec![Effect::Quit],
                Some(Action::Reload | Action::Edit) if error.is_some() => {
                    let (back, to_scale) = match &mut model.screen {
                        Screen::Loading { back, scale, .. } => (back.take(), *scale),
                        _ => (None, false),
                    };
                    let mut effects = model.read(id, back);
                    if let Screen::Loading { scale, .. } = &mut model.screen {
                        *scale = to_scale;
                    }
                    effects.push(Effect::LoadLimits);
                    effects
                }
                _ if key.code == KeyCode::Esc => model.go_back(),
                _ if keymap().action(Context::Form, key) == Some(Action::Picker) => model.go_back(),
                _ => {
                    if let Screen::Loading { scale: true, typed, .. } = &mut model.screen
                        && typed.len() < scale::TYPED_AHEAD
                    {
                        typed.push(press);
                    }
                    Vec::new()
                }
            }
        }
    }
}

/// Does what is asked for on the screen, by a key or by what was in front of it.
fn act_on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    match (action, &model.screen) {
        (Action::Redraw, _) => vec![Effect::Redraw],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (_, Screen::Form(_)) => form::act(model, action),
        _ => picker::act(model, action),
    }
}

/// The keys that work here, over whatever is in front.
fn help(model: &mut Model) {
    let help = Help::new(model);
    model.views.push(help);
}
