//! What was sent: one line of JSON for a send, one for each later word of what came of it. [`SendLog`] is what whoever
//! sends notes it by.

use std::collections::HashMap;
use std::fmt;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account, MOST_BYTES, disk_for_tests, too_large};
use super::draft::{Snapshot, room};
use super::file_format::{ConfigIn, ConfigOut};
use super::files::{EndpointFiles, Store};
use super::redactor::Redactor;
use crate::config::StateDirs;
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::fs::{FsError, OpenFor, Process, now};
use crate::secret::Secret;

const VERSION: u32 = 1;
/// How many sends are kept of an endpoint.
const KEPT: usize = 200;
/// The file is cut back only when it holds more than these, so that not every send writes it anew.
const SLACK: usize = 220;
/// Sends of thousands of envs: the file is cut by size too, long before it could no longer be read.
const LARGE: u64 = MOST_BYTES * 3 / 4;
const CUT_TO: usize = MOST_BYTES as usize * 3 / 8;
/// How long a line waits for the lock: there is no second try, and nobody types meanwhile.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);
/// How each line of a send begins.
const SEND: &[u8] = br#"{"kind":"send","#;

/// Names one send in the history.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SendId(String);

impl SendId {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let time = jiff::Timestamp::now().as_nanosecond();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{time:x}-{:x}-{count:x}", std::process::id()))
    }
}

impl fmt::Display for SendId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What came of a send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", content = "reason", rename_all = "snake_case")]
pub enum SendOutcome {
    /// Every field read back as sent.
    Stored,
    /// The server said no, and why.
    Refused(String),
    /// It surely never left, and why.
    NotSent(String),
    /// The server was read, and what was sent isn't there.
    NotStored,
    /// Nobody knows: the answer never came, or the program ended before it.
    #[default]
    Unknown,
}

impl SendOutcome {
    /// In a word or two.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Refused(_) => "refused",
            Self::NotSent(_) => "not sent",
            Self::NotStored => "not stored",
            Self::Unknown => "not known",
        }
    }
}

/// One send.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its name.
    pub id: SendId,
    /// When it was sent, RFC 3339 with offset.
    pub at: String,
    /// What the server held before.
    pub before: Snapshot,
    /// What was sent.
    pub after: EndpointConfig,
    /// What came of it, by the last word.
    pub outcome: SendOutcome,
}

impl Record {
    /// Both configurations, for values that are to be put back into them.
    pub fn configs_mut(&mut self) -> [&mut EndpointConfig; 2] {
        [&mut self.before.config, &mut self.after]
    }
}

/// What was sent before.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The newest first.
    pub records: Vec<Record>,
    /// Lines that could not be read: torn writes, and what another version wrote.
    pub skipped: usize,
}

#[derive(Serialize)]
struct SendOut<'a> {
    kind: &'static str,
    version: u32,
    id: &'a SendId,
    at: &'a str,
    host: &'a str,
    pid: u32,
    endpoint: &'a str,
    before: &'a Snapshot,
    after: ConfigOut<'a>,
}

#[derive(Serialize)]
struct OutcomeOut<'a> {
    kind: &'static str,
    version: u32,
    id: &'a SendId,
    at: &'a str,
    #[serde(flatten)]
    outcome: &'a SendOutcome,
}

#[derive(Deserialize)]
struct LineKind {
    kind: String,
    version: u32,
}

#[derive(Deserialize)]
struct SendIn {
    id: SendId,
    at: String,
    before: Snapshot,
    after: ConfigIn,
}

#[derive(Deserialize)]
struct OutcomeIn {
    id: SendId,
    #[serde(flatten)]
    outcome: SendOutcome,
}

impl EndpointFiles {
    /// Notes a send before its bytes go out, and waits for the disk. Until an outcome is told, it counts as unknown.
    ///
    /// # Errors
    /// When it can't be written. The history before is untouched.
    pub fn record_send(&self, before: &Snapshot, after: &EndpointConfig) -> Result<SendId, FsError> {
        let (before, after) = (&*self.redactor().snapshot(before), &*self.redactor().config(after));
        let id = SendId::new();
        let line = SendOut {
            kind: "send",
            version: VERSION,
            id: &id,
            at: &now(),
            host: &Process::this().host,
            pid: std::process::id(),
            endpoint: self.endpoint(),
            before,
            after: ConfigOut(after),
        };
        self.append(&line, 1024 + room(&before.config) + room(after), true)?;
        Ok(id)
    }

    /// Notes what came of a send. It may be told more than once; the last word counts.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn record_outcome(&self, send: &SendId, outcome: SendOutcome) -> Result<(), FsError> {
        let line = OutcomeOut {
            kind: "outcome",
            version: VERSION,
            id: send,
            at: &now(),
            outcome: &outcome,
        };
        self.append(&line, 1024, false)
    }

    /// What was sent, as far as it can be read.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn history(&self) -> Result<History, FsError> {
        let bytes = {
            // Against reading half a line that is just being written. Without it such a line is only counted as
            // unreadable.
            let _lock = self.history_dir().lock();
            account::read(&self.history_path())?
        };
        Ok(bytes.map(|bytes| History::parse(&bytes)).unwrap_or_default())
    }

    fn append(&self, line: &impl Serialize, room: usize, may_trim: bool) -> Result<(), FsError> {
        let path = self.history_path();
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        // In front stands the line break of a line that a crash or a full disk tore off; mostly it isn't needed.
        bytes.push(b'\n');
        serde_json::to_writer(&mut *bytes, line).expect("writing to memory can't fail, and every key is a string");
        bytes.push(b'\n');

        let lock = self.history_dir().lock_within(LOCK_PATIENCE)?;
        let opened = account::open(&path, OpenFor::ReadAppend)?;
        let mut opened = opened.ok_or_else(|| FsError::io(&path, "written")(std::io::ErrorKind::NotFound.into()))?;
        let size = opened.size;
        if size + bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(&path));
        }
        let mut write = || {
            disk_for_tests()?;
            opened.make_private()?;
            let mut last = [b'\n'];
            if size > 0 {
                opened.file.read_exact_at(&mut last, size - 1)?;
            }
            let from = usize::from(last == [b'\n']);
            opened.file.write_all(&bytes[from..])
        };
        write().map_err(FsError::io(&path, "written"))?;
        if may_trim {
            // A history that is too long is no reason to say that the send wasn't noted.
            let _ = self.trim();
        }
        // Others need not wait for the disk. Should one of them cut the file meanwhile, it has put this line on disk
        // itself.
        if size == 0 {
            lock.release_and_sync()?;
        } else {
            drop(lock);
        }
        opened.file.sync_data().map_err(FsError::io(&path, "written"))
    }

    /// Cuts the oldest sends off, if there are too many. To be called under the lock.
    fn trim(&self) -> Result<(), FsError> {
        let path = self.history_path();
        let Some(bytes) = account::read(&path)? else {
            return Ok(());
        };
        match cut(&bytes) {
            0 => Ok(()),
            from => self.history_dir().stage(&path, &bytes[from..], true)?.put(),
        }
    }
}

/// Where the newest sends begin, in bytes; 0 when nothing has to go. Whole lines go, those behind stay as they are.
fn cut(bytes: &[u8]) -> usize {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(SEND) {
            starts.push(at);
        }
        at += line.len();
    }
    if starts.len() <= SLACK && bytes.len() as u64 <= LARGE {
        return 0;
    }
    let newest = &starts[starts.len().saturating_sub(KEPT)..];
    let fits = newest.iter().find(|start| bytes.len() - **start <= CUT_TO);
    // The last send stays, however large it is.
    fits.or(newest.last()).copied().unwrap_or(0)
}

impl History {
    /// Reads a history file's bytes, line by line, as far as they can be read.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut history = Self::default();
        let mut places = HashMap::new();
        for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            match read_line(line) {
                Some(HistoryLine::Send(record)) => {
                    places.insert(record.id.clone(), history.records.len());
                    history.records.push(*record);
                }
                // Of a send that is no longer there: nothing to say.
                Some(HistoryLine::Outcome(id, outcome)) => {
                    if let Some(at) = places.get(&id) {
                        history.records[*at].outcome = outcome;
                    }
                }
                None => history.skipped += 1,
            }
        }
        history.records.reverse();
        history.records.truncate(KEPT);
        history
    }
}

enum HistoryLine {
    Send(Box<Record>),
    Outcome(SendId, SendOutcome),
}

fn read_line(line: &[u8]) -> Option<HistoryLine> {
    let LineKind { kind, version } = serde_json::from_slice(line).ok()?;
    match (kind.as_str(), version) {
        ("send", VERSION) => {
            let send: SendIn = serde_json::from_slice(line).ok()?;
            Some(HistoryLine::Send(Box::new(Record {
                id: send.id,
                at: send.at,
                before: send.before,
                after: send.after.0,
                outcome: SendOutcome::Unknown,
            })))
        }
        ("outcome", VERSION) => {
            let told: OutcomeIn = serde_json::from_slice(line).ok()?;
            Some(HistoryLine::Outcome(told.id, told.outcome))
        }
        _ => None,
    }
}

/// The sends of one account. Nothing is read or written until it is asked; then it waits for the disk. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SendLog {
    dirs: Option<StateDirs>,
    account: Account,
    base_url: String,
}

impl SendLog {
    /// `base` names the API as long as it lives: the base URL, or a word for the demo. `dirs` is `None` without a home
    /// directory. Environment values are kept.
    pub fn new(dirs: Option<StateDirs>, base: &str, key: &Secret) -> Self {
        Self {
            dirs,
            account: Account::new(base, key),
            base_url: base.to_owned(),
        }
    }

    /// The same, writing environment values into the history and into drafts, or not.
    pub fn keeping_secrets(self, keeps_secrets: bool) -> Self {
        Self {
            account: self.account.keeping_secrets(keeps_secrets),
            ..self
        }
    }

    /// The account, as the files name it.
    pub fn account(&self) -> &str {
        self.account.as_str()
    }

    /// What decides which environment values are written, and finds those again that were not.
    pub fn redactor(&self) -> &Redactor {
        self.account.redactor()
    }

    /// Where the files are; `None` without a home directory.
    pub fn dirs(&self) -> Option<&StateDirs> {
        self.dirs.as_ref()
    }

    /// What the API is called in the files.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Everything of this account.
    ///
    /// # Errors
    /// A sentence.
    pub fn store(&self) -> Result<Store, String> {
        let Some(dirs) = &self.dirs else {
            return Err("there is no home directory (HOME, XDG_STATE_HOME)".to_owned());
        };
        Store::open(dirs, &self.account).map_err(|error| error.to_string())
    }

    /// The same for looking only: nothing is made and nothing is tidied up.
    ///
    /// # Errors
    /// A sentence.
    pub fn look(&self) -> Result<Store, String> {
        let Some(dirs) = &self.dirs else {
            return Err("there is no home directory (HOME, XDG_STATE_HOME), so there are no drafts".to_owned());
        };
        Ok(Store::of(dirs, &self.account))
    }

    /// Everything of one endpoint.
    ///
    /// # Errors
    /// A sentence.
    pub fn endpoint_files(&self, id: &str) -> Result<EndpointFiles, String> {
        Ok(self.store()?.endpoint_files(&self.base_url, id))
    }

    /// What was sent before.
    ///
    /// # Errors
    /// A sentence.
    pub fn history(&self, id: &str) -> Result<History, String> {
        self.endpoint_files(id)?.history().map_err(told)
    }

    /// Records a send that is about to go out.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_send(&self, before: &LoadedEndpoint, after: &EndpointConfig) -> Result<SendId, String> {
        self.endpoint_files(&after.id)?
            .record_send(&before.into(), after)
            .map_err(told)
    }

    /// Records what came of a send; without its name, of the newest one of this configuration of which nothing is known
    /// yet.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_outcome(
        &self,
        send: Option<SendId>,
        sent: &EndpointConfig,
        outcome: SendOutcome,
    ) -> Result<(), String> {
        let files = self.endpoint_files(&sent.id)?;
        let open = |record: &Record| record.outcome == SendOutcome::Unknown && record.after == *sent;
        let send = match send {
            Some(send) => Some(send),
            None => {
                let mut records = files.history().map_err(told)?.records;
                let configs = records.iter_mut().flat_map(Record::configs_mut);
                self.redactor().restore(configs, sent);
                records.into_iter().find(open).map(|record| record.id)
            }
        };
        send.map_or(Ok(()), |send| files.record_outcome(&send, outcome).map_err(told))
    }
}

fn told(error: FsError) -> String {
    error.to_string()
}
