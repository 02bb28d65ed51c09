//! Which values that look masked are meant, as was said before: it stands with the history of this machine.

use super::context::Context;
use crate::endpoint::edit::Edit;
use crate::endpoint::masked::{MeantValues, all_are_empty, looks_masked};
use crate::endpoint::validate::validate;
use crate::endpoint::{EndpointConfig, EnvVar, Inventory, Limits, LoadedEndpoint, Problem};
use crate::session::{Workspace, tried_in_time};
use crate::store::SendLog;

/// Everything that is wrong with a configuration of an endpoint; values that were said to be meant are not.
pub async fn problems(
    cx: &Context,
    config: &EndpointConfig,
    base: &LoadedEndpoint,
    limits: &Limits,
    inventory: &Inventory,
) -> Vec<Problem> {
    if !matters(config, &base.config) {
        return validate(config, base, limits, inventory);
    }
    let mut work = Workspace::new(base.clone(), limits.clone());
    work.set_account(inventory.clone());
    if *config != base.config {
        work.apply_given(Edit::Whole {
            name: String::new(),
            old: Box::new(base.config.clone()),
            new: Box::new(config.clone()),
        });
    }
    know_answers(&cx.platform.send_log(), &mut work).await;
    work.problems().to_vec()
}

/// Which values of an endpoint that look masked are meant; `allowed`: the variables for which the command says so.
pub async fn values(send_log: &SendLog, base: &LoadedEndpoint, allowed: &[String]) -> MeantValues {
    let mut meant = MeantValues::default();
    if matters(&base.config, &base.config) {
        let mut work = Workspace::new(base.clone(), Limits::unknown());
        know_answers(send_log, &mut work).await;
        meant = work.meant_values().clone();
    }
    let is_allowed = |env: &&EnvVar| allowed.contains(&env.key);
    base.config
        .envs
        .iter()
        .filter(is_allowed)
        .for_each(|env| meant.add(env));
    meant
}

/// Whether anything may look masked: only then is it worth to ask the disk.
pub fn matters(config: &EndpointConfig, base: &EndpointConfig) -> bool {
    all_are_empty(&base.envs) || config.envs.iter().any(|env| looks_masked(env.value.reveal()))
}

/// What was said before holds. Where the disk doesn't answer, nothing was.
pub async fn know_answers(send_log: &SendLog, work: &mut Workspace) {
    let (log, id) = (send_log.clone(), work.base().config.id.clone());
    let history = tried_in_time(move || log.history(&id)).await.unwrap_or_default();
    let redactor = send_log.redactor();
    let had_values = redactor.had_values(&history);
    work.set_answers(redactor, &history.answers, had_values);
}
