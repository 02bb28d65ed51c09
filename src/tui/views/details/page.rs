//! Details: what the focused field means, its rule and its problems, and the endpoint's read-only facts.

use crate::endpoint::format::worded;
use crate::endpoint::inventory::named;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointStatus, FieldId, List, VolumeType, Worker};
use crate::text::one_line;
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Editing, Focus, Form, Model};
use crate::tui::theme;
use crate::tui::widgets::page::Page;

impl Page {
    /// Details of what is focused; values of settings that are secrets are masked unless `reveal`.
    pub(in crate::tui) fn details(&mut self, model: &Model, form: &Form, reveal: bool) {
        // Of a row being typed it is the part.
        let field = match &form.editing {
            Some(Editing::Row(row)) => row.part,
            _ => form.focus.field(),
        };
        let about = field.spec().help;
        self.add(field.label(), theme::strong());
        for text in [about.what, about.risk] {
            if !text.is_empty() {
                self.wrapped(&with_keys(text), theme::plain(), 0);
            }
        }
        self.wrapped(
            &format!("Rule: {} (update body, {})", about.rule, field.spec().path),
            theme::plain(),
            6,
        );
        if let Some(range) = field.range(form.work.now(), form.work.limits()) {
            let text = match range {
                Ok((min, max)) => {
                    let unit = field.unit(form.work.now());
                    let gap = if unit.is_empty() { "" } else { " " };
                    format!("Range: {min}–{max}{gap}{unit} (parameter limits)")
                }
                Err(why) => format!("Range: none is known, {why}; the server decides"),
            };
            self.wrapped(&text, theme::plain(), 7);
        }
        let example = match field.spec().kind {
            Kind::Integer => worded(field, about.example, form.work.now()),
            _ => about.example.to_owned(),
        };
        self.wrapped(&format!("Example: {example}"), theme::plain(), 9);
        for problem in form.problems().iter().filter(|p| form.focus.holds(p.place)) {
            let (sign, style) = theme::sign(problem.severity);
            self.wrapped(&format!("{sign} {}", problem.sentence(form.work.now())), style, 2);
        }
        self.account(form);
        if let Some(why) = model.lookups.failure(field) {
            let text = format!("{why} {} asks again.", form_key(Action::Reload));
            self.wrapped(&text, theme::dim(), 2);
        }
        self.add("", theme::plain());
        self.read_only(form, reveal);
        if let crate::tui::model::LimitsState::Failed(why) = &model.limits {
            self.add("", theme::plain());
            self.wrapped(
                &format!("! The account's limits could not be had: {why}"),
                theme::warning(),
                2,
            );
        }
    }

    /// What is read of the endpoint and can't be set.
    fn read_only(&mut self, form: &Form, reveal: bool) {
        self.add("Endpoint (read-only)", theme::strong());
        let base = form.work.base();
        let status = &base.status;
        let gigabytes = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("{text} GB")
            }
        };
        self.facts([
            ("ID", base.config.id.clone()),
            ("App name", status.app_name.clone()),
            ("URL", status.url.clone()),
            ("State", format!("{}, as read at {}", status.state.word, form.read_at)),
            ("State error", status.state.error.clone()),
            ("State message", status.state.message.clone()),
            ("GPU product", status.products.join(", ")),
            ("CUDA version", status.cuda_version.clone()),
            ("Root disk", gigabytes(&status.rootfs_size)),
        ]);
        if !status.probe.is_empty() {
            self.add("Health probe", theme::plain());
        }
        let probe: Vec<_> = status
            .probe
            .iter()
            .map(|(name, text)| (format!("  {name}"), text))
            .collect();
        self.facts(probe.iter().map(|(name, text)| (name.as_str(), (*text).clone())));
        self.settings(status, reveal);
        let count = status.worker_count();
        let counts = format!(
            "{} running, {} healthy, {} in all",
            count.running, count.healthy, count.all
        );
        self.entry("Workers", 9, &counts, theme::plain());
        let workers: Vec<_> = status
            .present_workers()
            .map(|worker| (format!("  {}", worker.id), worker_words(worker)))
            .collect();
        self.facts(workers.iter().map(|(name, text)| (name.as_str(), text.clone())));
        if !status.log.is_empty() {
            self.entry("Log", 9, &status.log, theme::plain());
        }
    }

    /// What is set there and no update carries.
    pub(in crate::tui) fn settings(&mut self, status: &EndpointStatus, reveal: bool) {
        if status.settings.is_empty() {
            return;
        }
        self.add("Settings that no update carries", theme::plain());
        let settings = status.settings.iter();
        let settings: Vec<_> = settings
            .map(|setting| (format!("  {}", one_line(&setting.path)), setting.shown(reveal)))
            .collect();
        self.facts(settings.iter().map(|(path, text)| (path.as_str(), (*text).to_owned())));
        if status.settings_left_out > 0 {
            let more = format!("  … {} more, which are not kept", status.settings_left_out);
            self.add(more, theme::dim());
        }
    }

    /// What the account says of the focused id.
    fn account(&mut self, form: &Form) {
        let (account, now) = (form.work.account(), form.work.now());
        match form.focus {
            Focus::Field(FieldId::ClusterId) => {
                if let Some(cluster) = account.cluster(&now.cluster_id) {
                    let lacks = if cluster.network_storage {
                        ""
                    } else {
                        ", no network storage"
                    };
                    let gpus = cluster.gpu_types.join(", ");
                    self.facts([
                        ("Cluster", format!("{}{lacks}", account.cluster_words(&cluster.id))),
                        ("Its GPUs", gpus),
                    ]);
                }
            }
            Focus::Field(FieldId::AuthId) => {
                if let Some(credential) = account.credential(&now.image.auth_id) {
                    self.facts([
                        ("Credential", named(&credential.name, &credential.id)),
                        ("Its user", credential.username.clone()),
                    ]);
                }
            }
            Focus::Row(List::Volumes, row) => {
                let volume = now.volumes.get(row).filter(|volume| volume.kind == VolumeType::Network);
                if let Some(storage) = volume.and_then(|volume| account.storage(&volume.storage_id)) {
                    let size = match storage.size.as_str() {
                        "" => String::new(),
                        size => format!(", {size} GB"),
                    };
                    self.facts([
                        ("Storage", format!("{}{size}", named(&storage.name, &storage.id))),
                        ("Its cluster", named(&storage.cluster_name, &storage.cluster_id)),
                    ]);
                }
            }
            _ => {}
        }
    }
}

/// A worker's state in words.
pub fn worker_words(worker: &Worker) -> String {
    let health = if worker.healthy { "healthy" } else { "not healthy" };
    let mut words = format!("{} {health}", worker.state.word);
    for more in [&worker.state.error, &worker.state.message] {
        if !more.is_empty() {
            words.push_str(&format!(", {more}"));
        }
    }
    words
}
