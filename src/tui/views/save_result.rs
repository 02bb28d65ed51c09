//! The page that tells how a save ended.

use ratatui::style::Style;

use crate::endpoint::diff::few_names;
use crate::endpoint::{EndpointConfig, diff};
use crate::session::{NotSaved, Outcome, ReviewedBody, Teller};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, PendingMerge, Scale, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::conflict::merging::{Then, meet, merge_in};
use crate::tui::views::form::moves;
use crate::tui::views::form::reread::reread;
use crate::tui::views::occupied::may_send;
use crate::tui::views::review;
use crate::tui::views::saving::{self, Saving};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::scroll::Scroll;
use crate::tui::widgets::sheet::Sheet;

/// How a save ended.
#[derive(Debug)]
pub struct SaveResult {
    /// What the save came to.
    pub outcome: Box<Outcome>,
    /// What was sent.
    body: ReviewedBody,
    /// What the server held before, as far as this session knew: the other side of what was saved.
    before: Box<EndpointConfig>,
    scroll: Scroll,
}

/// A save is over, at this local time of day. After Esc the answer may still have been on its way; then nobody waits
/// for it.
pub fn done(model: &mut Model, outcome: Box<Outcome>, at: String) -> Vec<Effect> {
    let (Some(Saving { body, .. }), Screen::Form(form)) = (model.views.take(), &mut model.screen) else {
        return Vec::new();
    };
    let before = Box::new(form.work.base().config.clone());
    match &*outcome {
        Outcome::Saved { fresh, .. } => {
            form.unknown = None;
            form.work.saved((**fresh).clone(), body.config());
            form.read_at = at;
            form.look_again();
            // From there it is the list of endpoints that one goes back to, else the form.
            form.scaling = form.scaling.filter(|scale| scale.from_picker);
            if let Some(scale) = &mut form.scaling {
                scale.saved = true;
            }
        }
        Outcome::Refused(error) => moves::follow(form, error),
        Outcome::NotSaved { fresh, how, .. } => {
            form.unknown = None;
            form.work.set_status(fresh.status.clone());
            form.read_at = at.clone();
            let clashes = !form.work.merge_with(&fresh.config).clashes().is_empty();
            if *how == NotSaved::ChangedSince && !clashes {
                // What was sent is stored: it is no edit any more.
                let pending = PendingMerge {
                    theirs: fresh.clone(),
                    read_at: at,
                    sent: Some(body.shared_config()),
                    after_send: true,
                };
                merge_in(form, pending, &[]);
            }
        }
        Outcome::NotKnown { .. } => form.unknown = Some(body.shared_config()),
        // What changed may be what this session sent itself, when nobody could tell.
        Outcome::ServerChanged { theirs, .. } => return reread(model, (**theirs).clone(), at, true),
        Outcome::CheckFailed(_) | Outcome::NotSent(_) | Outcome::Forbidden(_) => {}
    }
    model.show_view(SaveResult {
        outcome,
        body,
        before,
        scroll: Scroll::default(),
    });
    Vec::new()
}

impl SaveResult {
    /// What Enter does; `None`: there is nothing to be done but to go back.
    fn way_on(&self) -> Option<(Action, &'static str)> {
        match &*self.outcome {
            Outcome::Saved { .. } | Outcome::Refused(_) | Outcome::Forbidden(_) | Outcome::ServerChanged { .. } => None,
            Outcome::NotSaved {
                how: NotSaved::ChangedSince | NotSaved::Mixed,
                ..
            } => Some((Action::Review, "merge and review")),
            Outcome::NotSaved { .. } => Some((Action::Send, "send again")),
            Outcome::NotSent(_) | Outcome::CheckFailed(_) => Some((Action::Send, "try again")),
            // Asked again, with the same bytes on both sides.
            Outcome::NotKnown { .. } => Some((Action::Reload, "read the server| again")),
        }
    }

    /// Sends the very body that was reviewed once more: another decision, with its own check.
    fn send_again(&self, model: &mut Model) -> Flow {
        // There the name is typed before each send.
        if model.around.protected {
            review::open(model);
            return Flow::close();
        }
        if !may_send(model) {
            return Flow::stay();
        }
        Flow::stay().with(saving::start(model, self.body.clone()))
    }

    /// What the server turned out to hold is merged, and leads to the review.
    fn merge(&self, model: &mut Model) {
        let (Outcome::NotSaved { fresh, how, .. }, Screen::Form(form)) = (&*self.outcome, &model.screen) else {
            return;
        };
        if form.work.base().config == fresh.config {
            let changed = few_names(form.work.others());
            review::open(model);
            model.say(format!("Nothing of yours is left to send; taken over: {changed}."));
            return;
        }
        let pending = PendingMerge {
            theirs: fresh.clone(),
            read_at: form.read_at.clone(),
            sent: (*how == NotSaved::ChangedSince).then(|| self.body.shared_config()),
            after_send: true,
        };
        meet(model, pending, Then::Review);
    }
}

impl View<Model> for SaveResult {
    fn commands(&self, model: &Model) -> Vec<Command> {
        let scaling = match &model.screen {
            Screen::Form(form) => form.scaling,
            _ => None,
        };
        let back = match scaling {
            None => "back| to the form",
            Some(Scale { saved: true, .. }) => "back| to the list",
            Some(_) => "back",
        };
        let keys = ["enter", "esc", "q", "ctrl-c"].map(|key| (key, Action::Back));
        match self.way_on() {
            None => vec![Command::fixed(&keys, back, Rank::Way), Command::scrolling()],
            Some((action, says)) => vec![
                Command::fixed(&[("enter", action)], says, Rank::Way),
                Command::fixed(&keys[1..], back, Rank::Way),
                Command::scrolling(),
            ],
        }
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Reload => return Flow::stay().with(saving::verify(model, self.body.clone())),
            Action::Send => return self.send_again(model),
            Action::Review => self.merge(model),
            _ => {}
        }
        Flow::close()
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&self, model: &Model, canvas: &mut Canvas<'_>) {
        let title = title(&self.outcome);
        let title = match &model.screen {
            Screen::Form(form) => format!("{title} · {}", model.around.subject(&form.work.base().config)),
            _ => title.to_owned(),
        };
        Sheet::new(&title, &self.scroll, model.notice.as_ref()).draw(canvas, |page| page.save_result(self));
    }
}

impl Page {
    fn save_result(&mut self, result: &SaveResult) {
        let SaveResult {
            outcome, body, before, ..
        } = result;
        let Some((lead, style)) = lead(outcome) else { return };
        self.wrapped(&format!("{lead}{}", outcome.sentence(Teller::Editor)), style, 0);
        self.add("", theme::plain());
        if let Outcome::Saved { .. } = &**outcome {
            self.saved(before, body.config());
        }
        for moved in outcome.moved_in_words() {
            self.wrapped(&format!("! {moved}"), theme::warning(), 2);
        }
        for unreported in outcome.unreported_in_words() {
            self.wrapped(&unreported, theme::plain(), 0);
        }
        let indent = match &**outcome {
            Outcome::NotSaved { .. } | Outcome::NotKnown { .. } => 2,
            _ => 0,
        };
        for cause in outcome.causes(Teller::Editor, [body.config(), before]) {
            self.wrapped(&cause, theme::plain(), indent);
        }
        match &**outcome {
            Outcome::Saved { .. } => {
                let state = outcome.state_in_words(Teller::Editor);
                self.wrapped(&state.unwrap_or_default(), theme::plain(), 0);
            }
            Outcome::NotSaved { differences, fresh, .. } => {
                self.add("Sent → what the server holds:", theme::strong());
                self.column_for(differences);
                for change in differences {
                    self.change(change, (body.config(), &fresh.config), false);
                }
            }
            _ => {}
        }
    }

    /// What was saved, as the review listed it.
    fn saved(&mut self, before: &EndpointConfig, sent: &EndpointConfig) {
        let changes = diff::changes(before, sent);
        if changes.is_empty() {
            return;
        }
        self.column_for(&changes);
        for change in &changes {
            self.change(change, (before, sent), false);
        }
        self.add("", theme::plain());
    }
}

/// What stands in front of the sentence that tells how it ended, and how that is drawn; `None` where there is no page:
/// what changed on the server is merged, or decided on the conflict screen.
fn lead(outcome: &Outcome) -> Option<(&'static str, Style)> {
    Some(match outcome {
        Outcome::Saved { .. } => ("✓ Saved: ", theme::good()),
        Outcome::NotSaved {
            how: NotSaved::ChangedSince,
            ..
        } => ("! ", theme::warning()),
        Outcome::NotSaved { .. } | Outcome::Refused(_) | Outcome::NotSent(_) => ("✗ Not saved: ", theme::error()),
        Outcome::NotKnown { .. } => ("! Not known: ", theme::warning()),
        Outcome::CheckFailed(_) | Outcome::Forbidden(_) => ("✗ Not sent: ", theme::error()),
        Outcome::ServerChanged { .. } => return None,
    })
}

/// The title of the page that tells how a save ended.
fn title(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Saved { .. } => "Saved",
        Outcome::NotSaved {
            how: NotSaved::ChangedSince,
            ..
        } => "Saved, and changed since",
        Outcome::NotSaved { .. } | Outcome::Refused(_) | Outcome::NotSent(_) => "Not saved",
        Outcome::NotKnown { .. } => "Not known",
        Outcome::CheckFailed(_) | Outcome::Forbidden(_) => "Not sent",
        Outcome::ServerChanged { .. } => "Changed on the server",
    }
}
