//! The tables of `docs/reliability.md`, read as they stand there.

use crate::fault::Place;

/// The reason of an endpoint that isn't there.
const GONE: &str = "SERVERLESS_ENDPOINT_NOT_FOUND";
/// The page itself.
const PAGE: &str = include_str!("../../docs/reliability.md");

/// One row of a table of faults, and for a refusal one of its reasons.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: Place,
    pub fault: String,
    /// How often it was asked, or in the last table how often it was read back.
    pub asked: String,
    /// What stands on the screen, with ` … ` for what is left out and HOST for the server.
    pub reads: String,
    pub holds: String,
    pub kept: String,
    /// The reason of a refusal.
    pub reason: Option<Reason>,
}

/// A row of the table of refusals.
#[derive(Clone, Debug)]
pub struct Reason {
    pub status: u16,
    pub name: String,
    pub advice: String,
}

/// Every row of the tables of faults; a row of a status for each of its reasons.
pub fn rows() -> Vec<Row> {
    let reasons = reasons();
    let mut rows = Vec::new();
    for place in Place::ALL {
        for cells in table(place.heading()) {
            let [fault, asked, reads, holds, kept]: [String; 5] = cells.try_into().expect("a row has five cells");
            let row = Row {
                place,
                fault,
                asked,
                reads,
                holds,
                kept,
                reason: None,
            };
            // Once an endpoint is known, that there is none says that it was deleted.
            let is_gone = |reason: &Reason| reason.name == GONE && place != Place::Load;
            let of_status = |reason: &&Reason| match row.fault.as_str() {
                "gone" => reason.name == GONE,
                fault => fault == reason.status.to_string() && !is_gone(reason),
            };
            let some: Vec<&Reason> = reasons.iter().filter(of_status).collect();
            if some.is_empty() {
                rows.push(row);
            } else {
                rows.extend(some.into_iter().map(|reason| row.with(reason)));
            }
        }
    }
    rows
}

/// The table of refusals.
pub fn reasons() -> Vec<Reason> {
    let row = |cells: Vec<String>| {
        let [status, name, advice]: [String; 3] = cells.try_into().expect("a row has three cells");
        Reason {
            status: status.parse().unwrap(),
            name: name.trim_matches('`').to_owned(),
            advice,
        }
    };
    table("What a refusal advises").into_iter().map(row).collect()
}

/// A row of the table of what servers make of an update.
#[derive(Clone, Debug)]
pub struct Different {
    pub stored: String,
    /// How the page begins.
    pub first: String,
    /// Which kind is named; empty: none.
    pub kind: String,
    /// What the key that puts back says; empty: nothing waits aside.
    pub aside: String,
}

/// The table of what servers make of an update.
pub fn differences_of_store() -> Vec<Different> {
    let row = |cells: Vec<String>| {
        let [stored, first, kind, aside]: [String; 4] = cells.try_into().expect("a row has four cells");
        Different {
            stored,
            first,
            kind,
            aside,
        }
    };
    table("Stored differently").into_iter().map(row).collect()
}

impl Row {
    fn with(&self, reason: &Reason) -> Self {
        Self {
            reads: self
                .reads
                .replace("REASON", &reason.name)
                .replace("ADVICE", &reason.advice),
            reason: Some(reason.clone()),
            ..self.clone()
        }
    }

    /// The row as a failure names it.
    pub fn name(&self) -> String {
        let reason = self.reason.as_ref().map_or("", |reason| &reason.name);
        format!("{}, {} {reason}", self.place.heading(), self.fault)
    }
}

/// The cells of the one table under a heading, without its two rows of head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let mut lines = PAGE
        .lines()
        .skip_while(|line| line.trim_start_matches('#').trim() != heading || !line.starts_with('#'))
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let line = line.trim_matches('|');
            line.split('|').map(|cell| cell.trim().to_owned()).collect()
        })
        .peekable();
    assert!(lines.peek().is_some(), "no table under {heading:?}");
    lines.collect()
}
