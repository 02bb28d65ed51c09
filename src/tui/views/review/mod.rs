//! The review: four pages of what is about to be sent, what has to be seen before it is, and the last question before a
//! protected endpoint is changed.

mod pages;
mod unsent_settings;

use std::any::Any;

use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::session::ReviewedBody;
use crate::text::width::shown_width;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::guard::{Refusal, Weight};
use crate::tui::hit_map::{Scrolls, Target};
use crate::tui::keymap::{Action, Context, keymap};
use crate::tui::model::{DraftState, Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::form::copy;
use crate::tui::views::occupied::may_send;
use crate::tui::views::saving;
use crate::tui::widgets::areas::{Areas, SIDES, cells};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::{Line, LinesFrom, Page};
use crate::tui::widgets::paint;
use crate::tui::widgets::paint::fitted;
use crate::tui::widgets::rule::TitledRule;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};
pub use unsent_settings::UnsentSettings;

/// The four pages of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewTab {
    /// A line a field.
    Changes,
    /// Unified diff of the bodies.
    Diff,
    /// The whole JSON.
    Body,
    /// The request as a command.
    Curl,
}

impl ReviewTab {
    /// In the order of Tab.
    pub const ALL: [Self; 4] = [Self::Changes, Self::Diff, Self::Body, Self::Curl];

    /// The tab's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Changes => "Changes",
            Self::Diff => "Diff",
            Self::Body => "Body",
            Self::Curl => "curl",
        }
    }

    /// The one so many places on, around the end.
    fn on(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

/// The review.
#[derive(Debug)]
pub struct Review {
    /// The page in front.
    pub tab: ReviewTab,
    scroll: Scroll,
    /// Environment values are shown.
    reveal: bool,
    /// How many lines of the changes somebody can have seen so far: they were on the terminal when a key came.
    seen: usize,
    /// The frame with which `seen` grew last: Enter counts when that frame has been on the terminal for a while.
    seen_in: u64,
    /// Which lines of the changes are drawn now; `None`: none are.
    drawn: Option<DrawnLines>,
}

/// Lines of the changes that were drawn.
#[derive(Clone, Copy, Debug)]
struct DrawnLines {
    /// The first, and the one behind the last.
    lines: (usize, usize),
    /// The first frame that has them there.
    frame: u64,
}

/// Opens it, in the place of whatever lies over the form.
pub fn open(model: &mut Model) {
    let Screen::Form(form) = &model.screen else { return };
    let (changed, errors) = (form.work.is_changed(), form.work.error_count() > 0);
    let others = !form.work.others().is_empty();
    if !changed {
        model.say("Nothing is changed: there is nothing to save. This is the body as it stands.");
    }
    let tab = if changed || errors || others {
        ReviewTab::Changes
    } else {
        ReviewTab::Body
    };
    model.show_view(Review {
        tab,
        scroll: Scroll::default(),
        reveal: false,
        seen: 0,
        seen_in: 0,
        drawn: None,
    });
}

/// Whether nothing but the review and its own question lies over the form.
pub fn is_in_front(model: &Model) -> bool {
    let is_own = |view: &dyn View<Model>| {
        let view = view as &dyn Any;
        view.is::<Review>() || view.is::<ProtectedName>() || view.is::<UnsentSettings>()
    };
    !model.is_bare() && model.views.iter().all(is_own)
}

impl View<Model> for Review {
    fn context(&self) -> Option<Context> {
        Some(Context::Review)
    }

    fn commands(&self, model: &Model) -> Vec<Command> {
        let bound = |action, says, rank| Command::bound(Context::Review, &[action], says, rank);
        vec![
            bound(Action::Send, send_says(model), Rank::Way),
            bound(Action::NextView, "next view", Rank::Useful),
            bound(Action::PageDown, "scroll", Rank::Extra),
            bound(Action::RevealAll, "values", Rank::Needed),
            bound(Action::Back, "back", Rank::Way),
        ]
    }

    fn weight(&self, model: &Model, action: Action) -> Weight {
        match (&model.screen, action) {
            // It goes to the first error, or says that there is nothing to send.
            (Screen::Form(form), Action::Send)
                if !matches!(form.draft_state, DraftState::Theirs(_))
                    && (!form.work.is_changed() || form.work.error_count() > 0) =>
            {
                Weight::Light
            }
            _ => action.weight(),
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, press: &Press) -> Flow {
        match action {
            Action::Send => return self.send(model, press, false),
            Action::NextView => self.show(self.tab.on(1)),
            Action::PreviousView => self.show(self.tab.on(3)),
            Action::RevealAll => {
                self.reveal = !self.reveal;
                self.scroll.restart();
                // Problems read the same with and without values; changes, which must be seen beside others', don't.
                if matches!(&model.screen, Screen::Form(form) if !form.work.others().is_empty()) {
                    self.forget_seen();
                }
            }
            Action::CopyBody => return Flow::stay().with(copy::body(model)),
            Action::Back => return Flow::close(),
            _ => {}
        }
        Flow::stay()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn reveals(&mut self) -> Option<&mut bool> {
        Some(&mut self.reveal)
    }

    fn click(&mut self, _model: &mut Model, target: Target) {
        if let Target::Tab(at) = target {
            self.show(ReviewTab::ALL[at]);
        }
    }

    fn drawn(&mut self, frame: Option<u64>) {
        let shown = self.scroll.shown().filter(|_| self.tab == ReviewTab::Changes);
        match (frame, shown) {
            (Some(frame), Some(lines)) if self.drawn.is_none_or(|drawn| drawn.lines != lines) => {
                self.drawn = Some(DrawnLines { lines, frame });
            }
            (Some(_), Some(_)) => {}
            _ => self.drawn = None,
        }
    }

    /// What is drawn in that frame was seen. A frame that never got to the terminal, since a newer one took its place,
    /// was not; and pages that were jumped over weren't either, so only what joins on counts.
    fn seen(&mut self, frame: u64) {
        if let Some(DrawnLines { lines, frame: first }) = self.drawn
            && first <= frame
            && lines.0 <= self.seen
            && lines.1 > self.seen
        {
            (self.seen, self.seen_in) = (lines.1, first);
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let above = canvas.above_keys();
        paint::clear(canvas.buffer, canvas.area);
        canvas.hit_map.window(above, Scrolls::Front, 0, 0);
        let Screen::Form(form) = &model.screen else { return };
        self.draw_tabs(form, canvas);
        let [header, below] = above.split_top(2);
        let [_, rule] = header.split_top(1);
        let subject = model.around.subject(&form.work.base().config);
        TitledRule::new(&subject, theme::strong()).render(rule, canvas.buffer);
        // A row is always free for a notice, which takes those that it needs.
        let room = below.inner(SIDES);
        let notice = model.notice.as_ref();
        let told = notice.map_or(1, |notice| notice.rows(room.width, canvas.area.height));
        let [page, foot] = room.split_top(room.height.saturating_sub(told).max(1));
        let lines = self.lines(model, form);
        let height = usize::from(room.height - 1).max(1);
        let first = self.scroll.first_of(lines.len(), height, usize::from(page.height));
        LinesFrom::new(&lines, first).render(page, canvas.buffer);
        if let Some(notice) = notice {
            notice.render(foot, canvas.buffer);
        }
    }
}

/// What the key that sends comes to now.
fn send_says(model: &Model) -> &'static str {
    let Screen::Form(form) = &model.screen else {
        return "SEND";
    };
    if matches!(form.draft_state, DraftState::Theirs(_)) && form.work.is_changed() {
        "take over…"
    } else if form.work.error_count() > 0 {
        "to the first error"
    } else if !form.work.is_changed() {
        "nothing to send"
    } else if model.around.read_only {
        "read-only, can't send"
    } else {
        "SEND"
    }
}

impl Review {
    /// Another page, from its first line on.
    fn show(&mut self, tab: ReviewTab) {
        self.tab = tab;
        self.scroll.restart();
    }

    /// Other lines stand in the changes now: they have to be seen anew.
    pub fn forget_seen(&mut self) {
        (self.seen, self.drawn) = (0, None);
    }

    /// All lines are others now: from the first one on they have to be seen anew.
    pub fn restart(&mut self) {
        self.scroll.restart();
        self.forget_seen();
    }

    /// The lines of the page in front. It has no frame at its sides.
    fn lines(&self, model: &Model, form: &Form) -> Vec<Line> {
        let mut page = Page::new(model.size.width.saturating_sub(2));
        match self.tab {
            ReviewTab::Changes => {
                page.problems(&form.work);
                page.unsent_settings(&form.work);
                page.changes(&form.work, self.reveal);
            }
            ReviewTab::Diff => page.body_diff(&form.work, self.reveal),
            ReviewTab::Body => page.body(&form.work, self.reveal),
            ReviewTab::Curl => page.curl(&form.work, &model.around.update_url),
        }
        page.lines
    }

    /// How many lines of the changes have to be seen before anything is sent: all problems and the line about settings; and all changes too where
    /// others' are among them.
    fn must_be_seen(&self, model: &Model, form: &Form) -> usize {
        let mut page = Page::new(model.size.width.saturating_sub(2));
        page.problems(&form.work);
        page.unsent_settings(&form.work);
        if !form.work.others().is_empty() {
            page.changes(&form.work, self.reveal);
        }
        page.lines.len()
    }

    /// Sends what was reviewed, or says why not. `confirmed`: the name of a protected endpoint was typed.
    fn send(&mut self, model: &mut Model, press: &Press, confirmed: bool) -> Flow {
        let Screen::Form(form) = &mut model.screen else {
            return Flow::stay();
        };
        // What can be answered by taking over comes before what is wrong.
        if matches!(form.draft_state, DraftState::Theirs(_)) && form.work.is_changed() {
            may_send(model);
            return Flow::stay();
        }
        if let Some(first) = form.go_to_first_error() {
            model.complain(format!("Nothing was sent. {first}"));
            return Flow::close();
        }
        if !form.work.is_changed() {
            model.say("Nothing is changed: there is nothing to send.");
            return Flow::stay();
        }
        let must_be_seen = match &model.screen {
            Screen::Form(form) => self.must_be_seen(model, form),
            _ => 0,
        };
        if self.seen < must_be_seen {
            self.tab = ReviewTab::Changes;
            self.scroll.go(self.seen);
            let send = keymap().word(Context::Review, Action::Send);
            model.say(format!(
                "There is more to be read before this goes; then press {send} again."
            ));
            return Flow::stay();
        }
        // What had to be seen was on the screen only after the question itself, and has to be there for as long.
        if press.settled < self.seen_in {
            model.refuse(press, Refusal::TooEarly);
            return Flow::stay();
        }
        if !may_send(model) {
            return Flow::stay();
        }
        if UnsentSettings::asks(model) {
            model.views.push(UnsentSettings::default());
            return Flow::stay();
        }
        if model.around.protected && !confirmed {
            model.views.push(ProtectedName::default());
            return Flow::stay();
        }
        let Screen::Form(form) = &model.screen else {
            return Flow::stay();
        };
        let Some(body) = ReviewedBody::of(&form.work) else {
            return Flow::stay();
        };
        let answers = form.work.answers_to_record(&model.around.redactor);
        let remember = (!answers.is_empty()).then(|| Effect::RecordAnswers(body.config().id.clone(), answers));
        Flow::close().with(remember).with(saving::start(model, body))
    }

    /// The tabs, and beside them whether values are masked.
    fn draw_tabs(&self, form: &Form, canvas: &mut Canvas<'_>) {
        let area = canvas.area;
        let mut x = area.x + 1;
        x += paint::text(canvas.buffer, x, area.y, 10, "Review", theme::strong()) + 2;
        for (at, tab) in ReviewTab::ALL.into_iter().enumerate() {
            let style = if tab == self.tab { theme::chosen() } else { theme::dim() };
            let room = area.right().saturating_sub(x);
            let title = format!(" {} ", tab.title());
            let wide = paint::text(canvas.buffer, x, area.y, room, &title, style);
            canvas.hit_map.put(Rect::new(x, area.y, wide, 1), Target::Tab(at));
            x += wide + 1;
        }
        let masked = form.work.now().envs.len();
        let reveal = keymap().word(Context::Review, Action::RevealAll);
        // In short where the tabs leave little room; the key bar names the key, too.
        let notes = match (self.tab, self.reveal) {
            (ReviewTab::Curl, _) => [String::new(), String::new()],
            (_, true) => [format!("values shown, {reveal} masks them"), "values shown".to_owned()],
            (_, false) if masked == 0 => [String::new(), String::new()],
            (_, false) => [
                format!("{masked} values masked, {reveal} shows them"),
                format!("{masked} masked"),
            ],
        };
        let room = area.right().saturating_sub(x + 1);
        if let Some(note) = notes.iter().find(|note| shown_width(note) <= usize::from(room)) {
            paint::text(canvas.buffer, x, area.y, room, note, theme::dim());
        }
    }
}

/// A question that lay over the review is answered: what was reviewed is sent, unless there is another one.
/// `confirmed`: the name of a protected endpoint was typed.
fn go_on(model: &mut Model, press: &Press, confirmed: bool) -> Vec<Effect> {
    let Some(mut below) = model.views.take_front() else {
        return Vec::new();
    };
    let Some(review) = (&mut *below.view as &mut dyn Any).downcast_mut::<Review>() else {
        model.views.put_back(below);
        return Vec::new();
    };
    let flow = review.send(model, press, confirmed);
    if !flow.closes {
        model.views.put_back(below);
    }
    flow.effects
}

/// The last question before a protected endpoint is changed: its name is to be typed. It lies over the review.
#[derive(Debug)]
pub struct ProtectedName {
    text: TextEdit,
}

impl Default for ProtectedName {
    fn default() -> Self {
        Self {
            text: TextEdit::new(""),
        }
    }
}

impl View<Model> for ProtectedName {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![
            Command::fixed(&[("enter", Action::Send)], "send", Rank::Way),
            Command::fixed(&[("esc", Action::Back), ("ctrl-c", Action::Back)], "back", Rank::Way),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, press: &Press) -> Flow {
        let Screen::Form(form) = &model.screen else {
            return Flow::close();
        };
        if action != Action::Send {
            return Flow::close();
        }
        let config = &form.work.base().config;
        let typed = self.text.text();
        // The id too: a name may hold what can't be typed.
        if typed.is_empty() || (typed != config.name && typed != config.id) {
            model.complain("Nothing was sent: that is not the endpoint's name.");
            return Flow::stay();
        }
        Flow::close().with(go_on(model, press, true))
    }

    fn text<'a>(&'a mut self, _model: &'a mut Model) -> Option<(&'a mut TextEdit, TextKind)> {
        Some((&mut self.text, TextKind::WORDS))
    }

    fn typed(&mut self, model: &mut Model, refused: Option<String>) {
        if let Some(why) = refused {
            model.complain(why);
        }
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let Screen::Form(form) = &model.screen else { return };
        let area = canvas.area;
        let config = &form.work.base().config;
        let name = if config.name.is_empty() {
            &config.id
        } else {
            &config.name
        };
        // The name has to be read whole: it is what is to be typed.
        let width = area.width.min(60);
        let room = usize::from(width - 4);
        let asked = format!("Type the endpoint's name to send: {name}");
        let asked = if shown_width(&asked) <= room {
            vec![asked]
        } else {
            let most = usize::from(area.height.saturating_sub(6));
            fitted(&asked.replacen(": ", ":\n", 1), room, most, "")
        };
        let rows = cells(asked.len());
        let inside = paint::window(canvas.buffer, area.middle(width, rows + 4), "Protected").inner(SIDES);
        paint::lines(canvas.buffer, inside, &asked, theme::strong());
        let [_, below] = inside.split_top(rows + 1);
        let [typed, _] = below.split_top(1);
        canvas.hit_map.put_text(typed, false);
        canvas.cursor = Some(self.text.draw_line(canvas.buffer, typed));
    }
}
