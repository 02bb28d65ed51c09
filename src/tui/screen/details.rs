//! Details: what the focused field means, its rule and its problems, and the endpoint's read-only facts.

use super::page::Page;
use crate::endpoint::help::help;
use crate::endpoint::known::named;
use crate::endpoint::{FieldId, List, VolumeType};
use crate::tui::keymap::{Action, form_key, with_keys};
use crate::tui::model::{Focus, Form, Model};
use crate::tui::theme;

impl Page {
    pub(super) fn details(&mut self, model: &Model, form: &Form) {
        let field = form.focus.field();
        let about = help(field);
        self.add(field.label(), theme::strong());
        for text in [about.what, about.risk] {
            if !text.is_empty() {
                self.wrapped(&with_keys(text), theme::plain(), 0);
            }
        }
        self.wrapped(
            &format!("Rule: {} ({})", with_keys(about.rule), field.spec().path),
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
        if !about.example.is_empty() {
            self.wrapped(&format!("Example: {}", about.example), theme::plain(), 9);
        }
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
        self.add("Endpoint (read-only)", theme::strong());
        let base = form.work.base();
        let facts = &base.facts;
        let count = facts.worker_count();
        self.fact("ID", &base.config.id);
        self.fact("App name", &facts.app_name);
        self.fact("URL", &facts.url);
        self.fact("State", &format!("{}, as read at {}", facts.state.word, form.read_at));
        self.fact("State error", &facts.state.error);
        self.fact("State message", &facts.state.message);
        self.fact("GPU product", &facts.products.join(", "));
        self.fact("CUDA version", &facts.cuda_version);
        if !facts.rootfs_size.is_empty() {
            self.fact("Root disk", &format!("{} GB", facts.rootfs_size));
        }
        for (name, text) in &facts.probe {
            self.fact(&format!("Probe {name}"), text);
        }
        self.fact(
            "Workers",
            &format!(
                "{} running, {} healthy, {} in all",
                count.running, count.healthy, count.all
            ),
        );
        for worker in facts.workers.iter().filter(|w| !w.is_removed()) {
            let health = if worker.healthy { "healthy" } else { "not healthy" };
            let state = &worker.state;
            let mut text = format!("{} {health}", state.word);
            for more in [&state.error, &state.message] {
                if !more.is_empty() {
                    text.push_str(&format!(", {more}"));
                }
            }
            self.fact(&format!("  {}", worker.id), &text);
        }
        self.fact("Log", &facts.log);
        if let crate::tui::model::LimitsState::Failed(why) = &model.limits {
            self.add("", theme::plain());
            self.wrapped(
                &format!("! The account's limits could not be had: {why}"),
                theme::warning(),
                2,
            );
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
                    self.fact("Cluster", &format!("{}{lacks}", account.cluster_words(&cluster.id)));
                    self.fact("Its GPUs", &gpus);
                }
            }
            Focus::Field(FieldId::AuthId) => {
                if let Some(credential) = account.credential(&now.image.auth_id) {
                    self.fact("Credential", &named(&credential.name, &credential.id));
                    self.fact("Its user", &credential.username);
                }
            }
            Focus::Row(List::Volumes, row) => {
                let volume = now.volumes.get(row).filter(|volume| volume.kind == VolumeType::Network);
                if let Some(storage) = volume.and_then(|volume| account.storage(&volume.storage_id)) {
                    let size = match storage.size.as_str() {
                        "" => String::new(),
                        size => format!(", {size} GB"),
                    };
                    self.fact("Storage", &format!("{}{size}", named(&storage.name, &storage.id)));
                    self.fact("Its cluster", &named(&storage.cluster_name, &storage.cluster_id));
                }
            }
            _ => {}
        }
    }
}
