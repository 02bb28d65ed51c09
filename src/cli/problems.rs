//! What is wrong with a configuration, as a command prints it: a line each for people, a list for programs.

use serde::Serialize;

use super::output::Tone;
use crate::endpoint::document::DocumentFault;
use crate::endpoint::{EndpointConfig, Problem, Severity};

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
    /// The rule that is broken: `parameter limits`; or where it stands in a file.
    pub source: String,
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
    }
}

/// What is wrong with a file, which is named.
pub fn fault(fault: &DocumentFault, file: &str) -> ProblemJson {
    ProblemJson {
        severity: "error",
        path: fault.path.clone(),
        name: String::new(),
        message: fault.message.clone(),
        source: format!("{file}:{}:{}", fault.line, fault.column),
    }
}

/// Its line: `error workerConfig.maxNum: 12 is above 10 (parameter limits)`.
pub fn line(problem: &ProblemJson) -> String {
    line_of(None, problem)
}

/// The same, with the endpoint's id behind the severity where several are told of.
pub fn line_of(endpoint: Option<&str>, problem: &ProblemJson) -> String {
    let tone = if problem.severity == "error" {
        Tone::Bad
    } else {
        Tone::Warning
    };
    let named = endpoint.into_iter().chain([problem.path.as_str()]);
    let path: String = named
        .filter(|name| !name.is_empty())
        .map(|name| format!("{name}: "))
        .collect();
    let text = format!("{path}{} ({})", problem.message, problem.source);
    format!("{} {}", tone.paint(problem.severity), Tone::Plain.paint(&text))
}
