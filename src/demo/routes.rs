//! The API's routes: queries in, answers out.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::{Value, json};

use super::faults::{Lags, UpdatePlan};
use super::quirks::{FirstPage, Quirks, ReadCache, UpdateAnswer};
use super::refusal::{ApiRefusal, json_response};
use super::render;
use super::shared::ServerState;

pub(super) fn router(shared: Arc<ServerState>) -> Router {
    Router::new()
        .route("/endpoint", get(load))
        .route("/endpoints", get(list))
        .route("/endpoint/limit", get(limits))
        .route("/endpoint/update", post(update))
        .route("/networkstorages/list", get(storages))
        .route("/repository/auths", get(auths))
        .route("/clusters", get(clusters))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        // The gateway has its own, larger limit and its own refusal.
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

type AppState = State<Arc<ServerState>>;

/// A route that doesn't exist, refused in the words of the API.
pub(super) fn no_route(method: &Method, path: &str) -> ApiRefusal {
    ApiRefusal::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        format!("no route for {method} {path}"),
    )
}

async fn unknown(State(shared): AppState, method: Method, uri: Uri) -> Response {
    no_route(&method, uri.path()).response(shared.quirks.errors)
}

async fn load(
    State(shared): AppState,
    Extension(lags): Extension<Lags>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let id = match Query::new(query).required("id") {
        Ok(id) => id,
        Err(refusal) => return refusal.response(shared.quirks.errors),
    };
    if let Some((kept, age)) = kept(&shared, &headers, &id) {
        let mut response = json_response(StatusCode::OK, &kept);
        response
            .headers_mut()
            .insert(header::AGE, HeaderValue::from(age.as_secs()));
        return response;
    }
    let answer = shared.account().load(&id, lags, &shared.timing, &shared.quirks);
    let answer = answer.map_err(|refusal| gone(refusal, &shared.quirks));
    if let (Ok(answer), true) = (&answer, shared.quirks.read_cache != ReadCache::Absent) {
        let mut kept = shared.kept_reads.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(id, (answer.clone(), shared.timing.now()));
    }
    shared.answer(answer)
}

/// The refusal for an endpoint that isn't there, with the status that it has here.
fn gone(refusal: ApiRefusal, quirks: &Quirks) -> ApiRefusal {
    match quirks.gone_status {
        Some(status) => refusal.with_status(status),
        None => refusal,
    }
}

/// What the cache gives for an endpoint, and for how long it has kept that; `None`: it asks the server.
fn kept(shared: &ServerState, headers: &HeaderMap, id: &str) -> Option<(Value, Duration)> {
    let is_forced = headers
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value.as_bytes() == b"no-cache");
    let most = match shared.quirks.read_cache {
        ReadCache::Obedient(most) if !is_forced => most,
        ReadCache::Stubborn(most) => most,
        ReadCache::Absent | ReadCache::Obedient(_) => return None,
    };
    let all = shared.kept_reads.lock().unwrap_or_else(PoisonError::into_inner);
    let (answer, since) = all.get(id)?;
    let age = shared.timing.now().saturating_sub(*since);
    (age < most).then(|| (answer.clone(), age))
}

async fn list(State(shared): AppState, RawQuery(query): RawQuery) -> Response {
    let key = if shared.quirks.endpoints_under_data {
        "data"
    } else {
        "endpoints"
    };
    let answer = Query::new(query).page("pageNum", &shared.quirks).map(|page| {
        let mut account = shared.account();
        let total = account.count();
        let range = page.range(total, shared.quirks.page_cap);
        let shown: Vec<Value> = account
            .list(range, &shared.timing)
            .iter()
            .map(|stored| render::endpoint(stored, &shared.quirks))
            .collect();
        drop(account);
        wrapped(key, shown, total, &shared)
    });
    shared.answer(answer)
}

async fn limits(State(shared): AppState) -> Response {
    let limits = shared.account().limits(&shared.quirks);
    shared.answer(Ok(limits))
}

async fn storages(State(shared): AppState, RawQuery(query): RawQuery) -> Response {
    let query = Query::new(query);
    let answer = query.page("pageNo", &shared.quirks).map(|page| {
        let all = shared
            .account()
            .storages(query.optional("storageName"), query.optional("storageId"));
        let total = all.len();
        let shown = page
            .cut(all, shared.quirks.page_cap)
            .into_iter()
            .map(|storage| render::answer(storage, &shared.quirks))
            .collect();
        wrapped("data", shown, total, &shared)
    });
    shared.answer(answer)
}

async fn auths(State(shared): AppState) -> Response {
    let auths = shared.account().auths(&shared.quirks);
    shared.answer(Ok(auths))
}

async fn clusters(State(shared): AppState) -> Response {
    let clusters = shared.account().clusters(&shared.quirks);
    shared.answer(Ok(clusters))
}

async fn update(
    State(shared): AppState,
    Extension(plan): Extension<UpdatePlan>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let stored = is_json(&headers).and_then(|()| shared.account().update(&body, &plan, &shared.timing));
    let stored = match stored {
        Ok(stored) => stored,
        Err(refusal) if refusal.reason == "SERVERLESS_ENDPOINT_NOT_FOUND" => {
            return gone(refusal, &shared.quirks).response(shared.quirks.errors);
        }
        Err(refusal) => return refusal.response(shared.quirks.errors),
    };
    match shared.quirks.update_answer {
        UpdateAnswer::EmptyObject => json_response(StatusCode::OK, &json!({})),
        UpdateAnswer::Id => json_response(StatusCode::OK, &json!({ "id": stored["id"] })),
        UpdateAnswer::Nothing => Body::empty().into_response(),
        UpdateAnswer::NoContent => StatusCode::NO_CONTENT.into_response(),
        UpdateAnswer::Endpoint => {
            let shown = render::endpoint(&stored, &shared.quirks);
            json_response(StatusCode::ACCEPTED, &json!({ "endpoint": shown }))
        }
    }
}

/// A list's answer; its entries were rendered one by one, its own `total` is here.
fn wrapped(key: &str, entries: Vec<Value>, total: usize, shared: &ServerState) -> Value {
    let total = i64::try_from(total)
        .unwrap_or(i64::MAX)
        .saturating_add(shared.quirks.total_off);
    let mut answer = render::answer(json!({ "total": total }), &shared.quirks);
    let list = render::list(entries, key, &shared.quirks);
    if let (Some(answer), Some(list)) = (answer.as_object_mut(), list) {
        answer.insert(key.into(), list);
    }
    answer
}

fn is_json(headers: &HeaderMap) -> Result<(), ApiRefusal> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiRefusal::bad(
        "INVALID_REQUEST_BODY",
        format!("unregister Content-Type: {given}"),
    ))
}

/// A decoded query; of a repeated key the last counts.
struct Query(HashMap<String, String>);

impl Query {
    fn new(raw: Option<String>) -> Self {
        let raw = raw.unwrap_or_default();
        Self(url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    fn optional(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    fn required(&self, key: &str) -> Result<String, ApiRefusal> {
        match self.optional(key) {
            "" => Err(ApiRefusal::invalid(key, "value is required")),
            given => Ok(given.to_owned()),
        }
    }

    fn number(&self, key: &str) -> Result<usize, ApiRefusal> {
        self.required(key)?
            .parse()
            .map_err(|_| ApiRefusal::invalid(key, "value must be an integer not below 0"))
    }

    fn page(&self, number_key: &str, quirks: &Quirks) -> Result<PageQuery, ApiRefusal> {
        let size = self.number("pageSize")?;
        let number = self.number(number_key)?;
        if size == 0 {
            return Err(ApiRefusal::invalid("pageSize", "value must be greater than 0"));
        }
        if let Some(most) = quirks.most_page_size.filter(|most| size > *most) {
            let rule = format!("value must be less than or equal to {most}");
            return Err(ApiRefusal::invalid("pageSize", rule));
        }
        let refused = || ApiRefusal::invalid(number_key, "value must be greater than or equal to 1");
        let skipped = match (quirks.first_page, number) {
            (FirstPage::Zero, number) => number,
            (FirstPage::OneRefusingZero, 0) => return Err(refused()),
            (FirstPage::OneRefusing(status), 0) => return Err(refused().with_status(status)),
            (_, number) => number.saturating_sub(1),
        };
        Ok(PageQuery { size, skipped })
    }
}

struct PageQuery {
    size: usize,
    /// Pages before this one.
    skipped: usize,
}

impl PageQuery {
    /// Which of so many entries are on it.
    fn range(&self, total: usize, cap: Option<usize>) -> std::ops::Range<usize> {
        let size = cap.map_or(self.size, |cap| self.size.min(cap));
        let first = self.skipped.saturating_mul(size).min(total);
        first..first.saturating_add(size).min(total)
    }

    fn cut(&self, mut all: Vec<Value>, cap: Option<usize>) -> Vec<Value> {
        let range = self.range(all.len(), cap);
        all.drain(range).collect()
    }
}
