//! What was sent: one line of JSON for a send, one for each later word of what came of it. [`SendLog`] is what whoever
//! sends notes it by.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Write;
use std::ops::RangeInclusive;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account, MOST_BYTES, disk_for_tests, too_large};
use super::draft::{Snapshot, room};
use super::file_format::{ConfigIn, ConfigOut};
use super::files::{EndpointFiles, Store};
use super::known_names::KnownNames;
use super::redactor::Redactor;
use crate::config::StateDirs;
use crate::endpoint::{EndpointConfig, EndpointStatus, LoadedEndpoint};
use crate::fs::{FsError, OpenFor, Process, now};
use crate::secret::Secret;

const VERSION: u32 = 2;
/// Lines of these versions are read.
const VERSIONS: RangeInclusive<u32> = 1..=VERSION;
/// How many sends are kept of an endpoint.
const KEPT: usize = 200;
/// The file is cut back only when it holds more than these, so that not every send writes it anew.
const SLACK: usize = 220;
/// Sends of thousands of envs: the file is cut by size too, long before it could no longer be read.
const LARGE: u64 = MOST_BYTES * 3 / 4;
const CUT_TO: usize = MOST_BYTES as usize * 3 / 8;
/// How long a line waits for the lock: there is no second try, and nobody types meanwhile.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);
/// How each line of a send begins, and each of an answer.
const SEND: &[u8] = br#"{"kind":"send","#;
const ANSWER: &[u8] = br#"{"kind":"answer","#;

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
    /// A sent field read back otherwise: [`Record::read`].
    StoredDifferently,
    /// It was stored only after a later send was, and took that back.
    LandedLate,
    /// The server said no, and why; what it held before was read back.
    Refused(String),
    /// The server said no, and why; what it holds could not be read.
    RefusedNotRead(String),
    /// It surely never left, and why.
    NotSent(String),
    /// The server was read after the send's time-outs, and what was sent isn't there.
    NotStored,
    /// The server took it, and what it held before is all that was read so far.
    NotShown,
    /// Nobody knows: the answer never came, or the program ended before it.
    #[default]
    Unknown,
    /// It was noted, and then there was no send: such a one isn't listed.
    Withdrawn,
}

impl SendOutcome {
    /// In a word or two.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::StoredDifferently => "stored differently",
            Self::LandedLate => "landed late",
            Self::Refused(_) => "refused",
            Self::RefusedNotRead(_) => "refused, not read back",
            Self::NotSent(_) => "not sent",
            Self::NotStored => "not stored",
            Self::NotShown => "not shown yet",
            Self::Unknown => "not known",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether the server was seen to have stored it, one way or another, before a later one went out.
    pub fn is_stored(&self) -> bool {
        matches!(self, Self::Stored | Self::StoredDifferently)
    }

    /// Whether a later read can still tell more.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unknown | Self::NotShown | Self::RefusedNotRead(_))
    }

    /// Whether the server held it, or may have.
    pub fn may_be_taken(&self) -> bool {
        !matches!(
            self,
            Self::Refused(_) | Self::NotSent(_) | Self::NotStored | Self::Withdrawn
        )
    }
}

/// What is noted of a send beside the configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendFacts {
    /// How long it may be on its way, whole seconds.
    pub timeout: Duration,
    /// The ids of the workers that there were before it.
    pub workers: Vec<String>,
}

/// The endpoint as it was at the check of a send, the last read before it went out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFacts {
    /// When it went out, RFC 3339.
    pub at: String,
    /// The word of its state.
    pub state: String,
    /// The ids of its workers, removed ones left out.
    pub workers: Vec<String>,
}

impl CheckFacts {
    /// Of what the check read, for a send that goes out now.
    pub fn of(read: &EndpointStatus) -> Self {
        Self {
            at: now(),
            state: read.state.word.clone(),
            workers: worker_ids(read),
        }
    }
}

/// A word of what came of a send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeNote {
    /// The word.
    pub outcome: SendOutcome,
    /// What was read back, where that is neither what was sent nor what was there before.
    pub read: Option<Snapshot>,
    /// Until when it may still arrive, RFC 3339.
    pub until: Option<String>,
    /// What the check saw; `None`: it is not known here.
    pub check: Option<CheckFacts>,
}

impl From<SendOutcome> for OutcomeNote {
    fn from(outcome: SendOutcome) -> Self {
        Self {
            outcome,
            ..Self::default()
        }
    }
}

/// What a person said once, and is not asked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingAnswer {
    /// An environment value that looks like a mask is meant: its fingerprint, in hexadecimal digits.
    Meant(String),
    /// It is not meant any more.
    NotMeant(String),
    /// Settings that no update carries may be reset by one: the fingerprint of their paths.
    Settings(String),
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
    /// What was read back, where that is neither what was sent nor what was there before.
    pub read: Option<Snapshot>,
    /// How long it could be on its way; `None`: not noted.
    pub timeout: Option<Duration>,
    /// Until when it may still arrive, RFC 3339; `None`: not noted.
    pub until: Option<String>,
    /// The ids of the workers that there were when what it began from was read.
    pub workers: Vec<String>,
    /// What the check saw, just before it went out; `None`: not noted.
    pub check: Option<CheckFacts>,
}

impl Record {
    /// All configurations, for values that are to be put back into them.
    pub fn configs_mut(&mut self) -> impl Iterator<Item = &mut EndpointConfig> {
        let read = self.read.as_mut().map(|read| &mut read.config);
        [&mut self.before.config, &mut self.after].into_iter().chain(read)
    }

    fn take(&mut self, told: OutcomeNote) {
        self.outcome = told.outcome;
        self.read = told.read;
        self.until = told.until.or(self.until.take());
        self.check = told.check.or(self.check.take());
    }

    fn with(mut self, told: OutcomeNote) -> Self {
        self.take(told);
        self
    }

    /// What the server is known to have made of it: what was read back, else what was sent.
    pub fn stored(&self) -> &EndpointConfig {
        match (&self.read, &self.outcome) {
            (Some(read), SendOutcome::StoredDifferently) => &read.config,
            _ => &self.after,
        }
    }
}

/// What was sent before.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The newest first.
    pub records: Vec<Record>,
    /// Lines that could not be read: torn writes, and what another version wrote.
    pub skipped: usize,
    /// What a person said once.
    pub answers: Vec<StandingAnswer>,
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
    timeout: u64,
    workers: &'a [String],
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
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a CheckFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<&'a Snapshot>,
}

#[derive(Serialize)]
struct AnswerOut<'a> {
    kind: &'static str,
    version: u32,
    at: &'a str,
    answer: &'a StandingAnswer,
}

#[derive(Deserialize)]
struct SendIn {
    id: SendId,
    at: String,
    timeout: Option<u64>,
    #[serde(default)]
    workers: Vec<String>,
    before: Snapshot,
    after: ConfigIn,
}

#[derive(Deserialize)]
struct OutcomeIn {
    id: SendId,
    #[serde(flatten)]
    outcome: SendOutcome,
    until: Option<String>,
    check: Option<CheckFacts>,
    read: Option<Snapshot>,
}

#[derive(Deserialize)]
struct AnswerIn {
    answer: StandingAnswer,
}

impl EndpointFiles {
    /// Notes a send before its bytes go out, and waits for the disk. Until an outcome is told, it counts as unknown.
    ///
    /// # Errors
    /// When it can't be written. The history before is untouched.
    pub fn record_send(&self, before: &Snapshot, after: &EndpointConfig, facts: &SendFacts) -> Result<SendId, FsError> {
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
            timeout: facts.timeout.as_secs(),
            workers: &facts.workers,
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
    pub fn record_outcome(&self, send: &SendId, told: impl Into<OutcomeNote>) -> Result<(), FsError> {
        let told = told.into();
        let read = told.read.as_ref().map(|read| self.redactor().snapshot(read));
        let line = OutcomeOut {
            kind: "outcome",
            version: VERSION,
            id: send,
            at: &now(),
            outcome: &told.outcome,
            until: told.until.as_deref(),
            check: told.check.as_ref(),
            read: read.as_deref(),
        };
        let room = 1024 + read.as_ref().map_or(0, |read| room(&read.config));
        self.append(&line, room, false)
    }

    /// Notes what a person said once.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn record_answer(&self, answer: &StandingAnswer) -> Result<(), FsError> {
        let line = AnswerOut {
            kind: "answer",
            version: VERSION,
            at: &now(),
            answer,
        };
        self.append(&line, 1024, false)
    }

    /// What was sent, as far as it can be read.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn history(&self) -> Result<History, FsError> {
        let bytes = self.history_bytes()?;
        Ok(bytes.map(|bytes| History::parse(&bytes)).unwrap_or_default())
    }

    /// The newest send that is known to be stored. Older ones aren't even looked at.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn newest_stored(&self) -> Result<Option<Record>, FsError> {
        let bytes = self.history_bytes()?;
        Ok(bytes.and_then(|bytes| newest_stored(&bytes)))
    }

    /// Whether a send is open of which a read may tell something.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn has_open_send(&self) -> Result<bool, FsError> {
        let bytes = self.history_bytes()?;
        Ok(bytes.is_some_and(|bytes| has_open_send(&bytes)))
    }

    /// Whether there is a word of what came of a send, and it isn't open.
    ///
    /// # Errors
    /// When the file can't be read at all.
    pub fn is_settled(&self, send: &SendId) -> Result<bool, FsError> {
        let bytes = self.history_bytes()?;
        let is_word = |head: &LineHead| head.kind == "outcome" && head.id.as_ref() == Some(send);
        let word = bytes
            .as_ref()
            .and_then(|bytes| from_the_end(bytes).find(|(head, _)| is_word(head)));
        let word = word.and_then(|(_, line)| read_line(line));
        Ok(matches!(word, Some(HistoryLine::Outcome(_, told)) if !told.outcome.is_open()))
    }

    fn history_bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>, FsError> {
        // Looking makes no directory.
        if !self.history_path().exists() {
            return Ok(None);
        }
        // Against reading half a line that is just being written. Without it such a line is only counted as unreadable.
        let _lock = self.history_dir().lock();
        account::read(&self.history_path())
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
        let from = cut(&bytes);
        if from == 0 {
            return Ok(());
        }
        // What was said once stays, however old.
        let answers = bytes[..from]
            .split_inclusive(|b| *b == b'\n')
            .filter(|line| line.starts_with(ANSWER));
        let mut left = Zeroizing::new(Vec::with_capacity(bytes.len()));
        answers.for_each(|line| left.extend_from_slice(line));
        left.extend_from_slice(&bytes[from..]);
        self.history_dir().stage(&path, &left, true)?.put()
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
                Some(HistoryLine::Outcome(id, told)) => {
                    if let Some(at) = places.get(&id) {
                        let record: &mut Record = &mut history.records[*at];
                        record.take(*told);
                    }
                }
                Some(HistoryLine::Answer(answer)) => history.answers.push(answer),
                None => history.skipped += 1,
            }
        }
        history
            .records
            .retain(|record| record.outcome != SendOutcome::Withdrawn);
        history.records.reverse();
        history.records.truncate(KEPT);
        history
    }
}

/// The lines from the end, with what they are; those that can't be read are passed over.
fn from_the_end(bytes: &[u8]) -> impl Iterator<Item = (LineHead, &[u8])> {
    let lines = bytes.rsplit(|b| *b == b'\n').filter(|line| !line.is_empty());
    lines.filter_map(|line| Some((LineHead::of(line)?, line)))
}

/// What a line is, without its configurations.
#[derive(Deserialize)]
struct LineHead {
    kind: String,
    version: u32,
    id: Option<SendId>,
}

impl LineHead {
    /// Of a line that can be read, in a version that is.
    fn of(line: &[u8]) -> Option<Self> {
        let head: Self = serde_json::from_slice(line).ok()?;
        VERSIONS.contains(&head.version).then_some(head)
    }
}

fn newest_stored(bytes: &[u8]) -> Option<Record> {
    // The newest word first.
    let mut words: HashMap<SendId, Vec<&[u8]>> = HashMap::new();
    for (head, line) in from_the_end(bytes) {
        let Some(id) = head.id else { continue };
        if head.kind == "outcome" {
            words.entry(id).or_default().push(line);
        } else if let Some(told) = words.get(&id) {
            let mut told = told.iter().filter_map(|line| match read_line(line) {
                Some(HistoryLine::Outcome(_, told)) => Some(*told),
                _ => None,
            });
            let Some(newest) = told.next().filter(|newest| newest.outcome.is_stored()) else {
                continue;
            };
            if let Some(HistoryLine::Send(record)) = read_line(line) {
                let older: Vec<OutcomeNote> = told.collect();
                let record = older.into_iter().rev().fold(*record, Record::with);
                return Some(record.with(newest));
            }
        }
    }
    None
}

/// As many of the newest sends are looked at: every reading command asks, and nobody waits for an older one.
const LOOKED_AT: usize = 50;

fn has_open_send(bytes: &[u8]) -> bool {
    let mut told = HashSet::new();
    let mut sends = 0;
    let mut newest = from_the_end(bytes).take_while(|(head, _)| {
        sends += usize::from(head.kind == "send");
        sends <= LOOKED_AT
    });
    newest.any(|(head, line)| match (head.kind.as_str(), head.id) {
        // The newest word counts.
        ("outcome", Some(id)) => {
            let is_open =
                |line| matches!(read_line(line), Some(HistoryLine::Outcome(_, told)) if told.outcome.is_open());
            told.insert(id) && is_open(line)
        }
        ("send", Some(id)) => !told.contains(&id),
        _ => false,
    })
}

enum HistoryLine {
    Send(Box<Record>),
    Outcome(SendId, Box<OutcomeNote>),
    Answer(StandingAnswer),
}

fn read_line(line: &[u8]) -> Option<HistoryLine> {
    match LineHead::of(line)?.kind.as_str() {
        "send" => {
            let send: SendIn = serde_json::from_slice(line).ok()?;
            Some(HistoryLine::Send(Box::new(Record {
                id: send.id,
                at: send.at,
                before: send.before,
                after: send.after.0,
                outcome: SendOutcome::Unknown,
                read: None,
                timeout: send.timeout.map(Duration::from_secs),
                until: None,
                workers: send.workers,
                check: None,
            })))
        }
        "outcome" => {
            let OutcomeIn {
                id,
                outcome,
                until,
                check,
                read,
            } = serde_json::from_slice(line).ok()?;
            let told = OutcomeNote {
                outcome,
                read,
                until,
                check,
            };
            Some(HistoryLine::Outcome(id, Box::new(told)))
        }
        "answer" => {
            let AnswerIn { answer } = serde_json::from_slice(line).ok()?;
            Some(HistoryLine::Answer(answer))
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

    /// What Tab was told of this account a moment ago; `None` without a home directory.
    pub fn known_names(&self) -> Option<KnownNames> {
        self.dirs.as_ref().map(|dirs| KnownNames::of(dirs, &self.account))
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

    /// The newest send that is known to be stored.
    ///
    /// # Errors
    /// A sentence.
    pub fn newest_stored(&self, id: &str) -> Result<Option<Record>, String> {
        self.looked_at(id)?.newest_stored().map_err(told)
    }

    /// The sends that the server took, or of which that isn't known yet, the newest first.
    ///
    /// # Errors
    /// A sentence.
    pub fn taken(&self, id: &str) -> Result<Vec<Record>, String> {
        let mut records = self.looked_at(id)?.history().map_err(told)?.records;
        let is_taken = |outcome: &SendOutcome| {
            outcome.is_stored() || matches!(outcome, SendOutcome::Unknown | SendOutcome::NotShown)
        };
        records.retain(|record| is_taken(&record.outcome));
        Ok(records)
    }

    /// Whether a send is open of which a read may tell something.
    ///
    /// # Errors
    /// A sentence.
    pub fn has_open_send(&self, id: &str) -> Result<bool, String> {
        self.looked_at(id)?.has_open_send().map_err(told)
    }

    /// Whether the history tells what came of a send.
    ///
    /// # Errors
    /// A sentence.
    pub fn is_settled(&self, id: &str, send: &SendId) -> Result<bool, String> {
        self.looked_at(id)?.is_settled(send).map_err(told)
    }

    /// The files of an endpoint, without making or tidying up anything.
    fn looked_at(&self, id: &str) -> Result<EndpointFiles, String> {
        Ok(self.look()?.endpoint_files(&self.base_url, id))
    }

    /// Records a send that is about to go out.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_send(
        &self,
        before: &LoadedEndpoint,
        after: &EndpointConfig,
        timeout: Duration,
    ) -> Result<SendId, String> {
        let facts = SendFacts {
            timeout,
            workers: worker_ids(&before.status),
        };
        self.endpoint_files(&after.id)?
            .record_send(&before.into(), after, &facts)
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
        note: impl Into<OutcomeNote>,
    ) -> Result<(), String> {
        let files = self.endpoint_files(&sent.id)?;
        let open = |record: &Record| record.outcome.is_open() && record.after == *sent;
        let send = match send {
            Some(send) => Some(send),
            None => {
                let mut records = files.history().map_err(told)?.records;
                let configs = records.iter_mut().flat_map(Record::configs_mut);
                self.redactor().restore(configs, sent);
                records.into_iter().find(open).map(|record| record.id)
            }
        };
        send.map_or(Ok(()), |send| files.record_outcome(&send, note).map_err(told))
    }

    /// Records what a person said once of an endpoint.
    ///
    /// # Errors
    /// A sentence.
    pub fn record_answer(&self, id: &str, answer: &StandingAnswer) -> Result<(), String> {
        self.endpoint_files(id)?.record_answer(answer).map_err(told)
    }
}

/// Those that count.
fn worker_ids(status: &EndpointStatus) -> Vec<String> {
    status.present_workers().map(|worker| worker.id.clone()).collect()
}

fn told(error: FsError) -> String {
    error.to_string()
}
