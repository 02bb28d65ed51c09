//! What is wrong with a configuration, as a command prints it: a line each for people, a list for programs.

use serde::Serialize;

use super::output::Tone;
use crate::endpoint::document::DocumentFault;
use crate::endpoint::{EndpointConfig, FieldId, Limits, Problem, Severity};

/// The source of what is wrong with a file itself; a rule's names are those of [`Source`](crate::endpoint::Source).
const FILE: &str = "file";

/// A problem, as JSON and YAML have it.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemJson {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// In the update body: `workerConfig.maxNum`, `envs[3].value`.
    pub path: String,
    /// As the form calls it: `Max workers`; empty for what is wrong with a file.
    pub name: String,
    pub message: String,
    /// The rule that is broken: `parameter limits`; or `file`.
    pub source: String,
    /// Where it stands in a file; `None` without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<ProblemPlace>,
}

/// Where a problem stands.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemPlace {
    /// As the file was named.
    pub file: String,
    /// The document in the file, from 1.
    pub number: usize,
    /// From 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl ProblemJson {
    /// Whether it keeps everything from being sent.
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }
}

/// A problem of a configuration.
pub fn listed(problem: &Problem, config: &EndpointConfig) -> ProblemJson {
    ProblemJson {
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        path: problem.place.path(),
        name: problem.place.name(config),
        message: problem.message.clone(),
        source: problem.source.to_string(),
        document: None,
    }
}

/// What is wrong with the document number `number` of a file.
pub fn fault(fault: &DocumentFault, file: &str, number: usize) -> ProblemJson {
    ProblemJson {
        severity: "error",
        path: fault.path.clone(),
        name: String::new(),
        message: fault.message.clone(),
        source: FILE.to_owned(),
        document: Some(ProblemPlace {
            file: file.to_owned(),
            number,
            line: fault.line,
            column: fault.column,
        }),
    }
}

/// Which numbers no range is known for, a sentence for each reason.
pub fn unchecked(config: &EndpointConfig, limits: &Limits, is_asked: impl Fn(FieldId) -> bool) -> Vec<String> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for field in FieldId::canonical() {
        let Some(Err(why)) = field.range(config, limits).filter(|_| is_asked(field)) else {
            continue;
        };
        let why = why.to_string();
        match found.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(field.label()),
            None => found.push((why, vec![field.label()])),
        }
    }
    let sentence = |(why, names): (String, Vec<&str>)| {
        format!(
            "No range is known for {}, so what is asked for was not checked: {why}.",
            names.join(", ")
        )
    };
    found.into_iter().map(sentence).collect()
}

/// Its line: `error workerConfig.maxNum: 12 is above 10 (parameter limits)`; out of a file as compilers write it, so
/// that editors and pipelines find the place: `prod.yaml:6:11: error: workerConfig.maxNum: 12 is above 10 (parameter
/// limits)`.
pub fn line(problem: &ProblemJson) -> String {
    line_of(None, problem)
}

/// The same, with the endpoint's id behind the severity where several are told of.
pub fn line_of(endpoint: Option<&str>, problem: &ProblemJson) -> String {
    let tone = if problem.is_error() { Tone::Bad } else { Tone::Warning };
    let named = endpoint.into_iter().chain([problem.path.as_str()]);
    let path: String = named
        .filter(|name| !name.is_empty())
        .map(|name| format!("{name}: "))
        .collect();
    let rule = match problem.source.as_str() {
        FILE => String::new(),
        rule => format!(" ({rule})"),
    };
    let text = Tone::Plain.paint(&format!("{path}{}{rule}", problem.message));
    let severity = tone.paint(problem.severity);
    match &problem.document {
        Some(place) => format!("{}: {severity}: {text}", Tone::Strong.paint(&place.to_string())),
        None => format!("{severity} {text}"),
    }
}

impl std::fmt::Display for ProblemPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
