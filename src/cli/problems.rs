//! Problems as the command line tells them: a line each, the path in front, so that it can be found in a file.

use super::output::{self, Tone};
use crate::endpoint::{Problem, Severity};

/// How a severity is called.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// `error workerConfig.maxNum: 12 is above 10, the most this account may have (parameter limits)`; with the endpoint's id
/// behind the severity where several are told of.
pub fn line(problem: &Problem, endpoint: Option<&str>) -> String {
    let source = problem.source.to_string();
    told(
        problem.severity,
        endpoint,
        &problem.place.path(),
        &problem.message,
        &source,
    )
}

/// The same of anything that has a path, a message and a source.
pub fn told(severity: Severity, endpoint: Option<&str>, path: &str, message: &str, source: &str) -> String {
    let tone = match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
    };
    let mut line = tone.paint(word(severity));
    for part in endpoint.into_iter().chain([path]).filter(|part| !part.is_empty()) {
        line.push_str(&format!(" {}:", output::safe(part)));
    }
    line.push_str(&format!(" {} ({})", output::safe(message), output::safe(source)));
    line
}
