//! TLS with an authority of our own: who is believed, and what is said of those who are not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

use crate::process::call;
use crate::server::{Server, Then, endpoint_answer};

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    dir: TempDir,
}

impl Authority {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Each has its own name, or else its signature would only be a wrong one.
        let name = format!("the authority of {}", dir.path().display());
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        Self {
            issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap(),
            dir,
        }
    }

    /// Its own certificate, in a file.
    fn file(&self) -> PathBuf {
        let path = self.dir.path().join("ca.pem");
        std::fs::write(&path, self.issuer.pem()).unwrap();
        path
    }

    /// A server on loopback with a certificate of this name; gives the base URL.
    fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> String {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream.unwrap());
                let mut request = [0; 4096];
                if stream.read(&mut request).is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(&endpoint_answer());
                }
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        format!("https://{address}/v1")
    }
}

fn trusting(file: &Path) -> [(&'static str, &str); 1] {
    [("SSL_CERT_FILE", file.to_str().unwrap())]
}

#[test]
fn only_who_names_the_authority_trusts_it() {
    let authority = Authority::new();
    let base = authority.server("127.0.0.1", |_| ());
    let told = call(&base, &[]);
    assert!(told.contains("no authority that this machine trusts"), "{told}");
    assert!(told.starts_with("not sent Tls("), "{told}");
    assert_eq!(call(&base, &trusting(&authority.file())), "ok ep_1");
    // The file takes the place of the system's authorities, and another one's says nothing of this server.
    let told = call(&base, &trusting(&Authority::new().file()));
    assert!(told.contains("no authority that this machine trusts"), "{told}");
}

#[test]
fn a_certificate_for_somebody_else_or_for_another_time_is_refused_with_the_reason() {
    let authority = Authority::new();
    let file = authority.file();
    let base = authority.server("api.example", |_| ());
    let told = call(&base, &trusting(&file));
    assert!(told.contains("its certificate is for another name"), "{told}");
    let base = authority.server("127.0.0.1", |params| params.not_after = date_time_ymd(2001, 1, 1));
    let told = call(&base, &trusting(&file));
    assert!(told.contains("its certificate has expired"), "{told}");
    let base = authority.server("127.0.0.1", |params| params.not_before = date_time_ymd(2999, 1, 1));
    let told = call(&base, &trusting(&file));
    assert!(told.contains("its certificate is not valid yet"), "{told}");
}

#[test]
fn authorities_that_cannot_be_read_are_told_and_nothing_is_trusted_instead() {
    let told = call("https://127.0.0.1:1", &[("SSL_CERT_FILE", "/no/such.pem")]);
    assert!(told.contains("SSL_CERT_FILE names /no/such.pem"), "{told}");
}

/// Nobody can have the keys of a session written down, as `SSLKEYLOGFILE` has browsers do.
#[test]
fn no_session_keys_are_logged() {
    let authority = Authority::new();
    let log = authority.dir.path().join("keys");
    let base = authority.server("127.0.0.1", |_| ());
    let file = authority.file();
    let variables = [
        ("SSL_CERT_FILE", file.to_str().unwrap()),
        ("SSLKEYLOGFILE", log.to_str().unwrap()),
    ];
    assert_eq!(call(&base, &variables), "ok ep_1");
    assert!(!log.exists());
}

/// The proxy is told where to, with its own log-in; neither the key nor that log-in is told to anybody else.
#[test]
fn a_proxys_log_in_is_for_the_proxy_alone_and_in_no_message() {
    let proxy = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        Then::Close
    });
    let at = format!("http://user:pass-0815@{}", proxy.address);
    for name in ["https_proxy", "HTTPS_PROXY", "all_proxy"] {
        let told = call("https://api.example/v1", &[(name, &at)]);
        assert!(
            told.starts_with("not sent Proxy(") && !told.contains("pass-0815"),
            "{told}"
        );
        let request = proxy.requests().pop().unwrap();
        assert_eq!(request.method, "CONNECT");
        assert_eq!(request.header("authorization"), None);
        assert!(
            request
                .header("proxy-authorization")
                .is_some_and(|value| value.starts_with("Basic "))
        );
    }
}

/// What would turn the check of certificates off is nowhere in the program.
#[test]
fn there_is_no_way_to_turn_verification_off() {
    let mut todo = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            for word in ["danger", "accept_invalid", "tls_sni(false", "NoVerif", "insecure"] {
                assert!(!text.contains(word), "{word} in {path:?}");
            }
        }
    }
}
