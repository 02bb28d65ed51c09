//! What a failed exchange means: reqwest's errors sorted by whether anything can have been sent.
//!
//! Only errors of the connecting phase count as "not sent", since there hyper had no stream to write to. Everything
//! else counts as sent, even where it probably wasn't: a needless reading back costs a second, a wrong "nothing was
//! sent" costs somebody's configuration.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use super::error::{ApiError, FailedCall, NoAnswer, NotSent};

/// The durations that a timer may have run out on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timers {
    /// For a connection.
    pub(super) connect: Duration,
    /// For what ran out after connecting.
    pub(super) answer: Duration,
}

/// The error of a request or of reading its answer's body.
pub(super) fn failure(error: &reqwest::Error, at: FailedCall, timers: Timers) -> ApiError {
    if error.is_builder() {
        return ApiError::Setup(format!("{} can't be asked: {}.", at.host, root(error)));
    }
    if error.is_connect() {
        let why = not_sent(error, timers.connect);
        return ApiError::NotSent { at, why };
    }
    let why = if error.is_timeout() {
        NoAnswer::TimedOut(timers.answer)
    } else {
        NoAnswer::Cut(root(error))
    };
    ApiError::NoAnswer { at, why }
}

fn not_sent(error: &reqwest::Error, connect: Duration) -> NotSent {
    let causes = causes(error);
    // The innermost one: others only wrap it.
    let io_kind = causes
        .iter()
        .rev()
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    // hyper-util's error isn't ours to name (it isn't a dependency), but its wording is part of its tests.
    if let Some(tunnel) = causes
        .iter()
        .map(ToString::to_string)
        .find_map(|text| text.strip_prefix("tunnel error: ").map(str::to_owned))
    {
        let root = root(error);
        return NotSent::Proxy(if root.starts_with("tunnel error") { tunnel } else { root });
    }
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return NotSent::Tls(tls_reason(tls));
    }
    if error.is_dns() {
        return NotSent::Dns(root(error));
    }
    if error.is_timeout() {
        return NotSent::ConnectTimeout(connect);
    }
    match io_kind {
        Some(io::ErrorKind::ConnectionRefused) => NotSent::Refused,
        // A connection was there and ended before it was ready: only TLS has anything to say at that point.
        Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
            NotSent::Tls("the server closed the connection during the TLS handshake".to_owned())
        }
        _ => NotSent::Other(root(error)),
    }
}

fn tls_reason(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => "what answers on that port doesn't speak TLS".to_owned(),
        rustls::Error::InvalidCertificate(wrong) => certificate_reason(wrong),
        other => other.to_string(),
    }
}

/// rustls has names and numbers of seconds for it.
fn certificate_reason(wrong: &CertificateError) -> String {
    let plain = match wrong {
        CertificateError::UnknownIssuer => {
            "its certificate comes from no authority that this machine trusts (SSL_CERT_FILE can name others)"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        CertificateError::Revoked => "its certificate was revoked",
        CertificateError::BadEncoding => "its certificate can't be read",
        CertificateError::BadSignature => "its certificate's signature is wrong",
        other if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority, as self-signed ones of openssl are"
        }
        other => return format!("its certificate is not accepted: {other}"),
    };
    plain.to_owned()
}

/// The chain of causes, from the outside in. An `io::Error` that wraps another error hides it from `source()`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    causes
}

/// What the innermost cause says.
fn root(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
