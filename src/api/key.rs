//! The API key of a client: which one is sent now, and which one the file holds that it was taken from.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::error::ApiError;
use crate::config::ApiKey;
use crate::secret::Secret;

/// How long the disk is waited for that has the key's file.
const DISK_PATIENCE: Duration = Duration::from_secs(2);

/// A key, and the header that carries it.
#[derive(Clone)]
pub(super) struct BearerKey {
    secret: Secret,
    header: HeaderValue,
}

impl BearerKey {
    /// The header's value, which no debug output shows.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// `None`: it is empty or holds a character that no key has.
    fn new(secret: Secret) -> Option<Self> {
        let key = secret.reveal();
        // Stricter than the header type, which lets bytes beyond ASCII through for servers to guess at.
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let mut header = HeaderValue::from_str(&Zeroizing::new(format!("Bearer {key}"))).ok()?;
        header.set_sensitive(true);
        Some(Self { secret, header })
    }
}

/// The key of a client and of all its clones. It is replaced when its file holds another one after a refusal.
#[derive(Clone)]
pub(super) struct ClientKey {
    /// Every key that was sent, the newest last; never empty.
    sent: Arc<Mutex<Vec<BearerKey>>>,
    /// The file that it was taken from; `None`: it can't be had again.
    file: Option<PathBuf>,
}

impl ClientKey {
    /// A key that stays; `source` is where it was taken from, for the message.
    ///
    /// # Errors
    /// [`ApiError::Setup`] for one that no header can carry.
    pub(super) fn new(secret: Secret, source: &str) -> Result<Self, ApiError> {
        let Some(key) = BearerKey::new(secret) else {
            return Err(ApiError::Setup(format!(
                "The API key from {source} is empty or holds a character that no key has (a blank, a line break, or one \
                 that is not ASCII): check it."
            )));
        };
        Ok(Self {
            sent: Arc::new(Mutex::new(vec![key])),
            file: None,
        })
    }

    /// The same, taken from a file that may hold another key later.
    pub(super) fn of_file(self, path: PathBuf) -> Self {
        Self {
            file: Some(path),
            ..self
        }
    }

    /// The key that is sent now.
    pub(super) fn now(&self) -> BearerKey {
        self.all()
            .last()
            .expect("it began with one, and none is taken away")
            .clone()
    }

    /// Every key that a server may repeat.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.all().iter().map(|key| key.secret.clone()).collect()
    }

    /// After a refusal of the key that was sent: whether there is another one now, which the file holds or another
    /// request found there. Waits 2 s for the disk at most.
    pub(super) async fn is_renewed_after(&self, refused: &BearerKey) -> bool {
        if self.now().secret != refused.secret {
            return true;
        }
        let Some(path) = self.file.clone() else {
            return false;
        };
        let read = tokio::task::spawn_blocking(move || ApiKey::from_file(&path));
        let Ok(Ok(Ok(found))) = tokio::time::timeout(DISK_PATIENCE, read).await else {
            return false;
        };
        match BearerKey::new(found.secret().clone()) {
            Some(key) if key.secret != refused.secret => {
                tracing::info!("the key's file holds another key, which is used from now on");
                self.all().push(key);
                true
            }
            _ => false,
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<BearerKey>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
