//! What is wrong with a configuration: every rule of the update body, the account's ranges, and usual practice.

use std::collections::HashMap;
use std::fmt;

use super::config::{EndpointConfig, EnvVar, PolicyType, VolumeMount, VolumeType};
use super::conventions;
use super::field::{FieldId, Place};
use super::format::worded;
use super::image;
use super::inventory::{Inventory, named};
use super::limits::{LOCAL_VOLUME_GB, Limits, NAME_CHARS, RESERVED_PORTS};
use super::masked::{MeantValues, all_are_empty, looks_masked};
use super::number::{Number, NumberError};
use super::schema::{FIELDS, Kind};
use super::status::LoadedEndpoint;
use crate::text::{Quoted, one_line};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is sent while it stands.
    Error,
    /// Told, and sent all the same.
    Warning,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The documented update body.
    Documented,
    /// The account's ranges, `/endpoint/limit`.
    ParameterLimits,
    /// Values that contradict each other.
    Consistency,
    /// What the account was found to have.
    Account,
    /// Values that a server hid, as it seems, and that aren't written back unasked.
    MaskedValues,
    /// Usual practice; legal all the same.
    Convention,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "update body",
            Self::ParameterLimits => "parameter limits",
            Self::Consistency => "consistency",
            Self::Account => "the account's storages",
            Self::MaskedValues => "masked values",
            Self::Convention => "convention",
        })
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What, without the field's name: `12 is above 10, the most this account may have`.
    pub message: String,
    /// By which rule.
    pub source: Source,
}

impl Problem {
    /// The whole sentence: `Max workers: 12 is above 10, the most this account may have (parameter limits).`
    pub fn sentence(&self, config: &EndpointConfig) -> String {
        let sentence = format!("{}: {} ({}).", self.place.name(config), self.message, self.source);
        one_line(&sentence).into_owned()
    }
}

/// Everything that is wrong with `config`, in the order of the form. No value that looks masked is known to be meant.
///
/// `base` is what was loaded: an account range that is broken by a value nobody touched is a warning only. `inventory`
/// is what the account was found to have; where it wasn't looked up, nothing is said of it.
pub fn validate(
    config: &EndpointConfig,
    base: &LoadedEndpoint,
    limits: &Limits,
    inventory: &Inventory,
) -> Vec<Problem> {
    validate_beside(
        config,
        base,
        limits,
        inventory,
        &validate_envs(&config.envs, &base.config.envs, &MeantValues::default()),
        false,
    )
}

/// The same where what is wrong with the environment is known already: it depends on nothing else, and may have
/// thousands of rows; and where it is known whether the policy's number was entered since its type became another.
pub fn validate_beside(
    config: &EndpointConfig,
    base: &LoadedEndpoint,
    limits: &Limits,
    inventory: &Inventory,
    envs: &[Problem],
    number_is_meant: bool,
) -> Vec<Problem> {
    let mut check = Check {
        config,
        base,
        limits,
        inventory,
        problems: envs.to_vec(),
    };
    check.texts();
    check.port();
    check.health_path();
    check.numbers();
    check.policy_type();
    if !number_is_meant {
        check.kept_number();
    }
    check.volumes();
    check.credential();
    check.storages();
    let mut problems = check.problems;
    problems.sort_by_key(|p| {
        (
            p.place.row.is_some(),
            p.place.field.spec().pane,
            p.place.row,
            p.place.field,
            p.severity,
        )
    });
    problems.sort_by_key(|p| p.place.field.spec().pane);
    problems
}

/// How bad a range's breach is: a value that was loaded and not touched is only told.
fn of_touched(touched: bool) -> Severity {
    if touched { Severity::Error } else { Severity::Warning }
}

struct Check<'a> {
    config: &'a EndpointConfig,
    base: &'a LoadedEndpoint,
    limits: &'a Limits,
    inventory: &'a Inventory,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn note(&mut self, place: Place, severity: Severity, source: Source, message: impl Into<String>) {
        self.problems.push(Problem {
            place,
            severity,
            message: message.into(),
            source,
        });
    }

    fn error(&mut self, place: Place, message: impl Into<String>) {
        self.note(place, Severity::Error, Source::Documented, message);
    }

    fn warning(&mut self, place: Place, message: impl Into<String>) {
        self.note(place, Severity::Warning, Source::Convention, message);
    }

    /// Length and presence of a text, by its entry in the field table, and what of it is hardly meant.
    fn text(&mut self, place: Place, text: &str) {
        let Kind::Text {
            max_chars,
            required,
            multiline,
        } = place.field.spec().kind
        else {
            return;
        };
        let is_blank = text.trim().is_empty();
        if required && is_blank {
            self.error(place, self.why_blank_is_wrong(place.field));
        }
        // Of a port anything but digits is told.
        if place.field != FieldId::HttpPort && !(is_blank && (required || self.needs(place.field))) {
            for message in conventions::odd_text(text, multiline) {
                self.warning(place, message);
            }
        }
        // Characters are at most as many as bytes, so that counting is only needed near the limit.
        if let Some(max) = max_chars.filter(|max| text.len() > *max) {
            let count = text.chars().count();
            if count > max {
                self.error(
                    place,
                    format!("{count} characters, {} more than the {max} allowed", count - max),
                );
            }
        }
    }

    /// What is wrong with a required text that is blank.
    fn why_blank_is_wrong(&self, field: FieldId) -> &'static str {
        let base = &self.base.config;
        if field == FieldId::HttpPort && !base.id.is_empty() && base.port.is_empty() {
            return "the endpoint has no port, as async ones have none; but an update must name exactly one, and sending it \
                    would give the endpoint that port";
        }
        "is blank, but required"
    }

    /// Whether something is told of an optional text where it is blank.
    fn needs(&self, field: FieldId) -> bool {
        match field {
            FieldId::HealthPath => true,
            FieldId::ClusterId => self.config.volumes.iter().any(|v| v.kind == VolumeType::Network),
            _ => false,
        }
    }

    fn texts(&mut self) {
        for spec in FIELDS
            .iter()
            .filter(|f| matches!(f.kind, Kind::Text { .. }) && !f.id.is_row_part())
        {
            self.text(Place::of(spec.id), self.config.text(spec.id));
        }
        let name_chars = self.config.name.chars().count();
        if name_chars > NAME_CHARS {
            let message = format!("{name_chars} characters; the create page allows {NAME_CHARS}");
            self.warning(Place::of(FieldId::Name), message);
        }
        if let Some(message) = image::wrong(&self.config.image.image) {
            self.warning(Place::of(FieldId::Image), message);
        }
        if self.needs(FieldId::ClusterId) && self.config.cluster_id.trim().is_empty() {
            let place = Place::of(FieldId::ClusterId);
            self.error(
                place,
                "is blank, but a network volume is mounted: it must be the cluster of that storage",
            );
        }
    }

    fn port(&mut self) {
        let place = Place::of(FieldId::HttpPort);
        let text = self.config.port.as_str();
        if text.trim().is_empty() {
            return; // told as a blank required text
        }
        if text.contains(',') && text == self.base.config.port {
            self.error(
                place,
                format!("the endpoint has several ports ({text}); an update takes exactly one, enter it"),
            );
            return;
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            self.error(
                place,
                format!("{} is not a port; enter a whole number from 1 to 65535", Quoted(text)),
            );
            return;
        }
        match text.parse::<i64>() {
            Ok(port) if RESERVED_PORTS.contains(&port) => {
                self.error(
                    place,
                    format!("{port} is kept by the platform (2222, 2223 and 2224 are); choose another"),
                );
            }
            Ok(1..=65535) if text.starts_with('0') => {
                self.error(
                    place,
                    format!(
                        "{} has leading zeros; write {}",
                        Quoted(text),
                        text.trim_start_matches('0')
                    ),
                );
            }
            Ok(1..=65535) => {}
            _ => self.error(place, format!("{text} is not between 1 and 65535")),
        }
    }

    fn health_path(&mut self) {
        let path = &self.config.health_path;
        let place = Place::of(FieldId::HealthPath);
        if path.trim().is_empty() && self.base.has_health_check {
            self.error(
                place,
                "is blank, but the endpoint has a health check, and no way to remove one is documented",
            );
        } else if path.trim().is_empty() && !path.is_empty() {
            self.error(
                place,
                "is only blanks; enter a path, or empty the field for no health check",
            );
        } else if let Some(message) = conventions::health_path(path) {
            self.warning(place, message);
        }
    }

    fn numbers(&mut self) {
        for spec in FIELDS.iter().filter(|f| f.kind == Kind::Integer && !f.id.is_row_part()) {
            let number = Number::typed(self.config.text(spec.id));
            let mut touched = number != Number::typed(self.base.config.text(spec.id));
            if spec.id == FieldId::PolicyValue {
                touched |= self.config.policy.kind != self.base.config.policy.kind;
            }
            self.number(Place::of(spec.id), &number, touched);
        }
        let workers = &self.config.workers;
        if let (Ok(min), Ok(max)) = (workers.min_num.value(), workers.max_num.value()) {
            if min > max {
                for (field, message) in [
                    (FieldId::MinWorkers, format!("{min} is above Max workers, {max}")),
                    (FieldId::MaxWorkers, format!("{max} is below Min workers, {min}")),
                ] {
                    self.note(Place::of(field), Severity::Error, Source::Consistency, message);
                }
            }
            if max == 0 {
                self.warning(Place::of(FieldId::MaxWorkers), "0: no worker will ever take a request");
            }
        }
    }

    fn number(&mut self, place: Place, number: &Number, touched: bool) {
        let value = match number.value() {
            Ok(value) => value,
            Err(NumberError::Blank) if place.field.may_be_unreported() => {
                self.error(place, "not reported by the server; enter it, an update must send it");
                return;
            }
            Err(NumberError::Blank) => {
                self.error(place, "is blank, but required");
                return;
            }
            Err(NumberError::NotWhole) => {
                let word = number.text().trim().to_lowercase();
                if let ("min" | "max", Some(Err(why))) = (word.as_str(), place.field.range(self.config, self.limits)) {
                    self.error(
                        place,
                        format!("{} can't be told, since {why}; enter the number", Quoted(&word)),
                    );
                    return;
                }
                self.error(place, format!("{} is not a whole number", Quoted(number.text())));
                return;
            }
            Err(NumberError::TooLarge) => {
                self.error(place, format!("{} is too large for a 64-bit integer", number.text()));
                return;
            }
        };
        let Some(Ok((min, max))) = place.field.range(self.config, self.limits) else {
            if place.field == FieldId::VolumeSize && value != LOCAL_VOLUME_GB {
                let message = format!("{value} GB, but the size of a local volume is fixed at {LOCAL_VOLUME_GB}");
                // What the endpoint has already lies in a range that is only not known here.
                self.note(place, of_touched(touched), Source::Documented, message);
            } else if value < 0 {
                self.error(place, format!("{value} is below 0"));
            }
            return;
        };
        let message = if value > *max {
            format!("{value} is above {max}, the most this account may have")
        } else if value < *min {
            format!("{value} is below {min}, the least this account may have")
        } else {
            return;
        };
        self.note(place, of_touched(touched), Source::ParameterLimits, message);
    }

    fn policy_type(&mut self) {
        let place = Place::of(FieldId::PolicyType);
        match &self.config.policy.kind {
            PolicyType::Queue | PolicyType::Concurrency => {}
            PolicyType::Unset => self.error(place, "is not set; choose queue wait or requests in queue"),
            PolicyType::Other(word) => {
                self.error(
                    place,
                    format!("{} is neither queue nor concurrency; choose one", Quoted(word)),
                );
            }
        }
    }

    /// A number that stayed when it got another meaning.
    fn kept_number(&mut self) {
        let value = FieldId::PolicyValue;
        // What is wrong with it has to be mended anyway.
        let is_told = self.problems.iter().any(|problem| problem.place.field == value);
        if !is_told && keeps_number(&self.base.config, self.config) {
            let (was, is) = (&self.base.config, self.config);
            let message = format!(
                "{} became {} with the policy type, and the number is as it was; enter it, the same if it is meant",
                worded(value, was.text(value), was),
                worded(value, is.text(value), is),
            );
            self.warning(Place::of(value), message);
        }
    }

    fn volumes(&mut self) {
        let mut paths: HashMap<&str, usize> = HashMap::new();
        let mut directories: HashMap<&str, usize> = HashMap::new();
        for volume in &self.config.volumes {
            *paths.entry(volume.mount_path.as_str()).or_default() += 1;
            *directories.entry(directory(&volume.mount_path)).or_default() += 1;
        }
        for (row, volume) in self.config.volumes.iter().enumerate() {
            self.volume(row, volume);
            let place = Place::row(FieldId::VolumeMountPath, row);
            let path = volume.mount_path.as_str();
            self.text(place, path);
            if path.trim().is_empty() {
                continue;
            }
            if let Some(message) = conventions::mount_path(path) {
                self.warning(place, message);
            }
            if paths[path] > 1 {
                self.warning(place, format!("{path} is mounted {} times", paths[path]));
            }
            if directories[directory(path)] > paths[path] {
                let bare = directory(path);
                self.warning(
                    place,
                    format!("{bare} and {bare}/ are the same directory; mount one volume there"),
                );
            }
        }
    }

    fn volume(&mut self, row: usize, volume: &VolumeMount) {
        match &volume.kind {
            VolumeType::Local => {
                let loaded = |v: &VolumeMount| v.kind == VolumeType::Local && v.size == volume.size;
                let touched = !self.base.config.volumes.iter().any(loaded);
                self.number(Place::row(FieldId::VolumeSize, row), &volume.size, touched);
            }
            VolumeType::Network => {
                self.text(Place::row(FieldId::VolumeStorageId, row), &volume.storage_id);
            }
            VolumeType::Other(word) => {
                let message = format!(
                    "{} is neither local nor network; choose one or delete the volume",
                    Quoted(word)
                );
                self.error(Place::row(FieldId::VolumeType, row), message);
            }
        }
    }

    /// An id that the account has no credential of: the server would say so after the send.
    fn credential(&mut self) {
        let id = self.config.image.auth_id.as_str();
        if let Some(credentials) = self.inventory.credentials.as_deref()
            && !id.trim().is_empty()
            && credentials.iter().all(|credential| credential.id != id)
        {
            let message = format!("no image credential has the id {}", Quoted(id));
            self.note(Place::of(FieldId::AuthId), Severity::Warning, Source::Account, message);
        }
    }

    /// Network storages by what the account has: each must be there, and lie in the endpoint's cluster.
    fn storages(&mut self) {
        let Some(storages) = self.inventory.storages.as_deref() else {
            return;
        };
        let cluster_id = self.config.cluster_id.as_str();
        let mut elsewhere = None;
        for (row, volume) in self.config.volumes.iter().enumerate() {
            let id = volume.storage_id.as_str();
            // Blank ones are told already, of the storage as of the cluster.
            if volume.kind != VolumeType::Network || id.trim().is_empty() {
                continue;
            }
            let place = Place::row(FieldId::VolumeStorageId, row);
            let Some(storage) = storages.iter().find(|storage| storage.id == id) else {
                let message = format!("no network storage has the id {}", Quoted(id));
                self.note(place, Severity::Warning, Source::Account, message);
                continue;
            };
            let (wanted, told) = (storage.cluster_id.as_str(), !cluster_id.trim().is_empty());
            if told && !wanted.is_empty() && wanted != cluster_id {
                let name = named(&storage.name, id);
                let wanted = named(&storage.cluster_name, wanted);
                let here = self.inventory.cluster_words(cluster_id);
                self.error(place, format!("{name} lies in {wanted}, but Cluster ID is {here}"));
                elsewhere.get_or_insert((name, wanted));
            }
        }
        // The other end of the same contradiction, for who is just changing the cluster.
        if let Some((name, wanted)) = elsewhere {
            let here = self.inventory.cluster_words(cluster_id);
            let message = format!("{here} is not where the network storage {name} lies: that is {wanted}");
            self.error(Place::of(FieldId::ClusterId), message);
        }
    }
}

/// A mount path without what makes no difference at its end.
fn directory(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => &path[..path.len().min(1)],
        bare => bare,
    }
}

/// What is wrong with the environment, row by row. `loaded` is what the server has; of values that look masked those that
/// are `meant` may be written.
pub fn validate_envs(envs: &[EnvVar], loaded: &[EnvVar], meant: &MeantValues) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut note = |field, row, severity, source, message: String| {
        problems.push(Problem {
            place: Place::row(field, row),
            severity,
            message,
            source,
        });
    };
    let are_hidden = all_are_empty(loaded);
    if are_hidden && all_are_empty(envs) && !envs.iter().any(|env| meant.had_value(&env.key)) {
        let message = format!(
            "the values of all {} variables are empty, and an update writes them so; enter those that aren't meant so",
            envs.len()
        );
        note(FieldId::EnvValue, 0, Severity::Warning, Source::MaskedValues, message);
    }
    let mut keys: HashMap<&str, usize> = HashMap::with_capacity(envs.len());
    for env in envs {
        *keys.entry(env.key.as_str()).or_default() += 1;
    }
    for (row, env) in envs.iter().enumerate() {
        let is_blank = env.key.trim().is_empty();
        let mut key = |severity, source, message| note(FieldId::EnvKey, row, severity, source, message);
        if is_blank {
            let message = "the key is blank, but required".to_owned();
            key(Severity::Error, Source::Documented, message);
        } else if !is_shell_name(&env.key) {
            let message = "no shell can read this name: letters, digits and _ only, no digit in front".to_owned();
            key(Severity::Warning, Source::Convention, message);
        }
        let count = keys[env.key.as_str()];
        if !is_blank && count > 1 {
            key(
                Severity::Warning,
                Source::Convention,
                format!("the key is there {count} times"),
            );
        }
        let is_hidden = are_hidden && env.value.is_empty() && meant.had_value(&env.key);
        let is_masked = is_hidden || looks_masked(env.value.reveal());
        if is_masked && !env.value.is_mask() && !meant.holds(env) {
            let message = if is_hidden {
                "is empty, and was not when something was sent from here; enter it, delete the row, or say that it is meant"
            } else {
                "looks masked, and would replace the real one; enter it, delete the row, or say that it is meant"
            };
            let message = message.to_owned();
            note(FieldId::EnvValue, row, Severity::Error, Source::MaskedValues, message);
        }
        if env.value.is_mask() && (env.value.is_redacted() || !meant.holds(env)) {
            let message = if env.value.is_redacted() {
                "the value was not kept (keep_secrets = false in the config file); enter it"
            } else {
                "the value is the mask itself, not the secret behind it; enter the value"
            };
            let message = message.to_owned();
            note(FieldId::EnvValue, row, Severity::Error, Source::Documented, message);
        }
        for odd in conventions::odd_text(env.value.reveal(), true) {
            let message = format!("the value {odd}");
            note(FieldId::EnvValue, row, Severity::Warning, Source::Convention, message);
        }
    }
    problems
}

/// Whether the policy's type became another one, and the number is still that for the former.
pub fn keeps_number(base: &EndpointConfig, config: &EndpointConfig) -> bool {
    let (was, is) = (&base.policy, &config.policy);
    let counts = |kind: &PolicyType| matches!(kind, PolicyType::Queue | PolicyType::Concurrency);
    was.kind != is.kind && counts(&was.kind) && counts(&is.kind) && !is.value.is_unknown() && was.value == is.value
}

/// Whether a POSIX shell can read a variable of this name.
fn is_shell_name(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
