//! The rows of the update body's lists, key by key, as [`table`](super::table) has the body.

use super::spec::{Absent, Access, Field, FieldHelp, FieldSpec, Kind, RangeRule, ServerName, TypeUse};
use crate::endpoint::config::{EnvVar, VolumeMount, VolumeType};
use crate::endpoint::field::{FieldId, Pane};
use crate::endpoint::limits::{self, RangeKeys};

/// A row of `volumeMounts`, in the order of its keys.
pub static VOLUME: [Field<VolumeMount>; 4] = [
    Field {
        spec: FieldSpec {
            id: FieldId::VolumeType,
            label: "Type",
            path: "volumeMounts[].type",
            pane: Pane::Volumes,
            kind: Kind::Choice(&[("local", "local"), ("network", "network")]),
            range: RangeRule::None,
            optional: false,
            named: &[],
            help: FieldHelp {
                what: "local: a disk of the worker itself. network: a network storage of the account.",
                risk: "What a local volume holds is gone with its worker.",
                rule: "local or network.",
                example: "network",
            },
        },
        access: Access::Word(|v| v.kind.word(), |v, word| v.kind = VolumeType::from_word(word)),
        absent: Absent::Zero,
        by_type: None,
    },
    Field {
        spec: FieldSpec {
            id: FieldId::VolumeSize,
            label: "Size",
            path: "volumeMounts[].size",
            pane: Pane::Volumes,
            kind: Kind::Integer,
            range: RangeRule::Of(RangeKeys::new("minLocalVolumeSize", "maxLocalVolumeSize", "GB")),
            optional: false,
            named: &[ServerName::Word("size")],
            help: FieldHelp {
                what: "The size of a local volume.",
                risk: "",
                rule: "Integer, GB; currently fixed at 30.",
                example: "30",
            },
        },
        access: at!(Number size),
        absent: Absent::Zero,
        by_type: Some(size_use),
    },
    Field {
        spec: FieldSpec {
            id: FieldId::VolumeStorageId,
            label: "Storage ID",
            path: "volumeMounts[].id",
            pane: Pane::Volumes,
            kind: Kind::required_line(None),
            range: RangeRule::None,
            optional: false,
            named: &[],
            help: FieldHelp {
                what: "The id of the network storage.",
                risk: "Its cluster must be the endpoint's Cluster ID.",
                rule: "Required for a network volume.",
                example: "stor_9",
            },
        },
        access: at!(Text storage_id),
        absent: Absent::Zero,
        by_type: Some(storage_id_use),
    },
    Field {
        spec: FieldSpec {
            id: FieldId::VolumeMountPath,
            label: "Mount path",
            path: "volumeMounts[].mountPath",
            pane: Pane::Volumes,
            kind: Kind::required_line(Some(limits::MOUNT_PATH_CHARS)),
            range: RangeRule::None,
            optional: false,
            named: &[ServerName::Sure("mountPath")],
            help: FieldHelp {
                what: "Where the worker sees the volume.",
                risk: "",
                rule: "1–255 characters; an absolute path.",
                example: "/models",
            },
        },
        access: at!(Text mount_path),
        absent: Absent::Zero,
        by_type: None,
    },
];

/// A row of `envs`, in the order of its keys.
pub static ENV: [Field<EnvVar>; 2] = [
    Field {
        spec: FieldSpec {
            id: FieldId::EnvKey,
            label: "Key",
            path: "envs[].key",
            pane: Pane::Environment,
            kind: Kind::required_line(None),
            range: RangeRule::None,
            optional: false,
            named: &[],
            help: FieldHelp {
                what: "The variable's name.",
                risk: "",
                rule: "Required; usually letters, digits and _.",
                example: "HF_HOME",
            },
        },
        access: at!(Text key),
        absent: Absent::Zero,
        by_type: None,
    },
    Field {
        spec: FieldSpec {
            id: FieldId::EnvValue,
            label: "Value",
            path: "envs[].value",
            pane: Pane::Environment,
            kind: Kind::lines(None),
            range: RangeRule::None,
            optional: false,
            named: &[],
            help: FieldHelp {
                what: "The variable's value; may have several lines.",
                risk: "",
                rule: "Text.",
                example: "/models",
            },
        },
        access: at!(Secret value),
        absent: Absent::Zero,
        by_type: None,
    },
];

fn size_use(volume: &VolumeMount) -> TypeUse {
    match volume.kind {
        VolumeType::Local => TypeUse::Needed,
        VolumeType::Network => TypeUse::Unused,
        VolumeType::Other(_) => TypeUse::Possible,
    }
}

fn storage_id_use(volume: &VolumeMount) -> TypeUse {
    match volume.kind {
        VolumeType::Local => TypeUse::Unused,
        VolumeType::Network => TypeUse::Needed,
        VolumeType::Other(_) => TypeUse::Possible,
    }
}
