//! The server's thread: it listens on loopback, and stops when its owner is dropped. And the same as a program of its
//! own: `novita-edit demo-server --port N`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::runtime;
use tokio::sync::oneshot;

use super::account::{DemoAccount, Seed};
use super::clock::{Pace, Timing};
use super::faults::Faults;
use super::gateway;
use super::quirks::Quirks;
use super::routes;
use super::shared::{BasePath, Recorded, Records, ServerState};

/// A key that any demo server takes; it opens nothing else.
pub const DEMO_KEY: &str = "demo";

/// How a simulated API is set up; the default is what `--demo` uses.
#[derive(Clone)]
pub struct DemoOptions {
    /// 0 takes any free port.
    pub port: u16,
    /// Everything between the port and `/endpoint`, plain or percent-encoded: `/gpu-instance/openapi/v1`,
    /// `/proxy/a b/v1`, or nothing.
    pub base_path: String,
    /// The API keys that are taken; `None` takes any that isn't empty.
    pub keys: Option<Vec<String>>,
    /// How fast answers come and workers start.
    pub pace: Pace,
    /// What the account has at the start.
    pub seed: Seed,
    /// How it writes its answers.
    pub quirks: Quirks,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self {
            port: 0,
            base_path: "/gpu-instance/openapi/v1".to_owned(),
            keys: None,
            pace: Pace::demo(),
            seed: Seed::demo(),
            quirks: Quirks::default(),
        }
    }
}

/// A running simulated API. Dropping it closes its connections, ends its thread and frees its port.
pub struct DemoServer {
    shared: Arc<ServerState>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl DemoServer {
    /// Starts a server on 127.0.0.1; it answers from when this returns.
    ///
    /// # Errors
    /// The port is taken (`AddrInUse`) or may not be had, or the system gives no thread; the message names the address.
    pub fn start(options: DemoOptions) -> io::Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let naming = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("the simulated API can't listen on {wanted}: {error}"),
            )
        };
        let listener = TcpListener::bind(wanted).map_err(naming)?;
        listener.set_nonblocking(true).map_err(naming)?;
        let address = listener.local_addr().map_err(naming)?;

        let timing = Timing::new(options.pace);
        let shared = Arc::new(ServerState {
            base: BasePath::new(&options.base_path),
            keys: Mutex::new(options.keys),
            quirks: options.quirks,
            account: Mutex::new(DemoAccount::new(options.seed, &timing)),
            timing,
            faults: Faults::default(),
            records: Mutex::new(Records::default()),
            pages_under_way: std::sync::atomic::AtomicUsize::new(0),
            kept_reads: Mutex::default(),
        });
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(naming)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = Builder::new().name("demo-server".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, served) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self {
            shared,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT` and the base path, percent-encoded, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.base.encoded())
    }

    /// Failures on demand.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The newest requests, at most [`MOST_RECORDED`](super::MOST_RECORDED), oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.records().all()
    }

    /// What is stored under `id`, without quirks and faults, with state and workers as they are now.
    pub fn endpoint(&self, id: &str) -> Option<Value> {
        let mut account = self.shared.account();
        account.find(id).map(|stored| stored.now(&self.shared.timing))
    }

    /// Somebody else's change of the endpoint `id`, stored as it is made, unchecked. False if there is no such
    /// endpoint.
    pub fn edit(&self, id: &str, edit: impl FnOnce(&mut Value)) -> bool {
        match self.shared.account().find(id) {
            Some(stored) => {
                stored.edit(&self.shared.timing, edit);
                true
            }
            None => false,
        }
    }

    /// Deletes the endpoint `id`, as somebody does in the console. False if there is no such endpoint.
    pub fn delete(&self, id: &str) -> bool {
        self.shared.account().delete(id)
    }

    /// Stores an endpoint as it is, unchecked: a JSON object (anything else is never found again) as in
    /// [`Seed::endpoints`], odd on purpose or not. A stored `null` is shown as `null` whatever the quirks.
    pub fn add_endpoint(&self, endpoint: Value) {
        self.shared.account().add(endpoint, &self.shared.timing);
    }

    /// Replaces the account's ranges; updates are held to the new ones.
    pub fn set_limits(&self, limits: Value) {
        self.shared.account().set_limits(limits);
    }

    /// From now on these API keys are taken, and no others: a key is revoked, or exchanged for another one of the same
    /// account.
    pub fn set_keys(&self, keys: &[&str]) {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        *self.shared.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys);
    }

    /// Lets the server's clock jump ahead, a frozen one too.
    pub fn advance(&self, by: Duration) {
        self.shared.timing.clock.advance(by);
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error says that the thread has ended already, which is what is wanted.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<ServerState>) {
    let router = routes::router(Arc::clone(&shared));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: that passes, and spinning wouldn't help.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Only latency is at stake.
        let _ = stream.set_nodelay(true);
        let (shared, router) = (Arc::clone(&shared), router.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| gateway::serve(Arc::clone(&shared), router.clone(), request));
            // An error is a client that went away or a connection that was cut on purpose.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Serves the demo account until Ctrl-C, after printing the base URL (first line, alone) and how to use it.
///
/// # Errors
/// The port is taken or may not be had; `print` fails; Ctrl-C can't be waited for.
pub fn run_alone<E: From<io::Error>>(
    port: u16,
    base_path: &str,
    print: impl FnOnce(&str) -> Result<(), E>,
) -> Result<(), E> {
    let server = DemoServer::start(DemoOptions {
        port,
        base_path: base_path.to_owned(),
        ..DemoOptions::default()
    })?;
    let url = server.base_url();
    print(&format!(
        "{url}\nAny API key will do: NOVITA_API_KEY={DEMO_KEY} novita-edit --base-url {url}\nCtrl-C stops it.\n"
    ))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    Ok(runtime.block_on(tokio::signal::ctrl_c())?)
}
