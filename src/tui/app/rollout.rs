//! The rollout after a save, on the loop's behalf: looks until it is decided.

use std::time::{Duration, Instant};

use super::clock::time_of_day;
use crate::api::Client;
use crate::endpoint::LoadedEndpoint;
use crate::session::{Rollout, Verdict, rollout_steady};
use crate::tui::event::{Event, RolloutNews};

/// The pause between two looks: short at first, since most is over soon, then longer.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// The longest that is waited because a server asks for it.
const LONGEST_ASKED: Duration = Duration::from_secs(60);
/// As long as commands wait unless something else is said.
const PATIENCE: Duration = Duration::from_secs(600);

/// Looks at an endpoint until its rollout is decided, and tells what moved. It went out so long before that instant.
pub(super) async fn watch(
    client: &Client,
    id: &str,
    rollout: Rollout,
    (age, since): (Duration, Instant),
    tell: impl Fn(Event),
) {
    let mut rollout = rollout.steady_after(rollout_steady());
    let tell = |news| tell(Event::Rollout(id.to_owned(), news));
    let mut last: Option<(LoadedEndpoint, Verdict)> = None;
    let (mut pause, mut has_failed) = (FIRST_PAUSE, false);
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        let asked = age + since.elapsed();
        match client.endpoint(id).await {
            Ok(now) => {
                let verdict = rollout.look(asked, &now);
                let is_news = last
                    .as_ref()
                    .is_none_or(|(before, told)| *told != verdict || has_moved(before, &now));
                if is_news || has_failed {
                    pause = FIRST_PAUSE;
                    tell(RolloutNews::Look {
                        status: Box::new(now.status.clone()),
                        new: rollout.new_ids(&now),
                        verdict: verdict.clone(),
                        at: time_of_day(),
                    });
                }
                if !matches!(verdict, Verdict::Going(_)) {
                    return;
                }
                has_failed = false;
                last = Some((now, verdict));
            }
            Err(error) if error.is_gone() => return tell(RolloutNews::Gone),
            Err(error) if error.may_pass_meanwhile() => {
                let asked = error.retry_after().unwrap_or_default();
                pause = pause.max(asked.min(LONGEST_ASKED));
                if !std::mem::replace(&mut has_failed, true) {
                    tell(RolloutNews::NotRead);
                }
            }
            Err(_) => break,
        }
    }
    tell(RolloutNews::GivenUp);
}

fn has_moved(before: &LoadedEndpoint, now: &LoadedEndpoint) -> bool {
    before.status.state != now.status.state || before.status.workers != now.status.workers
}
