//! A key that is exchanged in its file while the program runs: after a 401 the file is read again before the key is
//! blamed.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use novita_edit::api::{ApiError, Client, ClientOptions};
use novita_edit::config::{ApiKey, Timeouts};
use novita_edit::demo::{Call, DemoOptions, DemoServer, Fault, Reply, When};
use novita_edit::secret::Secret;

const OLD: &str = "sk_old_key_0001";
const NEW: &str = "sk_new_key_0002";
const ID: &str = "ep_7f3a91c2";

struct Exchanged {
    server: DemoServer,
    file: PathBuf,
    client: Client,
    _dir: tempfile::TempDir,
}

fn write_key(file: &Path, key: &str) {
    std::fs::write(file, format!("{key}\n")).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A client that began with the old key, on a server that takes only the new one by now; the file holds this.
fn exchanged(held: &str) -> Exchanged {
    let server = DemoServer::start(DemoOptions::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    write_key(&file, OLD);
    let key = ApiKey::from_file(&file).unwrap();
    let client = Client::new(ClientOptions {
        base_url: server.base_url().parse().unwrap(),
        key: Secret::new(key.secret().reveal()),
        key_source: key.source().to_string(),
        timeouts: Timeouts::default(),
    })
    .unwrap()
    .with_key_file(file.clone());
    server.set_keys(&[NEW]);
    write_key(&file, held);
    Exchanged {
        server,
        file,
        client,
        _dir: dir,
    }
}

fn refused(error: ApiError) -> novita_edit::api::Refused {
    match error {
        ApiError::Refused(refused) => *refused,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_read_is_repeated_once_with_the_key_that_the_file_holds_by_now() {
    let it = exchanged(NEW);
    it.client.endpoint(ID).await.unwrap();
    assert_eq!(it.server.requests().len(), 2);
    // From then on it is the key, also of clones that were there before, and of what writes.
    it.client.clone().limits().await.unwrap();
    assert_eq!(it.server.requests().len(), 3);
}

#[tokio::test]
async fn a_list_goes_on_with_the_new_key() {
    let it = exchanged(NEW);
    let mut ids = Vec::new();
    it.client
        .endpoints(|page| ids.extend(page.into_iter().map(|endpoint| endpoint.id)))
        .await
        .unwrap();
    assert!(ids.iter().any(|id| id == ID));
    let refused = it.server.requests().iter().filter(|request| !request.key_ok).count();
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn the_same_key_in_the_file_is_blamed_after_one_request() {
    let it = exchanged(OLD);
    let why = refused(it.client.endpoint(ID).await.unwrap_err());
    assert!(!why.key_renewed);
    assert!(why.to_string().contains("check that it is valid"), "{why}");
    assert_eq!(it.server.requests().len(), 1);
}

#[tokio::test]
async fn a_file_that_is_gone_or_open_to_others_leaves_the_refusal_as_it_is() {
    let it = exchanged(NEW);
    std::fs::set_permissions(&it.file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(
        refused(it.client.limits().await.unwrap_err())
            .to_string()
            .contains("file ")
    );
    std::fs::remove_file(&it.file).unwrap();
    refused(it.client.limits().await.unwrap_err());
    assert_eq!(it.server.requests().len(), 2);
}

#[tokio::test]
async fn an_update_is_never_resent_and_its_refusal_says_that_there_is_another_key() {
    let it = exchanged(NEW);
    let why = refused(it.client.update(b"{}".to_vec()).await.unwrap_err());
    let said = why.to_string();
    assert!(why.key_renewed, "{said}");
    assert!(
        said.ends_with("holds another API key by now, which is used from here on: send again."),
        "{said}"
    );
    assert!(ApiError::Refused(Box::new(why)).surely_not_taken());
    assert_eq!(it.server.requests().len(), 1);
    // The next one carries it.
    let again = refused(it.client.update(b"{}".to_vec()).await.unwrap_err());
    assert_eq!(again.status, 400);
}

#[tokio::test]
async fn neither_key_is_repeated_after_the_exchange() {
    let it = exchanged(NEW);
    it.client.endpoint(ID).await.unwrap();
    let message = format!("what of {OLD} and {NEW}?");
    let refusal = Fault::Instead(Reply::error(400, "REQUEST", &message));
    it.server.faults().add(Call::Limits, When::next(1), refusal);
    let said = it.client.limits().await.unwrap_err().to_string();
    assert!(!said.contains(OLD) && !said.contains(NEW), "{said}");
}
