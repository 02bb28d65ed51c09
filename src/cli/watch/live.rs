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
    head: (String, String),
    until: Option<String>,
    now: Vec<Status>,
    /// Since when each is as it is, by its worker.
    since: HashMap<Option<String>, String>,
    trouble: String,
    /// What stands on the terminal: how many lines, and how wide the widest is.
    drawn: Option<(usize, usize)>,
    /// What is typed meanwhile is not written into the table.
    _quiet: Option<Quiet>,
}

impl LiveTable {
    /// `None` where there is no terminal on which the cursor can go up.
    pub(super) fn on_terminal(until: Option<&str>, endpoint: &LoadedEndpoint) -> Option<Self> {
        output::stdout_size()?;
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        (!is_dumb).then(|| Self {
            head: (endpoint.config.name.clone(), endpoint.config.id.clone()),
            until: until.map(str::to_owned),
            now: Vec::new(),
            since: HashMap::new(),
            trouble: String::new(),
            drawn: None,
            _quiet: Quiet::begin(),
        })
    }

    /// What a look saw.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn look(&mut self, endpoint: &LoadedEndpoint, now: &[Status], clock: &str) -> Result<(), Failure> {
        self.head.0.clone_from(&endpoint.config.name);
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
        self.draw()
    }

    /// The server can't be asked for now: a line below the table, until it can.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn trouble(&mut self, what: &str) -> Result<(), Failure> {
        self.trouble = what.to_owned();
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
        let mut lines: Vec<String> = self.top().render(Some(columns)).lines().map(str::to_owned).collect();
        let bottom = self.bottom().render(Some(columns));
        let bottom: Vec<String> = bottom.lines().map(str::to_owned).collect();
        let table = self.table(columns).render(Some(columns));
        let mut table: Vec<String> = table.lines().map(str::to_owned).collect();
        let room = rows.saturating_sub(1 + lines.len() + bottom.len());
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

    fn top(&self) -> TextSheet {
        let mut sheet = TextSheet::default();
        let Some(own) = self.now.first() else { return sheet };
        let (name, id) = &self.head;
        let name = if name.is_empty() { "(no name)" } else { name };
        sheet.line([
            Piece::new(name, Tone::Strong).cut(CutAt::Middle),
            Piece::new(format!("  {id}"), Tone::Faint),
        ]);
        let state = own.state.as_deref().unwrap_or_default();
        let shown = if state.is_empty() { "unknown" } else { state };
        let since = self.since.get(&None).map(|since| format!("  since {since}"));
        sheet.line([
            Piece::new(format!("● {shown}"), state_tone(state)),
            Piece::new(since.unwrap_or_default(), Tone::Faint),
        ]);
        if let Some(workers) = own.workers {
            sheet.line([Piece::new(workers.words(), Tone::Plain)]);
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
            let state = status.state.clone().unwrap_or_default();
            let tone = state_tone(&state);
            let said = [status.error.as_str(), status.message.as_str()];
            let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
            let healthy = if status.healthy { "yes" } else { "no" };
            table.row([
                (status.worker.clone().unwrap_or_default(), Tone::Plain),
                (state, tone),
                (healthy.to_owned(), Tone::Plain),
                (
                    self.since.get(&status.worker).map_or("–", String::as_str).to_owned(),
                    Tone::Faint,
                ),
                (said.join(": "), Tone::Plain),
            ]);
        }
        table
    }

    fn bottom(&self) -> TextSheet {
        let mut sheet = TextSheet::default();
        if !self.trouble.is_empty() {
            sheet.sentence(0, "!", &self.trouble, Tone::Warning);
        }
        let until = self.until.as_ref().map(|word| format!("Until {word}. "));
        let hint = format!("{}Ctrl-C ends.", until.unwrap_or_default());
        sheet.line([Piece::new(hint, Tone::Faint)]);
        sheet
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
