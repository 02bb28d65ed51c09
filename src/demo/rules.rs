//! What an update's values may be (api.md, "The update body" and "`/endpoint/limit`").
//!
//! The first broken rule is the answer, as a Kratos validator reports it. `minNum` above `maxNum` is accepted: no
//! document says that the server refuses it, so a client that relies on the server for that would be caught here.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::change::{UpdateRequest, VolumeUpdate};
use super::refusal::ApiRefusal;

/// An image address with this in it can't be pulled: the update is refused with `IMAGE_NOT_FOUND`.
pub const MISSING_IMAGE: &str = "no-such-image";

const LOCAL_SIZE_GB: i64 = 30;
const REFUSED_PORTS: RangeInclusive<u32> = 2222..=2224;

/// The rules that hold for every account.
pub(super) fn documented(change: &UpdateRequest) -> Result<(), ApiRefusal> {
    required("id", &change.id)?;
    at_most("clusterID", &change.cluster_id, 255)?;
    if change.workers.is_none() {
        return Err(ApiRefusal::invalid("workerConfig", "value is required"));
    }
    ports(&change.ports)?;

    let policy = change
        .policy
        .as_ref()
        .ok_or_else(|| ApiRefusal::invalid("policy", "value is required"))?;
    if !matches!(policy.kind.as_str(), "queue" | "concurrency") {
        return Err(ApiRefusal::invalid(
            "policy.type",
            "value must be in list [queue concurrency]",
        ));
    }

    let image = change
        .image
        .as_ref()
        .ok_or_else(|| ApiRefusal::invalid("image", "value is required"))?;
    required("image.image", &image.image)?;
    at_most("image.image", &image.image, 511)?;
    at_most("image.authId", &image.auth_id, 255)?;
    at_most("image.command", &image.command, 2047)?;

    for (index, volume) in change.volumes.iter().enumerate() {
        documented_volume(&format!("volumeMounts[{index}]"), volume)?;
    }
    if change.cluster_id.is_empty() && change.volumes.iter().any(VolumeUpdate::is_network) {
        return Err(ApiRefusal::invalid(
            "clusterID",
            "value is required when a network volume is mounted",
        ));
    }
    for (index, env) in change.envs.iter().enumerate() {
        required(&format!("envs[{index}].key"), &env.key)?;
    }
    if let Some(path) = &change.healthy {
        required("healthy.path", path)?;
    }
    Ok(())
}

/// The rules that depend on the account: its ranges, its storages, its image credentials.
pub(super) fn of_account(
    change: &UpdateRequest,
    limits: &Value,
    storages: &[Value],
    auths: &[Value],
) -> Result<(), ApiRefusal> {
    if let Some(workers) = &change.workers {
        for (field, number, range) in [
            ("minNum", workers.min_num, "WorkerNum"),
            ("maxNum", workers.max_num, "WorkerNum"),
            ("freeTimeout", workers.free_timeout, "FreeTimeout"),
            ("maxConcurrent", workers.max_concurrent, "ConcurrencyNum"),
            ("gpuNum", workers.gpu_num, "GPUNum"),
            ("requestTimeout", workers.request_timeout, "RequestTimeout"),
        ] {
            within(&format!("workerConfig.{field}"), number, range_of(limits, range))?;
        }
    }
    if let Some(policy) = &change.policy {
        let range = if policy.kind == "queue" {
            "QueueWaitTime"
        } else {
            "RequestNum"
        };
        within("policy.value", policy.value, range_of(limits, range))?;
    }
    for (index, volume) in change.volumes.iter().enumerate() {
        if volume.is_network() {
            reachable(volume, &change.cluster_id, storages)?;
        } else {
            let range = range_of(limits, "LocalVolumeSize").unwrap_or(LOCAL_SIZE_GB..=LOCAL_SIZE_GB);
            within(&format!("volumeMounts[{index}].size"), volume.size, Some(range))?;
        }
    }
    if let Some(image) = &change.image {
        if !image.auth_id.is_empty() && !auths.iter().any(|auth| auth["id"] == image.auth_id) {
            return Err(ApiRefusal::invalid(
                "image.authId",
                "no image credential of this account has the id",
            ));
        }
        if image.image.contains(MISSING_IMAGE) {
            return Err(ApiRefusal::bad(
                "IMAGE_NOT_FOUND",
                format!("image.image: {} not found", image.image),
            ));
        }
    }
    Ok(())
}

/// An account's range by the part of its keys behind `min` and `max`; `None` where the answer gives none (a missing
/// maximum, 0–0, a minimum above the maximum).
fn range_of(limits: &Value, name: &str) -> Option<RangeInclusive<i64>> {
    let max = limits.get(format!("max{name}"))?.as_i64()?;
    let min = limits.get(format!("min{name}")).and_then(Value::as_i64).unwrap_or(0);
    (min <= max && max != 0).then_some(min..=max)
}

fn ports(ports: &[String]) -> Result<(), ApiRefusal> {
    let [port] = ports else {
        return Err(ApiRefusal::invalid("ports", "value must contain exactly 1 item"));
    };
    required("ports[0].port", port)?;
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u32>() {
        Ok(number) if digits && REFUSED_PORTS.contains(&number) => Err(ApiRefusal::invalid(
            "ports[0].port",
            "value must not be in list [2222 2223 2224]",
        )),
        Ok(1..=65535) if digits => Ok(()),
        _ => Err(ApiRefusal::invalid(
            "ports[0].port",
            "value must be inside range [1, 65535]",
        )),
    }
}

fn documented_volume(path: &str, volume: &VolumeUpdate) -> Result<(), ApiRefusal> {
    match volume.kind.as_str() {
        "local" => {}
        "network" => required(&format!("{path}.id"), &volume.id)?,
        _ => {
            return Err(ApiRefusal::invalid(
                &format!("{path}.type"),
                "value must be in list [local network]",
            ));
        }
    }
    let field = format!("{path}.mountPath");
    required(&field, &volume.mount_path)?;
    at_most(&field, &volume.mount_path, 255)
}

fn reachable(volume: &VolumeUpdate, cluster_id: &str, storages: &[Value]) -> Result<(), ApiRefusal> {
    let Some(storage) = storages.iter().find(|storage| storage["storageId"] == volume.id) else {
        return Err(ApiRefusal::bad(
            "NETWORK_STORAGE_NOT_FOUND",
            format!("network storage {} not found", volume.id),
        ));
    };
    if storage["clusterId"] != cluster_id {
        return Err(ApiRefusal::bad(
            "CUR_CLUSTER_NETWORK_STORAGE_NOT_SUPPORT",
            format!("network storage {} is not in clusterID {cluster_id}", volume.id),
        ));
    }
    Ok(())
}

fn required(field: &str, text: &str) -> Result<(), ApiRefusal> {
    if text.is_empty() {
        return Err(ApiRefusal::invalid(field, "value is required"));
    }
    Ok(())
}

/// Lengths are Unicode scalar values.
fn at_most(field: &str, text: &str, most: usize) -> Result<(), ApiRefusal> {
    if text.chars().count() > most {
        return Err(ApiRefusal::invalid(
            field,
            format_args!("value length must be at most {most} runes"),
        ));
    }
    Ok(())
}

fn within(field: &str, number: i64, range: Option<RangeInclusive<i64>>) -> Result<(), ApiRefusal> {
    match range {
        Some(range) if !range.contains(&number) => Err(ApiRefusal::invalid(
            field,
            format_args!("value must be inside range [{}, {}]", range.start(), range.end()),
        )),
        _ => Ok(()),
    }
}

impl VolumeUpdate {
    fn is_network(&self) -> bool {
        self.kind == "network"
    }
}
