//! Whether what is planned may be sent: a person says so at the terminal, or the command line did.

use super::{Planned, WriteContext};
use crate::cli::ask::Consent;
use crate::cli::output;
use crate::exit_code::Exit;
use crate::text::Quoted;

impl WriteContext {
    /// Asks whether these may be sent; on a protected profile for the name of each.
    ///
    /// # Errors
    /// How it was interrupted.
    pub(super) async fn agreed(&self, planned: &[Planned]) -> Result<Consent, Exit> {
        let changed: Vec<&Planned> = planned.iter().filter(|one| one.work.is_changed()).collect();
        if self.protecting_profile().is_none() {
            let question = match changed.as_slice() {
                [one] => format!("Send this to {}?", one.title()),
                several => format!("Send this to {} endpoints?", several.len()),
            };
            return self.person.agrees(&output::safe(&question)).await;
        }
        for one in changed {
            if self.args.confirm.iter().any(|word| one.is_called(word)) {
                continue;
            }
            let config = &one.work.base().config;
            let wanted = if config.name.trim().is_empty() {
                &config.id
            } else {
                &config.name
            };
            let question = format!("This profile is protected. To send, type the endpoint's name ({wanted}):");
            match self.person.ask(&output::safe(&question)).await? {
                Some(answer) if one.is_called(answer.trim()) => {}
                _ => return Ok(Consent::OtherName),
            }
        }
        Ok(Consent::Yes)
    }

    pub(super) fn protecting_profile(&self) -> Option<&str> {
        let profile = self.cx.platform.config().profile.as_ref()?;
        profile.protected.then_some(profile.name.as_str())
    }

    /// Whether there is nobody who could agree, or a name is missing that a protected profile wants.
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
        let missing = planned
            .iter()
            .filter(|one| one.work.is_changed())
            .find(|one| !self.args.confirm.iter().any(|word| one.is_called(word)))?;
        let config = &missing.work.base().config;
        let wanted = if config.name.trim().is_empty() {
            &config.id
        } else {
            &config.name
        };
        Some(format!(
            "the profile {profile} is protected, so nothing was sent. Beside --yes it wants the name of each endpoint: add \
             --confirm {}.",
            Quoted(wanted)
        ))
    }
}
