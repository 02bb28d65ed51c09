//! What a write shows on stderr before it sends, the changes and what is to be known of them; and whether it may be
//! sent: a person says so at the terminal, or the command line did.

use std::time::Instant;

use super::{Planned, WriteContext};
use crate::cli::ask::Consent;
use crate::cli::output::{self, Tone};
use crate::cli::{changes, problems};
use crate::endpoint::diff::Change;
use crate::endpoint::merge::Clash;
use crate::endpoint::{Severity, Source};
use crate::exit_code::Exit;
use crate::session::unsent_settings;
use crate::text::Quoted;
use crate::text::width::shown_width;

impl WriteContext {
    pub(super) fn tell_waiting(&self) {
        output::note("Another novita-edit on this machine is saving this endpoint; waiting.");
    }

    /// That what was waited for since then is over.
    pub(super) fn tell_waited(&self, since: Instant) {
        let waited = match since.elapsed().as_secs() {
            0 => "under a second".to_owned(),
            seconds => format!("{seconds} s"),
        };
        output::note(&format!(
            "The other novita-edit is done with this endpoint; waited {waited}."
        ));
    }

    pub(super) fn tell_unguarded(&self, why: &str) {
        if !self.told_unguarded.replace(true) {
            let why = format!("Other novita-edits on this machine aren't kept from saving at the same time: {why}.");
            self.cx.warn(None, why);
        }
    }

    /// Told once, however many sends it is about.
    pub(super) fn tell_not_kept(&self, id: &str, why: &str) {
        let why = format!("The send is not kept in the history: {why}.");
        if self.told_not_kept.replace(true) {
            self.cx.keep_warning(Some(id), why);
        } else {
            self.cx.warn(Some(id), why);
        }
    }

    /// What somebody else changed meanwhile, and what became of what both did.
    pub(super) fn tell_others(&self, planned: &Planned, others: &[Change], clashes: &[Clash]) {
        let config = &planned.work.base().config;
        output::note(&format!(
            "Somebody else changed {} meanwhile:",
            Tone::Strong.paint(&planned.title())
        ));
        for change in others {
            output::note(&changes::line(change, (config, config), self.reveals()));
        }
        match clashes.len() {
            0 => output::note("It stays, and what you change is laid over it."),
            _ => output::note(&format!(
                "Where both changed the same, --on-conflict {} decides.",
                self.args.on_conflict.word()
            )),
        }
    }

    /// The changes of one endpoint, and what is to be said of them.
    pub(super) fn print_changes(&self, planned: &Planned, anew: bool) {
        let (old, new) = (&planned.work.base().config, planned.work.now());
        let changes = planned.work.changes();
        let head = Tone::Strong.paint(&planned.title());
        let lead = if anew { "Now to be changed in " } else { "" };
        if changes.is_empty() {
            output::note(&format!("{head}: nothing to change"));
        } else {
            output::note(&format!("{lead}{head}:"));
        }
        for change in &changes {
            output::note(&changes::line(change, (old, new), self.reveals()));
        }
        if changes.is_empty() {
            return;
        }
        for problem in planned.work.problems() {
            // What was so before is no news to a quick change, unless it is about secrets that are written over.
            let is_news = problem.source == Source::MaskedValues || !planned.problems_before.contains(problem);
            if problem.severity == Severity::Warning && is_news {
                output::note(&planned.line(problem));
            }
        }
        for warning in warnings(planned) {
            output::note(&format!("  {}", output::warning(&warning)));
        }
    }
}

/// What is to be said beside the changes of one endpoint.
pub(super) fn warnings(planned: &Planned) -> Vec<String> {
    let mut warnings = planned.warnings.clone();
    let is_changed = |field| planned.work.is_field_changed(field);
    warnings.extend(problems::unchecked(
        planned.work.now(),
        planned.work.limits(),
        is_changed,
    ));
    if planned.work.is_changed() {
        warnings.extend(unsent_settings(&planned.work.base().status).map(|told| told + "."));
    }
    warnings
}

impl WriteContext {
    /// Asks whether these may be sent; on a protected profile for the name of each, or how many they are.
    ///
    /// # Errors
    /// How it was interrupted.
    pub(super) async fn agreed(&self, planned: &[Planned]) -> Result<Consent, Exit> {
        let changed: Vec<&Planned> = planned.iter().filter(|one| one.work.is_changed()).collect();
        if changed.len() > 1 {
            output::note(&listed(&changed));
        }
        if self.protecting_profile().is_none() {
            let what = match changed.as_slice() {
                [one] => one.title(),
                several => format!("{} endpoints", several.len()),
            };
            let question = format!("Send this to {what} {}?", self.cx.platform.place());
            return self.person.agrees(&output::safe(&question)).await;
        }
        let missing: Vec<Confirmation> = Confirmation::of_each(&changed)
            .into_iter()
            .filter(|wanted| !wanted.is_given(&self.args.confirm))
            .collect();
        for wanted in missing {
            let place = self.cx.platform.place();
            let question = format!("To send this {place}, which is protected, type {}:", wanted.in_words());
            match self.person.ask(&output::safe(&question)).await? {
                Some(answer) if wanted.is(answer.trim()) => {}
                _ => return Ok(wanted.not_given()),
            }
        }
        Ok(Consent::Yes)
    }

    fn protecting_profile(&self) -> Option<&str> {
        let profile = self.cx.platform.config().profile.as_ref()?;
        profile.protected.then_some(profile.name.as_str())
    }

    /// Whether there is nobody who could agree, or a word is missing that a protected profile wants.
    pub(super) fn refuses_unasked(&self, planned: &[Planned]) -> Option<String> {
        if self.is_read_only() {
            return Some(
                "this session is read-only, so nothing was sent. Leave --read-only out, or use another profile."
                    .to_owned(),
            );
        }
        if !self.args.yes {
            return (!self.person.is_there()).then(|| {
                "there is no terminal to ask at, so nothing was sent. Say --yes to send without a question, or --dry-run to \
                 see the body."
                    .to_owned()
            });
        }
        let profile = self.protecting_profile()?;
        let changed: Vec<&Planned> = planned.iter().filter(|one| one.work.is_changed()).collect();
        let all = Confirmation::of_each(&changed);
        let missing: Vec<&Confirmation> = all
            .iter()
            .filter(|wanted| !wanted.is_given(&self.args.confirm))
            .collect();
        let rule = missing.first()?.rule();
        let add: Vec<String> = missing
            .iter()
            .map(|wanted| format!("--confirm {}", wanted.argument()))
            .collect();
        Some(format!(
            "the profile {profile} is protected, so nothing was sent. Beside --yes it wants {rule}: add {}.",
            add.join(" ")
        ))
    }
}

/// The endpoints that a question is about, a line each.
fn listed(planned: &[&Planned]) -> String {
    let wide = planned.iter().map(|one| shown_width(one.id())).max().unwrap_or(0);
    let line = |one: &&Planned| {
        let config = &one.work.base().config;
        let blanks = " ".repeat(wide - shown_width(&config.id));
        format!(
            "\n  {}{blanks}  {}",
            output::safe(&config.id),
            output::safe(&config.name)
        )
    };
    let lines: String = planned.iter().map(line).collect();
    format!("To be sent to {} endpoints:{lines}", planned.len())
}

/// What a protected profile wants to hear before something is sent.
enum Confirmation<'a> {
    /// The name of this one, or its id.
    Name(&'a Planned),
    /// How many they are, of endpoints that nobody named.
    Count(usize),
}

impl<'a> Confirmation<'a> {
    fn of_each(changed: &[&'a Planned]) -> Vec<Self> {
        match changed.iter().any(|one| one.is_picked) {
            true => vec![Self::Count(changed.len())],
            false => changed.iter().map(|one| Self::Name(one)).collect(),
        }
    }

    fn is(&self, typed: &str) -> bool {
        match self {
            Self::Name(one) => one.is_called(typed),
            Self::Count(count) => typed.parse() == Ok(*count),
        }
    }

    fn is_given(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// What is to be typed.
    fn word(&self) -> String {
        match self {
            Self::Name(one) => {
                let config = &one.work.base().config;
                let is_named = !config.name.trim().is_empty();
                if is_named {
                    config.name.clone()
                } else {
                    config.id.clone()
                }
            }
            Self::Count(count) => count.to_string(),
        }
    }

    /// The same on a command line.
    fn argument(&self) -> String {
        match self {
            Self::Name(_) => Quoted(&self.word()).to_string(),
            Self::Count(_) => self.word(),
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Name(_) => format!("the endpoint's name ({})", self.word()),
            Self::Count(_) => format!("how many endpoints these are ({})", self.word()),
        }
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::Name(_) => "the name of each endpoint",
            Self::Count(_) => "the number of endpoints that this changes",
        }
    }

    fn not_given(&self) -> Consent {
        match self {
            Self::Name(_) => Consent::OtherName,
            Self::Count(_) => Consent::OtherCount,
        }
    }
}
