//! What comes of a read: of an endpoint, of the account's limits, of look-ups.

use super::draft_state;
use crate::api::ApiError;
use crate::endpoint::{Limits, LoadedEndpoint};
use crate::fs::when;
use crate::session::{Workspace, age_in_words};
use crate::tui::event::{Effect, Press};
use crate::tui::model::{DraftState, Form, LimitsState, LookedUp, Model, Opened, Screen};
use crate::tui::views::form::reread::reread;
use crate::tui::views::quick_scale;
use crate::tui::views::review::{self, Review};

impl Model {
    /// An endpoint was read, or could not be.
    pub(super) fn loaded(&mut self, read: Result<LoadedEndpoint, ApiError>, at: String) -> Vec<Effect> {
        self.again = None;
        let age = read.as_ref().ok().and_then(|endpoint| age_in_words(&endpoint.status));
        let effects = self.take_read(read, at);
        if let (Some(age), Screen::Form(_)) = (age, &self.screen) {
            let said = self.notice.take().map(|notice| notice.text + " ").unwrap_or_default();
            self.complain(said + &age);
        }
        effects
    }

    fn take_read(&mut self, read: Result<LoadedEndpoint, ApiError>, at: String) -> Vec<Effect> {
        let asked = self.asked.take();
        match (&mut self.screen, read) {
            // What the program was started with may be a name.
            (Screen::Loading(loading), Err(failed))
                if asked.as_ref() == Some(&loading.id) && failed.may_be_about_a_name() =>
            {
                let effects = self.open_picker();
                if let Screen::Picker(picker) = &mut self.screen {
                    picker.named = asked.map(|asked| (asked, failed));
                }
                return effects;
            }
            (Screen::Loading(loading), Err(failed)) => loading.error = Some(failed),
            (Screen::Loading(loading), Ok(endpoint)) => {
                loading.loaded = Some((endpoint, at));
                return self.begin();
            }
            (Screen::Form(form), read) => {
                form.reloading = false;
                form.is_gone &= read.is_err();
                match read {
                    Ok(endpoint) => return reread(self, endpoint, at, false, None),
                    Err(error) if error.is_gone() => {
                        form.is_gone = true;
                        self.complain(
                            "This endpoint was deleted: the server has none of this id. Your edits are still here.",
                        );
                    }
                    Err(error) => self.complain(format!("Not read again: {error}")),
                }
            }
            (Screen::Picker(_), _) => {}
        }
        Vec::new()
    }

    /// Opens the form once the endpoint and what is on disk about it are both there: before that nothing could be kept.
    pub(super) fn begin(&mut self) -> Vec<Effect> {
        let (limits, account) = (self.known_limits(), self.lookups.known());
        let Screen::Loading(loading) = &mut self.screen else {
            return Vec::new();
        };
        let Some(((endpoint, read_at), opened)) = loading.take_both() else {
            return Vec::new();
        };
        let scale = loading.scale.then(|| std::mem::take(&mut loading.typed));
        let carried = loading.back.take().and_then(|form| form.as_draft());
        self.recent.retain(|id| *id != endpoint.config.id);
        self.recent.insert(0, endpoint.config.id.clone());
        let mut work = Workspace::new(endpoint, limits);
        work.set_account(account);
        let form = Form::new(work, read_at, carried);
        self.screen = Screen::Form(Box::new(form));
        let mut effects = match scale {
            Some(typed) => opened_to_scale(self, *opened, typed),
            None => draft_state::opened(self, *opened),
        };
        // The form is drawn before anything is asked: the requests begin when the loop waits again.
        if self.lookups.wanting() && self.lookups.ask() {
            effects.push(Effect::LoadLookups);
        }
        effects
    }

    /// The account's limits came, or could not be had.
    pub(super) fn limits_came(&mut self, limits: Result<Limits, ApiError>) {
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

/// The endpoint was opened from the list to change a number. It starts from the server's state, and unsaved edits of an
/// earlier session are left alone. What was typed while it was being read is for the box.
fn opened_to_scale(model: &mut Model, mut found: Opened, typed: Vec<Press>) -> Vec<Effect> {
    let waiting = found.draft.take();
    // They wait for the form as well.
    found.texts.clear();
    let mut effects = draft_state::opened(model, found);
    // What is asked or told first is in front of the box.
    let asked = !model.is_bare();
    let Screen::Form(form) = &mut model.screen else {
        return effects;
    };
    if let Some(draft) = waiting.filter(|_| form.draft_state == DraftState::Ours) {
        let at = when(&draft.saved_at);
        let why = format!("unsaved edits of {at} wait and are left alone");
        form.not_kept = Some(why.clone());
        form.draft_state = DraftState::Nowhere(why);
        effects.push(Effect::Disown);
        model.say(format!(
            "Unsaved edits of {at} wait: they are left alone. This starts from the server's state."
        ));
    }
    quick_scale::begin(model, true);
    if asked {
        return effects;
    }
    effects.extend(quick_scale::come_back(model));
    let told = model.notice.take();
    for press in typed {
        // The review sends nothing that was typed before it was on the screen.
        if !(quick_scale::is_in_front(model) || review::is_in_front(model)) {
            break;
        }
        effects.extend(super::key_pressed(model, press));
    }
    if model.notice.is_none() {
        model.notice = told;
    }
    effects
}

/// A look-up was answered.
pub(super) fn looked_up(model: &mut Model, answer: LookedUp) {
    model.lookups.came(answer);
    let account = model.lookups.known();
    let Screen::Form(form) = &mut model.screen else { return };
    if *form.work.account() == account {
        return;
    }
    let before = form.work.problems().to_vec();
    form.work.set_account(account);
    form.check_typed();
    // Other problems stand in the review now.
    if let Some(review) = model.views.find_mut::<Review>()
        && before != form.work.problems()
    {
        review.forget_seen();
    }
}
