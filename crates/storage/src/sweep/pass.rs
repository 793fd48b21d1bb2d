use std::time::Duration;

use berth_oci::{Algorithm, Digest, RepositoryName};

use super::BATCH;
use crate::StorageError;
use crate::disk;
use crate::index::{Expected, Found, Read};
use crate::layout::Key;
use crate::scan;
use crate::store::Inner;

/// Compares every link and every blob with the index, and reads anew what differs. The times of the folders don't tell
/// all: Docker's registry can move a tag back, or delete a link, and leave no trace in them.
pub(super) fn compare(inner: &Inner, pause: Duration) -> Result<(), StorageError> {
    let mut after = String::new();
    loop {
        let names = inner.readers.read(|read| read.repositories(&after, BATCH))?;
        let Some(last) = names.last() else { break };
        last.as_str().clone_into(&mut after);
        for name in &names {
            let mut keys = inner.readers.read(|read| read.keys(name))?;
            let revisions = scan::revisions(&inner.disk, name)?.into_iter();
            keys.extend(revisions.map(|digest| Key::Revision(name.clone(), digest)));
            keys.sort();
            keys.dedup();
            reconcile(inner, &keys, pause)?;
        }
    }
    for algorithm in Algorithm::ALL {
        let shards = inner.disk.layout.blobs(algorithm);
        for shard in disk::list(&shards)? {
            let names = disk::list(&shards.join(&shard))?;
            let digests = names
                .iter()
                .filter_map(|hex| Digest::from_hex(algorithm, hex).ok());
            reconcile(inner, &digests.map(Key::Bytes).collect::<Vec<_>>(), pause)?;
        }
    }
    Ok(())
}

fn reconcile(inner: &Inner, keys: &[Key], pause: Duration) -> Result<(), StorageError> {
    for batch in keys.chunks(BATCH) {
        let mut differing = Vec::new();
        for key in batch {
            let expected = inner.readers.read(|read| expected(read, key))?;
            let sig = disk::stat(&inner.disk.layout.path(key))?.map(|sig| sig.bytes());
            if expected != sig {
                differing.push(key.clone());
            }
        }
        if !differing.is_empty() {
            inner.reconcile(differing)?;
        }
        std::thread::sleep(pause);
    }
    Ok(())
}

/// How the key's own file looked when its row was written.
fn expected(read: &Read<'_>, key: &Key) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(match key {
        Key::Tag(name, tag) => first(read.tag(name, tag)?),
        Key::Revision(name, digest) => first(read.manifest(name, digest)?),
        Key::Edge(name, digest) => first(read.edge(name, digest)?),
        Key::Bytes(digest) => first(read.blob(digest)?),
    })
}

fn first<T>(found: Found<T>) -> Option<Vec<u8>> {
    found
        .expected
        .into_iter()
        .next()
        .and_then(|Expected { sig, .. }| sig)
}

/// Whether an upload to the repository is under way, here or since before the start.
pub(super) fn receives(inner: &Inner, name: &RepositoryName) -> Result<bool, StorageError> {
    Ok(inner.sessions.has_one(name) || !disk::list(&inner.disk.layout.uploads(name))?.is_empty())
}
