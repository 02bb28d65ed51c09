//! What is read of an endpoint and can't be set by an update: shown read-only, never written back.

use std::time::Duration;

use super::config::EndpointConfig;
use super::diff::ShownValue;
use super::schema::FIELDS;

/// An endpoint as one answer of the server told it: what can be edited, and what can only be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadedEndpoint {
    /// What an update can set.
    pub config: EndpointConfig,
    /// Whether a health check is configured. Its path can then be changed but not taken away.
    pub has_health_check: bool,
    /// What an update can't set.
    pub status: EndpointStatus,
}

/// The read-only side of an endpoint. Texts as the server wrote them; empty: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointStatus {
    /// `appName`.
    pub app_name: String,
    /// `url`: where the endpoint takes requests.
    pub url: String,
    /// `state`.
    pub state: State,
    /// `workerConfig.cudaVersion`.
    pub cuda_version: String,
    /// `rootfsSize`, GB.
    pub rootfs_size: String,
    /// `products[]`: name, or id where there is no name.
    pub products: Vec<String>,
    /// `healthy`'s timings and thresholds, as name and text, in the server's order.
    pub probe: Vec<(String, String)>,
    /// `log`.
    pub log: String,
    /// `workers[]`, removed ones included.
    pub workers: Vec<Worker>,
    /// What else is set there and no update carries, in the server's order.
    pub settings: Vec<Setting>,
    /// How long a cache on the way had kept the answer (`Age`).
    pub age: Duration,
}

/// One value of an endpoint that is none of the documented keys: a setting, as far as anybody knows. It is shown and
/// compared, and never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Where it stands, as people write it: `queueConfig.maxPending`, `command[2]`.
    pub path: String,
    /// Its text as the server wrote it, without quotes.
    pub value: ShownValue,
}

/// A value that no update sets and that is another one after an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Where it stands: `rootfsSize`, `healthy.period`, `url`.
    pub path: String,
    /// What stood there; `None`: nothing.
    pub old: Option<ShownValue>,
    /// What stands there; `None`: nothing.
    pub new: Option<ShownValue>,
}

/// `state` of an endpoint or of a worker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// `serving`, `updating`, `running`…; any other word is a text to show.
    pub word: String,
    /// `error`.
    pub error: String,
    /// `message`.
    pub message: String,
}

/// One entry of `workers`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worker {
    /// `id`.
    pub id: String,
    /// `state`.
    pub state: State,
    /// Whether its health path answers.
    pub healthy: bool,
}

impl Worker {
    /// Removed workers stay listed about ten minutes after their deletion; they don't count.
    pub fn is_removed(&self) -> bool {
        self.state.word == "removed"
    }
}

/// Workers counted, removed ones left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkerCount {
    /// Healthy ones.
    pub healthy: usize,
    /// Running ones.
    pub running: usize,
    /// All that are not removed.
    pub all: usize,
}

impl WorkerCount {
    /// Counts a list of workers.
    pub fn of(workers: &[Worker]) -> Self {
        let mut count = Self::default();
        for worker in workers.iter().filter(|w| !w.is_removed()) {
            count.all += 1;
            count.running += usize::from(worker.state.word == "running");
            count.healthy += usize::from(worker.healthy);
        }
        count
    }
}

impl EndpointStatus {
    /// The workers that count.
    pub fn worker_count(&self) -> WorkerCount {
        WorkerCount::of(&self.workers)
    }

    /// What of the platform's own settings differs: an update shouldn't have moved these.
    ///
    /// State, workers and log move by themselves and are not compared.
    pub fn settings_changed(&self, after: &EndpointStatus) -> Vec<Moved> {
        let mut changed = Vec::new();
        let mut note = |name: &str, old: &str, new: &str| {
            // What an update sets is compared as such.
            let is_set = FIELDS.iter().any(|field| field.path == name);
            if old != new && !is_set {
                let side = |text: &str| (!text.is_empty()).then(|| ShownValue::Plain(text.to_owned()));
                changed.push(Moved {
                    path: name.to_owned(),
                    old: side(old),
                    new: side(new),
                });
            }
        };
        note("rootfsSize", &self.rootfs_size, &after.rootfs_size);
        note("cudaVersion", &self.cuda_version, &after.cuda_version);
        note("products", &self.products.join(", "), &after.products.join(", "));
        for (name, old) in &self.probe {
            note(&format!("healthy.{name}"), old, probe_text(after, name));
        }
        for (name, new) in &after.probe {
            if probe_text(self, name).is_empty() {
                note(&format!("healthy.{name}"), "", new);
            }
        }
        changed
    }
}

fn probe_text<'a>(status: &'a EndpointStatus, name: &str) -> &'a str {
    status
        .probe
        .iter()
        .find(|(n, _)| n == name)
        .map_or("", |(_, text)| text)
}

/// One line of the list of endpoints. Texts as the server wrote them; empty: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// `id`.
    pub id: String,
    /// `name`.
    pub name: String,
    /// `state.state`.
    pub state: String,
    /// `workerConfig.minNum`.
    pub min_workers: String,
    /// `workerConfig.maxNum`.
    pub max_workers: String,
    /// `workerConfig.gpuNum`.
    pub gpus: String,
    /// `policy.type`, the word of the body.
    pub policy: String,
    /// `policy.value`.
    pub policy_value: String,
    /// `image.image`.
    pub image: String,
    /// Workers that count; none when the list doesn't tell them.
    pub workers: WorkerCount,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(state: &str, healthy: bool) -> Worker {
        Worker {
            state: State {
                word: state.into(),
                ..State::default()
            },
            healthy,
            ..Worker::default()
        }
    }

    #[test]
    fn removed_workers_are_not_counted() {
        let status = EndpointStatus {
            workers: vec![
                worker("running", true),
                worker("pending", false),
                worker("removed", true),
            ],
            ..EndpointStatus::default()
        };
        assert_eq!(
            status.worker_count(),
            WorkerCount {
                healthy: 1,
                running: 1,
                all: 2
            }
        );
    }

    #[test]
    fn moved_platform_settings_are_named_and_state_is_not() {
        let before = EndpointStatus {
            rootfs_size: "100".into(),
            probe: vec![("period".into(), "10".into())],
            state: State {
                word: "serving".into(),
                ..State::default()
            },
            ..EndpointStatus::default()
        };
        let mut after = before.clone();
        after.state.word = "updating".into();
        after.workers.push(worker("running", true));
        assert!(before.settings_changed(&after).is_empty());
        after.rootfs_size = "50".into();
        after.probe = vec![("timeout".into(), "3".into())];
        let names: Vec<String> = before.settings_changed(&after).into_iter().map(|c| c.path).collect();
        assert_eq!(names, ["rootfsSize", "healthy.period", "healthy.timeout"]);
    }
}
