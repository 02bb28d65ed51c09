//! Everything that the screen shows, as plain data.

use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;

use super::event::{Effect, Press};
use super::guard::{Guard, Refusal};
use super::keymap::Key;
use super::view::{Stack, View};
use crate::endpoint::edit::Row;
use crate::endpoint::{EndpointConfig, FieldId, Limits};
use crate::secret::Secret;
use crate::session::Repetition;
use crate::store::{EditorText, EditorTextOf, Redactor, Typing, TypingTarget};

pub use super::draft_state::{Discard, Discarding, DraftState, KeptAside, Leaving, Opened, Sent};
pub use super::edited::{Edited, EditorTarget, SavedIn, SavedText, Written};
pub use super::lookups::{LookedUp, Lookup, Lookups};
pub use super::pending_merge::PendingMerge;
pub use super::views::form::editing::{Editing, RowEdit, new_row, text_kind};
pub use super::views::form::focus::Focus;
pub use super::views::form::state::{Form, RowFilter};
pub use super::views::form::state::{SCALE_FIELDS, Scale};
pub use super::views::form::suggestions::{
    Matching, Suggestion, Suggestions, Typed, suggestions, suggestions_for, with_name,
};
pub use super::views::loading::state::Loading;
pub use super::views::picker::list::{Mark, Picker, Sort, Widths, workers_words};
pub use super::widgets::notice::Notice;

/// What the header says of the surroundings.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The active profile's label.
    pub profile: Option<String>,
    /// Running against the built-in simulated API.
    pub demo: bool,
    /// Nothing may be sent.
    pub read_only: bool,
    /// The endpoint's name has to be typed before anything is sent.
    pub protected: bool,
    /// Where the API is, for the curl view.
    pub update_url: String,
    /// Which environment values are written into drafts, and what finds those again that were not.
    pub redactor: Redactor,
}

impl Surroundings {
    /// Which endpoint something is about, and where: the last thing to be seen before something is sent.
    pub fn subject(&self, config: &EndpointConfig) -> String {
        let mut subject = format!("{} {}", config.name, config.id);
        if let Some(profile) = &self.profile {
            subject.push_str(&format!(" [{profile}]"));
        }
        if self.demo {
            subject.push_str(" demo");
        } else if let Some(host) = self.update_url.split('/').nth(2) {
            subject.push_str(&format!(" at {host}"));
        }
        if self.read_only {
            subject.push_str(" read-only");
        }
        subject
    }
}

/// The whole state of the editor.
#[derive(Debug)]
pub struct Model {
    /// The terminal's size.
    pub size: Size,
    /// What the header says of the surroundings.
    pub around: Surroundings,
    /// The screen.
    pub screen: Screen,
    /// What lies over the screen.
    pub views: Stack<Model>,
    /// A sentence in the message area, until the next key.
    pub notice: Option<Notice>,
    /// The one before that key, for details: there it stands whole where the message area had to cut it.
    pub noticed: Option<Notice>,
    /// The id or name that the program was started with, until it was asked for.
    pub asked: Option<String>,
    /// The list of endpoints that was left for an endpoint, to be there at once on the way back.
    pub list: Option<Box<Picker>>,
    /// The account's limits.
    pub limits: LimitsState,
    /// What is looked up beside the endpoint.
    pub lookups: Lookups,
    /// Requests are numbered, so that late answers to old ones are known.
    pub request: u64,
    /// The ids opened before in this account, the newest first.
    pub recent: Vec<String>,
    /// The newest request failed and is about to be repeated.
    pub again: Option<Repetition>,
    /// When a key counts for what can't be undone.
    pub guard: Guard,
    /// A paste that has stalled.
    pub pasting: Option<Pasting>,
    /// It was told that the keyboard is set to another alphabet.
    pub told_alphabet: bool,
    /// Clicks are reported.
    pub mouse: bool,
    /// The last click focused something that a second one edits; a key comes in between.
    pub clicked: bool,
    /// The newest frame that was drawn: a click on an older one was meant for something else.
    pub drawn: u64,
}

impl Model {
    /// Puts a view in the place of all that lies over the screen, also where another one of its kind was.
    pub fn show_view(&mut self, view: impl View<Self>) {
        self.close_all();
        self.views.push(view);
        self.guard.turned(false);
    }

    /// Nothing lies over the screen any more.
    pub fn close_all(&mut self) {
        self.views.clear();
    }

    /// Whether nothing lies over the screen.
    pub fn is_bare(&self) -> bool {
        self.views.is_empty()
    }

    /// Tells this in the message area.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            bad: false,
        });
    }

    /// Tells there that something went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            bad: true,
        });
    }

    /// What time it is: the time-outs of an open send that nobody told of run for `longest` from now on, and are over
    /// when they are. To be told before what was read is.
    pub fn tell_time(&mut self, now: Timestamp, longest: Duration) {
        if let Screen::Form(form) = &mut self.screen
            && let Some(open) = form.unknown.as_mut().filter(|open| !open.is_over)
        {
            let until = *open
                .until
                .get_or_insert_with(|| now.saturating_add(longest).unwrap_or(Timestamp::MAX));
            open.is_over = now >= until;
        }
    }

    /// A new number for a request: what was asked for before it is no longer waited for.
    pub fn next_request(&mut self) -> u64 {
        self.request += 1;
        self.again = None;
        self.request
    }

    /// Says that a key did nothing, why, and that it is to be pressed again.
    pub fn refuse(&mut self, press: &Press, why: Refusal) {
        let key = Key::from(&press.key);
        self.complain(match why {
            Refusal::TooEarly => {
                format!("Nothing was done: that key came too soon after this was shown. Press {key} again.")
            }
            Refusal::WithEsc => {
                format!("Nothing was done: {key} came together with an Esc or Alt key. Press {key} again.")
            }
            Refusal::Stray => {
                format!("Nothing was done: other keys came just before. Press {key} again if it is meant for this.")
            }
        });
    }

    /// Whether this would lose a value that the server hasn't got, or a text that may hold some, where it is kept on
    /// disk: values aren't written there (`keep_secrets = false`).
    pub fn loses_values<'a>(
        &self,
        edited: &EndpointConfig,
        typing: Option<&Typing>,
        editor_texts: impl IntoIterator<Item = &'a EditorText>,
    ) -> bool {
        let Screen::Form(form) = &self.screen else {
            return false;
        };
        let known = &form.work.base().config.envs;
        let is_new = |value: &Secret| !value.is_redacted() && known.iter().all(|known| known.value != *value);
        let is_typed = |typing: &Typing| match &typing.what {
            TypingTarget::Row { row, part, .. } => {
                matches!(row, Row::Env(env) if is_new(&env.value))
                    || (*part == FieldId::EnvValue && is_new(&typing.text))
            }
            TypingTarget::Field(_) | TypingTarget::Choice(_) => false,
        };
        let is_withheld = |text: &EditorText| !matches!(text.what, EditorTextOf::Field(_)) && !text.text.is_redacted();
        !self.around.redactor.keeps_values()
            && (edited.envs.iter().any(|env| is_new(&env.value))
                || typing.is_some_and(is_typed)
                || editor_texts.into_iter().any(is_withheld))
    }

    /// Whether nothing can be sent from here as it stands: there is a review, and no save.
    pub fn is_read_only(&self) -> bool {
        self.around.read_only
            || matches!(&self.screen, Screen::Form(form) if matches!(form.draft_state, DraftState::Theirs(_)))
    }

    /// Turns the mouse on or off.
    pub fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        self.say(if self.mouse {
            "The mouse is on. To select text with the terminal, hold Shift (Option in some)."
        } else {
            "The mouse is off: it is the terminal's again."
        });
        vec![Effect::Mouse(self.mouse)]
    }

    /// The account's limits, as far as they are known.
    pub fn known_limits(&self) -> Limits {
        match &self.limits {
            LimitsState::Known(limits) => limits.clone(),
            LimitsState::Loading | LimitsState::Failed(_) => Limits::unknown(),
        }
    }
}

/// A paste that has stalled, as far as it came.
#[derive(Debug)]
pub struct Pasting {
    /// What of it waits for the rest: line ends that may be the last ones, or all of it.
    pub held: Secret,
    /// A text took the rest.
    pub typed: bool,
    /// There is a line break in what the text took.
    pub has_breaks: bool,
}

/// What is known of the account's limits.
#[derive(Debug)]
pub enum LimitsState {
    /// Asked for.
    Loading,
    /// Here they are.
    Known(Limits),
    /// They couldn't be had.
    Failed(String),
}

/// The screens.
#[derive(Debug)]
pub enum Screen {
    /// The list of endpoints.
    Picker(Box<Picker>),
    /// An endpoint is being read, or couldn't be.
    Loading(Box<Loading>),
    /// An endpoint is edited.
    Form(Box<Form>),
}
