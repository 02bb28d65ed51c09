//! The lines of the pages that scroll: help, details, the review's views, and how a save ended.

use ratatui::style::Style;

use crate::endpoint::diff::{Change, Shown};
use crate::endpoint::field::Kind;
use crate::endpoint::help::help;
use crate::endpoint::known::named;
use crate::endpoint::{EndpointConfig, FieldId, List, VolumeType, body};
use crate::secret::MASK;
use crate::session::{NotSaved, Outcome, ReviewedBody};
use crate::tui::keymap::{Action, Context, form_key, keymap, with_keys};
use crate::tui::model::{Focus, Form, Model, Overlay, Review, ReviewView, Screen};
use crate::tui::theme;
use crate::tui::widget::paint::wrap;
use crate::tui::width::shown_width;

/// A line of a page.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// How.
    pub style: Style,
}

/// All lines of the overlay in front, at the model's width.
pub fn of_overlay(model: &Model) -> Vec<Line> {
    let mut page = Page::new(model.size.width.saturating_sub(2));
    match (&model.overlay, &model.screen) {
        (Some(Overlay::Help { .. }), screen) => page.help(screen),
        (Some(Overlay::Told(text)), _) => page.wrapped(text, theme::plain(), 0),
        (Some(Overlay::Details { .. }), Screen::Form(form)) => page.details(model, form),
        (Some(Overlay::Rejected), Screen::Form(form)) => page.rejected(form),
        (Some(Overlay::Import(import)), Screen::Form(form)) => page.import(form, import),
        (Some(Overlay::Review(review)), Screen::Form(form)) => page.review(model, form, review),
        (Some(Overlay::Past(past)), Screen::Form(form)) => page.past(form, past),
        (Some(Overlay::Draft(question)), Screen::Form(form)) => page.draft(form, question),
        (Some(Overlay::Conflict(conflict)), Screen::Form(form)) => {
            return super::conflict::blocks(model, conflict, form);
        }
        (Some(Overlay::Result { outcome, body, .. }), _) => page.result(outcome, body),
        _ => {}
    }
    page.lines
}

/// Details and help of the focused field, at a width; for the panel beside the form.
pub fn details(model: &Model, form: &Form, width: u16) -> Vec<Line> {
    let mut page = Page::new(width);
    page.details(model, form);
    page.lines
}

/// How many lines of the changes have to be seen before anything is sent: all problems; and all changes too where
/// others' are among them.
pub fn must_be_seen(model: &Model) -> usize {
    let Screen::Form(form) = &model.screen else { return 0 };
    let mut page = Page::new(model.size.width.saturating_sub(2));
    page.problems(form);
    if !form.work.others().is_empty() {
        let reveal = matches!(&model.overlay, Some(Overlay::Review(review)) if review.reveal);
        page.changes(form, reveal);
    }
    page.lines.len()
}

/// Lines being put together at a width.
pub(super) struct Page {
    width: usize,
    pub(super) lines: Vec<Line>,
}

impl Page {
    pub(super) fn new(width: u16) -> Self {
        Self {
            width: usize::from(width).max(10),
            lines: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, text: impl Into<String>, style: Style) {
        self.lines.push(Line {
            text: text.into(),
            style,
        });
    }

    /// A text over as many lines as it takes, the later ones indented.
    pub(super) fn wrapped(&mut self, text: &str, style: Style, indent: usize) {
        for (at, line) in wrap(text, self.width.saturating_sub(indent).max(8))
            .into_iter()
            .enumerate()
        {
            let lead = if at == 0 { 0 } else { indent };
            self.add(format!("{}{line}", " ".repeat(lead)), style);
        }
    }

    /// A name, and from a column on what is said of it, over as many lines as it takes.
    pub(super) fn entry(&mut self, name: &str, column: usize, text: &str, style: Style) {
        let column = column.min(self.width / 2);
        let wide = shown_width(name);
        let (mut lead, used) = if wide < column {
            (format!("{name}{}", " ".repeat(column - wide)), column)
        } else {
            (format!("{name} "), wide + 1)
        };
        let mut lines = wrap(text, self.width.saturating_sub(column).max(8)).into_iter();
        if used + lines.as_slice().first().map_or(0, |first| shown_width(first)) > self.width {
            self.add(std::mem::take(&mut lead), style);
            lead = " ".repeat(column);
        }
        self.add(format!("{lead}{}", lines.next().unwrap_or_default()), style);
        for line in lines {
            self.add(format!("{}{line}", " ".repeat(column)), style);
        }
    }

    fn fact(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.entry(name, 17, text, theme::plain());
        }
    }

    fn help(&mut self, screen: &Screen) {
        let contexts: &[(Context, &str)] = match screen {
            Screen::Form(_) => &[
                (Context::Form, "In the form"),
                (Context::Review, "In the review"),
                (Context::Conflict, "Where both sides changed the same"),
                (Context::History, "In the history"),
                (Context::Draft, "Asked about unsaved edits"),
                (Context::Occupied, "Asked about another editor"),
            ],
            _ => &[(Context::Picker, "In the list of endpoints")],
        };
        for (context, title) in contexts {
            self.add(*title, theme::strong());
            for (action, keys) in keymap().listed(*context) {
                // Left without a key by the user: nothing works here that could be told.
                if keys.is_empty() {
                    continue;
                }
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                self.entry(&format!("  {}", keys.join(" ")), 21, action.says(), theme::plain());
            }
            self.add("", theme::plain());
        }
        if matches!(screen, Screen::Form(_)) {
            self.add("While editing", theme::strong());
            for (keys, says) in [
                ("Enter", "take the text"),
                ("Tab", "take it and go on"),
                ("↑ ↓", "choose from the list under the field, where there is one"),
                (
                    "Esc Ctrl-C",
                    "leave the field as it was; {redo} brings the typed text back",
                ),
                ("Ctrl-U", "clear"),
                ("Ctrl-W", "delete the word before the cursor"),
                ("Alt-Enter Ctrl-J", "a line break, where the field may have one"),
                ("Ctrl-S", "take it and open the review"),
                ("F1", "details and help"),
            ] {
                self.entry(&format!("  {keys}"), 21, &with_keys(says), theme::plain());
            }
            self.add("", theme::plain());
            self.add("Marks: › focus   * changed   ✗ error   ! warning", theme::plain());
        }
    }

    fn details(&mut self, model: &Model, form: &Form) {
        let field = form.focus.field();
        let about = help(field);
        self.add(field.label(), theme::strong());
        for text in [about.what, about.risk] {
            if !text.is_empty() {
                self.wrapped(&with_keys(text), theme::plain(), 0);
            }
        }
        self.wrapped(
            &format!("Rule: {} ({})", with_keys(about.rule), field.spec().path),
            theme::plain(),
            6,
        );
        if let Some(range) = field.range(form.work.now(), form.work.limits()) {
            let text = match range {
                Ok((min, max)) => {
                    let unit = field.unit(form.work.now());
                    let gap = if unit.is_empty() { "" } else { " " };
                    format!("Range: {min}–{max}{gap}{unit} (parameter limits)")
                }
                Err(why) => format!("Range: none is known, {why}; the server decides"),
            };
            self.wrapped(&text, theme::plain(), 7);
        }
        if !about.example.is_empty() {
            self.wrapped(&format!("Example: {}", about.example), theme::plain(), 9);
        }
        for problem in form.problems().iter().filter(|p| form.focus.holds(p.place)) {
            let (sign, style) = theme::sign(problem.severity);
            self.wrapped(&format!("{sign} {}", problem.sentence(form.work.now())), style, 2);
        }
        self.account(form);
        if let Some(why) = model.lookups.failure(field) {
            let text = format!("{why} {} asks again.", form_key(Action::Reload));
            self.wrapped(&text, theme::dim(), 2);
        }
        self.add("", theme::plain());
        self.add("Endpoint (read-only)", theme::strong());
        let base = form.work.base();
        let facts = &base.facts;
        let count = facts.worker_count();
        self.fact("ID", &base.config.id);
        self.fact("App name", &facts.app_name);
        self.fact("URL", &facts.url);
        self.fact("State", &format!("{}, as read at {}", facts.state.word, form.read_at));
        self.fact("State error", &facts.state.error);
        self.fact("State message", &facts.state.message);
        self.fact("GPU product", &facts.products.join(", "));
        self.fact("CUDA version", &facts.cuda_version);
        if !facts.rootfs_size.is_empty() {
            self.fact("Root disk", &format!("{} GB", facts.rootfs_size));
        }
        for (name, text) in &facts.probe {
            self.fact(&format!("Probe {name}"), text);
        }
        self.fact(
            "Workers",
            &format!(
                "{} running, {} healthy, {} in all",
                count.running, count.healthy, count.all
            ),
        );
        for worker in facts.workers.iter().filter(|w| !w.is_removed()) {
            let health = if worker.healthy { "healthy" } else { "not healthy" };
            let state = &worker.state;
            let mut text = format!("{} {health}", state.word);
            for more in [&state.error, &state.message] {
                if !more.is_empty() {
                    text.push_str(&format!(", {more}"));
                }
            }
            self.fact(&format!("  {}", worker.id), &text);
        }
        self.fact("Log", &facts.log);
        if let crate::tui::model::LimitsState::Failed(why) = &model.limits {
            self.add("", theme::plain());
            self.wrapped(
                &format!("! The account's limits could not be had: {why}"),
                theme::warning(),
                2,
            );
        }
    }

    /// What the account says of the focused id.
    fn account(&mut self, form: &Form) {
        let (account, now) = (form.work.account(), form.work.now());
        match form.focus {
            Focus::Field(FieldId::ClusterId) => {
                if let Some(cluster) = account.cluster(&now.cluster_id) {
                    let lacks = if cluster.network_storage {
                        ""
                    } else {
                        ", no network storage"
                    };
                    let gpus = cluster.gpu_types.join(", ");
                    self.fact("Cluster", &format!("{}{lacks}", account.cluster_words(&cluster.id)));
                    self.fact("Its GPUs", &gpus);
                }
            }
            Focus::Field(FieldId::AuthId) => {
                if let Some(credential) = account.credential(&now.image.auth_id) {
                    self.fact("Credential", &named(&credential.name, &credential.id));
                    self.fact("Its user", &credential.username);
                }
            }
            Focus::Row(List::Volumes, row) => {
                let volume = now.volumes.get(row).filter(|volume| volume.kind == VolumeType::Network);
                if let Some(storage) = volume.and_then(|volume| account.storage(&volume.storage_id)) {
                    let size = match storage.size.as_str() {
                        "" => String::new(),
                        size => format!(", {size} GB"),
                    };
                    self.fact("Storage", &format!("{}{size}", named(&storage.name, &storage.id)));
                    self.fact("Its cluster", &named(&storage.cluster_name, &storage.cluster_id));
                }
            }
            _ => {}
        }
    }

    fn review(&mut self, model: &Model, form: &Form, review: &Review) {
        match review.view {
            ReviewView::Changes => {
                self.problems(form);
                self.changes(form, review.reveal);
            }
            ReviewView::Diff => self.diff(form, review.reveal),
            ReviewView::Body => {
                let now = form.work.now();
                let text = if review.reveal {
                    body::text(now)
                } else {
                    body::masked(now)
                };
                self.code(&text);
            }
            ReviewView::Curl => {
                let file = format!("{}.json", crate::tui::file_stem(&form.work.now().id));
                self.add("curl --request POST \\", theme::plain());
                // Pieces of one word: a space in front would make two of it.
                for (at, line) in quoted(&model.around.update_url, self.width.saturating_sub(6))
                    .iter()
                    .enumerate()
                {
                    self.add(format!("{}{line}\\", if at == 0 { "  " } else { "" }), theme::plain());
                }
                self.add("  --header \\", theme::plain());
                self.add("  \"Authorization: Bearer $NOVITA_API_KEY\" \\", theme::plain());
                self.add("  --header 'Content-Type: application/json' \\", theme::plain());
                for (at, line) in quoted(&format!("@{file}"), self.width.saturating_sub(18))
                    .iter()
                    .enumerate()
                {
                    let lead = if at == 0 { "  --data-binary " } else { "" };
                    let more = if line.ends_with(' ') { "" } else { "\\" };
                    self.add(format!("{lead}{}{more}", line.trim_end()), theme::plain());
                }
                self.add("", theme::plain());
                let key = keymap().word(Context::Review, Action::CopyBody);
                let text = format!("{file} has to hold the body: {key} copies it, values and all.");
                self.wrapped(&text, theme::dim(), 0);
            }
        }
    }

    /// Text whose line breaks count; what is wider than the page goes on in the next line, marked.
    fn code(&mut self, text: &str) {
        for line in text.lines() {
            self.code_line(line, theme::plain());
        }
    }

    fn code_line(&mut self, line: &str, style: Style) {
        let mut row = String::new();
        let mut used = 0;
        for piece in crate::tui::width::visible(line) {
            let wide = usize::from(piece.width);
            if used + wide > self.width {
                self.lines.push(Line {
                    text: std::mem::take(&mut row),
                    style,
                });
                row.push_str("  ");
                used = 2;
            }
            row.push_str(&piece.text);
            used += wide;
        }
        self.lines.push(Line { text: row, style });
    }

    fn problems(&mut self, form: &Form) {
        let mut problems: Vec<_> = form.work.problems().iter().collect();
        problems.sort_by_key(|p| p.severity);
        for problem in problems {
            let (sign, style) = theme::sign(problem.severity);
            self.wrapped(&format!("{sign} {}", problem.sentence(form.work.now())), style, 2);
        }
        if !self.lines.is_empty() {
            self.add("", theme::plain());
        }
    }

    fn changes(&mut self, form: &Form, reveal: bool) {
        let changes = form.work.changes();
        match changes.len() {
            0 => self.add("No changes: the body is as the server has it.", theme::plain()),
            1 => self.add("1 change:", theme::strong()),
            n => self.add(format!("{n} changes:"), theme::strong()),
        }
        let (old, new) = (&form.work.base().config, form.work.now());
        for change in &changes {
            self.change(change, (old, new), reveal);
        }
        // The same number means something else under another policy type, and that is a change nobody typed.
        if old.policy.kind != new.policy.kind && old.policy.value == new.policy.value {
            let value = FieldId::PolicyValue;
            let text = format!(
                "{} → {}: the same number, with another meaning",
                worded(value, new.text(value), old),
                worded(value, new.text(value), new)
            );
            self.entry(&format!("! {}", value.label()), 19, &text, theme::warning());
        }
        self.others(form, &changes, reveal);
    }

    /// What somebody else changed since it was loaded; it stays, unless one's own change goes over it.
    fn others(&mut self, form: &Form, mine: &[Change], reveal: bool) {
        let others = form.work.others();
        if others.is_empty() {
            return;
        }
        self.add("", theme::plain());
        self.wrapped(
            "Somebody else changed meanwhile, and the server holds:",
            theme::strong(),
            0,
        );
        let base = &form.work.base().config;
        for change in others {
            self.change_as(
                Some((others_sign(change), theme::plain())),
                change,
                (base, base),
                reveal,
            );
            if mine.iter().any(|mine| mine.name() == change.name()) {
                self.entry("", 19, "yours, above, goes over it", theme::warning());
            }
        }
    }

    /// One difference: its name, old → new, each with its unit.
    pub(super) fn change(&mut self, change: &Change, configs: (&EndpointConfig, &EndpointConfig), reveal: bool) {
        self.change_as(None, change, configs, reveal);
    }

    /// The same under a sign of its own instead of the one for added, gone or changed.
    pub(super) fn change_as(
        &mut self,
        sign: Option<(&str, Style)>,
        change: &Change,
        (old, new): (&EndpointConfig, &EndpointConfig),
        reveal: bool,
    ) {
        let (sign, style) = sign.unwrap_or(match (&change.old, &change.new) {
            (None, _) => ("+", theme::good()),
            (_, None) => ("-", theme::error()),
            _ => ("*", theme::changed()),
        });
        let side = |shown: &Option<Shown>, config| match shown {
            None => None,
            Some(Shown::Plain(text)) => Some(worded(change.field, text, config)),
            Some(Shown::Secret(secret)) if reveal => Some(secret.reveal().replace('\n', "␊")),
            Some(Shown::Secret(_)) => Some(MASK.to_owned()),
        };
        let text = match (side(&change.old, old), side(&change.new, new)) {
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (Some(old), None) => format!("{old} (deleted)"),
            (None, Some(new)) => format!("{new} (added)"),
            (old, new) => old.or(new).unwrap_or_default(),
        };
        self.entry(&format!("{sign} {}", change.name()), 19, &text, style);
    }

    /// Unified diff of the two bodies; compared unmasked, so that a changed secret shows as changed.
    fn diff(&mut self, form: &Form, reveal: bool) {
        let (old, new) = (&form.work.base().config, form.work.now());
        let exact = (body::text(old), body::text(new));
        let masked = (body::masked(old), body::masked(new));
        let (old_lines, new_lines): (Vec<&str>, Vec<&str>) = if reveal {
            (exact.0.lines().collect(), exact.1.lines().collect())
        } else {
            (masked.0.lines().collect(), masked.1.lines().collect())
        };
        let diff = similar::TextDiff::from_lines(&exact.0, &exact.1);
        let groups = diff.grouped_ops(3);
        if groups.is_empty() {
            self.add("No difference.", theme::plain());
        }
        for group in groups {
            if let (Some(first), Some(last)) = (group.first(), group.last()) {
                let (old, new) = (
                    first.old_range().start..last.old_range().end,
                    first.new_range().start..last.new_range().end,
                );
                self.add(
                    format!(
                        "@@ -{},{} +{},{} @@",
                        old.start + 1,
                        old.len(),
                        new.start + 1,
                        new.len()
                    ),
                    theme::dim(),
                );
            }
            for op in &group {
                for change in diff.iter_changes(op) {
                    let (sign, style, line) = match change.tag() {
                        similar::ChangeTag::Delete => {
                            ("-", theme::error(), change.old_index().and_then(|i| old_lines.get(i)))
                        }
                        similar::ChangeTag::Insert => {
                            ("+", theme::good(), change.new_index().and_then(|i| new_lines.get(i)))
                        }
                        similar::ChangeTag::Equal => {
                            (" ", theme::plain(), change.new_index().and_then(|i| new_lines.get(i)))
                        }
                    };
                    self.code_line(&format!("{sign}{}", line.copied().unwrap_or("")), style);
                }
            }
        }
    }

    fn result(&mut self, outcome: &Outcome, body: &ReviewedBody) {
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
                for field in unreported {
                    self.wrapped(
                        &format!("{} is not reported by the server; it was sent.", field.label()),
                        theme::plain(),
                        0,
                    );
                }
                for (name, old, new) in moved {
                    let text = format!("! {name} changed on the server beside the update: {old} → {new}");
                    self.wrapped(&text, theme::warning(), 2);
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
                        &format!("While sending: {}", without_secrets(error.happened(), body.config())),
                        theme::plain(),
                        2,
                    );
                }
                self.add("Sent → what the server holds:", theme::strong());
                for change in differences {
                    self.change(change, (body.config(), &fresh.config), false);
                }
            }
            Outcome::NotKnown { read_error, send_error } => {
                let text = "! Not known: the update was sent, and the server could not be read. Your edits are kept.";
                lead(self, text, theme::warning());
                if let Some(error) = send_error {
                    self.wrapped(
                        &format!("While sending: {}", without_secrets(error.happened(), body.config())),
                        theme::plain(),
                        2,
                    );
                }
                self.wrapped(
                    &format!("While reading back: {}", read_error.happened()),
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
                self.wrapped(&without_secrets(error.to_string(), body.config()), theme::plain(), 0);
            }
            Outcome::NotSent(error) => {
                lead(
                    self,
                    "✗ Not saved: the update never reached the server. Your edits are kept.",
                    theme::error(),
                );
                self.wrapped(&without_secrets(error.to_string(), body.config()), theme::plain(), 0);
            }
            Outcome::CheckFailed(error) => {
                let text = "✗ Not sent: the endpoint could not be read before sending. Your edits are kept.";
                lead(self, text, theme::error());
                self.wrapped(&without_secrets(error.happened(), body.config()), theme::plain(), 0);
            }
            Outcome::Forbidden(why) => lead(self, &format!("✗ Not sent: {why} Your edits are kept."), theme::error()),
            // Merged, or decided on the conflict screen.
            Outcome::ServerChanged { .. } => {}
        }
    }
}

/// The sign of somebody else's change: what they added, took away, or made another.
pub(super) fn others_sign(change: &Change) -> &'static str {
    match (&change.old, &change.new) {
        (None, _) => "+",
        (_, None) => "-",
        _ => "~",
    }
}

/// The title of the page that tells how a save ended.
pub fn result_title(outcome: &Outcome) -> &'static str {
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
pub fn result_hints(outcome: &Outcome) -> Vec<(String, &'static str)> {
    let hints: &[(&str, &str)] = match outcome {
        Outcome::Saved { .. } | Outcome::Refused(_) | Outcome::Forbidden(_) | Outcome::ServerChanged { .. } => {
            &[("Enter", "back to the form")]
        }
        Outcome::NotSaved {
            how: NotSaved::ChangedSince | NotSaved::Mixed,
            ..
        } => &[("Enter", "merge and review"), ("Esc", "back to the form")],
        Outcome::NotSaved { .. } => &[("Enter", "send again"), ("Esc", "back to the form")],
        Outcome::NotSent(_) | Outcome::CheckFailed(_) => &[("Enter", "try again"), ("Esc", "back to the form")],
        Outcome::NotKnown { .. } => &[("Enter", "read the server again"), ("Esc", "back to the form")],
    };
    hints.iter().map(|(key, says)| ((*key).to_owned(), *says)).collect()
}

/// A text in single quotes for a shell, in pieces that fit a line: with `\` behind each but the last, the shell joins them.
fn quoted(text: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let pieces: Vec<String> = chars
        .chunks(width.max(8))
        .map(|piece| format!("'{}'", piece.iter().collect::<String>().replace('\'', "'\\''")))
        .collect();
    let last = pieces.len().saturating_sub(1);
    pieces
        .into_iter()
        .enumerate()
        .map(|(at, piece)| if at == last { format!("{piece} ") } else { piece })
        .collect()
}

/// A value in the words of the form: with its unit, a choice by what it is called, nothing as `(none)`.
pub fn worded(field: FieldId, text: &str, config: &EndpointConfig) -> String {
    match field.spec().kind {
        Kind::Integer if text.trim().is_empty() => "(unknown)".to_owned(),
        Kind::Integer => format!("{text} {}", field.unit(config)).trim_end().to_owned(),
        Kind::Choice(words) => match words.iter().find(|(word, _)| *word == text) {
            Some((_, called)) => (*called).to_owned(),
            None if text.is_empty() => "(not set)".to_owned(),
            None => text.to_owned(),
        },
        _ if text.is_empty() => "(none)".to_owned(),
        _ => text.replace('\n', "␊"),
    }
}

/// An error's sentences; a server that refuses a value may repeat it, and environment values are never shown unasked.
pub fn without_secrets(mut text: String, sent: &EndpointConfig) -> String {
    for env in &sent.envs {
        // Short values stand in ordinary sentences too, and hiding those would tell them.
        if env.value.reveal().len() >= 6 {
            text = text.replace(env.value.reveal(), MASK);
        }
    }
    text
}
