//! What depends on the process's environment: proxies and name look-up. Each test runs one call in a process of its
//! own, which is this test program once more with an environment made for it.

use std::io::Write;
use std::process::Command;

use novita_edit::api::ApiError;

use crate::server::{Server, Then, endpoint_answer, ok, try_client};

const BASE: &str = "NOVITA_EDIT_TEST_BASE";

/// What one call to `base` gave under an environment with these variables and no proxy but what they name.
pub fn call(base: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "process::one_call", "--ignored", "--nocapture"])
        .env(BASE, base);
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "ssl_cert_file",
        "ssl_cert_dir",
    ] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.split_once("result: "));
    line.unwrap_or_else(|| panic!("no result in {text}")).1.to_owned()
}

#[tokio::test]
#[ignore = "the child of the tests below"]
async fn one_call() {
    let base = std::env::var(BASE).unwrap();
    let result = match try_client(&base) {
        Ok(client) => client.endpoint("ep_1").await,
        Err(error) => Err(error),
    };
    match result {
        Ok(endpoint) => println!("result: ok {}", endpoint.config.id),
        Err(ApiError::NotSent { why, .. }) => println!("result: not sent {why:?}"),
        Err(other) => println!("result: {other:?}"),
    }
}

#[test]
fn a_name_without_an_address_is_named_as_such() {
    let result = call("https://no-such-host.invalid", &[]);
    assert!(result.starts_with("not sent Dns("), "{result}");
}

#[test]
fn loopback_is_asked_directly_whatever_the_proxy_settings_say() {
    let proxy = Server::answering(ok("{}"));
    let server = Server::answering(endpoint_answer());
    let at = format!("http://{}", proxy.address);
    let variables = [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ]
    .map(|n| (n, &*at));
    assert_eq!(call(&server.base(""), &variables), "ok ep_1");
    assert!(proxy.requests().is_empty());
}

#[test]
fn https_goes_through_the_proxy_and_its_refusal_is_the_proxys() {
    for (status, why) in [
        ("407 Proxy Authentication Required", "authorization required"),
        ("502 Bad Gateway", "unsuccessful"),
    ] {
        let proxy = Server::start(move |_, stream| {
            let _ = stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes());
            Then::Close
        });
        let at = format!("http://{}", proxy.address);
        let result = call("https://api.example/v1", &[("https_proxy", &at)]);
        assert!(
            result.starts_with("not sent Proxy(") && result.contains(why),
            "{result}"
        );
        let request = &proxy.requests()[0];
        assert_eq!((&*request.method, &*request.target), ("CONNECT", "api.example:443"));
        assert_eq!(request.header("authorization"), None, "the key is not for the proxy");
    }
}

#[test]
fn no_proxy_is_honoured() {
    let proxy = Server::answering(ok("{}"));
    let at = format!("http://{}", proxy.address);
    let result = call(
        "https://no-such-host.invalid",
        &[("https_proxy", &at), ("no_proxy", ".invalid")],
    );
    assert!(result.starts_with("not sent Dns("), "{result}");
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_proxy_that_is_not_there_is_the_proxys_fault() {
    let result = call("https://api.example/v1", &[("https_proxy", "http://127.0.0.1:1")]);
    assert!(result.starts_with("not sent Proxy("), "{result}");
}
