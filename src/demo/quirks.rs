//! The ways in which a server may say the same thing (api.md, "Quirks to read without loss"), as settings of one
//! server.

use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::dice::Dice;

/// How the simulated API writes its answers. The default is what was seen most: proto3 JSON that leaves zeros out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    /// How integers are written.
    pub integers: Integers,
    /// What becomes of zeros and of what is empty.
    pub zeros: Zeros,
    /// `ports[].port` is a number when read; it is a string in the update body in any case.
    pub port_as_number: bool,
    /// `workers[].metrics` is a string that holds JSON.
    pub metrics_as_string: bool,
    /// Every object carries a key that no document knows.
    pub extra_keys: bool,
    /// `workerConfig.requestTimeout` is never reported, though it is stored.
    pub without_request_timeout: bool,
    /// `/endpoint/limit` lacks the two request-timeout keys, as older answers do.
    pub limits_without_request_timeout: bool,
    /// `GET /endpoint` answers with the object itself, without `{"endpoint": …}`.
    pub unwrapped: bool,
    /// The number of a list's first page.
    pub first_page: FirstPage,
    /// The most entries a page ever has, whatever `pageSize` asks for.
    pub page_cap: Option<usize>,
    /// A `pageSize` above this one is refused with status 400.
    pub most_page_size: Option<usize>,
    /// The list of endpoints stands under `data`, as in other APIs.
    pub endpoints_under_data: bool,
    /// What is added to every list's `total`: entries that no page has.
    pub total_off: i64,
    /// The most pages of lists that are served at a time; others are refused with 429.
    pub pages_at_once: Option<usize>,
    /// Endpoints are shown as the v2 API does.
    pub v2_records: bool,
    /// The status of a refusal for an endpoint that isn't there; 400 if `None`.
    pub gone_status: Option<u16>,
    /// How an error is written.
    pub errors: ErrorShape,
    /// What an update is answered with.
    pub update_answer: UpdateAnswer,
    /// What environment values are shown as.
    pub env_values: EnvValues,
    /// What stands before `GET /endpoint` and keeps its answers.
    pub read_cache: ReadCache,
}

/// How integers are written when read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Integers {
    /// 64-bit integers (`freeTimeout`, `maxConcurrent`, `policy.value`, timestamps) as strings, others as numbers.
    #[default]
    Proto,
    /// All as numbers.
    Numbers,
    /// All as strings.
    Strings,
    /// Each by the seed and its path; the same on every read.
    Mixed(u64),
}

/// What becomes of zeros, `false`, empty strings, empty lists and unset objects when read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zeros {
    /// They are left out.
    #[default]
    LeftOut,
    /// `null` stands in their place.
    Null,
    /// They are written.
    Written,
    /// Each by the seed and its path; the same on every read.
    Mixed(u64),
}

/// The number of a list's first page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstPage {
    /// 0.
    #[default]
    Zero,
    /// 1; page 0 is refused with status 400.
    OneRefusingZero,
    /// 1; page 0 is refused with this status.
    OneRefusing(u16),
    /// 1; page 0 is taken for page 1.
    OneTakingZero,
}

/// A cache before `GET /endpoint`. What it gives again is what it kept, under an `Age` in whole seconds of the server's
/// clock; an update of the endpoint doesn't reach it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadCache {
    /// There is none.
    #[default]
    Absent,
    /// It keeps an answer this long, and passes on what is asked with `Cache-Control: no-cache`.
    Obedient(Duration),
    /// It keeps an answer this long, and gives it again whatever is asked.
    Stubborn(Duration),
}

/// Which keys an error's body has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorShape {
    /// `{"code", "reason", "message", "metadata"}`
    #[default]
    Full,
    /// `{"message"}`
    Message,
    /// `{"error"}`, which holds the message
    Error,
    /// `{"reason"}`
    Reason,
    /// `{"code", "msg"}`, the code one of the gateway's own
    Msg,
    /// `{"detail"}`, a text
    Detail,
    /// `{"detail": [{"loc", "msg"}]}`
    DetailList,
    /// `{"title", "status", "detail"}`
    Title,
    /// `{"errors"}`, a list of texts
    Errors,
    /// `{"errors": [{"field", "message"}]}`
    ErrorObjects,
    /// `{"error", "error_description"}`
    Description,
    /// The message alone, as plain text
    Text,
}

impl ErrorShape {
    /// Each of them.
    pub const ALL: [Self; 12] = [
        Self::Full,
        Self::Message,
        Self::Error,
        Self::Reason,
        Self::Msg,
        Self::Detail,
        Self::DetailList,
        Self::Title,
        Self::Errors,
        Self::ErrorObjects,
        Self::Description,
        Self::Text,
    ];
}

/// How a server spells the key that it repeats, within the message of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpelling {
    /// As it came.
    Plain,
    /// `\/`, and every other sign as `\u003d`, in the JSON of the answer.
    JsonEscapes,
    /// The same, escaped once more: the message itself has the escapes.
    JsonTwice,
    /// `%3D`
    Url,
    /// `&#61;`
    Html,
    /// With padding.
    Base64,
    /// That of URLs, without padding, of `Bearer KEY`.
    Base64Url,
    /// In capitals.
    Hex,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
    /// Its first twelve characters, at the end of the message.
    Cut,
}

impl KeySpelling {
    /// Each of them.
    pub const ALL: [Self; 11] = [
        Self::Plain,
        Self::JsonEscapes,
        Self::JsonTwice,
        Self::Url,
        Self::Html,
        Self::Base64,
        Self::Base64Url,
        Self::Hex,
        Self::Upper,
        Self::Lower,
        Self::Cut,
    ];

    /// The key as it stands in a JSON text.
    pub fn spell(self, key: &str) -> String {
        let each = |sign: fn(char) -> String| {
            let spelled = |c: char| {
                if c.is_ascii_alphanumeric() {
                    c.to_string()
                } else {
                    sign(c)
                }
            };
            key.chars().map(spelled).collect::<String>()
        };
        let json = |c: char| match c {
            '/' => r"\/".to_owned(),
            c => format!("\\u{:04x}", u32::from(c)),
        };
        match self {
            Self::Plain => key.replace('\\', r"\\").replace('"', "\\\""),
            Self::JsonEscapes => each(json),
            Self::JsonTwice => each(json).replace('\\', r"\\"),
            Self::Url => each(|c| format!("%{:02X}", u32::from(c))),
            Self::Html => each(|c| format!("&#{};", u32::from(c))),
            Self::Base64 => BASE64_STANDARD.encode(key),
            Self::Base64Url => BASE64_URL_SAFE_NO_PAD.encode(format!("Bearer {key}")),
            Self::Hex => key.bytes().map(|byte| format!("{byte:02X}")).collect(),
            Self::Upper => Self::Plain.spell(&key.to_ascii_uppercase()),
            Self::Lower => Self::Plain.spell(&key.to_ascii_lowercase()),
            Self::Cut => Self::Plain.spell(&key.chars().take(12).collect::<String>()),
        }
    }
}

/// The body of an accepted update, which is not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UpdateAnswer {
    /// 200 with `{}`
    #[default]
    EmptyObject,
    /// 200 with `{"id": …}`
    Id,
    /// 200 without a body
    Nothing,
    /// 204
    NoContent,
    /// 202 with `{"endpoint": …}`
    Endpoint,
}

/// What environment values are shown as when read. An update that carries what was shown stores that, as it stores any
/// other text: the real value is lost. Empty values are shown as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnvValues {
    /// As they are stored.
    #[default]
    Shown,
    /// All of them this text: `***`, `<redacted>`, nothing.
    Instead(&'static str),
    /// The first three characters and the last three, with `****` between: `hf_****ken`. Shorter ones than ten
    /// characters are `****`.
    Middle,
    /// A bullet for each character, six at least.
    Bullets,
}

impl Quirks {
    /// Any combination of quirks, decided by `seed` alone. Reading stays possible without loss but for
    /// [`without_request_timeout`](Self::without_request_timeout), which a caller that compares every field switches
    /// off. Environment values are shown as they are.
    pub fn random(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            integers: match dice.roll(4) {
                0 => Integers::Proto,
                1 => Integers::Numbers,
                2 => Integers::Strings,
                _ => Integers::Mixed(dice.next()),
            },
            zeros: match dice.roll(4) {
                0 => Zeros::LeftOut,
                1 => Zeros::Null,
                2 => Zeros::Written,
                _ => Zeros::Mixed(dice.next()),
            },
            port_as_number: dice.one_in(2),
            metrics_as_string: dice.one_in(2),
            extra_keys: dice.one_in(2),
            without_request_timeout: dice.one_in(4),
            limits_without_request_timeout: dice.one_in(4),
            unwrapped: dice.one_in(2),
            first_page: match dice.roll(3) {
                0 => FirstPage::Zero,
                1 => FirstPage::OneRefusingZero,
                _ => FirstPage::OneTakingZero,
            },
            page_cap: match dice.roll(3) {
                0 => None,
                1 => Some(1),
                _ => Some(10),
            },
            most_page_size: None,
            endpoints_under_data: false,
            total_off: 0,
            pages_at_once: None,
            v2_records: false,
            gone_status: None,
            errors: ErrorShape::ALL[dice.roll(12) as usize],
            update_answer: match dice.roll(5) {
                0 => UpdateAnswer::EmptyObject,
                1 => UpdateAnswer::Id,
                2 => UpdateAnswer::Nothing,
                3 => UpdateAnswer::NoContent,
                _ => UpdateAnswer::Endpoint,
            },
            env_values: EnvValues::Shown,
            // Old values are no other way to say the same thing.
            read_cache: ReadCache::Absent,
        }
    }
}
