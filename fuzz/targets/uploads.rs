//! Upload sessions: whatever order of chunks, marks, rollbacks and pauses, what is stored is what was kept.
#![no_main]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use berth_oci::{Digest, RepositoryName};
use berth_storage::{Clock, FinishUpload, Random, ResumedUpload, Store, StoreOptions, UploadSession};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

struct Still;

struct Counter(AtomicU64);

impl Clock for Still {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
    }
}

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let next = self
                .0
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            part.copy_from_slice(&next.to_le_bytes()[..part.len()]);
        }
    }
}

fuzz_target!(|steps: &[u8]| {
    // A store a round: what one round left must not explain the next.
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    let folder = folder.expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let options = StoreOptions {
            root: folder.path().to_owned(),
            clock: Arc::new(Still),
            random: Arc::new(Counter(AtomicU64::new(1))),
            allow_sparse: false,
            upload_expiry: Duration::from_secs(3600),
            grace: Duration::from_secs(3600),
        };
        let store = Store::open(options.clone()).await.expect("a store");
        run(store, &options, steps).await;
    });
});

async fn run(mut store: Store, options: &StoreOptions, steps: &[u8]) {
    let name: RepositoryName = "fuzz/ed".parse().expect("a name");
    let mut session = store.start_upload(&name, None).await.expect("a session");
    let (mut kept, mut mark) = (Vec::new(), None);
    for step in steps.iter().take(64) {
        match step % 8 {
            0..=3 => {
                // Now and then more than what is collected in memory.
                let length = if *step == 3 {
                    1_200_000
                } else {
                    usize::from(*step) * 17
                };
                let chunk = vec![*step; length];
                session
                    .append(Bytes::copy_from_slice(&chunk))
                    .await
                    .expect("a chunk");
                kept.extend(chunk);
            }
            4 => {
                session.mark().await.expect("a mark");
                mark = Some(kept.len());
            }
            5 => {
                session.rollback().await.expect("a rollback");
                kept.truncate(mark.unwrap_or(kept.len()));
            }
            6 => {
                (session, mark) = (pause(&store, &name, session).await, None);
            }
            _ => {
                let id = session.id();
                session.pause().await.expect("a pause");
                store.close().await.expect("an end in order");
                store = Store::open(options.clone()).await.expect("the store again");
                session = resume(&store, &name, id).await;
                mark = None;
            }
        }
        assert_eq!(session.offset(), kept.len() as u64);
    }
    let digest = Digest::sha256(&kept);
    let stored = session.finish(&digest).await.expect("an end");
    assert_eq!(
        stored,
        FinishUpload::Stored {
            size: kept.len() as u64
        }
    );
    let mut blob = store
        .open_blob(&name, &digest)
        .await
        .expect("a look")
        .expect("the blob");
    let mut found = Vec::new();
    while let Some(chunk) = blob.next_chunk().await.expect("the next chunk") {
        found.extend_from_slice(&chunk);
    }
    assert!(found == kept);
    store.close().await.expect("an end in order");
}

async fn pause(store: &Store, name: &RepositoryName, session: UploadSession) -> UploadSession {
    let id = session.id();
    session.pause().await.expect("a pause");
    resume(store, name, id).await
}

async fn resume(store: &Store, name: &RepositoryName, id: berth_storage::UploadId) -> UploadSession {
    match store.resume_upload(name, id).await.expect("an answer") {
        ResumedUpload::Session(session) => session,
        _ => panic!("the session is gone"),
    }
}
