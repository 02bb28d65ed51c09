//! How what moved is told: lines, JSON, or the table on the terminal.

use serde::Serialize;

use super::live::LiveTable;
use super::status::{Status, moved};
use super::{WatchArgs, WatchFormat};
use crate::cli::failure::Failure;
use crate::cli::list::state_tone;
use crate::cli::output::{self, Piece, TextSheet, Tone};
use crate::endpoint::LoadedEndpoint;
use crate::fs::time_here;
use crate::text::json;
use crate::text::width::shown_width;

/// What the endpoint's own lines are called.
const ENDPOINT: &str = "endpoint";

/// Tells each look after the other.
pub(super) struct StatusPrinter {
    form: StatusForm,
    before: Vec<Status>,
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
    pub(super) fn new(args: &WatchArgs, endpoint: &LoadedEndpoint) -> Self {
        let lines = StatusForm::Lines { names: ENDPOINT.len() };
        let form = match args.output {
            WatchFormat::Json => StatusForm::Json,
            WatchFormat::Lines => lines,
            WatchFormat::Table => LiveTable::on_terminal(args.until.as_deref(), endpoint)
                .map_or(lines, |live| StatusForm::Live(Box::new(live))),
        };
        Self {
            form,
            before: Vec::new(),
        }
    }

    /// What a look saw.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn look(&mut self, endpoint: &LoadedEndpoint) -> Result<(), Failure> {
        let now = Status::all(endpoint);
        let moved = moved(&self.before, &now);
        let at = jiff::Zoned::now();
        match &mut self.form {
            StatusForm::Live(live) => live.look(endpoint, &now, &clock(&at))?,
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
                let mut sheet = TextSheet::default();
                for status in &moved {
                    sheet.line(pieces(status, &clock(&at), *names));
                }
                output::text(&sheet.render(None))?;
            }
        }
        self.before = now;
        Ok(())
    }

    /// The server can't be asked for now.
    ///
    /// # Errors
    /// It can't be written.
    pub(super) fn trouble(&mut self, what: &str) -> Result<(), Failure> {
        match &mut self.form {
            StatusForm::Live(live) => live.trouble(what),
            StatusForm::Lines { .. } | StatusForm::Json => {
                output::note(&output::faint(what));
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

fn clock(at: &jiff::Zoned) -> String {
    at.strftime("%H:%M:%S").to_string()
}

fn pieces(status: &Status, clock: &str, names: usize) -> [Piece; 3] {
    let (name, tone) = match &status.worker {
        None => (ENDPOINT, Tone::Strong),
        Some(id) => (id.as_str(), Tone::Plain),
    };
    let state = state_tone(status.state.as_deref().unwrap_or_default());
    [
        Piece::new(format!("{clock}  "), Tone::Faint),
        Piece::new(name, tone).wide(names + 2),
        Piece::new(status.words(), state),
    ]
}
