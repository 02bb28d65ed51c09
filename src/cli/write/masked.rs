//! Values that look masked: which of them are meant, as was said before or by `--allow-masked`.

use super::{Planned, WriteContext};
use crate::cli::{meant, output};
use crate::session::tried_in_time;

/// Finds out what was said before, where it matters, and notes what is said now. Where the disk doesn't answer, nothing
/// was said.
pub async fn settle(writing: &WriteContext, planned: &mut [Planned]) {
    let mut unknown: Vec<&String> = writing.args.allow_masked.iter().collect();
    for one in planned.iter_mut() {
        if !meant::matters(one.work.now(), &one.work.base().config) {
            continue;
        }
        meant::know_answers(&writing.send_log, &mut one.work).await;
        for row in 0..one.work.now().envs.len() {
            let env = &one.work.now().envs[row];
            if !writing.args.allow_masked.contains(&env.key) || !one.work.may_be_meant(env) {
                continue;
            }
            unknown.retain(|name| **name != env.key);
            if !one.work.is_meant(env) {
                one.work.toggle_meant(row);
            }
        }
    }
    for name in unknown {
        let name = output::safe(name);
        let told = format!("--allow-masked {name}: no variable of that name has a value that looks masked.");
        writing.cx.warn(None, told);
    }
}

/// Remembers which values are meant, so that it is said once. Where it can't be written, that is told.
pub async fn remember(writing: &WriteContext, planned: &[Planned]) {
    for one in planned.iter().filter(|one| one.work.is_changed()) {
        let answers = one.work.answers_to_record(writing.send_log.redactor());
        if answers.is_empty() {
            continue;
        }
        let (send_log, id) = (writing.send_log.clone(), one.id().to_owned());
        let recorded = tried_in_time(move || {
            answers
                .iter()
                .try_for_each(|answer| send_log.record_answer(&id, answer))
        });
        if let Err(why) = recorded.await {
            let told = format!("That masked values are meant is not remembered: {why}.");
            writing.cx.warn(Some(one.id()), told);
        }
    }
}
