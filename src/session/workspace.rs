//! The loaded endpoint beside the edited one, with undo, redo and what is wrong.

use crate::endpoint::diff::{self, Change};
use crate::endpoint::edit::Edit;
use crate::endpoint::field::Kind;
use crate::endpoint::validate::validate;
use crate::endpoint::{EndpointConfig, FieldId, Limits, LoadedEndpoint, Number, Problem, Severity};

/// An endpoint being edited.
#[derive(Clone, Debug)]
pub struct Workspace {
    base: LoadedEndpoint,
    now: EndpointConfig,
    limits: Limits,
    done: Vec<Edit>,
    undone: Vec<Edit>,
    problems: Vec<Problem>,
    marks: Marks,
}

/// What differs from the loaded configuration, worked out once after each change: drawing asks for it at every frame.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// How many differences there are.
    pub changes: usize,
    /// For each volume of the edited configuration: whether it differs.
    pub volumes: Vec<bool>,
    /// For each env of the edited configuration: whether it differs.
    pub envs: Vec<bool>,
}

impl Workspace {
    /// Starts from what was loaded, without a change.
    pub fn new(base: LoadedEndpoint, limits: Limits) -> Self {
        let mut workspace = Self {
            now: base.config.clone(),
            base,
            limits,
            done: Vec::new(),
            undone: Vec::new(),
            problems: Vec::new(),
            marks: Marks::default(),
        };
        workspace.look();
        workspace
    }

    /// What was loaded, or read back after the last save.
    pub fn base(&self) -> &LoadedEndpoint {
        &self.base
    }

    /// The configuration as edited.
    pub fn now(&self) -> &EndpointConfig {
        &self.now
    }

    /// The account's ranges, as far as they are known.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Everything that is wrong, in the order of the form.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many errors stand.
    pub fn error_count(&self) -> usize {
        self.problems.iter().filter(|p| p.severity == Severity::Error).count()
    }

    /// How many warnings stand.
    pub fn warning_count(&self) -> usize {
        self.problems.len() - self.error_count()
    }

    /// Every difference from what was loaded.
    pub fn changes(&self) -> Vec<Change> {
        diff::changes(&self.base.config, &self.now)
    }

    /// What differs, as the form marks it.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Whether anything differs from what was loaded.
    pub fn is_changed(&self) -> bool {
        self.base.config != self.now
    }

    /// Whether a single field differs from what was loaded.
    pub fn is_field_changed(&self, field: FieldId) -> bool {
        let (old, new) = (self.base.config.text(field), self.now.text(field));
        match field.spec().kind {
            Kind::Integer => Number::typed(old) != Number::typed(new),
            _ => old != new,
        }
    }

    /// Makes a change, as one step of undo.
    pub fn apply(&mut self, edit: Edit) {
        edit.apply(&mut self.now);
        self.done.push(edit);
        self.undone.clear();
        self.look();
    }

    /// Keeps a change for redo without making it: the text of an edit that was left by Esc. It is the only redo then:
    /// what was undone before was made for rows in other places.
    pub fn keep_for_redo(&mut self, edit: Edit) {
        self.undone.clear();
        self.undone.push(edit);
    }

    /// Takes the last change back; its name, or `None` when there is none.
    pub fn undo(&mut self) -> Option<String> {
        let edit = self.done.pop()?;
        edit.inverse().apply(&mut self.now);
        let name = edit.name();
        self.undone.push(edit);
        self.look();
        Some(name)
    }

    /// Makes the last undone change again; its name, or `None` when there is none.
    pub fn redo(&mut self) -> Option<String> {
        let edit = self.undone.pop()?;
        edit.apply(&mut self.now);
        let name = edit.name();
        self.done.push(edit);
        self.look();
        Some(name)
    }

    /// Takes new ranges over.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.look();
    }

    /// What was sent is stored: the read-back endpoint is the new base, and what was edited is what was sent.
    pub fn saved(&mut self, fresh: LoadedEndpoint) {
        let sent = self.now.workers.request_timeout.clone();
        self.base = with_request_timeout(fresh, sent);
        self.look();
    }

    /// The server's state becomes the base and the edited configuration. One undo brings the edits so far back, laid
    /// over the new state: what wasn't edited stays as the server has it.
    pub fn reload(&mut self, fresh: LoadedEndpoint) {
        let known = self.base.config.workers.request_timeout.clone();
        let fresh = with_request_timeout(fresh, known);
        // Also without edits: earlier steps of undo know rows by their places, which may be others now.
        if self.now != fresh.config {
            let mine = mine_over(&self.base.config, &self.now, &fresh.config);
            let (old, new) = (Box::new(mine), Box::new(fresh.config.clone()));
            let name = "reload from the server".to_owned();
            self.done.push(Edit::Whole { name, old, new });
        }
        self.undone.clear();
        self.now = fresh.config.clone();
        self.base = fresh;
        self.look();
    }

    /// What would be wrong after a change, without making it.
    pub fn problems_after(&mut self, edit: &Edit) -> Vec<Problem> {
        edit.apply(&mut self.now);
        let problems = validate(&self.now, &self.base, &self.limits);
        edit.inverse().apply(&mut self.now);
        problems
    }

    /// Takes over newer read-only facts of the same endpoint.
    pub fn set_facts(&mut self, facts: crate::endpoint::Facts) {
        self.base.facts = facts;
    }

    /// Works out what is wrong and what differs.
    fn look(&mut self) {
        self.problems = validate(&self.now, &self.base, &self.limits);
        let loaded = &self.base.config;
        self.marks = Marks {
            changes: self.changes().len(),
            volumes: diff::row_marks(&loaded.volumes, &self.now.volumes, |v| &v.mount_path),
            envs: diff::row_marks(&loaded.envs, &self.now.envs, |e| &e.key),
        };
    }
}

/// The server doesn't always report the request timeout; what it took before is then the best that is known.
fn with_request_timeout(mut fresh: LoadedEndpoint, known: Number) -> LoadedEndpoint {
    let read = &mut fresh.config.workers.request_timeout;
    if read.is_unknown() {
        *read = known;
    }
    fresh
}

/// What was edited, over what the server has now: fields that weren't edited are theirs, and so is a list that wasn't.
fn mine_over(base: &EndpointConfig, mine: &EndpointConfig, theirs: &EndpointConfig) -> EndpointConfig {
    let mut merged = theirs.clone();
    for field in FieldId::canonical().filter(|f| f.spec().kind != Kind::Rows) {
        if mine.text(field) != base.text(field) {
            merged.set_text(field, mine.text(field));
        }
    }
    if mine.volumes != base.volumes {
        merged.volumes.clone_from(&mine.volumes);
    }
    if mine.envs != base.envs {
        merged.envs.clone_from(&mine.envs);
    }
    merged
}
