//! The HTTP client.
//!
//! One client speaks to one base URL with one key. It asks exactly once: reqwest's own retries are switched off, and
//! whether to ask again is decided above, where it is known what is at stake.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, PRAGMA};
use reqwest::{Method, RequestBuilder, Response, redirect, retry};
use url::Url;
use zeroize::Zeroizing;

use super::error::{Accepted, ApiError};
use super::exchange::{Exchange, age};
use super::key::ClientKey;
use super::paging::{ENDLESS, NextPage, PAGE_SIZE, Pager};
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
            .pool_max_idle_per_host(1)
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
        })
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

    /// Reads the list of endpoints page by page, and hands over what is new on each. Without endpoints `on_page` isn't
    /// called.
    ///
    /// # Errors
    /// [`ApiError`]; what was handed over before it stands.
    pub async fn endpoints(&self, mut on_page: impl FnMut(Vec<Summary>)) -> Result<(), ApiError> {
        let deadline = self.deadline();
        let mut pager = Pager::default();
        while let Some(number) = self.next_page(ENDPOINTS, &pager)? {
            let query = [("pageSize", PAGE_SIZE), ("pageNum", &number)];
            let body = self.get(ENDPOINTS, &query, deadline).await;
            if let Some(page) = self.page(ENDPOINTS, &mut pager, body, wire::endpoint_page)? {
                let fresh = pager.take(page, |endpoint| &endpoint.id);
                if !fresh.is_empty() {
                    on_page(fresh);
                }
            }
        }
        Ok(())
    }

    /// Reads the account's network storages, all pages.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn storages(&self) -> Result<Vec<Storage>, ApiError> {
        let deadline = self.deadline();
        let mut pager = Pager::default();
        let mut storages = Vec::new();
        while let Some(number) = self.next_page(STORAGES, &pager)? {
            let query = [("pageSize", PAGE_SIZE), ("pageNo", &number)];
            let body = self.get(STORAGES, &query, deadline).await;
            if let Some(page) = self.page(STORAGES, &mut pager, body, wire::storage_page)? {
                storages.extend(pager.take(page, |storage| &storage.id));
            }
        }
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

    /// The number of the page to ask for; `None`: the list is whole.
    fn next_page(&self, call: ApiCall, pager: &Pager) -> Result<Option<String>, ApiError> {
        match pager.next() {
            NextPage::Ask(number) => Ok(Some(number.to_string())),
            NextPage::Whole => Ok(None),
            NextPage::Endless => Err(ApiError::Unreadable {
                at: self.server.at(call),
                why: Unreadable::NotThat {
                    wanted: "list",
                    why: ENDLESS.to_owned(),
                },
            }),
        }
    }

    /// Reads a page; `None`: page 0 was refused, and page 1 is to be asked for.
    fn page<T>(
        &self,
        call: ApiCall,
        pager: &mut Pager,
        body: Result<Zeroizing<Vec<u8>>, ApiError>,
        read: impl Fn(&[u8]) -> Result<ListPage<T>, Unreadable>,
    ) -> Result<Option<ListPage<T>>, ApiError> {
        match body {
            Ok(body) => {
                pager.came(body.len());
                self.readable(call, &body, read).map(Some)
            }
            Err(ApiError::Refused(refused)) if refused.status == 400 && pager.skip_zero() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
