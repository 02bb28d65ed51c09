//! The page that tells how a save ended.

use ratatui::style::Style;

use crate::endpoint::diff::{Change, differences};
use crate::endpoint::{EndpointConfig, diff};
use crate::session::{EditsStored, Outcome, ReviewedBody, Teller, Verdict, kinds_in_words, state_in_words};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Form, Model, PendingMerge, Scale, Screen};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::views::conflict::merging::{Then, meet};
use crate::tui::views::details::page::worker_words;
use crate::tui::views::form::reread::{reread, stored_differently};
use crate::tui::views::form::{aside, moves};
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
    form.is_gone = outcome.is_gone();
    match &*outcome {
        Outcome::Saved { fresh, .. } => {
            form.unknown = None;
            form.rollout = None;
            form.work.saved((**fresh).clone(), body.config());
            // What still isn't there waits on.
            if let Some(aside) = form.aside.take() {
                form.put_aside((*aside).clone());
            }
            form.read_at = at;
            form.look_again();
            // From there it is the list of endpoints that one goes back to, else the form.
            form.scaling = form.scaling.filter(|scale| scale.from_picker);
            if let Some(scale) = &mut form.scaling {
                scale.saved = true;
            }
        }
        Outcome::StoredDifferently { fresh, .. } => {
            form.unknown = None;
            form.read_at = at;
            stored_differently(form, (**fresh).clone(), body.config());
        }
        Outcome::Refused(error) => moves::follow(form, error),
        Outcome::NotSaved { fresh, .. } => {
            form.unknown = None;
            form.work.set_status(fresh.status.clone());
            form.read_at = at;
        }
        Outcome::NotShown { open, .. } | Outcome::NotKnown { open, .. } | Outcome::RefusedNotRead { open, .. } => {
            if let Some(fresh) = outcome.read_back() {
                form.work.set_status(fresh.status.clone());
                form.read_at = at;
            }
            form.unknown = Some(open.clone());
        }
        // What changed may be what this session sent itself, when nobody could tell.
        Outcome::ServerChanged { theirs, as_before, .. } => {
            return reread(
                model,
                (**theirs).clone(),
                at,
                true,
                as_before.as_ref().map(|own| own.at.clone()),
            );
        }
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
            _ if self.outcome.is_gone() => None,
            Outcome::Saved { .. } | Outcome::Refused(_) | Outcome::Forbidden(_) | Outcome::ServerChanged { .. } => None,
            Outcome::StoredDifferently { edits, .. } => {
                let may_help = *edits != EditsStored::All && self.outcome.may_be_sent_again();
                may_help.then_some((Action::Review, "review again"))
            }
            Outcome::NotSaved { fresh, .. } if fresh.config != *self.before => {
                Some((Action::Review, "merge and review"))
            }
            Outcome::NotSaved { .. } => Some((Action::Send, "send again")),
            Outcome::NotSent(_) | Outcome::CheckFailed(_) => Some((Action::Send, "try again")),
            // Asked again, with the same bytes on both sides.
            Outcome::NotShown { .. } => Some((Action::Reload, "look| again")),
            Outcome::NotKnown { .. } | Outcome::RefusedNotRead { .. } => {
                Some((Action::Reload, "read the server| again"))
            }
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

    fn is_open(&self) -> bool {
        self.outcome.open_send().is_some()
    }

    /// Reads once more what became of it.
    fn read_again(&self, model: &mut Model) -> Flow {
        let Screen::Form(form) = &model.screen else {
            return Flow::close();
        };
        let Some(open) = form.unknown.clone() else {
            return Flow::close();
        };
        Flow::stay().with(saving::verify(model, self.body.clone(), open))
    }

    /// What the server turned out to hold is merged, and leads to the review.
    fn merge(&self, model: &mut Model) {
        let Screen::Form(form) = &model.screen else { return };
        let fresh = match &*self.outcome {
            Outcome::NotSaved { fresh, .. } => fresh,
            _ => return review::open(model),
        };
        let pending = PendingMerge {
            theirs: fresh.clone(),
            read_at: form.read_at.clone(),
            after_send: true,
            as_before: None,
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
        let mut commands = match self.way_on() {
            None => vec![Command::fixed(&keys, back, Rank::Way)],
            Some((Action::Reload, says)) => vec![
                Command::fixed(&[("enter", Action::Reload), ("r", Action::Reload)], says, Rank::Way),
                Command::fixed(&keys[1..], back, Rank::Way),
            ],
            Some((action, says)) => vec![
                Command::fixed(&[("enter", action)], says, Rank::Way),
                Command::fixed(&keys[1..], back, Rank::Way),
            ],
        };
        if waits_aside(model) {
            commands.push(Command::fixed(&[("p", Action::PutBack)], "put back", Rank::Way));
        }
        commands.push(Command::scrolling());
        commands
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        match action {
            Action::Reload => return self.read_again(model),
            Action::Send => return self.send_again(model),
            Action::Review => self.merge(model),
            Action::PutBack => aside::put_back(model),
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
        let is_in_memory = waits_aside(model) && !model.around.redactor.keeps_values();
        Sheet::new(&title, &self.scroll, model.notice.as_ref()).draw(canvas, |page| {
            page.save_result(self);
            if let (Outcome::Saved { .. }, Screen::Form(form)) = (&*self.outcome, &model.screen) {
                page.rollout(form, &self.outcome);
            }
            if is_in_memory {
                let key = form_key(Action::PutBack);
                let told = format!(
                    "! Values are not kept on disk (keep_secrets = false): what {key} puts back is in this program's \
                     memory only."
                );
                page.wrapped(&told, theme::warning(), 2);
            }
        });
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
        let indent = if outcome.read_back().is_some() || result.is_open() {
            2
        } else {
            0
        };
        for cause in outcome.causes(Teller::Editor, [body.config(), before]) {
            self.wrapped(&cause, theme::plain(), indent);
        }
        self.read_back(outcome, body.config());
    }

    /// State and workers as they were read back, or as they are by now, and how the rollout stands.
    fn rollout(&mut self, form: &Form, outcome: &Outcome) {
        let Some(rollout) = &form.rollout else {
            let state = outcome.state_in_words(Teller::Editor);
            return self.wrapped(&state.unwrap_or_default(), theme::plain(), 0);
        };
        let status = &form.work.base().status;
        self.wrapped(&state_in_words(status, Teller::Editor), theme::plain(), 0);
        let words = rollout.verdict.words();
        match &rollout.verdict {
            Verdict::Going(_) if rollout.is_watched => {
                self.wrapped(&format!("Rollout: {words}…"), theme::plain(), 0);
            }
            Verdict::Going(_) => {
                let text = format!("! Rollout: {words}, and nobody looks any more.");
                self.wrapped(&text, theme::warning(), 2);
            }
            Verdict::Ready(_) => self.wrapped(&format!("✓ Rollout: {words}."), theme::good(), 2),
            Verdict::Overtaken(_) => self.wrapped(&format!("! Rollout: {words}."), theme::warning(), 2),
            Verdict::Failed(_) => {
                let text = format!("✗ Rollout failed: {words}. What was saved is stored.");
                self.wrapped(&text, theme::error(), 2);
            }
        }
        let new = status.workers.iter().filter(|worker| rollout.new.contains(&worker.id));
        let new: Vec<(String, String)> = new.map(|one| (format!("  {}", one.id), worker_words(one))).collect();
        self.facts(new.iter().map(|(name, text)| (name.as_str(), text.clone())));
    }

    /// What the server holds instead of what was sent.
    fn read_back(&mut self, outcome: &Outcome, sent: &EndpointConfig) {
        let Some(fresh) = outcome.read_back() else { return };
        let (changes, kinds): (Vec<Change>, Vec<Option<String>>) = match outcome {
            Outcome::Saved { .. } => return,
            Outcome::StoredDifferently { deviations, .. } => {
                let found = deviations
                    .iter()
                    .map(|found| (found.change.clone(), kinds_in_words(found)));
                found.unzip()
            }
            _ => {
                let changes = differences(sent, &fresh.config).into_iter();
                changes.map(|change| (change, None)).unzip()
            }
        };
        self.add("Sent → what the server holds:", theme::strong());
        self.column_for(&changes);
        for (change, kinds) in changes.iter().zip(kinds) {
            self.change(change, (sent, &fresh.config), false);
            if let Some(kinds) = kinds {
                self.wrapped(&format!("  differs in: {kinds}"), theme::dim(), 4);
            }
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
        Outcome::StoredDifferently {
            edits: EditsStored::All,
            ..
        } => ("! Stored differently: ", theme::warning()),
        Outcome::StoredDifferently { .. } => ("✗ Stored differently: ", theme::error()),
        Outcome::NotSaved { .. } | Outcome::Refused(_) | Outcome::NotSent(_) => ("✗ Not saved: ", theme::error()),
        Outcome::NotShown { .. } => ("! Accepted, not shown yet: ", theme::warning()),
        Outcome::NotKnown { .. } => ("! Not known: ", theme::warning()),
        Outcome::RefusedNotRead { .. } => ("! Refused, not read back: ", theme::warning()),
        Outcome::CheckFailed(_) | Outcome::Forbidden(_) => ("✗ Not sent: ", theme::error()),
        Outcome::ServerChanged { .. } => return None,
    })
}

/// The title of the page that tells how a save ended.
fn title(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Saved { .. } => "Saved",
        Outcome::StoredDifferently { .. } => "Stored differently",
        Outcome::NotSaved { .. } | Outcome::Refused(_) | Outcome::NotSent(_) => "Not saved",
        Outcome::NotShown { .. } => "Accepted, not shown yet",
        Outcome::NotKnown { .. } => "Not known",
        Outcome::RefusedNotRead { .. } => "Refused, not read back",
        Outcome::CheckFailed(_) | Outcome::Forbidden(_) => "Not sent",
        Outcome::ServerChanged { .. } => "Changed on the server",
    }
}

fn waits_aside(model: &Model) -> bool {
    matches!(&model.screen, Screen::Form(form) if !form.waits_aside().is_empty())
}
