//! The page that tells how a save ended.

use crate::endpoint::words::without_secrets;
use crate::endpoint::{EndpointConfig, diff};
use crate::session::{NotSaved, Outcome, ReviewedBody};
use crate::tui::model::Scale;
use crate::tui::theme;
use crate::tui::widgets::key_bar::{Hint, Rank, fixed};
use crate::tui::widgets::page::Page;

impl Page {
    pub(super) fn result(&mut self, outcome: &Outcome, body: &ReviewedBody, before: &EndpointConfig) {
        // What the server may have repeated.
        let sides = [body.config(), before];
        let lead = |page: &mut Self, text: &str, style| {
            page.wrapped(text, style, 0);
            page.add("", theme::plain());
        };
        match outcome {
            Outcome::Saved {
                fresh,
                moved,
                unreported,
            } => {
                lead(self, "✓ Saved: every sent field read back as sent.", theme::good());
                self.saved(before, body.config());
                for (name, old, new) in moved {
                    let text = format!("! {name} changed on the server beside the update: {old} → {new}");
                    self.wrapped(&text, theme::warning(), 2);
                }
                for field in unreported {
                    self.wrapped(
                        &format!("{} is not reported by the server; it was sent.", field.label()),
                        theme::plain(),
                        0,
                    );
                }
                let count = fresh.facts.worker_count();
                let state = &fresh.facts.state.word;
                self.wrapped(
                    &format!("State: {state}, {}/{} workers healthy.", count.healthy, count.all),
                    theme::plain(),
                    0,
                );
            }
            Outcome::NotSaved {
                differences,
                how,
                send_error,
                fresh,
            } => {
                let (text, style) = match how {
                    NotSaved::Unchanged => (
                        "✗ Not saved: the server was read, and it doesn't hold what was sent. Your edits are kept.",
                        theme::error(),
                    ),
                    NotSaved::ChangedSince => (
                        "! Your changes are stored, and something else changed since they were sent: somebody else's \
                         change, as it seems. Nothing is lost.",
                        theme::warning(),
                    ),
                    NotSaved::Mixed => (
                        "✗ Not saved: the server was read, and it holds neither what it held before nor what was sent. \
                         Somebody else's change fell in between, or the server stored other values. Your edits are kept.",
                        theme::error(),
                    ),
                };
                lead(self, text, style);
                if let Some(error) = send_error {
                    self.wrapped(
                        &format!("While sending: {}", without_secrets(error.happened(), sides)),
                        theme::plain(),
                        2,
                    );
                }
                self.add("Sent → what the server holds:", theme::strong());
                self.column_for(differences);
                for change in differences {
                    self.change(change, (body.config(), &fresh.config), false);
                }
            }
            Outcome::NotKnown { read_error, send_error } => {
                let text = "! Not known: the update was sent, and the server could not be read. Your edits are kept.";
                lead(self, text, theme::warning());
                if let Some(error) = send_error {
                    self.wrapped(
                        &format!("While sending: {}", without_secrets(error.happened(), sides)),
                        theme::plain(),
                        2,
                    );
                }
                self.wrapped(
                    &format!("While reading back: {}", without_secrets(read_error.happened(), sides)),
                    theme::plain(),
                    2,
                );
            }
            Outcome::Refused(error) => {
                lead(
                    self,
                    "✗ Not saved: the server refused the update. Your edits are kept.",
                    theme::error(),
                );
                self.wrapped(&without_secrets(error.to_string(), sides), theme::plain(), 0);
            }
            Outcome::NotSent(error) => {
                lead(
                    self,
                    "✗ Not saved: the update never reached the server. Your edits are kept.",
                    theme::error(),
                );
                self.wrapped(&without_secrets(error.to_string(), sides), theme::plain(), 0);
            }
            Outcome::CheckFailed(error) => {
                let text = "✗ Not sent: the endpoint could not be read before sending. Your edits are kept.";
                lead(self, text, theme::error());
                self.wrapped(&without_secrets(error.happened(), sides), theme::plain(), 0);
            }
            Outcome::Forbidden(why) => lead(self, &format!("✗ Not sent: {why} Your edits are kept."), theme::error()),
            // Merged, or decided on the conflict screen.
            Outcome::ServerChanged { .. } => {}
        }
    }
}

impl Page {
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
