//! What is read of an endpoint and can't be set by an update: shown read-only, never written back.

use std::time::Duration;

use super::config::EndpointConfig;
use super::diff::ShownValue;
use crate::secret::MASK;

/// The documented keys of `healthy` beside its path.
pub const PROBE_TIMINGS: [&str; 5] = [
    "initialDelay",
    "period",
    "timeout",
    "successThreshold",
    "failureThreshold",
];

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
    /// How many more of them there are.
    pub settings_left_out: usize,
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

impl Setting {
    /// Its value as it is shown: a secret is masked unless `reveal`.
    pub fn shown(&self, reveal: bool) -> &str {
        match &self.value {
            ShownValue::Secret(_) if !reveal => MASK,
            value => value.text(),
        }
    }

    /// Whether its value is masked where values aren't shown.
    pub fn is_secret(&self) -> bool {
        matches!(self.value, ShownValue::Secret(_))
    }
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
        self.state.word.eq_ignore_ascii_case("removed")
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
            count.running += usize::from(worker.state.word.eq_ignore_ascii_case("running"));
            count.healthy += usize::from(worker.healthy);
        }
        count
    }
}

impl EndpointStatus {
    /// The workers that count: all that are not removed.
    pub fn present_workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.iter().filter(|worker| !worker.is_removed())
    }

    /// How many of them there are.
    pub fn worker_count(&self) -> WorkerCount {
        WorkerCount::of(&self.workers)
    }

    /// What no update carries and is another one in a later read, in the server's order: an update shouldn't have moved
    /// it.
    ///
    /// State, workers and log move by themselves and are not compared. A zero or `false` is what it is to leave one out.
    pub fn settings_changed(&self, after: &EndpointStatus) -> Vec<Moved> {
        let (before, after) = (self.compared(), after.compared());
        let find = |of: &[Setting], path: &str| {
            let found = of.iter().find(|setting| setting.path == path);
            found.map(|setting| setting.value.clone())
        };
        let came = after.iter().filter(|new| find(&before, &new.path).is_none());
        let moved = before.iter().chain(came).map(|Setting { path, .. }| Moved {
            path: path.clone(),
            old: find(&before, path),
            new: find(&after, path),
        });
        moved.filter(|moved| !is_same(&moved.old, &moved.new)).collect()
    }

    /// The paths of what [`settings_changed`](Self::settings_changed) compares and moved since an earlier read without
    /// an update from here: that is status, as the state is, and tells nothing of an update.
    pub fn volatile_since(&self, earlier: &EndpointStatus) -> Vec<String> {
        let moved = earlier.settings_changed(self);
        moved.into_iter().map(|moved| moved.path).collect()
    }

    /// Everything that an update shouldn't move, by its path.
    fn compared(&self) -> Vec<Setting> {
        let facts = [
            ("appName", &self.app_name),
            ("url", &self.url),
            ("rootfsSize", &self.rootfs_size),
            ("cudaVersion", &self.cuda_version),
            ("products", &self.products.join(", ")),
        ];
        let facts = facts.map(|(path, text)| (path.to_owned(), text.clone()));
        let probe = self.probe.iter();
        let probe = probe.map(|(name, text)| (format!("healthy.{name}"), text.clone()));
        let plain = facts.into_iter().chain(probe).filter(|(_, text)| !text.is_empty());
        let plain = plain.map(|(path, text)| Setting {
            path,
            value: ShownValue::Plain(text),
        });
        plain.chain(self.settings.iter().cloned()).collect()
    }
}

fn is_same(old: &Option<ShownValue>, new: &Option<ShownValue>) -> bool {
    let unset = |side: &Option<ShownValue>| side.as_ref().is_none_or(|side| matches!(side.text(), "0" | "false"));
    match (old, new) {
        (Some(old), Some(new)) => old.text() == new.text(),
        _ => unset(old) && unset(new),
    }
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
    /// `workerConfig.maxConcurrent`.
    pub max_concurrent: String,
    /// `workerConfig.freeTimeout`, seconds.
    pub idle_timeout: String,
    /// `workerConfig.requestTimeout`, seconds.
    pub request_timeout: String,
    /// `ports[].port`, several joined by commas.
    pub ports: String,
    /// `healthy.path`.
    pub health_path: String,
    /// How many `volumeMounts`; `None`: not told.
    pub volumes: Option<usize>,
    /// How many `envs`; `None`: not told.
    pub envs: Option<usize>,
    /// `clusterID`.
    pub cluster: String,
    /// The name of the first of `products`, or its id.
    pub product: String,
    /// `url`.
    pub url: String,
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

    fn with(settings: &[(&str, &str)]) -> EndpointStatus {
        let setting = |(path, text): &(&str, &str)| Setting {
            path: (*path).into(),
            value: ShownValue::Plain((*text).into()),
        };
        EndpointStatus {
            app_name: "app".into(),
            url: "https://a".into(),
            settings: settings.iter().map(setting).collect(),
            ..EndpointStatus::default()
        }
    }

    #[test]
    fn settings_that_no_update_carries_are_compared_by_their_paths() {
        let before = with(&[("type", "async"), ("a", "1"), ("gone", "x"), ("off", "false")]);
        let mut after = with(&[("a", "1"), ("type", "sync"), ("new", "y"), ("zero", "0")]);
        after.url = "https://b".into();
        let told = |side: &Option<ShownValue>| side.as_ref().map_or("-".to_owned(), |side| side.text().to_owned());
        let moved = before.settings_changed(&after);
        let moved: Vec<String> = moved
            .iter()
            .map(|moved| format!("{} {} {}", moved.path, told(&moved.old), told(&moved.new)))
            .collect();
        assert_eq!(
            moved,
            ["url https://a https://b", "type async sync", "gone x -", "new - y"]
        );
        assert!(before.settings_changed(&before).is_empty());
    }

    #[test]
    fn what_moved_by_itself_is_named_by_its_path() {
        let earlier = with(&[("queueConfig.pending", "3"), ("type", "async")]);
        let checked = with(&[("queueConfig.pending", "7"), ("type", "async")]);
        assert_eq!(checked.volatile_since(&earlier), ["queueConfig.pending"]);
        assert!(checked.volatile_since(&checked).is_empty());
    }
}
