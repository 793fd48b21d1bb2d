use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use berth_oci::{Algorithm, Digest};

use super::{Check, FsckFault};
use crate::StorageError;
use crate::disk;
use crate::layout::Layout;
use crate::upload::hash_file;

/// Bytes of one digest, and what hashing them gave.
struct Hashed {
    digest: Digest,
    size: u64,
    found: Option<Digest>,
}

/// Reads all bytes, on all processors.
pub(super) fn check(check: &mut Check<'_>) -> Result<(), StorageError> {
    let layout = &check.disk.layout;
    let digests = stored(layout)?;
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Ok(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(digest) = digests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let one = look(layout, digest, check.options.hash);
                    let mut results = results.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    match (&mut *results, one) {
                        (Ok(hashed), Ok(one)) => hashed.extend(one),
                        (Ok(_), Err(error)) => *results = Err(error),
                        (Err(_), _) => return,
                    }
                }
            });
        }
    });
    let mut hashed = results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)?;
    hashed.sort_by_key(|one| one.digest);
    for one in hashed {
        check.report.blobs += 1;
        check.report.bytes += one.size;
        match one.found {
            Some(found) if found != one.digest => {
                let path = check.disk.layout.bytes(&one.digest);
                check.find(&path, FsckFault::Damaged { found });
            }
            _ => drop(check.present.insert(one.digest)),
        }
    }
    Ok(())
}

fn look(layout: &Layout, digest: &Digest, hash: bool) -> Result<Option<Hashed>, StorageError> {
    let path = layout.bytes(digest);
    let Some(sig) = disk::stat(&path)? else {
        return Ok(None);
    };
    let found = hash.then(|| hash_file(&path, digest.algorithm())).transpose()?;
    Ok(Some(Hashed {
        digest: *digest,
        size: sig.size,
        found,
    }))
}

/// Every digest that has a folder where its bytes belong.
fn stored(layout: &Layout) -> Result<Vec<Digest>, StorageError> {
    let mut digests = Vec::new();
    for algorithm in Algorithm::ALL {
        let shards: PathBuf = layout.blobs(algorithm);
        for shard in disk::list(&shards)? {
            let names = disk::list(&shards.join(&shard))?;
            let named = names.iter().filter(|hex| hex.starts_with(&shard));
            digests.extend(named.filter_map(|hex| Digest::from_hex(algorithm, hex).ok()));
        }
    }
    Ok(digests)
}
