//! How what moved is told: lines, JSON, or the table on the terminal.

use serde::Serialize;

use super::WatchFormat;
use super::live::LiveTable;
use super::status::{Status, moved};
use crate::cli::failure::Failure;
use crate::cli::list::state_tone;
use crate::cli::output::{self, Piece, TextSheet, Tone};
use crate::endpoint::LoadedEndpoint;
use crate::fs::time_here;
use crate::session::Verdict;
use crate::text::json;
use crate::text::width::shown_width;

/// What the endpoint's own lines are called.
const ENDPOINT: &str = "endpoint";

/// Tells each look after the other, of one endpoint or several.
pub(super) struct StatusPrinter {
    form: StatusForm,
    /// What was told last of each.
    before: Vec<Vec<Status>>,
    /// What their lines are called; nothing where there is only one.
    labels: Vec<String>,
}

enum StatusForm {
    Lines {
        /// Columns that names take: more only once a longer one comes.
        names: usize,
    },
    Json,
    Live(Box<LiveTable>),
}

/// A line of JSON.
#[derive(Serialize)]
struct StatusLine<'a> {
    /// RFC 3339 with the zone's offset.
    at: &'a str,
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    status: &'a Status,
}

impl StatusPrinter {
    /// Of these endpoints; `until`: what is waited for, in words.
    pub(super) fn new(format: WatchFormat, until: &str, endpoints: &[&LoadedEndpoint]) -> Self {
        let lines = StatusForm::Lines { names: ENDPOINT.len() };
        let form = match format {
            WatchFormat::Json => StatusForm::Json,
            WatchFormat::Lines => lines,
            WatchFormat::Table => {
                LiveTable::on_terminal(until, endpoints).map_or(lines, |live| StatusForm::Live(Box::new(live)))
            }
        };
        Self {
            form,
            before: vec![Vec::new(); endpoints.len()],
            labels: labels(endpoints),
        }
    }

    /// What a look saw of one of them: the endpoint, and how its rollout stands, counted from a save or not.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn look(
        &mut self,
        which: usize,
        endpoint: &LoadedEndpoint,
        verdict: (&Verdict, bool),
    ) -> Result<(), Failure> {
        let now = Status::all(endpoint, verdict);
        let moved = moved(&self.before[which], &now);
        let at = jiff::Zoned::now();
        match &mut self.form {
            StatusForm::Live(live) => live.look(which, &endpoint.config.name, &now, &clock(&at))?,
            _ if moved.is_empty() => {}
            StatusForm::Json => {
                let at = time_here(at.timestamp());
                let config = &endpoint.config;
                for status in &moved {
                    let line = StatusLine {
                        at: &at,
                        id: &config.id,
                        name: &config.name,
                        status,
                    };
                    output::exact(&(json::line(&line) + "\n"))?;
                }
            }
            StatusForm::Lines { names } => {
                let name = |status: &Status| shown_width(status.worker.as_deref().unwrap_or(ENDPOINT));
                *names = moved.iter().map(name).fold(*names, usize::max);
                let label = (self.labels[which].as_str(), widest(&self.labels));
                let mut sheet = TextSheet::default();
                let before = &self.before[which];
                // What moved may stand in no line.
                let is_told = |status: &&Status| {
                    let same = |told: &Status| told.worker == status.worker && told.words() == status.words();
                    !before.iter().any(same)
                };
                for status in moved.iter().filter(is_told) {
                    sheet.line(pieces(status, &clock(&at), label, *names));
                }
                output::text(&sheet.render(None))?;
            }
        }
        self.before[which] = now;
        Ok(())
    }

    /// The server can't be asked for one of them now.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn trouble(&mut self, which: usize, what: &str) -> Result<(), Failure> {
        let what = match self.labels[which].as_str() {
            "" => what.to_owned(),
            label => format!("{label}: {what}"),
        };
        match &mut self.form {
            StatusForm::Live(live) => live.trouble(which, &what),
            StatusForm::Lines { .. } | StatusForm::Json => {
                output::note(&output::faint(&output::safe(&what)));
                Ok(())
            }
        }
    }

    /// The terminal has another size.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn resized(&mut self) -> Result<(), Failure> {
        match &mut self.form {
            StatusForm::Live(live) => live.draw(),
            StatusForm::Lines { .. } | StatusForm::Json => Ok(()),
        }
    }

    /// The process was stopped and goes on: the terminal was somebody else's.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn continued(&mut self) -> Result<(), Failure> {
        match &mut self.form {
            StatusForm::Live(live) => live.draw_anew(),
            StatusForm::Lines { .. } | StatusForm::Json => Ok(()),
        }
    }
}

/// What each of several is called: its name, or its id where that tells nothing.
fn labels(endpoints: &[&LoadedEndpoint]) -> Vec<String> {
    let label = |endpoint: &&LoadedEndpoint| {
        let name = &endpoint.config.name;
        let same = endpoints.iter().filter(|other| other.config.name == *name).count();
        match endpoints.len() {
            1 => String::new(),
            _ if name.trim().is_empty() || same > 1 => endpoint.config.id.clone(),
            _ => name.clone(),
        }
    };
    endpoints.iter().map(label).collect()
}

fn widest(texts: &[String]) -> usize {
    texts.iter().map(|text| shown_width(text)).max().unwrap_or(0)
}

fn clock(at: &jiff::Zoned) -> String {
    at.strftime("%H:%M:%S").to_string()
}

fn pieces(status: &Status, clock: &str, (label, wide): (&str, usize), names: usize) -> Vec<Piece> {
    let (name, tone) = match &status.worker {
        None => (ENDPOINT, Tone::Strong),
        Some(id) => (id.as_str(), Tone::Plain),
    };
    let state = state_tone(status.state.as_deref().unwrap_or_default());
    let mut pieces = vec![Piece::new(format!("{clock}  "), Tone::Faint)];
    if !label.is_empty() {
        pieces.push(Piece::new(label, Tone::Plain).wide(wide + 2));
    }
    pieces.push(Piece::new(name, tone).wide(names + 2));
    pieces.push(Piece::new(status.words(), state));
    pieces
}
