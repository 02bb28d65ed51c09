//! Which server is asked, with which key, and how long it is waited for; its base URL, and the URLs made from it.

use hyper::Uri;
use url::{Host, Url};

use super::error::{ApiError, FailedCall};
use super::key::ClientKey;
use super::wire::text::shorten;
use crate::config::Timeouts;
use crate::endpoint::redact::HiddenTexts;

/// The most characters of a host that a message repeats: a name has 253 at most, and a colon and a port may follow.
const HOST_CHARS: usize = 260;

/// One call of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApiCall {
    /// Method and path, as messages and the log name it.
    pub(super) name: &'static str,
    /// What is put behind the base's path.
    pub(super) segments: &'static [&'static str],
}

/// A checked base URL: everything in front of `/endpoint`.
#[derive(Clone, Debug)]
pub(super) struct ApiBase(Url);

impl ApiBase {
    /// Takes a base URL; its query and fragment don't count.
    ///
    /// # Errors
    /// [`ApiError::Setup`] for one that isn't http or https, that holds a log-in, or over which the key would go in
    /// clear: http to anything but a loopback address. The settings refuse these with their file and line; here stands
    /// the last guard, since it is here that the key goes out.
    pub(super) fn new(mut base: Url) -> Result<Self, ApiError> {
        let setup = |text: &str| Err(ApiError::Setup(format!("The base URL {text}")));
        if !base.username().is_empty() || base.password().is_some() {
            return setup("holds a user name or password, which the API doesn't take: remove it.");
        }
        let encrypted = match base.scheme() {
            "https" => true,
            "http" => false,
            other => return setup(&format!("begins with {other}:, where https: belongs.")),
        };
        base.set_query(None);
        base.set_fragment(None);
        let target = Self(base);
        if !encrypted && !target.is_loopback() {
            let text = format!(
                "is plain http to {}, which would send the API key in clear: use https, or 127.0.0.1 for a local server.",
                target.host()
            );
            return setup(&text);
        }
        Ok(target)
    }

    /// Whether the server is this machine, by its address; a name could mean anything.
    pub(super) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        }
    }

    /// Whether TLS is used.
    pub(super) fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Host, with the port where the base URL names one.
    pub(super) fn host(&self) -> String {
        authority(&self.0)
    }

    /// A call's URL. Segments are put behind the base's whole path; `Url::join` would drop its last one.
    pub(super) fn url(&self, call: ApiCall) -> Url {
        let mut url = self.0.clone();
        while url.path().len() > 1 && url.path().ends_with('/') {
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty();
            }
        }
        // http and https URLs always have segments; `new` takes no others.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(call.segments);
        }
        url
    }

    /// The base URL, for who asks whether a proxy is on the way.
    pub(super) fn uri(&self) -> Uri {
        // What `url` writes is one; were it none, no proxy would match.
        self.0.as_str().parse().unwrap_or_default()
    }

    /// The host that a `Location` header points at; empty: none can be read off it.
    pub(super) fn redirected_to(&self, call: ApiCall, location: &str) -> String {
        self.url(call)
            .join(location)
            .map_or_else(|_| String::new(), |url| shorten(&authority(&url), HOST_CHARS))
    }
}

fn authority(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// One server, as a client asks it.
#[derive(Clone)]
pub(super) struct Server {
    /// Where its calls are.
    pub(super) target: ApiBase,
    pub(super) key: ClientKey,
    /// Where the key was taken from, as a message names it.
    pub(super) key_source: String,
    /// How long to wait.
    pub(super) timeouts: Timeouts,
}

impl Server {
    /// A call of it, for messages.
    pub(super) fn at(&self, call: ApiCall) -> FailedCall {
        FailedCall {
            host: self.target.host(),
            call: call.name,
        }
    }

    /// What must not be seen of what it says: every key that was sent to it.
    pub(super) fn hidden(&self) -> HiddenTexts {
        HiddenTexts::of(&self.key.secrets())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: ApiCall = ApiCall {
        name: "GET /endpoint/limit",
        segments: &["endpoint", "limit"],
    };

    fn target(base: &str) -> Result<ApiBase, ApiError> {
        ApiBase::new(Url::parse(base).unwrap())
    }

    #[test]
    fn the_whole_path_of_the_base_is_kept() {
        for (base, url) in [
            (
                "https://api.novita.ai/gpu-instance/openapi/v1",
                "https://api.novita.ai/gpu-instance/openapi/v1/endpoint/limit",
            ),
            (
                "https://api.novita.ai/gpu-instance/openapi/v1/",
                "https://api.novita.ai/gpu-instance/openapi/v1/endpoint/limit",
            ),
            ("https://h/v1//", "https://h/v1/endpoint/limit"),
            ("https://h", "https://h/endpoint/limit"),
            ("https://h/", "https://h/endpoint/limit"),
            ("https://h//", "https://h/endpoint/limit"),
            ("https://h/a b/c%2Fd/%7Ee", "https://h/a%20b/c%2Fd/%7Ee/endpoint/limit"),
            ("https://h:8443/v1?x=1#y", "https://h:8443/v1/endpoint/limit"),
            ("http://127.9.8.7:80/v1", "http://127.9.8.7/v1/endpoint/limit"),
            ("http://[::1]:9/v1", "http://[::1]:9/v1/endpoint/limit"),
        ] {
            assert_eq!(target(base).unwrap().url(LIMIT).as_str(), url);
        }
    }

    #[test]
    fn a_base_that_would_give_the_key_away_is_refused() {
        for base in [
            "http://api.novita.ai/v1",
            "http://localhost/v1",
            "http://10.0.0.1",
            "ftp://h/",
            "https://me:hunter2@h/",
        ] {
            let error = target(base).unwrap_err();
            assert!(matches!(error, ApiError::Setup(_)), "{base}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_redirects_host_is_read_off_absolute_and_relative_locations() {
        let target = target("https://h:8443/v1").unwrap();
        assert_eq!(target.redirected_to(LIMIT, "https://login.example/x"), "login.example");
        assert_eq!(target.redirected_to(LIMIT, "/v2/endpoint"), "h:8443");
        assert_eq!(target.redirected_to(LIMIT, "https://"), "");
    }
}
