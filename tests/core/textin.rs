//! What comes in from elsewhere: `KEY=value` lines and the body as a person wrote it.

use novita_edit::api::wire;
use novita_edit::endpoint::dotenv::{self, Fate};
use novita_edit::endpoint::{EndpointConfig, EnvVar, Number, body, document};
use proptest::prelude::*;

const ID: &str = "ep_7f3a91c2";

fn llama() -> EndpointConfig {
    wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), ID)
        .unwrap()
        .config
}

fn read(text: &str) -> Vec<(String, String)> {
    let lines = dotenv::read(text);
    assert_eq!(lines.parse_errors, [], "{text}");
    let pair = |env: EnvVar| (env.key.clone(), env.value.reveal().to_owned());
    lines.envs.into_iter().map(pair).collect()
}

#[track_caller]
fn reads(text: &str, value: &str) {
    assert_eq!(read(text), [("A".to_owned(), value.to_owned())], "{text}");
}

#[track_caller]
fn parse_error(text: &str, said: &str) {
    let lines = dotenv::read(text);
    let all: Vec<String> = lines.parse_errors.iter().map(ToString::to_string).collect();
    assert_eq!(all, [said], "{text}");
}

#[test]
fn export_quotes_comments_and_blank_lines_are_understood() {
    reads("A=1", "1");
    reads("\n# a comment\n\nexport A=1 # one\n", "1");
    reads("  export\tA = 1", "1");
    reads("A='a b # c'", "a b # c");
    reads("A=\"a \\\"b\\\" \\n c\"", "a \"b\" \n c");
    reads("A='one\ntwo'\n", "one\ntwo");
    reads("A=", "");
    reads("A= \r\n", "");
    reads("A=a#b", "a#b");
    reads("A=postgres://u:p@h/db?x=1&y=2", "postgres://u:p@h/db?x=1&y=2");
    reads("\u{feff}A=1", "1");
    reads("A=1   ", "1");
    assert_eq!(
        read("export=1\r\n9LIVES=x\r\nA.b-c=y\r\n"),
        [("export", "1"), ("9LIVES", "x"), ("A.b-c", "y")].map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
}

#[test]
fn a_dollar_stands_for_itself_whatever_this_program_has_in_its_environment() {
    reads("A=$HOME", "$HOME");
    reads("A=${PATH}x$", "${PATH}x$");
    reads("A=\"$HOME $$ ${X\"", "$HOME $$ ${X");
    reads("A='$HOME'", "$HOME");
    reads("A=\\$HOME", "\\$HOME");
    reads("A='\\$HOME'", "\\$HOME");
    reads("A=\u{e000}$1", "\u{e000}$1");
}

#[test]
fn what_cannot_be_read_is_told_by_line_and_column_and_the_rest_is_read() {
    parse_error(
        "A=1\nB='two' words\n",
        "line 2, column 9: only a comment may stand behind the closing quote",
    );
    parse_error("just words", "line 1, column 1: there is no = after a name");
    parse_error(" =1", "line 1, column 2: there is no name before the =");
    parse_error("A B=1", "line 1, column 2: this can't stand in a name");
    parse_error("A=1\nB='two\nC=3\n", "line 2, column 3: this quote is never closed");
    parse_error(
        "A=\"é\"é",
        "line 1, column 6: only a comment may stand behind the closing quote",
    );
    parse_error("A=\"one\nB=\"2\"", "line 1, column 3: this quote is never closed");
    parse_error(
        "K=-----BEGIN PRIVATE KEY-----\nMIIEabc=\n-----END PRIVATE KEY-----\nB=2",
        "line 1, column 3: a value of several lines needs quotes around all of them",
    );
    parse_error(
        "A=1\n-----BEGIN CERTIFICATE-----\nMIIEabc=\n-----END CERTIFICATE-----\n",
        "line 2, column 1: these lines have no name; write NAME=\" before the first and \" behind the last",
    );
    for broken in ["B='two' words", "B='two", "B=\"two\\\"", "B two"] {
        let lines = dotenv::read(&format!("A=1\n{broken}\nC=3\n"));
        let keys: Vec<&str> = lines.envs.iter().map(|env| env.key.as_str()).collect();
        assert_eq!(
            (keys.as_slice(), lines.parse_errors.len()),
            (&["A", "C"][..], 1),
            "{broken}"
        );
    }
}

#[test]
fn what_stood_in_quotes_is_counted_and_what_took_several_lines_is_named() {
    let lines = dotenv::read("# c\nA='1'\nB=\"one\ntwo\n\" # c\nC=x\nD=`one\n\ntwo`\n");
    assert_eq!(lines.quoted, 3);
    let joined: Vec<_> = lines
        .joined
        .iter()
        .map(|one| (one.key.as_str(), one.first, one.last))
        .collect();
    assert_eq!(joined, [("B", 3, 5), ("D", 7, 9)]);
}

/// Each looks for its end: if each did so up to the end of the text this would not end.
#[test]
fn a_mebibyte_of_quotes_that_are_never_closed_is_read() {
    for open in ["A=\"x\n", "A='\\\n", "K=-----BEGIN X\n", "-----BEGIN X\n"] {
        let count = (1 << 20) / open.len();
        let lines = dotenv::read(&open.repeat(count));
        assert!(
            lines.parse_errors.len() + lines.envs.len() + lines.joined.len() >= count / 2,
            "{open:?}"
        );
    }
}

#[test]
fn what_comes_in_is_new_changed_or_the_same_and_is_one_step() {
    let config = EndpointConfig {
        envs: vec![
            EnvVar::new("A", "1"),
            EnvVar::new("B", "2"),
            EnvVar::new("A", "1"),
            EnvVar::new("C", "3"),
        ]
        .into(),
        ..EndpointConfig::default()
    };
    let envs = [("A", "x"), ("D", "4"), ("B", "2"), ("D", "5")].map(|(k, v)| EnvVar::new(k, v));
    let incoming = dotenv::incoming(&config, &envs);
    let fates: Vec<_> = incoming
        .iter()
        .map(|one| (one.env.key.as_str(), one.fate, one.times))
        .collect();
    assert_eq!(
        fates,
        [("A", Fate::Changed, 1), ("D", Fate::New, 2), ("B", Fate::Same, 1)]
    );
    let edit = dotenv::import(&config, &envs, "paste").unwrap();
    assert_eq!(edit.name(), "paste");
    let mut after = config.clone();
    edit.apply(&mut after);
    let wanted = [("A", "x"), ("B", "2"), ("A", "x"), ("C", "3"), ("D", "5")].map(|(k, v)| EnvVar::new(k, v));
    assert_eq!(*after.envs, wanted);
    edit.inverse().apply(&mut after);
    assert_eq!(after, config);
    assert_eq!(dotenv::import(&config, &config.envs, "nothing"), None);
}

#[test]
fn an_environment_is_written_so_that_it_is_read_the_same() {
    let text = dotenv::write(&llama().envs).unwrap();
    assert_eq!(dotenv::read(&text).envs, *llama().envs);
    let text = dotenv::write(&[
        EnvVar::new("A", "it's $HOME"),
        EnvVar::new("B", "a b"),
        EnvVar::new("A", ""),
    ]);
    assert_eq!(text.unwrap(), "A=\"it's $HOME\"\nB='a b'\nA=\n");
    for (value, form) in [
        ("C:\\dir", "'C:\\dir'"),
        ("{\"a\": \"it's\"}", "{\"a\": \"it's\"}"),
        ("\"it's\" # no", "\"\\\"it's\\\" # no\""),
        ("a\r\nb", "\"a\\r\nb\""),
        ("one\ntwo\n", "'one\ntwo\n'"),
        (" a ", "' a '"),
    ] {
        assert_eq!(dotenv::write(&[EnvVar::new("A", value)]), Ok(format!("A={form}\n")));
    }
    for key in ["", "a b", "a=b", "#x"] {
        assert_eq!(dotenv::write(&[EnvVar::new(key, "x")]), Err(key.to_owned()));
    }
}

#[test]
fn the_body_is_read_back_as_it_was_and_edits_of_it_are_found() {
    let now = llama();
    let text = body::text(&now);
    assert_eq!(document::read_edited(&text, &now), Ok(now.clone()));
    let edited = text
        .replace("\"maxNum\": 5", "\"maxNum\": 7")
        .replace("\"healthy\": {", "\"healthy\" :{");
    let mut wanted = now.clone();
    wanted.workers.max_num = Number::of(7);
    assert_eq!(document::read_edited(&edited, &now), Ok(wanted));
    let out = text.replace("\"maxNum\": 5", "\"maxNum\": \"lots\"");
    assert_eq!(
        document::read_edited(&out, &now).unwrap().workers.max_num.text(),
        "lots"
    );
}

#[test]
fn a_body_that_is_none_is_told_by_line_and_column_and_never_by_its_values() {
    let now = llama();
    let text = body::text(&now);
    let told = |text: &str| document::read_edited(text, &now).unwrap_err().to_string();
    assert_eq!(told("{"), "line 1, column 1: the text ends before the } of an object");
    assert_eq!(
        told(&text.replacen("\"name\"", "\"nane\"", 1)),
        "line 3, column 3: nane: unknown key; did you mean name?"
    );
    assert_eq!(
        told(&text.replacen("\"authId\"", "\"authID\"", 1)),
        "line 24, column 5: image.authID: unknown key; did you mean authId?"
    );
    assert_eq!(
        told(&text.replacen(ID, "ep_other", 1)),
        format!("line 2, column 3: id: the id can't be changed; it is {ID}")
    );
    let gone = text
        .lines()
        .filter(|line| !line.contains("\"clusterID\""))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(told(&gone).contains("clusterID: missing"));
    let bare = format!(
        "{}\"envs\": [\"sesame\"], \"x\": 1}}",
        text.split("\"envs\"").next().unwrap()
    );
    assert!(told(&bare).contains("a text stands where"), "{}", told(&bare));
    assert!(!told(&bare).contains("sesame"));
    assert_eq!(told(" \n"), "line 1, column 1: there is nothing in it");
    assert!(told(&text[..text.len() - 2]).contains("the text ends before the } of an object"));
    let behind = told(&(text.clone() + "x"));
    assert!(behind.ends_with("nothing may stand behind the body"), "{behind}");
}

proptest! {
    #[test]
    fn any_environment_that_can_be_written_reads_the_same(
        envs in prop::collection::vec(("[A-Z_9.-]{1,6}", "(\\PC|[\\\\'\"$# \n\r\t=a]){0,20}"), 0..6)
    ) {
        let envs: Vec<EnvVar> = envs.into_iter().map(|(key, value)| EnvVar::new(key, value)).collect();
        let text = dotenv::write(&envs).unwrap();
        let back = dotenv::read(&text);
        prop_assert_eq!(&back.envs, &envs);
        prop_assert!(back.parse_errors.is_empty());
    }

    #[test]
    fn any_text_at_all_is_read_without_a_panic(text in "(\\PC|[\\\\'\"$# \n\r\t=a]){0,80}") {
        let _ = dotenv::read(&text);
        let _ = document::read_edited(&text, &EndpointConfig::default());
    }
}

#[test]
fn the_page_about_env_lines_says_what_is_so() {
    let page = include_str!("../../docs/outside.md");
    let example = page.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let wanted = [
        ("A", "1"),
        ("B", "a#b"),
        ("C", "as it is: $HOME \\n"),
        ("D", "a \"b\" \\ \n c"),
        ("E", "over\nseveral lines"),
        ("F", "postgres://u:$p@h/db"),
        ("G", "{\"model\": \"it's 15\\\" wide\"}"),
        ("H", "--model x --port 1"),
        ("I", "say \"don't\""),
    ];
    assert_eq!(
        read(example),
        wanted.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    reads("A=#b", "#b");
    reads("A= #b", "");
    reads("A='{\"a\": 1}'", "{\"a\": 1}");
}

/// Each line tells its place: if each were counted from the beginning this would not end.
#[test]
fn two_mebibytes_of_lines_that_are_none_are_read() {
    let lines = dotenv::read(&"a\n".repeat(1 << 20));
    assert_eq!((lines.envs.len(), lines.parse_errors.len()), (0, 1 << 20));
    assert_eq!(
        lines
            .parse_errors
            .last()
            .map(|parse_error| (parse_error.line, parse_error.column)),
        Some((1 << 20, 1))
    );
    let text: String = (0..100_000).map(|at| format!("K{}=\n", at % 50_000)).collect();
    let read = dotenv::read(&text).envs;
    let config = EndpointConfig {
        envs: read[..20_000].to_vec().into(),
        ..EndpointConfig::default()
    };
    let incoming = dotenv::incoming(&config, &read);
    assert_eq!(
        dotenv::counted(&incoming, 0),
        "30000 new, 0 changed, 20000 the same; 50000 earlier lines of the same key"
    );
}
