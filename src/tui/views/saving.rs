//! A save under way: check, send, verify.

use std::cmp::Ordering;

use crate::api::Accepted;
use crate::session::{MOST_LOOKS, MOST_RETRIES, OpenSend, Progress, ReviewedBody, SendAnswer, Step};
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::event::Effect;
use crate::tui::keymap::{Action, with_keys};
use crate::tui::model::{Model, Screen, Sent};
use crate::tui::press::Press;
use crate::tui::theme;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::areas::{Areas, cells};
use crate::tui::widgets::paint;

/// A save that is waited for.
#[derive(Debug)]
pub struct Saving {
    /// Where it is; `None` before its first request.
    pub progress: Option<Progress>,
    /// What is being sent.
    pub body: ReviewedBody,
}

impl Saving {
    /// What is on its way, and so is not known to be stored.
    pub fn sent(&self) -> Option<Sent> {
        match self.step() {
            Some(Step::Send | Step::Verify | Step::Look) => Some(self.body.shared_config()),
            None | Some(Step::SaveLock | Step::Check) => None,
        }
    }

    /// The same as far as it is known when nobody waits for it any more.
    fn open_send(&self, step: Step) -> OpenSend {
        OpenSend {
            sent: self.body.shared_config(),
            answer: match step {
                Step::Look => SendAnswer::Accepted(Accepted::default()),
                _ => SendAnswer::Nothing(None),
            },
            until: None,
            is_over: false,
        }
    }

    fn step(&self) -> Option<Step> {
        self.progress.as_ref().map(|progress| progress.step)
    }

    /// The steps in words, as a box of so many columns tells them, and which of them it is at.
    fn steps(&self, width: u16) -> ([&'static str; 3], usize) {
        let is_wide = width >= WIDTH;
        let check = match self.step() {
            // Another program on this machine saves the same endpoint.
            Some(Step::SaveLock) if is_wide => "Another novita-edit saves this endpoint: waiting",
            Some(Step::SaveLock) => "Waits for another novita-edit",
            _ if is_wide => "Check: reading the endpoint again",
            _ => "Check: reading it",
        };
        let later = match self.step() {
            Some(Step::SaveLock) => ["Send", "Verify"],
            Some(Step::Look) if is_wide => ["Send: accepted", "Not shown yet: looking again"],
            Some(Step::Look) => ["Send: accepted", "Not shown yet: again"],
            _ if is_wide => ["Send: the reviewed body, once", "Verify: reading back"],
            _ => ["Send: the body", "Verify: reading back"],
        };
        let at = match self.step() {
            None | Some(Step::SaveLock | Step::Check) => 0,
            Some(Step::Send) => 1,
            Some(Step::Verify | Step::Look) => 2,
        };
        ([check, later[0], later[1]], at)
    }
}

/// The widest that the box is.
const WIDTH: u16 = 64;

/// Checks, sends and verifies what was reviewed.
pub fn start(model: &mut Model, body: ReviewedBody) -> Vec<Effect> {
    let Screen::Form(form) = &mut model.screen else {
        return Vec::new();
    };
    let base = Box::new(form.work.base().clone());
    // An answer to an earlier read would be older than this save.
    let reading = std::mem::take(&mut form.reloading);
    model.next_request();
    model.show_view(Saving {
        progress: None,
        body: body.clone(),
    });
    let cancel = reading.then_some(Effect::CancelRead);
    cancel.into_iter().chain([Effect::Save(base, body)]).collect()
}

/// Reads once more whether this is stored.
pub fn verify(model: &mut Model, body: ReviewedBody, open: OpenSend) -> Vec<Effect> {
    let Screen::Form(form) = &model.screen else {
        return Vec::new();
    };
    let base = Box::new(form.work.base().clone());
    let progress = Progress {
        step: Step::Verify,
        again: None,
    };
    model.show_view(Saving {
        progress: Some(progress),
        body: body.clone(),
    });
    vec![Effect::Verify(base, body, Box::new(open))]
}

/// The save has come to a step, or repeats one.
pub fn came_to(model: &mut Model, progress: Progress) {
    if let Some(saving) = model.views.find_mut::<Saving>() {
        saving.progress = Some(progress);
    }
}

impl View<Model> for Saving {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![Command::stop_waiting()]
    }

    fn is_waiting(&self) -> bool {
        true
    }

    /// Stops waiting, and says what is and isn't known.
    fn act(&mut self, model: &mut Model, _action: Action, _press: &Press) -> Flow {
        match self.step() {
            Some(Step::SaveLock) => model.say("Stopped waiting: nothing was sent."),
            None | Some(Step::Check) => model.say("Stopped while checking: nothing was sent."),
            Some(step @ (Step::Send | Step::Verify | Step::Look)) => {
                if let Screen::Form(form) = &mut model.screen {
                    form.unknown = Some(self.open_send(step));
                }
                model.complain(with_keys(if step == Step::Look {
                    "Stopped looking: the server accepted the update and doesn't show it yet. {reload} reads the server."
                } else {
                    "Stopped waiting: the update was sent, and whether it was stored is not known. {reload} reads the \
                     server."
                }));
            }
        }
        Flow::close().with([Effect::CancelSave])
    }

    fn draw(&self, _model: &Model, canvas: &mut Canvas<'_>) {
        let area = canvas.area;
        let again = self.progress.as_ref().and_then(|progress| progress.again.as_ref());
        let why = again.and_then(|again| again.why.as_ref()).map(|why| match self.step() {
            // That a read never left says nothing of the update, which went out.
            Some(Step::Verify | Step::Look) => why.happened(),
            _ => why.to_string(),
        });
        let width = area.width.min(WIDTH);
        let rows = why.as_ref().map_or(0, |why| {
            let lines = paint::wrap(why, usize::from(width.saturating_sub(5))).len();
            cells(lines).min(area.height.saturating_sub(8)) + 1
        });
        let inside = paint::window(canvas.buffer, area.middle(width, 7 + rows), "Saving").indented();
        let (steps, at) = self.steps(width);
        for ((row, text), line) in steps.iter().enumerate().zip(inside.rows()) {
            let (sign, style) = match row.cmp(&at) {
                Ordering::Less => ("✓", theme::good()),
                Ordering::Equal => ("›", theme::strong()),
                Ordering::Greater => (" ", theme::dim()),
            };
            let tail = match again {
                Some(again) if row == at && self.step() == Some(Step::Look) => {
                    format!(" in {} s ({} of {MOST_LOOKS})…", again.pause.as_secs_f32(), again.count)
                }
                Some(again) if row == at => format!(" (again, {} of {MOST_RETRIES})…", again.count),
                None if row == at => "…".to_owned(),
                _ => String::new(),
            };
            let parts = [(sign, style), (" ", style), (text, style), (&tail, style)];
            paint::pieces(canvas.buffer, line, &parts);
        }
        let [_, below] = inside.split_top(4);
        let [room, _] = below.split_right(2);
        paint::wrapped(canvas.buffer, room, &why.unwrap_or_default(), theme::warning());
    }
}
