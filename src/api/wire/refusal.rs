//! What a server says instead of an answer, or beside one: `{code, reason, message, metadata}` as documented, what
//! gateways write in its stead, or whatever came. And whether an answer with a good status is a refusal all the same.

use super::node::{Node, Object};
use super::text::{html_title, is_html, shorten};
use crate::endpoint::redact::HiddenTexts;

/// Characters kept of a server's message.
const MESSAGE_CHARS: usize = 600;
/// Characters kept of a server's reason: a name, in capitals.
const REASON_CHARS: usize = 80;
/// The most faults of a list that are told; a message that is cut has no room for more.
const MOST_FAULTS: usize = 20;

/// Where a text for people stands, in the order in which it is told.
const MESSAGES: [&str; 8] = [
    "message",
    "msg",
    "title",
    "detail",
    "error_description",
    "errors",
    "warning",
    "warnings",
];
/// Where an entry of a list of faults says what it is about.
const SUBJECTS: [&str; 5] = ["loc", "field", "path", "param", "pointer"];
/// What says nothing but that it went well.
const WELL: [&str; 13] = [
    "ok",
    "okay",
    "success",
    "succeeded",
    "successful",
    "successfully",
    "done",
    "true",
    "null",
    "updated",
    "accepted",
    "completed",
    "no error",
];
/// The reasons that `shared/api.md` lists.
const REASONS: [&str; 22] = [
    "SERVERLESS_ENDPOINT_NOT_FOUND",
    "VALIDATOR_PARAM",
    "REQUEST",
    "INVALID_REQUEST_BODY",
    "NETWORK_STORAGE_NOT_FOUND",
    "NETWORK_STORAGE_UNAVAILABLE",
    "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT",
    "IMAGE_NOT_FOUND",
    "INVALID_COMMAND_PARAM",
    "CONFLICT",
    "OPERATION_LIMIT",
    "INSUFFICIENT_RESOURCE",
    "BALANCE_NOT_ENOUGH",
    "DEPENDENT_RESOURCE_STATE",
    "CLUSTER_STATUS",
    "NODE_STATUS",
    "UNAUTHORIZED",
    "INVALID_API_KEY",
    "FORBIDDEN",
    "API_NOT_ALLOWED",
    "RATE_LIMIT_EXCEEDED",
    "UNKNOWN",
];

/// The reason's name and the message, whichever are there; as they came, without what must not be seen, cut to length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::api) struct RefusalText {
    /// `reason`: `SERVERLESS_ENDPOINT_NOT_FOUND`; or a number other than the status: `code 10023`.
    pub(in crate::api) reason: String,
    /// `message` and its like, each once, or the text or the page's title that came in their stead.
    pub(in crate::api) message: String,
}

impl RefusalText {
    /// Both in one line; `None` where nothing was said.
    pub(super) fn line(&self) -> Option<String> {
        match (self.reason.trim(), self.message.trim()) {
            ("", "") => None,
            ("", message) => Some(message.to_owned()),
            (reason, "") => Some(reason.to_owned()),
            (reason, message) => Some(format!("{reason}: {message}")),
        }
    }

    /// Hidden before it is cut: what is left of a secret can't be found as surely.
    fn cut(self, hidden: &HiddenTexts) -> Self {
        Self {
            reason: shorten(hidden.hide(self.reason.trim()).trim(), REASON_CHARS),
            message: shorten(hidden.hide(self.message.trim()).trim(), MESSAGE_CHARS),
        }
    }
}

/// Reads the body of a refusal with this HTTP status, whatever it is.
pub(in crate::api) fn said(body: &[u8], status: u16, hidden: &HiddenTexts) -> RefusalText {
    let Ok(answer) = Node::parse(body) else {
        let message = plain(body);
        return RefusalText {
            reason: String::new(),
            message,
        }
        .cut(hidden);
    };
    let mut said = words(&answer);
    if said.reason == code_words(i64::from(status)) {
        said.reason.clear();
    }
    if said.line().is_none() && !answer.is_unset() {
        said.message = answer.shown();
    }
    said.cut(hidden)
}

/// Reads what a server said that took an update: what a person should read of it, and whether that is a refusal.
///
/// Nothing is to be read of nothing, of the endpoint or its id, of words such as "ok" ([`WELL`]), nor of half a JSON.
pub(in crate::api) fn said_beside(body: &[u8], hidden: &HiddenTexts) -> (String, bool) {
    let nothing = (String::new(), false);
    let Ok(answer) = Node::parse(body) else {
        let text = plain(body);
        return match text.starts_with(['{', '[']) || is_well(&text) {
            true => nothing,
            false => (
                line_of(
                    RefusalText {
                        message: text,
                        ..RefusalText::default()
                    },
                    hidden,
                ),
                false,
            ),
        };
    };
    let Ok(object) = answer.object() else {
        let said = words(&answer);
        let is_list = answer.is_list();
        let text = line_of(said, hidden);
        return if is_well(&text) || !is_list && text.parse::<f64>().is_ok() {
            nothing
        } else {
            (text, false)
        };
    };
    if object.get("workerConfig").is_some() {
        return nothing;
    }
    let refuses = refuses(&object);
    let mut said = said_in(&object);
    for inner in ["data", "result", "response"] {
        if let Some(inner) = object
            .shown_object(inner)
            .filter(|inner| inner.get("workerConfig").is_none())
            && said.line().is_none()
        {
            said = said_in(&inner);
        }
    }
    let is_good = |code: i64| !is_error_code(code);
    if said
        .reason
        .strip_prefix(CODE)
        .is_some_and(|code| code.parse().is_ok_and(is_good))
    {
        said.reason.clear();
    }
    if is_well(&said.message) {
        said.message.clear();
    }
    if is_well(&said.reason) {
        said.reason.clear();
    }
    (line_of(said, hidden), refuses)
}

/// Whether an object is a refusal in shape, whatever the HTTP status. Any one of these is enough:
/// - a `reason`, or a `code` that is a name, of the documented table;
/// - a `code`, `statusCode` or `status` that is a number (or a text that is one) below 0, or from 400 on unless it begins
///   with 2, as codes for success do;
/// - an `error` or `errors` that is there and neither `null`, `false`, 0 nor empty, or a word for success;
/// - `success` or `ok` that is `false`, or a `status` that is "error" or "fail".
///
/// A message alone is none.
pub(super) fn refuses(object: &Object<'_>) -> bool {
    let names_a_reason = ["reason", "code"].into_iter().any(|key| {
        let reason = object.shown(key);
        REASONS.contains(&reason.as_str())
    });
    let has_error_code = ["code", "statusCode", "status"]
        .into_iter()
        .filter_map(|key| object.get(key)?.integer().ok())
        .any(is_error_code);
    let tells_errors = ["error", "errors"]
        .into_iter()
        .filter_map(|key| object.get(key))
        .any(|node| !node.is_unset() && !is_well(&node.shown()));
    let is_failure = ["success", "ok"].into_iter().any(|key| object.shown(key) == "false")
        || matches!(object.shown("status").to_ascii_lowercase().as_str(), "error" | "fail");
    names_a_reason || has_error_code || tells_errors || is_failure
}

fn is_error_code(code: i64) -> bool {
    code < 0 || code >= 400 && !code.to_string().starts_with('2')
}

/// What an object says: its reason, and each of its texts once.
pub(super) fn said_in(object: &Object<'_>) -> RefusalText {
    said_within(object, 2)
}

fn said_within(object: &Object<'_>, deep: u8) -> RefusalText {
    let mut said = RefusalText {
        reason: object.shown("reason"),
        message: String::new(),
    };
    let mut parts: Vec<String> = Vec::new();
    for key in MESSAGES {
        if let Some(node) = object.get(key) {
            let has_fields = matches!(key, "errors" | "detail");
            parts.extend(texts(&node, deep, has_fields));
        }
    }
    match object.get("error") {
        Some(node) if node.is_object() && deep > 0 => {
            if let Ok(error) = node.object() {
                let inner = said_within(&error, deep - 1);
                let reason = [inner.reason, named(&error, "type")];
                said.reason = first([said.reason].into_iter().chain(reason));
                parts.push(inner.message);
            }
        }
        Some(node) if !matches!(node.shown().as_str(), "true" | "false") => {
            let error = node.shown();
            // OAuth: a name, and its description beside it.
            let is_name = object.get("error_description").is_some() && !error.contains(' ');
            if is_name && said.reason.is_empty() {
                said.reason = error;
            } else {
                parts.extend(texts(&node, deep, false));
            }
        }
        _ => {}
    }
    said.reason = first([said.reason, named(object, "code"), code(object)]);
    said.message = each_once(parts, &said.reason);
    said
}

/// What a value says: a text, the faults of a list, or where an object has fields their faults.
fn texts(node: &Node<'_>, deep: u8, has_fields: bool) -> Vec<String> {
    if let Some(entries) = node.list().ok().filter(|_| deep > 0) {
        return entries
            .iter()
            .take(MOST_FAULTS)
            .map(|entry| fault(entry, deep - 1))
            .collect();
    }
    let Some(object) = node.object().ok().filter(|_| deep > 0) else {
        return vec![node.shown()];
    };
    match said_within(&object, deep - 1).line() {
        Some(own) => vec![with_subject(&object, own)],
        None if has_fields => {
            let fields = object.iter().take(MOST_FAULTS);
            let of_field = |(name, node): (&str, Node<'_>)| {
                let texts = texts(&node, deep - 1, false).into_iter();
                texts.map(|text| format!("{name}: {text}")).collect::<Vec<_>>()
            };
            fields.flat_map(of_field).collect()
        }
        None => vec![node.shown()],
    }
}

/// An entry of a list of faults: what it says, with what it is about in front.
fn fault(entry: &Node<'_>, deep: u8) -> String {
    let Ok(object) = entry.object() else {
        return entry.shown();
    };
    match said_within(&object, deep).line() {
        Some(said) => with_subject(&object, said),
        None => entry.shown(),
    }
}

fn with_subject(object: &Object<'_>, said: String) -> String {
    let source = object.shown_object("source");
    let subject = SUBJECTS.iter().find_map(|key| {
        let node = object.get(key).or_else(|| source.as_ref()?.get(key))?;
        Some(path(&node)).filter(|path| !path.is_empty())
    });
    match subject {
        Some(subject) if !said.contains(&subject) => format!("{subject}: {said}"),
        _ => said,
    }
}

/// A path as people write it: `["body", "envs", 3, "value"]` is `body.envs[3].value`.
fn path(node: &Node<'_>) -> String {
    let Some(entries) = node.list().ok().filter(|_| node.is_list()) else {
        return node.shown();
    };
    entries.iter().fold(String::new(), |path, entry| match entry.integer() {
        Ok(at) => format!("{path}[{at}]"),
        Err(_) if path.is_empty() => entry.shown(),
        Err(_) => format!("{path}.{}", entry.shown()),
    })
}

/// A member that is a name and no number.
fn named(object: &Object<'_>, key: &str) -> String {
    let is_name = |node: &Node<'_>| node.integer().is_err() && !node.is_object() && !node.is_list();
    object
        .get(key)
        .filter(is_name)
        .map_or_else(String::new, |node| node.shown())
}

/// A numeric code, where it is one of a failure.
fn code(object: &Object<'_>) -> String {
    let code = object.get("code").and_then(|node| node.integer().ok());
    code.filter(|code| *code != 0).map_or_else(String::new, code_words)
}

/// What stands before a code that is a number.
const CODE: &str = "code ";

fn code_words(code: i64) -> String {
    format!("{CODE}{code}")
}

fn first(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The texts one after the other, without one that another one says already.
fn each_once(parts: Vec<String>, reason: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    for part in parts {
        let part = part.trim();
        let is_told = part.is_empty() || part == reason || told.iter().any(|told| told.contains(part));
        if !is_told {
            told.retain(|told| !part.contains(told.as_str()));
            told.push(part.to_owned());
        }
    }
    told.join("; ")
}

/// What a value says as a whole.
fn words(answer: &Node<'_>) -> RefusalText {
    if let Ok(object) = answer.object() {
        return said_in(&object);
    }
    let parts = match answer.list() {
        // A list of numbers says nothing to anybody.
        Ok(entries) => entries
            .iter()
            .filter(|entry| entry.is_object())
            .take(MOST_FAULTS)
            .filter_map(|entry| {
                Some(with_subject(
                    &entry.object().ok()?,
                    said_in(&entry.object().ok()?).line()?,
                ))
            })
            .collect(),
        Err(_) => vec![answer.shown()],
    };
    RefusalText {
        reason: String::new(),
        message: each_once(parts, ""),
    }
}

/// What is no JSON: a page's title, or the text itself.
fn plain(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if !is_html(&text) {
        return text.trim().to_owned();
    }
    match html_title(&text).as_str() {
        "" => "an HTML page".to_owned(),
        title => format!("an HTML page titled “{title}”"),
    }
}

fn line_of(said: RefusalText, hidden: &HiddenTexts) -> String {
    said.cut(hidden).line().unwrap_or_default()
}

fn is_well(text: &str) -> bool {
    let word = text.trim().trim_end_matches(['.', '!']).to_ascii_lowercase();
    word.is_empty() || WELL.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (String, String) {
        let said = said(body.as_bytes(), 400, &HiddenTexts::default());
        (said.reason, said.message)
    }

    #[test]
    fn reason_and_message_are_found_in_every_shape_seen() {
        for (body, reason, message) in [
            (
                r#"{"code":400,"reason":"CONFLICT","message":"busy","metadata":{}}"#,
                "CONFLICT",
                "busy",
            ),
            (r#"{"message":"busy"}"#, "", "busy"),
            (r#"{"reason":"CONFLICT"}"#, "CONFLICT", ""),
            (r#"{"error":"busy"}"#, "", "busy"),
            (r#"{"error":{"code":"CONFLICT","message":"busy"}}"#, "CONFLICT", "busy"),
            (r#"{"error":{"message":"busy"}}"#, "", "busy"),
            (r#"{"error":true,"message":"busy"}"#, "", "busy"),
            (r#"{"message":{"a":1}}"#, "", r#"{"a":1}"#),
            (r#""busy""#, "", "busy"),
            ("upstream connect error\n", "", "upstream connect error"),
            (
                "<html><title>502 Bad Gateway</title>",
                "",
                "an HTML page titled “502 Bad Gateway”",
            ),
            ("<html>", "", "an HTML page"),
            ("{\"message\":\"cut o", "", "{\"message\":\"cut o"),
            ("{}", "", ""),
            ("[]", "", ""),
            ("", "", ""),
            // What gateways write.
            (r#"{"msg":"busy","code":400}"#, "", "busy"),
            (r#"{"msg":"busy","code":10023}"#, "code 10023", "busy"),
            (r#"{"msg":"busy","code":"10023"}"#, "code 10023", "busy"),
            (r#"{"code":10023}"#, "code 10023", ""),
            (r#"{"detail":"busy"}"#, "", "busy"),
            (
                r#"{"detail":[{"loc":["body","workerConfig","maxNum"],"msg":"too large","type":"value_error"},
                    {"loc":["body","envs",3,"value"],"msg":"too long"}]}"#,
                "",
                "body.workerConfig.maxNum: too large; body.envs[3].value: too long",
            ),
            (r#"{"detail":{"msg":"busy"}}"#, "", "busy"),
            (
                r#"{"type":"about:blank","title":"Bad value","status":400,"detail":"maxNum is 12"}"#,
                "",
                "Bad value; maxNum is 12",
            ),
            (r#"{"errors":["too large","too long"]}"#, "", "too large; too long"),
            (
                r#"{"errors":[{"field":"maxNum","message":"too large"},{"detail":"too long","source":{"pointer":"/envs/3"}}]}"#,
                "",
                "maxNum: too large; /envs/3: too long",
            ),
            (
                r#"{"errors":{"maxNum":["too large","odd"]}}"#,
                "",
                "maxNum: too large; maxNum: odd",
            ),
            (
                r#"{"error":"invalid_token","error_description":"The token expired"}"#,
                "invalid_token",
                "The token expired",
            ),
            // Each once.
            (r#"{"reason":"CONFLICT","message":"CONFLICT"}"#, "CONFLICT", ""),
            (
                r#"{"message":"busy","error":"busy","detail":"it is busy"}"#,
                "",
                "it is busy",
            ),
            // Nothing known: the text itself.
            (r#"{"foo":"bar"}"#, "", r#"{"foo":"bar"}"#),
            (r#"["foo"]"#, "", r#"["foo"]"#),
        ] {
            assert_eq!(read(body), (reason.to_owned(), message.to_owned()), "{body}");
        }
    }

    #[test]
    fn a_message_without_end_is_cut() {
        let (_, message) = read(&format!(r#"{{"message":"{}"}}"#, "x".repeat(100_000)));
        assert_eq!(message.chars().count(), MESSAGE_CHARS + 1);
    }

    #[test]
    fn what_is_said_beside_ok_is_told_and_a_refusal_is_known_by_its_shape() {
        for (body, text, is_refusal) in [
            ("", "", false),
            ("{}", "", false),
            ("null", "", false),
            ("ok", "", false),
            (r#""OK.""#, "", false),
            (r#""""#, "", false),
            ("0", "", false),
            ("[]", "", false),
            (r#"[1, "two"]"#, "", false),
            (r#"{"id":"ep_1"}"#, "", false),
            (r#"{"id": "ep_7f3"#, "", false),
            (r#"{"code":0,"message":"success","data":null}"#, "", false),
            (r#"{"code":200,"msg":"ok"}"#, "", false),
            (r#"{"code":20000,"msg":"Successfully."}"#, "", false),
            (r#"{"code":"200","msg":"ok"}"#, "", false),
            (r#"{"success":true,"error":null,"errors":[]}"#, "", false),
            (r#"{"error":"","reason":""}"#, "", false),
            (
                r#"{"endpoint":{"id":"ep_1","workerConfig":{},"state":{"error":"x"}}}"#,
                "",
                false,
            ),
            (
                r#"{"id":"ep_1","workerConfig":{},"error":"old","message":"m"}"#,
                "",
                false,
            ),
            // Words for a person.
            ("queued behind 3 others", "queued behind 3 others", false),
            (r#"{"message":"queued"}"#, "queued", false),
            (
                r#"{"endpoint":{"id":"ep_1","workerConfig":{}},"message":"clamped"}"#,
                "clamped",
                false,
            ),
            (r#"{"warnings":["maxNum was clamped"]}"#, "maxNum was clamped", false),
            (r#"{"code":0,"data":{"message":"queued"}}"#, "queued", false),
            ("<title>Sign in</title>", "an HTML page titled “Sign in”", false),
            // Refusals.
            (
                r#"{"code":400,"reason":"VALIDATOR_PARAM","message":"no","metadata":{}}"#,
                "VALIDATOR_PARAM: no",
                true,
            ),
            (r#"{"reason":"OPERATION_LIMIT"}"#, "OPERATION_LIMIT", true),
            (r#"{"code":"CONFLICT","msg":"busy"}"#, "CONFLICT: busy", true),
            (r#"{"code":10023,"msg":"busy"}"#, "code 10023: busy", true),
            (r#"{"code":-1,"msg":"busy"}"#, "code -1: busy", true),
            (r#"{"code":"500","msg":"busy"}"#, "code 500: busy", true),
            (r#"{"statusCode":403,"message":"no"}"#, "no", true),
            (r#"{"status":422,"title":"no"}"#, "no", true),
            (r#"{"status":"error","message":"no"}"#, "no", true),
            (r#"{"error":"no"}"#, "no", true),
            (r#"{"error":{"message":"no"}}"#, "no", true),
            (r#"{"errors":[{"msg":"no"}]}"#, "no", true),
            (r#"{"success":false}"#, "", true),
            (r#"{"ok":false,"msg":"no"}"#, "no", true),
            (r#"{"success":"false","msg":"no"}"#, "no", true),
        ] {
            let told = said_beside(body.as_bytes(), &HiddenTexts::default());
            assert_eq!(told, (text.to_owned(), is_refusal), "{body}");
        }
    }
}
