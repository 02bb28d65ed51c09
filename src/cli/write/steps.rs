//! Where a write is: one line on the terminal that changes, and goes. Elsewhere only repetitions are told.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::context::tell_again;
use crate::cli::output;
use crate::session::{MOST_LOOKS, MOST_RETRIES, Progress, Step};

/// The line.
pub struct Steps {
    bar: ProgressBar,
    endpoints: u64,
    /// What stands in front of each step: the endpoint's name where there are several.
    lead: String,
}

impl Steps {
    /// Of so many endpoints.
    pub fn new(endpoints: usize) -> Self {
        let endpoints = endpoints as u64;
        Self {
            bar: bar(endpoints),
            endpoints,
            lead: String::new(),
        }
    }

    /// The next endpoint begins.
    pub fn begin(&mut self, title: &str) {
        if self.endpoints > 1 {
            self.lead = format!("{}: ", output::safe(title));
        }
    }

    /// An endpoint is done.
    pub fn done(&self) {
        self.bar.inc(1);
    }

    /// A step begins, or is repeated.
    pub fn tell(&self, progress: &Progress) {
        let what = match progress.step {
            Step::SaveLock => "waiting for another novita-edit",
            Step::Check => "checking",
            Step::Send => "sending",
            Step::Verify => "reading back",
            Step::Look => "accepted, not shown yet; looking again",
        };
        let again = match &progress.again {
            Some(again) if progress.step == Step::Look => {
                let seconds = again.pause.as_secs_f32();
                format!(" in {seconds} s, {} of {MOST_LOOKS}", again.count)
            }
            Some(again) => format!(", {} of {MOST_RETRIES} once more", again.count),
            None => String::new(),
        };
        if let Some(again) = &progress.again {
            self.aside(|| tell_again(again.clone()));
        }
        self.bar.set_message(format!("{}{what}{again}…", self.lead));
        self.bar.tick();
    }

    /// Something is waited for; what, as the beginning of a line.
    pub fn waits(&self, what: &str) {
        self.bar.set_message(format!("{}{what}…", self.lead));
        self.bar.tick();
    }

    /// Prints something else: the line goes, and comes back below.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// The line goes, until the next step.
    pub fn clear(&mut self) {
        let done = self.bar.position();
        self.bar.finish_and_clear();
        self.bar = bar(self.endpoints);
        self.bar.set_position(done);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn bar(endpoints: u64) -> ProgressBar {
    // A terminal that can't go back in its line gets none.
    let can_change = stderr().is_terminal() && std::env::var_os("TERM").is_some_and(|term| term != "dumb");
    let target = if can_change {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(endpoints), target);
    let template = match endpoints {
        0 | 1 => "{wide_msg}",
        _ => "[{bar:24}] {pos}/{len} {wide_msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
