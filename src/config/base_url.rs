//! The API's base URL: everything in front of `/endpoint`.
//!
//! What may be one is decided here once, on the parsed URL, which is also what requests are made from. So the host that
//! was checked is the host that is connected to, however it was spelt: `http://127.1` and `http://0x7f000001` have
//! become `127.0.0.1` by then and pass; `http://[::ffff:127.0.0.1]` is not `::1` and does not.
//!
//! Source of the default and of "its whole path is kept": `api.md`, base-URL paragraph.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, ParseError, Url};

/// The base URL of Novita's own API.
pub const DEFAULT_BASE_URL: &str = "https://api.novita.ai/gpu-instance/openapi/v1";

/// A base URL that an API key may be sent to: https, or plain http to a loopback address; no query, no fragment, no
/// user name; without trailing slashes, so that two spellings of one place are equal.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text can't be the base URL. No message repeats a query, a user name or a password: they may be secrets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum BaseUrlError {
    #[error("the base URL is blank; write one such as {DEFAULT_BASE_URL}")]
    Blank,
    #[error("the base URL has a space or a control character in it; remove it")]
    Space,
    #[error("the base URL has no scheme; write https:// in front of it")]
    NoScheme,
    #[error("the base URL can't be read ({0}); write one such as {DEFAULT_BASE_URL}")]
    Unreadable(ParseError),
    #[error("the base URL begins with {0}:, but only https:// works here")]
    Scheme(String),
    #[error("the base URL has a user name or a password in it; remove it, the API key is set apart from the URL")]
    Credentials,
    #[error("the base URL has a query (from the ? on); remove it, only scheme, host and path belong there")]
    Query,
    #[error("the base URL has a fragment (from the # on); remove it, only scheme, host and path belong there")]
    Fragment,
    #[error(
        "http://{host} would send the API key unencrypted; use https:// (plain http is only for a loopback address, such as http://127.0.0.1)"
    )]
    PlainHttp { host: String },
    #[error(
        "a name such as {host} need not be this machine, and plain http is only for a loopback address; write {instead}"
    )]
    Localhost { host: String, instead: String },
}

impl BaseUrl {
    /// The URL of a call: the base with `segments` after its path, each percent-encoded as one segment.
    ///
    /// Never URL joining, which would replace the base's last segment. `.` and `..` are no names and are left out.
    pub fn endpoint(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        url.path_segments_mut()
            .expect("an http or https URL always has a path")
            .pop_if_empty()
            .extend(segments);
        url
    }

    /// Host and, if it isn't the scheme's own, port: what the screen shows where the whole URL is too long.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }
}

/// The built-in one, [`DEFAULT_BASE_URL`].
impl Default for BaseUrl {
    fn default() -> Self {
        DEFAULT_BASE_URL
            .parse()
            .expect("the built-in base URL is a valid one: a test reads it")
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Blank);
        }
        // The URL parser drops tabs and newlines silently: what is checked would not be what was written.
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(BaseUrlError::Space);
        }
        let mut url = Url::parse(text).map_err(|error| match error {
            ParseError::RelativeUrlWithoutBase => BaseUrlError::NoScheme,
            other => BaseUrlError::Unreadable(other),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            // `localhost:8080` parses as scheme "localhost"; so may a key that was set in the wrong place.
            return Err(if url.cannot_be_a_base() {
                BaseUrlError::NoScheme
            } else {
                BaseUrlError::Scheme(url.scheme().to_owned())
            });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Credentials);
        }
        if url.query().is_some() {
            return Err(BaseUrlError::Query);
        }
        if url.fragment().is_some() {
            return Err(BaseUrlError::Fragment);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(refuse_plain_http(url));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL of http always has a path, if only "/".
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

fn refuse_plain_http(mut url: Url) -> BaseUrlError {
    let host = url.host_str().unwrap_or_default().to_owned();
    let name = host.trim_end_matches('.');
    if name != "localhost" && !name.ends_with(".localhost") {
        return BaseUrlError::PlainHttp { host };
    }
    match url.set_ip_host(Ipv4Addr::LOCALHOST.into()) {
        Ok(()) => BaseUrlError::Localhost {
            host,
            instead: BaseUrl(url).to_string(),
        },
        Err(()) => BaseUrlError::PlainHttp { host },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, BaseUrlError> {
        text.parse::<BaseUrl>().map(|url| url.to_string())
    }

    #[test]
    fn the_default_is_valid_and_is_the_documented_one() {
        assert_eq!(BaseUrl::default().to_string(), DEFAULT_BASE_URL);
    }

    #[test]
    fn trailing_slashes_are_ignored_and_the_whole_path_is_kept() {
        for text in [
            "https://x.example/a/b",
            "https://x.example/a/b/",
            " https://x.example/a/b//\n",
        ] {
            let url: BaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), "https://x.example/a/b");
            assert_eq!(
                url.endpoint(&["endpoint", "update"]).as_str(),
                "https://x.example/a/b/endpoint/update"
            );
        }
        let bare: BaseUrl = "https://x.example/".parse().unwrap();
        assert_eq!(bare.to_string(), "https://x.example");
        assert_eq!(bare.endpoint(&["endpoint"]).as_str(), "https://x.example/endpoint");
    }

    #[test]
    fn a_segment_is_encoded_and_can_not_become_two() {
        let url: BaseUrl = "https://x.example/a%2Fb".parse().unwrap();
        assert_eq!(
            url.endpoint(&["p/q?r#s%", ".."]).as_str(),
            "https://x.example/a%2Fb/p%2Fq%3Fr%23s%25"
        );
    }

    #[test]
    fn plain_http_goes_to_loopback_addresses_however_they_are_spelt() {
        for (text, becomes) in [
            ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
            ("http://127.9.8.7", "http://127.9.8.7"),
            ("http://127.1:81", "http://127.0.0.1:81"),
            ("http://0x7f000001", "http://127.0.0.1"),
            ("http://2130706433", "http://127.0.0.1"),
            ("http://127.0.0.1.:5", "http://127.0.0.1:5"),
            ("http://[::1]:9", "http://[::1]:9"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(becomes), "{text}");
        }
    }

    #[test]
    fn plain_http_to_anything_else_is_refused() {
        for text in [
            "http://api.novita.ai/v1",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://128.0.0.1",
            "http://[::]",
            "http://[::ffff:127.0.0.1]",
            "http://[::127.0.0.1]",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
            "HTTP://API.NOVITA.AI",
        ] {
            let error = parse(text).unwrap_err();
            assert!(matches!(error, BaseUrlError::PlainHttp { .. }), "{text}: {error}");
            assert!(error.to_string().contains("https://"), "{error}");
        }
    }

    #[test]
    fn http_localhost_is_refused_with_the_url_to_write_instead() {
        for text in [
            "http://localhost:8080/v1/",
            "http://LOCALHOST:8080/v1",
            "http://api.localhost.:8080/v1",
        ] {
            let error = parse(text).unwrap_err();
            assert!(matches!(error, BaseUrlError::Localhost { .. }), "{text}: {error}");
            assert!(error.to_string().contains("write http://127.0.0.1:8080/v1"), "{error}");
        }
        assert_eq!(parse("https://localhost:1").as_deref(), Ok("https://localhost:1"));
    }

    #[test]
    fn credentials_queries_and_fragments_are_refused_and_not_repeated() {
        for (text, expected) in [
            ("https://user@x.example", BaseUrlError::Credentials),
            ("https://:hidden@x.example", BaseUrlError::Credentials),
            ("http://user:hidden@x.example", BaseUrlError::Credentials),
            ("https://x.example/?token=hidden", BaseUrlError::Query),
            ("https://x.example?", BaseUrlError::Query),
            ("http://x.example/?token=hidden", BaseUrlError::Query),
            ("https://x.example/#hidden", BaseUrlError::Fragment),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("hidden"));
        }
    }

    #[test]
    fn texts_that_are_no_url_say_what_is_missing() {
        assert_eq!(parse(" "), Err(BaseUrlError::Blank));
        assert_eq!(parse("api.novita.ai/v1"), Err(BaseUrlError::NoScheme));
        assert_eq!(parse("127.0.0.1:8080"), Err(BaseUrlError::NoScheme));
        assert_eq!(parse("localhost:8080"), Err(BaseUrlError::NoScheme));
        assert_eq!(parse("ftp://x.example"), Err(BaseUrlError::Scheme("ftp".into())));
        assert_eq!(parse("https://x.exa\tmple"), Err(BaseUrlError::Space));
        assert_eq!(parse("https://x.example/a b"), Err(BaseUrlError::Space));
        for text in [
            "https://",
            "https://x.example:99999",
            "http://[::1",
            "https://256.0.0.1",
        ] {
            assert!(matches!(parse(text), Err(BaseUrlError::Unreadable(_))), "{text}");
        }
    }

    #[test]
    fn loopback_is_told_from_other_hosts() {
        assert!(is_loopback(&"https://127.0.0.1".parse::<BaseUrl>().unwrap().0));
        assert!(!is_loopback(&BaseUrl::default().0));
    }
}
