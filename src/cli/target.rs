//! Which endpoint is meant: an id, or a name that only one endpoint has.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::context::Context;
use super::failure::Failure;
use super::output;
use crate::api::ApiError;
use crate::endpoint::{LoadedEndpoint, Summary};
use crate::session::{age_in_words, settle_open};
use crate::text;
use crate::text::width::shown_width;

/// How long a disk is waited for that only keeps what was sent before.
const DISK_WAIT: Duration = Duration::from_secs(1);
/// How many endpoints a message lists.
const MOST_CANDIDATES: usize = 10;

/// Reads the endpoint that is meant. Most people give an id, so that is tried first: one request then.
///
/// # Errors
/// [`Failure::NotFound`] with the candidates, or why it can't be read.
pub async fn load(cx: &Context, wanted: &str) -> Result<LoadedEndpoint, Failure> {
    let (loaded, _, ()) = load_under(cx, wanted, async |_| Ok(())).await?;
    Ok(loaded)
}

/// The same, and each id that is about to be read is handed to `guard` before; what that gave for the one that is meant
/// comes along.
///
/// # Errors
/// The same, and what `guard` says.
pub async fn load_under<G>(
    cx: &Context,
    wanted: &str,
    guard: impl AsyncFn(&str) -> Result<G, Failure>,
) -> Result<(LoadedEndpoint, Instant, G), Failure> {
    Failure::if_key(wanted)?;
    let held = guard(wanted).await?;
    let error = match read_and_tell(cx, wanted).await {
        Ok((loaded, at)) => return Ok((loaded, at, held)),
        Err(error) => error,
    };
    drop(held);
    if !error.may_be_about_a_name() {
        return Err(error.into());
    }
    let Listing { all, incomplete } = list(cx).await?;
    let named: Vec<&Summary> = all.iter().filter(|endpoint| endpoint.name == wanted).collect();
    match (named.as_slice(), incomplete) {
        ([one], None) => {
            let held = guard(&one.id).await?;
            let (loaded, at) = read_and_tell(cx, &one.id).await?;
            Ok((loaded, at, held))
        }
        ([one], Some(error)) => Err(Failure::NotAllListed {
            error: Box::new(error),
            open: format!(
                "Whether {} is the name of {} alone is not known: give the id.",
                output::safe(wanted),
                output::safe(&one.id)
            ),
        }),
        ([], _) if all.iter().any(|endpoint| endpoint.id == wanted) => Err(error.into()),
        ([], None) => Err(Failure::NotFound(unknown(wanted, &all))),
        ([], Some(error)) => Err(Failure::NotAllListed {
            error: Box::new(error),
            open: format!("None of these has the id or the name {}.", output::safe(wanted)),
        }),
        (several, _) => {
            let lines = candidates(several);
            let wanted = output::safe(wanted);
            Err(Failure::NotFound(format!(
                "{} endpoints have the name {wanted}:\n{lines}Give the id of one of them.",
                several.len()
            )))
        }
    }
}

/// Reads an endpoint, and tells what the read has to say beside it; with the moment at which it was read.
async fn read_and_tell(cx: &Context, id: &str) -> Result<(LoadedEndpoint, Instant), ApiError> {
    let begun = Timestamp::now();
    let loaded = cx.read(|| cx.client.endpoint(id)).await?;
    let at = Instant::now();
    tell_of(cx, &loaded, begun).await;
    Ok((loaded, at))
}

/// What a read tells beside the endpoint: what became of sends that were left open, and that it is an old answer. Each
/// demo is a world of its own.
async fn tell_of(cx: &Context, read: &LoadedEndpoint, begun: Timestamp) {
    if let Some(age) = age_in_words(&read.status) {
        cx.warn(Some(&read.config.id), age);
    }
    if cx.platform.is_demo() {
        return;
    }
    let send_log = cx.platform.send_log();
    let settling = tokio::time::timeout(DISK_WAIT, settle_open(&send_log, read, begun));
    // Where the disk says nothing, it is left open: a later read tells.
    if let Ok(Ok(settled)) = settling.await {
        for one in settled {
            output::note(&one.in_words());
        }
    }
}

/// The endpoints of the account.
pub struct Listing {
    /// Those that came, in the server's order.
    pub all: Vec<Summary>,
    /// Why these are not all.
    pub incomplete: Option<ApiError>,
}

/// All endpoints of the account, or those that came before it broke off.
///
/// # Errors
/// Why none can be read.
pub async fn list(cx: &Context) -> Result<Listing, Failure> {
    // Of several attempts the one that came furthest.
    let furthest = RefCell::new(Vec::new());
    let read = || async {
        let mut all = Vec::new();
        let end = cx.client.endpoints(|page| all.extend(page)).await;
        if end.is_ok() || all.len() > furthest.borrow().len() {
            furthest.replace(all);
        }
        end
    };
    match cx.read(read).await {
        Ok(()) => Ok(Listing {
            all: furthest.into_inner(),
            incomplete: None,
        }),
        Err(error @ ApiError::Incomplete(_)) => Ok(Listing {
            all: furthest.into_inner(),
            incomplete: Some(error),
        }),
        Err(error) => Err(error.into()),
    }
}

fn unknown(wanted: &str, all: &[Summary]) -> String {
    let wanted_shown = output::safe(wanted);
    let wanted = wanted.to_lowercase();
    let alike = |name: &str| name.to_lowercase().contains(&wanted) || text::nearest(&wanted, &[name]).is_some();
    let similar = |endpoint: &&Summary| alike(&endpoint.id) || alike(&endpoint.name);
    let near: Vec<&Summary> = all.iter().filter(similar).collect();
    let (shown, head) = match (near.is_empty(), all.len()) {
        (true, 0) => {
            return format!("no endpoint has the id or name {wanted_shown}: this account has none. Check the key.");
        }
        (true, 1..=MOST_CANDIDATES) => (all.iter().collect(), "These are there:"),
        (true, _) => {
            return format!(
                "no endpoint has the id or name {wanted_shown}, and none has one like it.\nSee `novita-edit list` for the {} \
                 that are there.",
                all.len()
            );
        }
        (false, _) => (near, "These are like it:"),
    };
    let lines = candidates(&shown);
    format!("no endpoint has the id or name {wanted_shown}. {head}\n{lines}Give the id of one of them, or its name.")
}

fn candidates(endpoints: &[&Summary]) -> String {
    let first = &endpoints[..endpoints.len().min(MOST_CANDIDATES)];
    let wide = first
        .iter()
        .map(|endpoint| shown_width(&endpoint.id))
        .max()
        .unwrap_or(0);
    let mut lines = String::new();
    for endpoint in first {
        let blanks = " ".repeat(wide - shown_width(&endpoint.id));
        let (id, name) = (output::safe(&endpoint.id), output::safe(&endpoint.name));
        lines.push_str(&format!("  {id}{blanks}  {name}  {}\n", output::safe(&endpoint.state)));
    }
    if endpoints.len() > first.len() {
        lines.push_str(&format!("  … {} more\n", endpoints.len() - first.len()));
    }
    lines
}
