//! A table on the terminal that changes in place, without a second screen: what stood there before stays, and so does
//! the last table when the command ends.
//!
//! It is drawn only when something changed, by going up over the lines drawn before. Where those may stand otherwise
//! than they were drawn (the terminal became narrower, or somebody else wrote to it) the table begins anew below.

use std::collections::HashMap;

use super::status::Status;
use crate::cli::ask::Quiet;
use crate::cli::failure::Failure;
use crate::cli::list::state_tone;
use crate::cli::output::{self, Align, Column, CutAt, Piece, Table, TextSheet, Tone};
use crate::endpoint::LoadedEndpoint;
use crate::text::width::shown_width;

/// As far as a worker's state is cut, columns.
const LEAST_STATE: usize = 6;

/// The table.
pub(super) struct LiveTable {
    watched: Vec<LiveEndpoint>,
    /// What is waited for, in words; empty: nothing.
    until: String,
    /// What stands on the terminal: how many lines, and how wide the widest is.
    drawn: Option<(usize, usize)>,
    /// What is typed meanwhile is not written into the table.
    _quiet: Option<Quiet>,
}

/// One endpoint in it.
struct LiveEndpoint {
    name: String,
    id: String,
    now: Vec<Status>,
    /// Since when each is as it is, by its worker.
    since: HashMap<Option<String>, String>,
    trouble: String,
}

impl LiveTable {
    /// `None` where there is no terminal on which the cursor can go up.
    pub(super) fn on_terminal(until: &str, endpoints: &[&LoadedEndpoint]) -> Option<Self> {
        output::stdout_size()?;
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let watched = |endpoint: &&LoadedEndpoint| LiveEndpoint {
            name: endpoint.config.name.clone(),
            id: endpoint.config.id.clone(),
            now: Vec::new(),
            since: HashMap::new(),
            trouble: String::new(),
        };
        (!is_dumb).then(|| Self {
            watched: endpoints.iter().map(watched).collect(),
            until: until.to_owned(),
            drawn: None,
            _quiet: Quiet::begin(),
        })
    }

    /// What a look saw of one of them, which is called so now.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn look(&mut self, which: usize, name: &str, now: &[Status], clock: &str) -> Result<(), Failure> {
        let one = &mut self.watched[which];
        if one.now == now && one.trouble.is_empty() && one.name == name {
            return Ok(());
        }
        one.take(name, now, clock);
        // Before all were looked at once there is no whole table.
        if self.watched.iter().any(|one| one.now.is_empty()) {
            return Ok(());
        }
        self.draw()
    }

    /// The server can't be asked for one of them now: a line below the table, until it can.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn trouble(&mut self, which: usize, what: &str) -> Result<(), Failure> {
        what.clone_into(&mut self.watched[which].trouble);
        self.draw()
    }

    /// The same below all that stands there.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn draw_anew(&mut self) -> Result<(), Failure> {
        self.drawn = None;
        self._quiet = None;
        self._quiet = Quiet::begin();
        self.draw()
    }

    /// Draws it over what stands there.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn draw(&mut self) -> Result<(), Failure> {
        let (columns, rows) = output::stdout_size().unwrap_or((80, 24));
        let lines = self.lines(columns, rows);
        let mut text = String::new();
        match self.drawn {
            Some((up, wide)) if wide <= columns && up < rows => text.push_str(&format!("\r\u{1b}[{up}A")),
            // What the keyboard left there goes; the table begins below what was drawn.
            _ => text.push('\r'),
        }
        for line in &lines {
            // Before the line: behind one that reaches the edge, its last letter would go.
            text.push_str(&format!("\u{1b}[2K{}\n", output::painted(line)));
        }
        text.push_str("\u{1b}[J");
        let wide = |line: &String| shown_width(&anstream::adapter::strip_str(line).to_string());
        self.drawn = Some((lines.len(), lines.iter().map(wide).max().unwrap_or(0)));
        output::exact(&text)
    }

    /// At most as many as fit above the line that the cursor stands on.
    fn lines(&self, columns: usize, rows: usize) -> Vec<String> {
        let split = |text: String| text.lines().map(str::to_owned).collect::<Vec<String>>();
        let bottom = split(self.bottom().render(Some(columns)));
        let (mut lines, mut table) = match self.watched.as_slice() {
            [one] => (
                split(one.top().render(Some(columns))),
                split(one.table(columns).render(Some(columns))),
            ),
            _ => (Vec::new(), split(self.table(true).render(Some(columns)))),
        };
        let room = rows.saturating_sub(1 + lines.len() + bottom.len());
        if table.len() > room && self.watched.len() > 1 {
            // Each endpoint counts for more than its workers.
            table = split(self.table(false).render(Some(columns)));
        }
        if table.len() > room {
            let hidden = table.len() - room.saturating_sub(1);
            table.truncate(room.saturating_sub(1));
            table.push(Tone::Faint.paint(&format!("… {hidden} more")));
        }
        lines.extend(table);
        lines.extend(bottom);
        lines.truncate(rows.saturating_sub(1).max(1));
        lines
    }

    /// Of several endpoints: each with its workers below it, or without them.
    fn table(&self, has_workers: bool) -> Table {
        let mut table = Table::new([
            Column::new("ENDPOINT", Align::Middle, 0).cut_to(12),
            Column::new("STATE", Align::Left, 0).cut_to(LEAST_STATE),
            Column::new("HEALTHY", Align::Left, 1),
            Column::new("SINCE", Align::Left, 2),
            Column::new("MESSAGE", Align::Left, 3).cut_to(12),
        ]);
        for one in &self.watched {
            let same = self.watched.iter().filter(|other| other.name == one.name).count();
            let label = if one.name.trim().is_empty() || same > 1 {
                &one.id
            } else {
                &one.name
            };
            for status in &one.now {
                let said = [status.error.as_str(), status.message.as_str()].into_iter();
                let missing = status.rollout.as_ref().filter(|rollout| rollout.verdict == "going");
                let missing = missing.map(|rollout| rollout.message.as_str());
                let said: Vec<&str> = said.chain(missing).filter(|text| !text.is_empty()).collect();
                let (name, tone) = match &status.worker {
                    None => (label.clone(), Tone::Strong),
                    Some(_) if !has_workers => continue,
                    Some(worker) => (format!("  {worker}"), Tone::Plain),
                };
                table.row([
                    (name, tone),
                    one.state_cell(status),
                    (status.healthy_words(), Tone::Plain),
                    one.since_cell(status),
                    (said.join(": "), Tone::Plain),
                ]);
            }
        }
        table
    }

    fn bottom(&self) -> TextSheet {
        let mut sheet = TextSheet::default();
        for one in self.watched.iter().filter(|one| !one.trouble.is_empty()) {
            sheet.sentence(0, "!", &one.trouble, Tone::Warning);
        }
        let until = match self.until.as_str() {
            "" => String::new(),
            until => format!("Until {until}. "),
        };
        let hint = format!("{until}Ctrl-C ends.");
        sheet.line([Piece::new(hint, Tone::Faint)]);
        sheet
    }
}

impl LiveEndpoint {
    fn take(&mut self, name: &str, now: &[Status], clock: &str) {
        name.clone_into(&mut self.name);
        // Of the endpoint its state counts, whatever its workers do.
        let is_as = |status: &Status, before: &Status| {
            (&before.worker, &before.state) == (&status.worker, &status.state)
                && (status.worker.is_none() || before.healthy == status.healthy)
        };
        // At the first look nobody knows since when it is so.
        let is_first = self.now.is_empty();
        for status in now.iter().filter(|_| !is_first) {
            if !self.now.iter().any(|before| is_as(status, before)) {
                self.since.insert(status.worker.clone(), clock.to_owned());
            }
        }
        self.now = now.to_vec();
        self.trouble.clear();
    }

    fn top(&self) -> TextSheet {
        let mut sheet = TextSheet::default();
        let Some(own) = self.now.first() else { return sheet };
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        sheet.line([
            Piece::new(name, Tone::Strong).cut(CutAt::Middle),
            Piece::new(format!("  {}", self.id), Tone::Faint),
        ]);
        let state = own.state.as_deref().unwrap_or_default();
        let shown = if state.is_empty() { "unknown" } else { state };
        let since = self.since.get(&None).map(|since| format!("  since {since}"));
        sheet.line([
            Piece::new(format!("● {shown}"), state_tone(state)),
            Piece::new(since.unwrap_or_default(), Tone::Faint),
        ]);
        if own.workers.is_some() {
            sheet.line([Piece::new(own.counts_in_words(), Tone::Plain)]);
        }
        for text in [&own.error, &own.message] {
            if !text.is_empty() {
                sheet.sentence(0, "✗", text, Tone::Bad);
            }
        }
        sheet
    }

    /// The other columns go before an id is cut: two workers could look alike.
    fn table(&self, columns: usize) -> Table {
        let id = columns.saturating_sub(LEAST_STATE + 2).max(8);
        let mut table = Table::new([
            Column::new("WORKER", Align::Middle, 0).cut_to(id),
            Column::new("STATE", Align::Left, 0).cut_to(LEAST_STATE),
            Column::new("HEALTHY", Align::Left, 1),
            Column::new("SINCE", Align::Left, 2),
            Column::new("MESSAGE", Align::Left, 3).cut_to(12),
        ]);
        for status in self.now.iter().filter(|status| status.worker.is_some()) {
            let said = [status.error.as_str(), status.message.as_str()];
            let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
            table.row([
                (status.worker.clone().unwrap_or_default(), Tone::Plain),
                self.state_cell(status),
                (status.healthy_words(), Tone::Plain),
                self.since_cell(status),
                (said.join(": "), Tone::Plain),
            ]);
        }
        table
    }

    fn state_cell(&self, status: &Status) -> (String, Tone) {
        let state = status.state.clone().unwrap_or_default();
        let tone = state_tone(&state);
        (state, tone)
    }

    fn since_cell(&self, status: &Status) -> (String, Tone) {
        let since = self.since.get(&status.worker).map_or("–", String::as_str);
        (since.to_owned(), Tone::Faint)
    }
}

impl Drop for LiveTable {
    /// The last line, how it ends, has come true and goes; so does `^C`, which some terminals write all the same.
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = output::exact("\r\u{1b}[1A\u{1b}[J");
        }
    }
}
