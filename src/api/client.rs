//! The HTTP client.
//!
//! One client speaks to one base URL with one key. It asks exactly once: reqwest's own retries are switched off, and
//! whether to ask again is decided above, where it is known what is at stake.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA};
use reqwest::{Method, RequestBuilder, Response, redirect, retry};
use tokio::task::JoinSet;
use url::Url;
use zeroize::Zeroizing;

use super::error::{Accepted, ApiError, IncompleteList, Refused};
use super::exchange::{Exchange, age};
use super::key::ClientKey;
use super::paging::{AT_ONCE, ENDLESS, NextPage, PageRequest, Pager};
use super::server::{ApiBase, ApiCall, Server};
use super::trust;
use super::wire::{self, ListPage, Unreadable};
use crate::config::Timeouts;
use crate::endpoint::{Cluster, Credential, Limits, LoadedEndpoint, Storage, Summary};
use crate::secret::Secret;

/// How long a connection is kept unused. Load balancers close theirs after 60 seconds as a rule: ours goes first, so
/// that a request doesn't meet a connection that is just being closed.
const KEEP_IDLE: Duration = Duration::from_secs(50);
/// What asks a cache for nothing that it kept: the word of `Cache-Control`, and of `Pragma` for the oldest caches.
const NO_CACHE: &str = "no-cache";
/// The pause before a page is asked for again that the server was too busy for, where it names none; and the longest
/// that it may name.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How the program names itself to the server.
const USER_AGENT: &str = concat!("novita-edit/", env!("CARGO_PKG_VERSION"));

const ENDPOINT: ApiCall = ApiCall {
    name: "GET /endpoint",
    segments: &["endpoint"],
};
const LIMIT: ApiCall = ApiCall {
    name: "GET /endpoint/limit",
    segments: &["endpoint", "limit"],
};
const ENDPOINTS: ApiCall = ApiCall {
    name: "GET /endpoints",
    segments: &["endpoints"],
};
const STORAGES: ApiCall = ApiCall {
    name: "GET /networkstorages/list",
    segments: &["networkstorages", "list"],
};
const AUTHS: ApiCall = ApiCall {
    name: "GET /repository/auths",
    segments: &["repository", "auths"],
};
const CLUSTERS: ApiCall = ApiCall {
    name: "GET /clusters",
    segments: &["clusters"],
};
const UPDATE: ApiCall = ApiCall {
    name: "POST /endpoint/update",
    segments: &["endpoint", "update"],
};

/// What a [`Client`] is made of.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Everything in front of `/endpoint`; a trailing slash doesn't count.
    pub base_url: Url,
    /// The API key.
    pub key: Secret,
    /// Where the key was taken from, as a message names it: `NOVITA_API_KEY`, `--api-key-file /run/key`.
    pub key_source: String,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// Speaks to one server. Cloning is cheap and shares the connection.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    server: Server,
    /// The server refused with 429 what was asked for at the same time.
    one_at_a_time: Arc<AtomicBool>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.server.target.host())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client; nothing is sent yet. With an https base it loads the system's CA certificates (milliseconds), so
    /// make it after the first frame.
    ///
    /// # Errors
    /// [`ApiError::Setup`] for a base URL or a key that can't be used, or without usable CA certificates.
    pub fn new(options: ClientOptions) -> Result<Self, ApiError> {
        let target = ApiBase::new(options.base_url)?;
        let key = ClientKey::new(options.key, &options.key_source)?;
        // Fails when it was done before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let timeouts = options.timeouts;
        let connect = timeouts.connect.min(timeouts.request.min(timeouts.total).mul_f32(0.9));
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            )]))
            .redirect(redirect::Policy::none())
            .referer(false)
            // By default reqwest sends a request again, a POST too, when an HTTP/2 server closes with GOAWAY(NO_ERROR)
            // or resets with REFUSED_STREAM. The first also reaches requests that are being carried out.
            //
            // What can't be switched off is hyper-util's `retry_canceled_requests`. It is safe: it takes a request to
            // another connection only if the kept connection's task ended with the request still in its queue, before
            // one byte of it was written (hyper's `TrySendError::message`). A connection that closes under a request
            // that was begun is an error (`tests/api/` has servers that do both).
            .retry(retry::never())
            .pool_max_idle_per_host(AT_ONCE)
            .pool_idle_timeout(KEEP_IDLE)
            .connect_timeout(connect)
            .read_timeout(timeouts.request);
        if target.is_loopback() {
            // A proxy's loopback is another machine's.
            builder = builder.no_proxy();
        } else {
            trust::check_proxies(&target.uri(), |name| std::env::var_os(name))?;
        }
        if target.is_encrypted() {
            if let Some(authorities) = trust::authorities(|name| std::env::var_os(name))? {
                builder = builder.tls_certs_only(authorities);
            }
        } else {
            // Without TLS no certificates are needed; looking for them would fail in a container that has none.
            builder = builder.tls_certs_only([]);
        }
        let http = builder.build().map_err(|error| {
            let reason = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            ApiError::Setup(format!(
                "The HTTP client can't be set up: {reason}. Check this machine's CA certificates (SSL_CERT_FILE)."
            ))
        })?;
        Ok(Self {
            http,
            server: Server {
                target,
                key,
                key_source: options.key_source,
                timeouts: Timeouts { connect, ..timeouts },
            },
            one_at_a_time: Arc::default(),
        })
    }

    /// How long it waits.
    pub fn timeouts(&self) -> Timeouts {
        self.server.timeouts
    }

    /// The same client, whose key was taken from this file: after a 401 the file is read again before the key is blamed.
    /// If it holds another key, that is used from then on, by every clone, and what only reads is asked once more.
    pub fn with_key_file(mut self, path: PathBuf) -> Self {
        self.server.key = self.server.key.of_file(path);
        self
    }

    /// Reads one endpoint as it is now: caches on the way are asked to pass the question on. Where one answered all the
    /// same, the status has the answer's age.
    ///
    /// # Errors
    /// [`ApiError`]; an answer that isn't this endpoint in full is [`ApiError::Unreadable`].
    pub async fn endpoint(&self, id: &str) -> Result<LoadedEndpoint, ApiError> {
        let request = self.asking(ENDPOINT, &[("id", id)]);
        let request = request.header(CACHE_CONTROL, NO_CACHE).header(PRAGMA, NO_CACHE);
        let exchange = Exchange::start(&self.server, ENDPOINT, 0, self.deadline());
        let response = self.read(&exchange, request).await?;
        let age = age(response.headers());
        let body = exchange.body(response).await?;
        let mut loaded = self.readable(ENDPOINT, &body, |body| wire::endpoint(body, id))?;
        loaded.status.age = age;
        self.server.hidden().hide_in(&mut loaded.status);
        Ok(loaded)
    }

    /// Reads the account's ranges.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn limits(&self) -> Result<Limits, ApiError> {
        let body = self.get(LIMIT, &[], self.deadline()).await?;
        self.readable(LIMIT, &body, wire::limits)
    }

    /// Reads the list of endpoints, and hands over what is new on each page, in the server's order. Without endpoints
    /// `on_page` isn't called. Once the first page told how many there are, four pages are asked for at a time, and one
    /// at a time after the server refused that with 429.
    ///
    /// # Errors
    /// [`ApiError`]; what was handed over before it stands. [`ApiError::Incomplete`] where some pages came and others
    /// didn't, and where the pages have fewer endpoints than the server says there are.
    pub async fn endpoints(&self, on_page: impl FnMut(Vec<Summary>)) -> Result<(), ApiError> {
        let list = ListCall {
            call: ENDPOINTS,
            number: "pageNum",
            entries: "endpoints",
            read: wire::endpoint_page,
            id: |endpoint| &endpoint.id,
        };
        self.list(&list, on_page).await
    }

    /// Reads the account's network storages, all pages, likewise.
    ///
    /// # Errors
    /// [`ApiError`], also where only some of them came.
    pub async fn storages(&self) -> Result<Vec<Storage>, ApiError> {
        let list = ListCall {
            call: STORAGES,
            number: "pageNo",
            entries: "network storages",
            read: wire::storage_page,
            id: |storage| &storage.id,
        };
        let mut storages = Vec::new();
        self.list(&list, |page| storages.extend(page)).await?;
        Ok(storages)
    }

    /// Reads the account's image credentials, without their passwords.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn auths(&self) -> Result<Vec<Credential>, ApiError> {
        let body = self.get(AUTHS, &[], self.deadline()).await?;
        self.readable(AUTHS, &body, wire::auths)
    }

    /// Reads the clusters.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn clusters(&self) -> Result<Vec<Cluster>, ApiError> {
        let body = self.get(CLUSTERS, &[], self.deadline()).await?;
        self.readable(CLUSTERS, &body, wire::clusters)
    }

    /// Replaces an endpoint's configuration by the body, whose bytes go out as they are, once. Any 2xx is an
    /// acceptance; what was stored only reading back tells.
    ///
    /// # Errors
    /// [`ApiError`]; unless it is [`surely_not_taken`](ApiError::surely_not_taken) the update may have been carried
    /// out.
    pub async fn update(&self, body: impl Into<Bytes>) -> Result<Accepted, ApiError> {
        let body = body.into();
        let exchange = Exchange::start(&self.server, UPDATE, body.len(), self.deadline());
        let key = self.server.key.now();
        let request = self
            .http
            .request(Method::POST, self.server.target.url(UPDATE))
            .header(AUTHORIZATION, key.header())
            .body(body);
        let response = match exchange.send(request).await {
            // Never sent again by itself, with whatever key: the person is told that there is another one now.
            Err(ApiError::Refused(mut refused)) if refused.status == 401 => {
                refused.key_renewed = self.server.key.is_renewed_after(&key).await;
                return Err(ApiError::Refused(refused));
            }
            sent => sent?,
        };
        Ok(exchange.accepted(response).await)
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.server.timeouts.total
    }

    async fn get(
        &self,
        call: ApiCall,
        query: &[(&str, &str)],
        deadline: Instant,
    ) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let exchange = Exchange::start(&self.server, call, 0, deadline);
        let response = self.read(&exchange, self.asking(call, query)).await?;
        exchange.body(response).await
    }

    /// Sends a request that only reads, and once more if the key is refused and its file holds another one.
    async fn read(&self, exchange: &Exchange<'_>, request: RequestBuilder) -> Result<Response, ApiError> {
        let key = self.server.key.now();
        let again = request.try_clone();
        match (exchange.send(request.header(AUTHORIZATION, key.header())).await, again) {
            (Err(ApiError::Refused(refused)), Some(again))
                if refused.status == 401 && self.server.key.is_renewed_after(&key).await =>
            {
                exchange
                    .send(again.header(AUTHORIZATION, self.server.key.now().header()))
                    .await
            }
            (answer, _) => answer,
        }
    }

    fn asking(&self, call: ApiCall, query: &[(&str, &str)]) -> RequestBuilder {
        let url = self.server.target.url(call);
        self.http.request(Method::GET, url).query(query)
    }

    /// Reads an answer. What an error repeats of it has the key in no place, whatever the server put there.
    fn readable<T>(
        &self,
        call: ApiCall,
        body: &[u8],
        read: impl Fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T, ApiError> {
        read(body).map_err(|why| ApiError::Unreadable {
            at: self.server.at(call),
            why: why.hiding(&self.server.hidden()),
        })
    }

    async fn list<T>(&self, list: &ListCall<T>, mut on_page: impl FnMut(Vec<T>)) -> Result<(), ApiError> {
        let one_at_a_time = self.one_at_a_time.load(Ordering::Relaxed);
        let mut pager = Pager::new(if one_at_a_time { 1 } else { AT_ONCE });
        let mut under_way = JoinSet::new();
        let deadline = self.deadline();
        let (mut pause, mut first_refusal, mut broke) = (Duration::ZERO, None, None);
        loop {
            while broke.is_none() {
                match pager.next() {
                    NextPage::Ask(page) => {
                        let page =
                            self.clone()
                                .page(list.call, list.number, page, deadline, std::mem::take(&mut pause));
                        under_way.spawn(page);
                    }
                    NextPage::Wait => break,
                    NextPage::Whole => return Ok(()),
                    NextPage::Short => return Err(self.incomplete(list, &pager, None)),
                    NextPage::Endless => return Err(self.endless(list.call)),
                }
            }
            let Some(Ok((number, answer))) = under_way.join_next().await else {
                break;
            };
            let page = answer.and_then(|body| {
                pager.came(body.len());
                self.readable(list.call, &body, list.read)
            });
            match page {
                Ok(page) => pager.take(number, page, list.id).into_iter().for_each(&mut on_page),
                Err(ApiError::Refused(refused))
                    // Who says when to come again has nothing against the page.
                    if refused.retry_after.is_none() && pager.begins_otherwise(refused.status) =>
                {
                    first_refusal.get_or_insert(ApiError::Refused(refused));
                }
                Err(ApiError::Refused(refused)) if is_brief(&refused) && pager.slows_down(number) => {
                    self.one_at_a_time.store(true, Ordering::Relaxed);
                    pause = refused.retry_after.unwrap_or(PAUSE);
                }
                Err(error) => broke = broke.or(Some(error)),
            }
        }
        pager.rest(list.id).into_iter().for_each(&mut on_page);
        // Only a task that was ended gives neither a page nor an error.
        let broke = broke.unwrap_or_else(|| self.endless(list.call));
        Err(match first_refusal {
            Some(first) if pager.count() == 0 => first,
            _ if pager.count() == 0 => broke,
            _ => self.incomplete(list, &pager, Some(broke)),
        })
    }

    /// Reads a page's bytes after a pause.
    async fn page(
        self,
        call: ApiCall,
        number: &'static str,
        page: PageRequest,
        deadline: Instant,
        pause: Duration,
    ) -> (u32, Result<Zeroizing<Vec<u8>>, ApiError>) {
        // None takes a millisecond, too.
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let (size, at) = (page.size.to_string(), page.number.to_string());
        let query = [("pageSize", size.as_str()), (number, at.as_str())];
        (page.number, self.get(call, &query, deadline).await)
    }

    fn incomplete<T>(&self, list: &ListCall<T>, pager: &Pager<T>, why: Option<ApiError>) -> ApiError {
        ApiError::Incomplete(Box::new(IncompleteList {
            at: self.server.at(list.call),
            entries: list.entries,
            came: pager.count(),
            total: pager.total(),
            why,
        }))
    }

    fn endless(&self, call: ApiCall) -> ApiError {
        ApiError::Unreadable {
            at: self.server.at(call),
            why: Unreadable::NotThat {
                wanted: "list",
                why: ENDLESS.to_owned(),
            },
        }
    }
}

/// A list that comes in pages.
struct ListCall<T> {
    call: ApiCall,
    /// What the page's number is called in the query.
    number: &'static str,
    /// What its entries are called in a sentence.
    entries: &'static str,
    read: fn(&[u8]) -> Result<ListPage<T>, Unreadable>,
    id: fn(&T) -> &str,
}

/// Whether a server that is asked too much at a time wants no more than a short pause.
fn is_brief(refused: &Refused) -> bool {
    refused.status == 429 && refused.retry_after.is_none_or(|wait| wait <= LONGEST_PAUSE)
}
