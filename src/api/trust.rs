//! Whom the environment says to trust and to go through: authorities for TLS, and proxies. What it says wrongly is
//! told: passed over in silence it would lead elsewhere than was meant.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::ApiError;
use crate::fs::{OpenFor, Rules, open};
use crate::secret::read_to_end;
use crate::text::one_line;

/// The variable that names a file of authorities (PEM), which take the place of the system's.
const AUTHORITIES: &str = "SSL_CERT_FILE";
/// A directory of them, read by `rustls-native-certs`.
const AUTHORITY_DIR: &str = "SSL_CERT_DIR";
/// The system's own bundles have some 300 KiB.
const MOST_BYTES: u64 = 16 << 20;

/// The authorities that `SSL_CERT_FILE` names; `None`: the system's, and what `SSL_CERT_DIR` names.
///
/// Read here, though `rustls-native-certs` would: it isn't asked on every system, and says nothing of a file that can't
/// be read.
///
/// # Errors
/// [`ApiError::Setup`].
pub(super) fn authorities(variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<Vec<Certificate>>, ApiError> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let Some(path) = set(AUTHORITIES) else { return Ok(None) };
    let shown = path.to_string_lossy();
    let shown = one_line(&shown);
    let wrong = |why: &str| {
        ApiError::Setup(format!(
            "{AUTHORITIES} names {shown}, {why}: set it to a file of CA certificates (PEM)."
        ))
    };
    let path = Path::new(&path);
    if !std::fs::metadata(path).is_ok_and(|facts| facts.is_file()) {
        return Err(wrong("which is no file that can be read"));
    }
    let opened = open(path, OpenFor::Read, Rules::Named).map_err(io::Error::from);
    let bytes = opened.and_then(|opened| read_to_end(opened.file, 0, MOST_BYTES));
    let bytes = bytes.map_err(|error| wrong(&format!("which can't be read ({error})")))?;
    // Old bundles hold some that can't be used any more: they are passed over, as the system's are.
    let found: Vec<Certificate> = CertificateDer::pem_slice_iter(&bytes)
        .filter_map(Result::ok)
        .filter(|der| RootCertStore::empty().add(der.clone()).is_ok())
        .filter_map(|der| Certificate::from_der(&der).ok())
        .collect();
    match found.len() {
        0 => Err(wrong("in which there is no certificate that can be used")),
        // Both together are read by `rustls-native-certs`, now that nothing is wrong with this one.
        _ if set(AUTHORITY_DIR).is_some() => Ok(None),
        _ => Ok(Some(found)),
    }
}

/// That what says through which proxy `target` is reached can be understood, by the very matcher that decides. Its
/// value isn't shown: it may hold a password.
///
/// # Errors
/// [`ApiError::Setup`].
pub(super) fn check_proxies(target: &Uri, variable: impl Fn(&str) -> Option<OsString>) -> Result<(), ApiError> {
    // In capitals it counts first, even where it is empty: that is how it is switched off for once.
    let first = |names: [&'static str; 2]| {
        let set = names
            .into_iter()
            .find_map(|name| Some((name, variable(name)?.to_string_lossy().into_owned())));
        set.unwrap_or((names[0], String::new()))
    };
    let (https, all) = (first(["HTTPS_PROXY", "https_proxy"]), first(["ALL_PROXY", "all_proxy"]));
    let (_, no) = first(["NO_PROXY", "no_proxy"]);
    let (name, value) = if https.1.is_empty() { &all } else { &https };
    let excepted = Matcher::builder()
        .all("http://proxy.invalid")
        .no(no)
        .build()
        .intercept(target)
        .is_none();
    if value.is_empty() || excepted {
        return Ok(());
    }
    let wrong = |why: &str| {
        Err(ApiError::Setup(format!(
            "{name} is set to something that {why}: write one such as http://proxy.example:3128, or unset it."
        )))
    };
    match Matcher::builder().https(value.clone()).build().intercept(target) {
        None => wrong("is no proxy's URL"),
        Some(proxy) if !matches!(proxy.uri().scheme_str(), Some("http" | "https")) => {
            wrong("is no http or https proxy, and others are not spoken here")
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(set: &[(&str, &str)]) -> Result<(), String> {
        let variable = |name: &str| {
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).into())
        };
        let target = Uri::from_static("https://api.example/v1");
        check_proxies(&target, variable).map_err(|error| error.to_string())
    }

    #[test]
    fn a_proxy_that_cannot_be_understood_is_told_without_its_value() {
        for value in [
            "http://user:hidden@[::1",
            "htp://hidden:3128",
            "socks://hidden:1080/",
            "socks5://hidden:1080",
            "http://user:hid^den|@p:1",
            "http://hidden:3128 ",
        ] {
            for name in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
                let told = proxies(&[(name, value)]).unwrap_err();
                assert!(told.contains(name) && !told.contains("hid"), "{value}: {told}");
            }
        }
    }

    #[test]
    fn what_is_understood_or_switched_off_is_no_error() {
        for set in [
            &[("https_proxy", "proxy.example:3128"), ("HTTP_PROXY", "::")][..],
            &[("https_proxy", "http://user:pass@proxy.example:3128/")],
            &[("HTTPS_PROXY", ""), ("https_proxy", "http://p.example")],
            &[("HTTPS_PROXY", "http://p.example"), ("ALL_PROXY", "socks5://p.example")],
            &[("https_proxy", "htp://p.example"), ("no_proxy", ".example")],
            &[],
        ] {
            assert_eq!(proxies(set), Ok(()), "{set:?}");
        }
    }

    #[test]
    fn a_file_of_authorities_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let empty = dir.path().join("empty.pem");
        std::fs::write(&empty, "nothing\n").unwrap();
        for (path, why) in [
            (dir.path().join("absent"), "no file that can be read"),
            (dir.path().to_owned(), "no file that can be read"),
            (empty, "no certificate that can be used"),
        ] {
            let told = authorities(|name| (name == AUTHORITIES).then(|| path.clone().into()))
                .unwrap_err()
                .to_string();
            assert!(told.contains(why) && told.contains(&*path.to_string_lossy()), "{told}");
            // With a directory beside it, too.
            let both = |name: &str| {
                Some(if name == AUTHORITIES {
                    path.clone().into()
                } else {
                    "/etc/ssl/certs".into()
                })
            };
            assert!(authorities(both).is_err());
        }
        // One that is broken doesn't take the others along.
        let mut params = rcgen::CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let good = rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap())
            .unwrap()
            .pem();
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let mixed = dir.path().join("mixed.pem");
        std::fs::write(&mixed, format!("{bad}{good}{bad}")).unwrap();
        let found = authorities(|name| (name == AUTHORITIES).then(|| mixed.clone().into()));
        assert_eq!(found.unwrap().unwrap().len(), 1);
        assert!(authorities(|_| None).unwrap().is_none());
        assert!(authorities(|_| Some("".into())).unwrap().is_none());
    }
}
