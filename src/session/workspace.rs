//! The loaded endpoint beside the edited one, with undo, redo and what is wrong.

use std::collections::HashSet;
use std::sync::Arc;

use crate::endpoint::diff::{self, Change, differences};
use crate::endpoint::edit::Edit;
use crate::endpoint::masked::{MeantValues, all_are_empty, looks_masked};
use crate::endpoint::merge::{Merge, Resolution};
use crate::endpoint::respelled;
use crate::endpoint::schema::Kind;
use crate::endpoint::validate::{keeps_number, validate_beside, validate_envs};
use crate::endpoint::{
    EndpointConfig, EnvVar, FieldId, Inventory, Limits, LoadedEndpoint, Number, Problem, Rows, Severity,
};
use crate::store::{Draft, Redactor, Snapshot, StandingAnswer};

/// An endpoint being edited.
#[derive(Clone, Debug)]
pub struct Workspace {
    base: LoadedEndpoint,
    now: EndpointConfig,
    limits: Limits,
    account: Inventory,
    done: Vec<Edit>,
    undone: Vec<Edit>,
    /// How many of the steps there were when something began that can be taken back as a whole.
    mark: usize,
    problems: Vec<Problem>,
    /// The environment that was looked at last, and what was wrong with it.
    envs: (Rows<EnvVar>, Vec<Problem>),
    /// Which values that look masked may be written.
    meant: MeantValues,
    /// What was said once of the endpoint, and what knows it again.
    answers: Option<(Redactor, Vec<StandingAnswer>)>,
    marks: Marks,
    /// What the server held when the person last saw it whole; `None`: what is the base.
    known: Option<EndpointConfig>,
    others: Vec<Change>,
    /// Base and edited configuration once more, for whoever keeps them: cheap to hand over, renewed with each change.
    kept: (Arc<Snapshot>, Arc<EndpointConfig>),
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
        let kept = (Arc::new(Snapshot::from(&base)), Arc::new(base.config.clone()));
        let mut workspace = Self {
            kept,
            now: base.config.clone(),
            base,
            limits,
            account: Inventory::default(),
            done: Vec::new(),
            undone: Vec::new(),
            mark: 0,
            problems: Vec::new(),
            envs: Default::default(),
            meant: MeantValues::default(),
            answers: None,
            marks: Marks::default(),
            known: None,
            others: Vec::new(),
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

    /// Makes a change that a person typed, as one step of undo: values that look masked are meant then.
    pub fn apply(&mut self, edit: Edit) {
        self.meant.note_typed(&edit, &self.base.config);
        self.apply_given(edit);
    }

    /// The same with a change that nobody typed here: out of a file, a draft or the history.
    pub fn apply_given(&mut self, edit: Edit) {
        edit.apply(&mut self.now);
        self.done.push(edit);
        self.undone.clear();
        self.look();
    }

    /// Makes a change that belongs to the last one: both are one step of undo, under the name of the last one.
    pub fn join(&mut self, edit: Edit) {
        let joined = match self.done.pop() {
            Some(last) => Edit::Many(last.name(), vec![last, edit.clone()]),
            None => edit.clone(),
        };
        edit.apply(&mut self.now);
        self.done.push(joined);
        self.undone.clear();
        self.look();
    }

    /// Keeps a change for redo without making it: the text of an edit that was left by Esc. It is the only redo then:
    /// what was undone before was made for rows in other places.
    pub fn keep_for_redo(&mut self, edit: Edit) {
        self.undone.clear();
        self.undone.push(edit);
    }

    /// Takes the last change back and gives it, as it was made; `None` when there is none.
    pub fn undo(&mut self) -> Option<Edit> {
        let edit = self.done.pop()?;
        edit.inverse().apply(&mut self.now);
        self.undone.push(edit.clone());
        self.mark = self.mark.min(self.done.len());
        self.look();
        Some(edit)
    }

    /// Something begins that can be taken back as a whole.
    pub fn mark(&mut self) {
        self.mark = self.done.len();
    }

    /// How many steps were made since the mark.
    pub fn since_mark(&self) -> usize {
        self.done.len() - self.mark
    }

    /// The step that redo would make.
    pub fn next_redo(&self) -> Option<&Edit> {
        self.undone.last()
    }

    /// Makes the last undone change again and gives it; `None` when there is none.
    pub fn redo(&mut self) -> Option<Edit> {
        let edit = self.undone.pop()?;
        edit.apply(&mut self.now);
        self.done.push(edit.clone());
        self.look();
        Some(edit)
    }

    /// Takes new ranges over.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.look();
    }

    /// What the account has that the configuration may name by id, as far as it is known.
    pub fn account(&self) -> &Inventory {
        &self.account
    }

    /// Takes over what the account was found to have.
    pub fn set_account(&mut self, account: Inventory) {
        self.account = account;
        self.look();
    }

    /// What was sent is stored: the read-back endpoint is the new base. What was edited since it was sent stands.
    pub fn saved(&mut self, mut fresh: LoadedEndpoint, sent: &EndpointConfig) {
        fresh.config.fill_unreported(sent);
        self.base = fresh;
        self.forget_judged();
        self.kept.0 = Arc::new(Snapshot::from(&self.base));
        self.known = None;
        self.look();
    }

    /// What was sent reads back otherwise: what was read is the new base, and what was edited and isn't there stays an
    /// edit. What only is spelled otherwise is none. Gives what was sent in the server's spelling.
    pub fn stored_differently(&mut self, fresh: LoadedEndpoint, sent: &EndpointConfig) -> EndpointConfig {
        let spelled = respelled::as_read(&self.base.config, sent, &fresh.config);
        // The edits, what was typed since included, as the server spells them.
        let respelled = Merge::new(sent, &self.now, &spelled).resolve(&[]);
        if respelled != self.now {
            self.apply_given(whole("spelled as the server has it", self.now.clone(), respelled));
        }
        let clashes = self.merge_with(&fresh.config).clashes().len();
        self.merge(fresh, &vec![Some(Resolution::Mine); clashes]);
        // It was told, field by field.
        self.known = None;
        self.look();
        spelled
    }

    /// How the edits so far go together with what the server has now. Nothing is changed by asking.
    pub fn merge_with(&self, theirs: &EndpointConfig) -> Merge {
        Merge::new(&self.base.config, &self.now, theirs)
    }

    /// The server's state becomes the base, and the edits so far are laid over it; `choices` decide the clashes of
    /// [`merge_with`](Self::merge_with), in their order.
    ///
    /// Each step of undo and redo is laid over it too, so that they still go through one's own edits and never bring
    /// back what somebody else changed. The decisions are a step of their own.
    pub fn merge(&mut self, mut theirs: LoadedEndpoint, choices: &[Option<Resolution>]) {
        theirs.config.fill_unreported(&self.base.config);
        let decided = self.merge_with(&theirs.config).resolve(choices);
        if self.is_changed() {
            self.known.get_or_insert_with(|| self.base.config.clone());
        }
        let laid = |state: &EndpointConfig| Merge::new(&self.base.config, state, &theirs.config).resolve(&[]);
        let mine = laid(&self.now);
        let (mut state, mut after, mut done) = (self.now.clone(), mine.clone(), Vec::new());
        let mut mark = 0;
        for (at, edit) in self.done.iter().enumerate().rev() {
            edit.inverse().apply(&mut state);
            let before = laid(&state);
            let step = step(edit, &before, &after);
            mark += usize::from(at < self.mark && step.is_some());
            done.extend(step);
            after = before;
        }
        done.reverse();
        self.mark = mark;
        let (mut state, mut before, mut undone) = (self.now.clone(), mine.clone(), Vec::new());
        for edit in self.undone.iter().rev() {
            edit.apply(&mut state);
            let after = laid(&state);
            undone.extend(step(edit, &before, &after));
            before = after;
        }
        undone.reverse();
        if decided != mine {
            let whole = whole("decide between both changes", mine, decided.clone());
            // What was undone before is laid over a state that isn't there any more.
            (done, undone) = ([done, vec![whole]].concat(), Vec::new());
        }
        (self.done, self.undone) = (done, undone);
        self.now = decided;
        self.base = theirs;
        self.forget_judged();
        self.kept.0 = Arc::new(Snapshot::from(&self.base));
        self.look();
    }

    /// Somebody else's changes that were met since the last load or save with edits at hand: what the server holds now,
    /// and the person may not have seen.
    pub fn others(&self) -> &[Change] {
        &self.others
    }

    /// What the server held when the person last saw it whole: [`others`](Self::others) tells from here to the base.
    pub fn known(&self) -> &EndpointConfig {
        self.known.as_ref().unwrap_or(&self.base.config)
    }

    /// What would be wrong after a change, without making it.
    pub fn problems_after(&mut self, edit: &Edit) -> Vec<Problem> {
        let before = self.now.envs.clone();
        edit.apply(&mut self.now);
        let problems = if self.now.envs.is_shared_with(&before) {
            self.validate(&self.envs.1, Some(edit))
        } else {
            let mut meant = self.meant.clone();
            meant.note_typed(edit, &self.base.config);
            let envs = validate_envs(&self.now.envs, &self.base.config.envs, &meant);
            self.validate(&envs, Some(edit))
        };
        edit.inverse().apply(&mut self.now);
        if self.now.envs == before {
            self.now.envs = before;
        }
        problems
    }

    /// Lays the edits of a draft over what the form holds now, as one step of undo; `choices` decide the clashes of
    /// [`merge_of`](Self::merge_of), in their order.
    pub fn restore(&mut self, draft: &Draft, choices: &[Option<Resolution>]) {
        let restored = self.merge_of(draft).resolve(choices);
        if !differences(&draft.loaded.config, &self.base.config).is_empty() {
            self.known = Some(draft.loaded.config.clone());
        }
        if restored == self.now {
            self.look();
        } else {
            self.apply_given(whole("restore the draft", self.now.clone(), restored));
        }
    }

    /// Puts the values that the server has where they were redacted.
    pub fn restore_values(&mut self, redactor: &Redactor, server: &EndpointConfig) {
        let is_missing = |config: &EndpointConfig| config.redacted().next().is_some();
        if is_missing(&self.now) || self.known.as_ref().is_some_and(is_missing) {
            redactor.restore([&mut self.now].into_iter().chain(&mut self.known), server);
            self.look();
        }
    }

    /// How a draft goes together with what the form holds now. Nothing is changed by asking.
    pub fn merge_of(&self, draft: &Draft) -> Merge {
        Merge::new(&draft.loaded.config, &draft.edited, &self.now)
    }

    /// Base and edited configuration for a draft, shared: cheap.
    pub fn kept(&self) -> (Arc<Snapshot>, Arc<EndpointConfig>) {
        self.kept.clone()
    }

    /// What was said once of the endpoint, by the last word on each, and which variables had a value when something was
    /// sent from here.
    pub fn set_answers(&mut self, redactor: &Redactor, answers: &[StandingAnswer], had_values: HashSet<String>) {
        self.answers = Some((redactor.clone(), StandingAnswer::last_words(answers)));
        self.meant.know_values(had_values);
        self.forget_judged();
        self.look();
    }

    /// Says that a variable's value is meant though it looks masked, or takes that back; whether it is meant now.
    /// `None`: it doesn't look masked.
    pub fn toggle_meant(&mut self, row: usize) -> Option<bool> {
        let env = self.now.envs.get(row).filter(|env| self.may_be_meant(env))?.clone();
        let is_meant = !self.meant.holds(&env);
        if is_meant {
            self.meant.add(&env);
        } else {
            self.meant.remove(&env);
            if let Some((redactor, answers)) = &mut self.answers {
                let answer = redactor.meant_answer(&env);
                answers.retain(|known| *known != answer);
            }
        }
        self.forget_judged();
        self.look();
        Some(is_meant)
    }

    /// Whether a variable's value looks masked, so that somebody may say that it is meant.
    pub fn may_be_meant(&self, env: &EnvVar) -> bool {
        let is_hidden = env.value.is_empty() && self.meant.had_value(&env.key) && all_are_empty(&self.base.config.envs);
        !env.value.is_redacted() && (is_hidden || looks_masked(env.value.reveal()))
    }

    /// Whether a variable's value looks masked and is meant.
    pub fn is_meant(&self, env: &EnvVar) -> bool {
        self.may_be_meant(env) && self.meant.holds(env)
    }

    /// Which values that look masked may be written.
    pub fn meant_values(&self) -> &MeantValues {
        &self.meant
    }

    /// The variables whose values look masked and are meant, which nobody has to be asked about again.
    pub fn meant(&self) -> impl Iterator<Item = &EnvVar> {
        self.now.envs.iter().filter(|env| self.is_meant(env))
    }

    /// What is to be remembered of values that look masked and are meant: what is not yet.
    pub fn answers_to_record(&self, redactor: &Redactor) -> Vec<StandingAnswer> {
        let known = |answer: &StandingAnswer| {
            let answers = self.answers.as_ref().map(|(_, answers)| answers);
            answers.is_some_and(|answers| answers.contains(answer))
        };
        let all = self.meant().map(|env| redactor.meant_answer(env));
        all.filter(|answer| !known(answer)).collect()
    }

    /// What was said before of values that look masked holds for those that are there now.
    fn know_answers(&mut self) {
        let Some((redactor, answers)) = &self.answers else {
            return;
        };
        if !answers.iter().any(|answer| matches!(answer, StandingAnswer::Meant(_))) {
            return;
        }
        let is_known = |env: &&EnvVar| self.may_be_meant(env) && answers.contains(&redactor.meant_answer(env));
        let known: Vec<EnvVar> = self.now.envs.iter().filter(is_known).cloned().collect();
        known.iter().for_each(|env| self.meant.add(env));
    }

    /// What is wrong with the environment is judged anew.
    fn forget_judged(&mut self) {
        self.envs = Default::default();
    }

    /// Takes over newer read-only facts of the same endpoint.
    pub fn set_status(&mut self, status: crate::endpoint::EndpointStatus) {
        self.base.status = status;
    }

    /// Whether the policy's type became another one, and its number is the old one that nobody entered since.
    pub fn keeps_number(&self) -> bool {
        keeps_number(&self.base.config, &self.now) && !self.number_is_meant(None)
    }

    /// Whether the policy's number was entered since its type was changed last, by what was done and, perhaps, is about
    /// to be done.
    fn number_is_meant(&self, next: Option<&Edit>) -> bool {
        let steps = self.done.iter().chain(next).rev();
        let mut fields = steps.flat_map(|edit| edit.fields_set().into_iter().rev());
        fields.find(|field| matches!(field, FieldId::PolicyType | FieldId::PolicyValue)) == Some(FieldId::PolicyValue)
    }

    /// What is wrong, with what is wrong with the environment at hand.
    fn validate(&self, envs: &[Problem], next: Option<&Edit>) -> Vec<Problem> {
        let is_meant = !keeps_number(&self.base.config, &self.now) || self.number_is_meant(next);
        validate_beside(&self.now, &self.base, &self.limits, &self.account, envs, is_meant)
    }

    /// Works out what is wrong and what differs.
    fn look(&mut self) {
        if !self.envs.0.is_shared_with(&self.now.envs) {
            self.know_answers();
            let problems = validate_envs(&self.now.envs, &self.base.config.envs, &self.meant);
            self.envs = (self.now.envs.clone(), problems);
        }
        self.problems = self.validate(&self.envs.1, None);
        let loaded = &self.base.config;
        self.kept.1 = Arc::new(self.now.clone());
        self.marks = Marks {
            changes: self.changes().len(),
            volumes: diff::row_marks(&loaded.volumes, &self.now.volumes, |v| &v.mount_path),
            envs: if self.now.envs.is_shared_with(&loaded.envs) {
                vec![false; loaded.envs.len()]
            } else {
                diff::row_marks(&loaded.envs, &self.now.envs, |e| &e.key)
            },
        };
        self.others = match &self.known {
            Some(known) => differences(known, loaded),
            None => Vec::new(),
        };
    }
}

/// A step of undo between two states that were laid over another base; `None`: nothing of it is left.
fn step(edit: &Edit, before: &EndpointConfig, after: &EndpointConfig) -> Option<Edit> {
    if before == after {
        // That the policy's number was entered again says something, though it is the same.
        let field = FieldId::PolicyValue;
        let enters = matches!(edit, Edit::Set { field: set, old, new } if *set == field && old == new);
        return enters.then(|| Edit::set(before, field, before.text(field)));
    }
    let (mut forward, mut backward) = (before.clone(), after.clone());
    edit.apply(&mut forward);
    edit.inverse().apply(&mut backward);
    Some(if forward == *after && backward == *before {
        edit.clone()
    } else {
        whole(&edit.name(), before.clone(), after.clone())
    })
}

fn whole(name: &str, old: EndpointConfig, new: EndpointConfig) -> Edit {
    Edit::Whole {
        name: name.to_owned(),
        old: Box::new(old),
        new: Box::new(new),
    }
}
