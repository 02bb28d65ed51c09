//! `set` on the command line.

use novita_edit::endpoint::schema::range_keys;
use novita_edit::endpoint::{EndpointConfig, body};
use serde_json::{Value, json};

use crate::run::User;
use crate::sample::{ID, config_of, other_text, places, pointer, value, whole, whole_but};

fn is_sent(config: &EndpointConfig, pointer: &str) -> bool {
    let body: Value = serde_json::from_str(&body::text(config)).unwrap();
    body.pointer(pointer).is_some()
}

#[test]
fn every_field_is_set_by_its_path() {
    let user = User::new();
    user.server.add_endpoint(whole());
    let mut limits = json!({});
    for keys in range_keys() {
        limits[keys.min] = json!(0);
        limits[keys.max] = json!(9999);
    }
    user.server.set_limits(limits);
    for place in places() {
        let text = other_text(place);
        let argument = format!("{}={text}", place.path());
        let ended = user
            .run(&["set", ID, &argument, "--dry-run", "--reveal", "-o", "json"])
            .with(0);
        let json = ended.json();
        let pointer = pointer(place);
        let is_sent = is_sent(&config_of(&whole_but(place)), &pointer);
        // What an update has no room for, such as the size of a network volume, changes nothing of it.
        let outcome = if is_sent { "dryRun" } else { "unchanged" };
        assert_eq!(json["outcome"], outcome, "{argument} {json:#}");
        if is_sent {
            assert_eq!(
                json["body"].pointer(&pointer),
                Some(&value(place, &text)),
                "{argument} {json:#}"
            );
        }
    }
}
