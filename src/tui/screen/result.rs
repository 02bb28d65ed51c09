//! The page that tells how a save ended.

use ratatui::style::Style;

use crate::endpoint::{EndpointConfig, diff};
use crate::session::{NotSaved, Outcome, ReviewedBody, Teller};
use crate::tui::model::Scale;
use crate::tui::theme;
use crate::tui::widgets::key_bar::{Hint, Rank, fixed};
use crate::tui::widgets::page::Page;

impl Page {
    pub(super) fn result(&mut self, outcome: &Outcome, body: &ReviewedBody, before: &EndpointConfig) {
        let Some((lead, style)) = lead(outcome) else { return };
        self.wrapped(&format!("{lead}{}", outcome.sentence(Teller::Editor)), style, 0);
        self.add("", theme::plain());
        if let Outcome::Saved { .. } = outcome {
            self.saved(before, body.config());
        }
        for moved in outcome.moved_in_words() {
            self.wrapped(&format!("! {moved}"), theme::warning(), 2);
        }
        for unreported in outcome.unreported_in_words() {
            self.wrapped(&unreported, theme::plain(), 0);
        }
        let indent = match outcome {
            Outcome::NotSaved { .. } | Outcome::NotKnown { .. } => 2,
            _ => 0,
        };
        for cause in outcome.causes(Teller::Editor, [body.config(), before]) {
            self.wrapped(&cause, theme::plain(), indent);
        }
        match outcome {
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

/// What stands in front of the sentence that tells how it ended, and how that is drawn; `None` where there is no page: what
/// changed on the server is merged, or decided on the conflict screen.
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
pub(super) fn title(outcome: &Outcome) -> &'static str {
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

/// The keys that work on that page.
pub(super) fn hints(outcome: &Outcome, scaling: Option<Scale>) -> Vec<Hint> {
    let back = match scaling {
        None => "back| to the form",
        Some(Scale { saved: true, .. }) => "back| to the list",
        Some(_) => "back",
    };
    let enter = match outcome {
        Outcome::Saved { .. } | Outcome::Refused(_) | Outcome::Forbidden(_) | Outcome::ServerChanged { .. } => {
            return fixed(&[("Enter", back, Rank::Way), ("↑↓", "scroll", Rank::Extra)]);
        }
        Outcome::NotSaved {
            how: NotSaved::ChangedSince | NotSaved::Mixed,
            ..
        } => "merge and review",
        Outcome::NotSaved { .. } => "send again",
        Outcome::NotSent(_) | Outcome::CheckFailed(_) => "try again",
        Outcome::NotKnown { .. } => "read the server| again",
    };
    fixed(&[
        ("Enter", enter, Rank::Way),
        ("Esc", back, Rank::Way),
        ("↑↓", "scroll", Rank::Extra),
    ])
}
