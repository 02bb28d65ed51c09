//! What became known of the rollout after a save.

use crate::session::Verdict;
use crate::tui::event::RolloutNews;
use crate::tui::keymap::with_keys;
use crate::tui::model::{Model, Screen};
use crate::tui::views::form::rollout::FormRollout;
use crate::tui::views::save_result::SaveResult;

/// Something of it became known.
pub(super) fn came(model: &mut Model, id: &str, news: RolloutNews) {
    let is_told = model.views.find::<SaveResult>().is_some();
    let Screen::Form(form) = &mut model.screen else { return };
    if form.work.base().config.id != id {
        return;
    }
    match news {
        RolloutNews::Look {
            status,
            new,
            verdict,
            at,
        } => {
            let is_watched = matches!(verdict, Verdict::Going(_));
            form.work.set_status(*status);
            form.read_at = at;
            let words = verdict.words();
            let rollout = FormRollout {
                verdict,
                new,
                is_live: is_watched,
                is_watched,
            };
            let verdict = &form.rollout.insert(rollout).verdict;
            match verdict {
                _ if is_told => {}
                Verdict::Going(_) => {}
                Verdict::Failed(_) => {
                    model.complain(format!(
                        "The rollout failed: {words}. {}",
                        with_keys("{history} leads back.")
                    ));
                }
                Verdict::Overtaken(_) => model.complain(format!("The rollout is over: {words}.")),
                // What somebody reads isn't taken away for good news.
                Verdict::Ready(_) if model.notice.is_none() => model.say(format!("The rollout is over: {words}.")),
                Verdict::Ready(_) => {}
            }
        }
        RolloutNews::NotRead => {
            if let Some(rollout) = &mut form.rollout {
                rollout.is_live = false;
            }
        }
        RolloutNews::GivenUp => {
            if let Some(rollout) = &mut form.rollout {
                (rollout.is_live, rollout.is_watched) = (false, false);
            }
        }
        RolloutNews::Gone => {
            form.rollout = None;
            form.is_gone = true;
            model.complain("This endpoint was deleted: the server has none of this id. Your edits are still here.");
        }
    }
}
