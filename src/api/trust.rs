//! Whom the environment says to trust and to go through: authorities for TLS, and proxies. What it says wrongly is told: passed
//! over in silence it would lead elsewhere than was meant.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;

use reqwest::{Certificate, Proxy};

use super::error::ApiError;
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
/// Read here, though `rustls-native-certs` would: it isn't asked on every system, and says nothing of a file that can't be read.
///
/// # Errors
/// [`ApiError::Setup`].
pub(super) fn authorities(variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<Vec<Certificate>>, ApiError> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let Some(path) = set(AUTHORITIES) else { return Ok(None) };
    if set(AUTHORITY_DIR).is_some() {
        return Ok(None);
    }
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
    let bytes = File::open(path).and_then(|file| read_to_end(file, 0, MOST_BYTES));
    let bytes = bytes.map_err(|error| wrong(&format!("which can't be read ({error})")))?;
    match Certificate::from_pem_bundle(&bytes) {
        Ok(found) if !found.is_empty() => Ok(Some(found)),
        _ => Err(wrong("in which there is no certificate that can be read")),
    }
}

/// That what says through which proxy https goes can be understood. Its value isn't shown: it may hold a password.
///
/// # Errors
/// [`ApiError::Setup`].
pub(super) fn check_proxies(variable: impl Fn(&str) -> Option<OsString>) -> Result<(), ApiError> {
    for [upper, lower] in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        // In capitals it counts first, even where it is empty.
        let (name, value) = match (variable(upper), variable(lower)) {
            (Some(upper_value), Some(lower_value)) if upper_value.is_empty() && !lower_value.is_empty() => {
                return Err(ApiError::Setup(format!(
                    "{upper} is set to nothing and {lower} to a proxy: unset the one that isn't meant."
                )));
            }
            (Some(value), _) => (upper, value),
            (None, Some(value)) => (lower, value),
            (None, None) => continue,
        };
        let is_understood = value.is_empty() || value.to_str().is_some_and(|value| Proxy::all(value).is_ok());
        if !is_understood {
            return Err(ApiError::Setup(format!(
                "{name} is set to something that is no proxy's URL: write one such as http://proxy.example:3128, or unset it."
            )));
        }
    }
    Ok(())
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
        check_proxies(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn a_proxy_that_cannot_be_understood_is_told_without_its_value() {
        for (name, value) in [
            ("https_proxy", "http://user:hidden@[::1"),
            ("ALL_PROXY", "http://hidden:99999999"),
        ] {
            let told = proxies(&[(name, value)]).unwrap_err();
            assert!(told.contains(name) && !told.contains("hidden"), "{told}");
        }
        assert_eq!(
            proxies(&[("https_proxy", "proxy.example:3128"), ("HTTP_PROXY", "::")]),
            Ok(())
        );
        assert_eq!(proxies(&[("HTTPS_PROXY", "")]), Ok(()));
        assert_eq!(proxies(&[]), Ok(()));
    }

    #[test]
    fn an_empty_one_that_hides_another_is_told() {
        let told = proxies(&[("HTTPS_PROXY", ""), ("https_proxy", "http://p.example")]).unwrap_err();
        assert!(
            told.starts_with("HTTPS_PROXY is set to nothing and https_proxy to a proxy"),
            "{told}"
        );
    }

    #[test]
    fn a_file_of_authorities_that_is_none_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let empty = dir.path().join("empty.pem");
        std::fs::write(&empty, "nothing\n").unwrap();
        for (path, why) in [
            (dir.path().join("absent"), "no file that can be read"),
            (dir.path().to_owned(), "no file that can be read"),
            (empty, "no certificate"),
        ] {
            let told = authorities(|name| (name == AUTHORITIES).then(|| path.clone().into()))
                .unwrap_err()
                .to_string();
            assert!(told.contains(why) && told.contains(&*path.to_string_lossy()), "{told}");
        }
        assert!(authorities(|_| None).unwrap().is_none());
        assert!(authorities(|_| Some("".into())).unwrap().is_none());
    }
}
