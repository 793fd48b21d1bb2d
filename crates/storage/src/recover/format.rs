use berth_oci::Digest;

use crate::disk::{self, Disk};
use crate::index::Identity;
use crate::{Random, StorageError, UploadId};

/// The format of `.berth`; a later one is refused.
const FORMAT: u64 = 1;

/// Reads `.berth/layout.json`, which names the layout and counts its starts. `None` where there is none.
pub(super) fn read(disk: &Disk) -> Result<Option<Identity>, StorageError> {
    let path = disk.layout.private("layout.json");
    let Some(bytes) = disk::read(&path)? else {
        return Ok(None);
    };
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let number = |name: &str| value.get(name).and_then(serde_json::Value::as_u64);
    if let Some(found) = number("format").filter(|found| *found > FORMAT) {
        return Err(StorageError::LaterFormat { path, found });
    }
    let id = value.get("id").and_then(serde_json::Value::as_str);
    Ok(id.zip(number("epoch")).map(|(id, epoch)| Identity {
        layout_id: id.to_owned(),
        epoch,
    }))
}

/// The identity of a layout that has none yet.
pub(super) fn fresh(random: &dyn Random) -> Identity {
    let seed = UploadId::random(random).to_string();
    Identity {
        layout_id: Digest::sha256(seed.as_bytes()).hex()[..32].to_owned(),
        epoch: 0,
    }
}

pub(super) fn write(disk: &Disk, identity: &Identity) -> Result<(), StorageError> {
    let value = serde_json::json!({"format": FORMAT, "id": identity.layout_id, "epoch": identity.epoch});
    let staged = disk.layout.private("tmp").join("layout.json");
    let path = disk.layout.private("layout.json");
    disk.write(&staged, value.to_string().as_bytes())?;
    disk.sync(&staged)?;
    disk.rename(&staged, &path)?;
    disk.sync(&disk.layout.private(""))
}
