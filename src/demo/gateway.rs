//! The way of one request: recorded, delayed, cut, handled, answered, slowly or not to the end, as its faults will have
//! it.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::time::{Sleep, sleep};

use super::faults::{BodyFault, Call, Plan, append};
use super::quirks::KeySpelling;
use super::refusal::ApiRefusal;
use super::routes::no_route;
use super::shared::{Recorded, ServerState};

/// The longest request body, in bytes, that is taken; above it the answer is 413.
pub const MOST_BODY: usize = 8 * 1024 * 1024;

/// How much of a body that is too long is read and thrown away, so that the client gets to read the refusal.
const MOST_DRAINED: usize = 64 * 1024 * 1024;

/// The connection ends here, without an answer: hyper drops it when the service fails.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
pub(super) struct ConnectionCut;

pub(super) async fn serve(
    shared: Arc<ServerState>,
    router: Router,
    request: Request<Incoming>,
) -> Result<Response, ConnectionCut> {
    let (mut parts, body) = request.into_parts();
    let body = whole(body).await?;

    let path = shared.base.strip(parts.uri.path()).map(str::to_owned);
    let call = path.as_deref().and_then(|path| Call::of(parts.method.as_str(), path));
    shared.records().push(Recorded::new(
        &parts.method,
        parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        &parts.headers,
        shared.authorize(&parts.headers).is_ok(),
        body.as_deref().unwrap_or_default(),
        call,
    ));

    let refused = |refusal: ApiRefusal| Ok(refusal.response(shared.quirks.errors));
    let Some(body) = body else {
        let too_long = format!("body is longer than {MOST_BODY} bytes");
        return refused(ApiRefusal::new(StatusCode::PAYLOAD_TOO_LARGE, "REQUEST", too_long));
    };
    let Some(path) = path else {
        return refused(no_route(&parts.method, parts.uri.path()));
    };
    if !rebase(&mut parts, &path) {
        return refused(no_route(&parts.method, &path));
    }

    let plan = Plan::new(call.map_or_else(Vec::new, |call| shared.faults.take(call)));
    // A task of its own: what was accepted is carried out even when the client hangs up, as behind a real gateway.
    tokio::spawn(async move {
        let is_page = matches!(call, Some(Call::List | Call::Storages));
        let Some(_counted) = PageCount::of(&shared, is_page) else {
            let busy = ApiRefusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMIT_EXCEEDED",
                "too many pages at a time",
            );
            return Ok(busy.response(shared.quirks.errors));
        };
        carry_out(Arc::clone(&shared), router, parts, body, plan).await
    })
    .await
    .unwrap_or(Err(ConnectionCut))
}

/// A page of a list that is being served, counted as long as this lives.
struct PageCount(Option<Arc<ServerState>>);

impl PageCount {
    /// `None`: there are too many at a time.
    fn of(shared: &Arc<ServerState>, is_page: bool) -> Option<Self> {
        if !is_page {
            return Some(Self(None));
        }
        let before = shared.pages_under_way.fetch_add(1, Ordering::SeqCst);
        let counted = Self(Some(Arc::clone(shared)));
        shared
            .quirks
            .pages_at_once
            .is_none_or(|most| before < most)
            .then_some(counted)
    }
}

impl Drop for PageCount {
    fn drop(&mut self) {
        if let Some(shared) = &self.0 {
            shared.pages_under_way.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

async fn carry_out(
    shared: Arc<ServerState>,
    router: Router,
    parts: Parts,
    body: Bytes,
    plan: Plan,
) -> Result<Response, ConnectionCut> {
    delay(plan.delay_before).await;
    somebody_else(&shared, &plan.change_before);
    if plan.cut_before {
        return Err(ConnectionCut);
    }
    let response = match (&plan.instead, plan.repeat_key) {
        (Some(reply), _) => reply.response(),
        (None, Some(spelling)) => repeating(&shared, &parts, spelling).await?,
        (None, None) => handle(&shared, router, parts, body, &plan).await,
    };
    somebody_else(&shared, &plan.change_after);
    delay(plan.delay_after).await;
    if plan.cut_after {
        return Err(ConnectionCut);
    }
    let mut response = plan.after.map_or(response, |reply| reply.response());
    // One that can't be sent is left out; the test that looks for it fails.
    let _ = append(response.headers_mut(), &plan.headers);
    match plan.body_fault {
        None => Ok(response),
        Some(body_fault) => damaged(response, body_fault).await,
    }
}

/// A timer takes a millisecond even for nothing.
async fn delay(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

async fn handle(shared: &ServerState, router: Router, parts: Parts, body: Bytes, plan: &Plan) -> Response {
    if let Err(refusal) = shared.authorize(&parts.headers) {
        return refusal.response(shared.quirks.errors);
    }
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(plan.update.clone());
    match TowerToHyperService::new(router).call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A refusal whose message has the request's key in it.
async fn repeating(shared: &ServerState, parts: &Parts, spelling: KeySpelling) -> Result<Response, ConnectionCut> {
    const MARK: &str = "THE-KEY";
    let refusal = ApiRefusal::bad("INVALID_REQUEST_BODY", format!("this can't be the API key: {MARK}"));
    let (mut head, body) = refusal.response(shared.quirks.errors).into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(|_| ConnectionCut)?;
    let key = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let key = key.and_then(|value| value.split_once(' ')).map_or("", |(_, key)| key);
    let told = String::from_utf8_lossy(&body).replace(MARK, &spelling.spell(key));
    head.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(head, Body::from(told)))
}

fn somebody_else(shared: &ServerState, changes: &[(String, super::StoredEdit)]) {
    let mut account = shared.account();
    for (id, edit) in changes {
        if let Some(stored) = account.find(id) {
            stored.edit(&shared.timing, |endpoint| edit.apply(endpoint));
        }
    }
}

async fn damaged(response: Response, body_fault: BodyFault) -> Result<Response, ConnectionCut> {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(|_| ConnectionCut)?;
    // hyper counts the new body by itself.
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match body_fault {
        BodyFault::Slow(pause) => Paced::slow(bytes, pause),
        BodyFault::CutInBody => Paced::half(bytes),
        BodyFault::Truncate => {
            parts
                .headers
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            Body::from(bytes.slice(..bytes.len() / 2))
        }
    };
    Ok(Response::from_parts(parts, body))
}

/// Puts the path below the base into the request; false if that is no URI.
fn rebase(parts: &mut Parts, path: &str) -> bool {
    let target = match parts.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    match PathAndQuery::try_from(target) {
        Ok(target) => {
            parts.uri = target.into();
            true
        }
        Err(_) => false,
    }
}

/// The whole body; `None` if it is longer than [`MOST_BODY`].
async fn whole(mut body: Incoming) -> Result<Option<Bytes>, ConnectionCut> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| ConnectionCut)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen > MOST_DRAINED {
            break;
        }
        if seen <= MOST_BODY {
            bytes.extend_from_slice(&data);
        }
    }
    Ok((seen <= MOST_BODY).then(|| bytes.into()))
}

/// A body that sends `step` bytes, pauses, and so on; its announced length may be more than it ever sends.
pub(super) struct Paced {
    rest: Bytes,
    step: usize,
    pause: Duration,
    /// Announced bytes that haven't been sent yet.
    announced: u64,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// The whole body, a byte at a time.
    pub(super) fn slow(bytes: Bytes, pause: Duration) -> Body {
        let announced = bytes.len() as u64;
        Body::new(Self {
            rest: bytes,
            step: 1,
            pause,
            announced,
            waiting: None,
        })
    }

    /// The first half under the whole one's length, then an error, upon which hyper drops the connection.
    pub(super) fn half(bytes: Bytes) -> Body {
        // An empty body has no half to break off in: one byte that never comes is announced instead.
        let announced = bytes.len().max(1) as u64;
        let rest = bytes.slice(..bytes.len() / 2);
        Body::new(Self {
            step: rest.len().max(1),
            rest,
            // hyper writes what it has when the body pauses; without a pause it would drop that half unsent.
            pause: Duration::from_millis(20),
            announced,
            waiting: None,
        })
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(waiting) = &mut self.waiting {
            match waiting.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(()) => self.waiting = None,
            }
        }
        if self.rest.is_empty() {
            return Poll::Ready(
                (self.announced > 0)
                    .then(|| Err(io::Error::new(io::ErrorKind::ConnectionAborted, "broken off on demand"))),
            );
        }
        let step = self.step.min(self.rest.len());
        let bytes = self.rest.split_to(step);
        self.announced -= bytes.len() as u64;
        self.waiting = Some(Box::pin(sleep(self.pause)));
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.announced == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
