//! The key and what a server makes of it: in no sentence, no debug output and no field of an error, however it is
//! spelled and wherever it stands.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use novita_edit::api::{Accepted, ApiError, Client, ClientOptions};
use novita_edit::demo::{Call, DemoOptions, DemoServer, ErrorShape, Fault, KeySpelling, Pace, Quirks, When};
use novita_edit::secret::Secret;
use proptest::prelude::*;

use crate::server::{Server, answer, ok, options};

/// One that a server's JSON writes in other ways than it was sent.
const KEY: &str = "sk/Ab+9=xYz_7Q/0aB";

fn client_with(key: &str, base: &str) -> Client {
    Client::new(ClientOptions {
        key: Secret::new(key),
        ..options(base)
    })
    .unwrap()
}

fn demo(errors: ErrorShape) -> DemoServer {
    DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        quirks: Quirks {
            errors,
            ..Quirks::default()
        },
        ..DemoOptions::default()
    })
    .unwrap()
}

/// Every text that can get out of an error.
fn texts(error: &ApiError) -> String {
    format!("{error} {} {error:?}", error.happened())
}

/// What a text may be read as: by a person who takes its escapes for what they mean.
fn readings(text: &str) -> Vec<String> {
    let json = |text: &str| {
        let mut read = text.replace(r"\\/", "/").replace(r"\/", "/");
        for code in 0x21..0x7f_u8 {
            for escape in [format!(r"\\u{code:04x}"), format!(r"\u{code:04x}")] {
                read = read.replace(&escape, &char::from(code).to_string());
                read = read.replace(
                    &escape.to_uppercase().replace(r"\U", r"\u"),
                    &char::from(code).to_string(),
                );
            }
        }
        read
    };
    let html = |text: &str| {
        (0x21..0x7f_u8).fold(text.to_owned(), |text, code| {
            text.replace(&format!("&#{code};"), &char::from(code).to_string())
        })
    };
    let url = |text: &str| {
        (0x21..0x7f_u8).fold(text.to_owned(), |text, code| {
            text.replace(&format!("%{code:02X}"), &char::from(code).to_string())
        })
    };
    vec![text.to_owned(), json(text), json(&json(text)), html(text), url(text)]
}

fn is_told(text: &str, key: &str) -> bool {
    let key_in = |text: &str| text.to_lowercase().contains(&key.to_lowercase());
    let encoded = [
        BASE64_STANDARD_NO_PAD.encode(key),
        BASE64_URL_SAFE_NO_PAD.encode(format!("Bearer {key}")),
        KeySpelling::Hex.spell(key),
    ];
    let begins: String = key.chars().take(12).collect();
    readings(text).iter().any(|text| key_in(text) || text.contains(&begins))
        || encoded.iter().any(|encoded| text.contains(encoded.as_str()))
}

#[tokio::test]
async fn a_key_that_is_repeated_is_hidden_in_every_spelling_of_every_shape() {
    for errors in ErrorShape::ALL {
        let server = demo(errors);
        let client = client_with(KEY, &server.base_url());
        for spelling in KeySpelling::ALL {
            for call in [Call::Load, Call::Update] {
                server.faults().add(call, When::next(1), Fault::RepeatKey(spelling));
            }
            let read = client.endpoint("ep_7f3a91c2").await.unwrap_err();
            let sent = client.update("{}").await.unwrap_err();
            for error in [read, sent] {
                let told = texts(&error);
                assert!(!is_told(&told, KEY), "{errors:?} {spelling:?}: {told}");
                let says_it = errors == ErrorShape::Reason || told.contains("this can't be the API key: ••••••");
                assert!(says_it, "{errors:?} {spelling:?}: {told}");
            }
        }
    }
}

#[tokio::test]
async fn nor_is_it_told_by_an_answer_that_cannot_be_read_or_that_took_the_update() {
    for spelling in KeySpelling::ALL {
        let key = spelling.spell(KEY);
        for body in [
            format!(r#"{{"message":"{key}"}}"#),
            format!(r#"{{"endpoint":{{"id":"{key}","workerConfig":{{}},"image":{{}}}}}}"#),
            format!(r#"{{"endpoint":{{"id":"ep_1","workerConfig":{{"maxNum":"{key}"}},"image":{{}}}}}}"#),
            format!("<html><title>{key}</title>"),
        ] {
            let server = Server::answering(ok(&body));
            let client = client_with(KEY, &server.base("/v1"));
            let told = texts(&client.endpoint("ep_1").await.unwrap_err());
            assert!(!is_told(&told, KEY), "{spelling:?}: {told}");
            let Accepted { said, .. } = client.update("{}").await.unwrap();
            assert!(!is_told(&said, KEY), "{spelling:?}: {said}");
        }
        let state = format!(r#""state":{{"state":"failed","error":"{key}","message":"bad {key}"}}"#);
        let body = format!(r#"{{"endpoint":{{"id":"ep_1","workerConfig":{{}},"image":{{}},"log":"{key}",{state}}}}}"#);
        let server = Server::answering(ok(&body));
        let read = client_with(KEY, &server.base("/v1")).endpoint("ep_1").await.unwrap();
        assert!(!is_told(&format!("{:?}", read.status), KEY), "{:?}", read.status);
    }
}

#[tokio::test]
async fn what_a_server_says_beside_ok_comes_with_the_acceptance() {
    for (body, said, refuses) in [
        (&b"{}"[..], "", false),
        (b"", "", false),
        (
            br#"{"message":"queued behind 3 others"}"#,
            "queued behind 3 others",
            false,
        ),
        (
            br#"{"code":400,"reason":"OPERATION_LIMIT","message":"not now"}"#,
            "OPERATION_LIMIT: not now",
            true,
        ),
    ] {
        let server = Server::answering(answer("200 OK", &[], body));
        let told = server.client().update("{}").await.unwrap();
        let said = said.to_owned();
        assert_eq!(told, Accepted { said, refuses });
    }
    let server = Server::start(|_, stream| {
        use std::io::Write as _;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nqueued")
            .unwrap();
        crate::server::Then::Close
    });
    assert_eq!(
        server.client().update("{}").await.unwrap().said,
        "queued",
        "as far as it came"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_key_gets_out_of_any_error(
        key in "sk[/+=_.~-][A-Za-z0-9/+=_.~-]{12,50}",
        before in "[ -~]{0,40}",
        after in "[ -~]{0,40}",
        spelling in 0..KeySpelling::ALL.len(),
        shape in 0..7_usize,
        status in prop::sample::select(vec!["400 Bad Request", "401 No", "502 Bad Gateway", "200 OK"]),
    ) {
        let spelling = KeySpelling::ALL[spelling];
        let quoted = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
        // Behind half a key nothing else comes.
        let after = if spelling == KeySpelling::Cut { String::new() } else { after };
        let text = format!("{} {} {}", quoted(&before), spelling.spell(&key), quoted(&after));
        let body = match shape {
            0 => format!(r#"{{"reason":"X","message":"{text}"}}"#),
            1 => format!(r#"{{"code":1,"msg":"{text}"}}"#),
            2 => format!(r#"{{"detail":[{{"loc":["body"],"msg":"{text}"}}]}}"#),
            3 => format!(r#"{{"errors":["{text}"]}}"#),
            4 => format!(r#"{{"unheard_of":"{text}"}}"#),
            5 => text,
            _ => format!("<title>{text}</title>"),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = Server::answering(answer(status, &[], body.as_bytes()));
        let client = client_with(&key, &server.base("/v1"));
        let (read, sent) = runtime.block_on(async {
            (client.endpoint("ep_1").await, client.update("{}").await)
        });
        let mut told = texts(&read.unwrap_err());
        told.push_str(&match sent {
            Ok(accepted) => accepted.said,
            Err(error) => texts(&error),
        });
        prop_assert!(!is_told(&told, &key), "{:?}: {}", spelling, told);
    }
}
