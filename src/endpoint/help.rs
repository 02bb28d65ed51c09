//! What each field means to the people who set it: the text under `i` and in the documentation.

use super::field::FieldId;

/// The help of a field. Whole sentences; `{add}` stands for the key that does this in the form.
#[derive(Clone, Copy, Debug)]
pub struct FieldHelp {
    /// What it does.
    pub what: &'static str,
    /// What it costs or risks; empty: nothing to say.
    pub risk: &'static str,
    /// The documented rule; where it is documented is the field's path in the update body.
    pub rule: &'static str,
    /// A value that makes sense, without its unit.
    pub example: &'static str,
}

/// The help of a field.
pub fn help(field: FieldId) -> FieldHelp {
    let (what, risk, rule, example) = match field {
        FieldId::Name => (
            "What the endpoint is called in lists.",
            "",
            "Text. The create page allows 0–220 characters, the update page names no limit.",
            "llama-3-8b",
        ),
        FieldId::ClusterId => (
            "The cluster in which the workers run.",
            "A network volume can only be mounted in the cluster where its storage is.",
            "0–255 characters; required when a network volume is mounted.",
            "us-dallas-nas-2",
        ),
        FieldId::HttpPort => (
            "The port on which the worker's server listens.",
            "Requests fail when nothing listens there.",
            "Exactly one port, 1–65535, but not 2222, 2223 or 2224. Sent as a string.",
            "8000",
        ),
        FieldId::HealthPath => (
            "The load balancer sends traffic to a worker once this path answers 200.",
            "A wrong path keeps every worker out of service.",
            "Required when there is a health check; no way to remove one is documented.",
            "/health",
        ),
        FieldId::MinWorkers => (
            "Workers that are kept even without requests.",
            "0 scales to zero: no idle cost, but the first request waits for a start. Each one kept is billed.",
            "Integer in the account's range, not above Max workers.",
            "1",
        ),
        FieldId::MaxWorkers => (
            "The most workers that may run at a time.",
            "Caps the cost, and with it how much load can be served.",
            "Integer in the account's range, not below Min workers.",
            "5",
        ),
        FieldId::IdleTimeout => (
            "How long a worker is kept after scale-down was decided.",
            "The worker is billed for that time.",
            "Integer, seconds, in the account's range.",
            "300",
        ),
        FieldId::MaxConcurrency => (
            "Requests that one worker takes at a time; beyond it they queue.",
            "Too high slows every request, too low leaves GPUs idle.",
            "Integer in the account's range.",
            "8",
        ),
        FieldId::GpusPerWorker => (
            "GPUs of each worker.",
            "Every worker is billed for all of its GPUs.",
            "Integer in the account's range.",
            "1",
        ),
        FieldId::RequestTimeout => (
            "After this time a request is given up.",
            "Some answers of the server don't report it: then it must be entered before a save.",
            "Integer, seconds, in the account's range.",
            "600",
        ),
        FieldId::PolicyType => (
            "What makes workers come: the wait time in the queue, or the number of requests in it.",
            "The policy value then means seconds or requests.",
            "queue or concurrency.",
            "queue",
        ),
        FieldId::PolicyValue => (
            "The wait time (queue) or the number of requests (concurrency) above which workers are added.",
            "Low values scale early and cost more.",
            "Integer in the account's range for the policy type.",
            "60",
        ),
        FieldId::Image => (
            "The container image that the workers run.",
            "Without a tag the newest image may come with any start of a worker.",
            "1–511 characters.",
            "vllm/vllm-openai:v0.6.3",
        ),
        FieldId::AuthId => (
            "The credential with which a private image is pulled; empty for a public one.",
            "",
            "0–255 characters.",
            "auth_5c01",
        ),
        FieldId::Command => (
            "The start command, in place of the image's own.",
            "",
            "0–2047 characters.",
            "--model meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192",
        ),
        FieldId::Volumes => (
            "The storage mounted into each worker. {add} adds a row, {delete} deletes the focused one, {edit} edits it.",
            "",
            "Each is local with a size, or network with the id of a storage; each has a mount path.",
            "network stor_9 at /models",
        ),
        FieldId::Environment => (
            "The environment variables of each worker. Values are masked; {reveal} shows one, {reveal-all} all. {add} adds a \
             row, {delete} deletes the focused one, {edit} edits it.",
            "Whoever may read the endpoint may read them, secrets too.",
            "Each has a key and a value, both texts.",
            "HF_HOME=/models",
        ),
        FieldId::VolumeType => (
            "local: a disk of the worker itself. network: a network storage of the account.",
            "What a local volume holds is gone with its worker.",
            "local or network.",
            "network",
        ),
        FieldId::VolumeSize => (
            "The size of a local volume.",
            "",
            "Integer, GB; currently fixed at 30.",
            "30",
        ),
        FieldId::VolumeStorageId => (
            "The id of the network storage.",
            "Its cluster must be the endpoint's Cluster ID.",
            "Required for a network volume.",
            "stor_9",
        ),
        FieldId::VolumeMountPath => (
            "Where the worker sees the volume.",
            "",
            "1–255 characters; an absolute path.",
            "/models",
        ),
        FieldId::EnvKey => (
            "The variable's name.",
            "",
            "Required; usually letters, digits and _.",
            "HF_HOME",
        ),
        FieldId::EnvValue => ("The variable's value; may have several lines.", "", "Text.", "/models"),
    };
    FieldHelp {
        what,
        risk,
        rule,
        example,
    }
}
