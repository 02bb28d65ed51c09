//! What becomes of environment values in our files: they are written as they are, or redacted (`keep_secrets = false`).
//!
//! In place of a redacted value stands its fingerprint, an HMAC under the API key: whoever has that can ask the server
//! for the values anyway, and nobody else can try out what a fingerprint may be of. A value that the server still has
//! is found again by it; any other is lost, and its row is an error until the value is entered again.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use ring::hmac;

use super::draft::{Draft, EditorText, EditorTextOf, Snapshot, Typing, TypingTarget, Unsaved};
use crate::endpoint::diff::ShownValue;
use crate::endpoint::edit::Row;
use crate::endpoint::redact::without_secrets;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, Setting};
use crate::secret::{Fingerprint, Secret};

/// Decides which values of one account are written, and finds those again that were not. Cheap to clone.
#[derive(Clone)]
pub struct Redactor {
    key: Arc<hmac::Key>,
    keeps_values: bool,
}

/// That of nobody's account: it keeps values.
impl Default for Redactor {
    fn default() -> Self {
        Self::new(&Secret::default())
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keeps = &self.keeps_values;
        f.debug_struct("Redactor")
            .field("keeps_values", keeps)
            .finish_non_exhaustive()
    }
}

impl Redactor {
    /// That of the account which a key opens; values are kept.
    pub(super) fn new(api_key: &Secret) -> Self {
        Self {
            key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, api_key.reveal().as_bytes())),
            keeps_values: true,
        }
    }

    /// The same, whose values are written as they are, or redacted.
    pub(super) fn keeping_values(self, keeps_values: bool) -> Self {
        Self { keeps_values, ..self }
    }

    /// Whether values are written as they are.
    pub fn keeps_values(&self) -> bool {
        self.keeps_values
    }

    /// What of a draft may be written: all of it, or the same without any value, also where one is being typed, and in
    /// texts from `$EDITOR`.
    pub(super) fn unsaved<'a>(&self, unsaved: &'a Unsaved) -> Cow<'a, Unsaved> {
        if self.keeps_values {
            return Cow::Borrowed(unsaved);
        }
        Cow::Owned(Unsaved {
            loaded: Arc::new(self.snapshot(&unsaved.loaded).into_owned()),
            edited: Arc::new(self.config(&unsaved.edited).into_owned()),
            typing: unsaved.typing.as_ref().map(|typing| self.typing(typing)),
            sent: unsaved
                .sent
                .as_ref()
                .map(|sent| Arc::new(self.config(sent).into_owned())),
            editor_texts: unsaved
                .editor_texts
                .iter()
                .map(|editor_text| self.editor_text(editor_text))
                .collect(),
        })
    }

    /// What of a server's configuration may be written.
    pub(super) fn snapshot<'a>(&self, snapshot: &'a Snapshot) -> Cow<'a, Snapshot> {
        match self.config(&snapshot.config) {
            Cow::Borrowed(_) => Cow::Borrowed(snapshot),
            Cow::Owned(config) => Cow::Owned(Snapshot {
                config,
                has_health_check: snapshot.has_health_check,
                settings: snapshot.settings.iter().map(|setting| self.setting(setting)).collect(),
            }),
        }
    }

    /// What of a configuration may be written.
    pub(super) fn config<'a>(&self, config: &'a EndpointConfig) -> Cow<'a, EndpointConfig> {
        if self.keeps_values {
            return Cow::Borrowed(config);
        }
        Cow::Owned(EndpointConfig {
            envs: config.envs.iter().map(|env| self.env(env)).collect(),
            ..config.clone()
        })
    }

    /// What may be written of what a server said. It may have repeated a value of these configurations; where values
    /// are redacted, in whatever words.
    pub fn said<'a>(&self, said: String, known: impl IntoIterator<Item = &'a EndpointConfig>) -> String {
        if self.keeps_values {
            return without_secrets(said, known);
        }
        "what was said of it is not kept (keep_secrets = false)".to_owned()
    }

    /// Puts the values of `known` where they were redacted. What is not among them stays lost.
    pub fn restore<'a>(&self, configs: impl IntoIterator<Item = &'a mut EndpointConfig>, known: &EndpointConfig) {
        // Mostly nothing is missing, and nothing is worked out then.
        let mut values = None;
        for config in configs {
            if config.redacted().next().is_some() {
                let values = values.get_or_insert_with(|| self.values(known));
                config.envs.iter_mut().for_each(|env| put_back(env, values));
            }
        }
    }

    /// The same for everything in a draft.
    pub fn restore_draft(&self, draft: &mut Draft, known: &EndpointConfig) {
        if let Some(TypingTarget::Row { old, row, .. }) = draft.typing.as_mut().map(|typing| &mut typing.what) {
            let values = self.values(known);
            for row in old.iter_mut().chain([row]) {
                if let Row::Env(env) = row {
                    put_back(env, &values);
                }
            }
        }
        let configs = [&mut draft.loaded.config, &mut draft.edited];
        self.restore(configs.into_iter().chain(draft.sent.as_mut()), known);
    }

    /// The values of a configuration, by their fingerprints.
    fn values<'a>(&self, config: &'a EndpointConfig) -> HashMap<Fingerprint, &'a Secret> {
        let kept = config.envs.iter().filter(|env| !env.value.is_redacted());
        kept.map(|env| (self.fingerprint(&env.value), &env.value)).collect()
    }

    /// What tells whether another value is the same.
    pub fn fingerprint(&self, value: &Secret) -> Fingerprint {
        if let Some(fingerprint) = value.fingerprint() {
            return fingerprint;
        }
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"novita-edit env value 1\0");
        context.update(value.reveal().as_bytes());
        let tag = context.sign();
        Fingerprint(std::array::from_fn(|at| tag.as_ref()[at]))
    }

    /// Nothing is no secret, and that a value was emptied is to be seen later on.
    fn secret(&self, value: &Secret) -> Secret {
        if value.is_empty() {
            return value.clone();
        }
        Secret::redacted(self.fingerprint(value))
    }

    fn env(&self, env: &EnvVar) -> EnvVar {
        EnvVar {
            key: env.key.clone(),
            value: self.secret(&env.value),
        }
    }

    fn setting(&self, setting: &Setting) -> Setting {
        let value = match &setting.value {
            ShownValue::Secret(secret) => ShownValue::Secret(self.secret(secret)),
            plain => plain.clone(),
        };
        Setting {
            path: setting.path.clone(),
            value,
        }
    }

    fn row(&self, row: &Row) -> Row {
        match row {
            Row::Env(env) => Row::Env(self.env(env)),
            Row::Volume(volume) => Row::Volume(volume.clone()),
        }
    }

    fn typing(&self, typing: &Typing) -> Typing {
        let TypingTarget::Row { at, old, row, part } = &typing.what else {
            return typing.clone();
        };
        let text = match part {
            FieldId::EnvValue => self.secret(&typing.text),
            _ => typing.text.clone(),
        };
        Typing {
            what: TypingTarget::Row {
                at: *at,
                old: old.as_ref().map(|old| self.row(old)),
                row: self.row(row),
                part: *part,
            },
            text,
            cursor: typing.cursor,
        }
    }

    fn editor_text(&self, editor_text: &Arc<EditorText>) -> Arc<EditorText> {
        let what = match &editor_text.what {
            EditorTextOf::Field(_) => return Arc::clone(editor_text),
            EditorTextOf::Env { at, old } => EditorTextOf::Env {
                at: *at,
                old: self.env(old),
            },
            EditorTextOf::Environment => EditorTextOf::Environment,
            EditorTextOf::Body => EditorTextOf::Body,
        };
        Arc::new(EditorText::new(
            what,
            self.secret(&editor_text.text),
            editor_text.parse_error(),
        ))
    }
}

fn put_back(env: &mut EnvVar, values: &HashMap<Fingerprint, &Secret>) {
    if let Some(value) = env.value.fingerprint().and_then(|fingerprint| values.get(&fingerprint)) {
        env.value = (*value).clone();
    }
}
