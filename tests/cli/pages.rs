//! The pages in `cmd/`: every command in them is run, and has to print what stands under it.
//!
//! Each page has a simulated API of its own, whose times stand still. `TRYCMD=overwrite cargo test --test cli pages`
//! writes what is printed into the pages: look at the differences.

use novita_edit::demo::{DemoOptions, DemoServer, Pace};

fn page(name: &str) {
    page_on(name, &server());
}

fn server() -> DemoServer {
    DemoServer::start(DemoOptions {
        pace: Pace::manual(),
        ..DemoOptions::default()
    })
    .unwrap()
}

fn page_on(name: &str, server: &DemoServer) {
    let home = tempfile::tempdir().unwrap();
    let path = |below: &str| home.path().join(below).to_str().unwrap().to_owned();
    let cases = trycmd::TestCases::new();
    for (name, value) in [
        ("NOVITA_BASE_URL", server.base_url()),
        ("NOVITA_API_KEY", "sk_test".to_owned()),
        ("HOME", path("")),
        ("XDG_CONFIG_HOME", path("config")),
        ("XDG_STATE_HOME", path("state")),
        ("TZ", "UTC".to_owned()),
        ("NO_COLOR", "1".to_owned()),
        ("CLICOLOR_FORCE", String::new()),
        // What lasts 30 s elsewhere.
        ("NOVITA_EDIT_TEST_STEADY", "1000".to_owned()),
    ] {
        cases.env(name, value);
    }
    let host = server.base_url().split('/').nth(2).unwrap().to_owned();
    cases.insert_var("[HOST]", host).unwrap();
    cases.insert_var("[BASE_URL]", server.base_url()).unwrap();
    cases
        .insert_var("[HOME]", path("").trim_end_matches('/').to_owned())
        .unwrap();
    cases.case(match name {
        "README" => "README.md".to_owned(),
        name => format!("tests/cli/cmd/{name}.md"),
    });
    cases.run();
}

#[test]
fn config() {
    page("config");
}

#[test]
fn get() {
    page("get");
}

#[test]
fn validate() {
    page("validate");
}

#[test]
fn show() {
    let server = server();
    // A page has no backslash in it: the runner takes it for a separator of paths.
    server.edit("ep_19e0d3aa", |endpoint| {
        endpoint["log"] = "Back-off pulling image".into()
    });
    page_on("show", &server);
}

#[test]
fn list() {
    page("list");
}

#[test]
fn limits() {
    page("limits");
}

#[test]
fn diff() {
    page("diff");
}

#[test]
fn scale() {
    page("scale");
}

#[test]
fn set() {
    page("set");
}

#[test]
fn schema() {
    page("schema");
}

#[test]
fn apply() {
    page("apply");
}

#[test]
fn words() {
    page("words");
}

#[test]
fn history() {
    page("history");
}

#[test]
fn watch() {
    page("watch");
}

#[test]
fn readme() {
    page("README");
}
