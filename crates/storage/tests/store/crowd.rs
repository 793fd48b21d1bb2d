//! Many at once.

use std::collections::BTreeSet;

use berth_oci::{Digest, TagOrDigest};
use berth_storage::fsck::{FsckOptions, fsck};

use crate::harness::{Registry, image, name, tag};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_side_by_side_are_all_whole() {
    let mut registry = Registry::new().await;
    let shared: &Registry = &registry;
    let pushes = (0..8).map(|client| async move {
        for number in 0..10 {
            let repository = format!("team/{}", client % 3);
            // Every other layer is pushed by all.
            let layer = if number % 2 == 0 {
                format!("{number}")
            } else {
                format!("{client}-{number}")
            };
            shared
                .push(&repository, &format!("v{client}-{number}"), &layer)
                .await;
        }
    });
    join_all(pushes).await;
    for client in 0..8 {
        for number in 0..10 {
            let found = registry
                .tag(&format!("team/{}", client % 3), &format!("v{client}-{number}"))
                .await;
            assert!(found.is_some(), "{client} {number}");
        }
    }
    registry.stop().await;
    let report = fsck(registry.root(), FsckOptions::default()).unwrap();
    assert_eq!(report.lines, []);
    assert_eq!(report.tags, 80);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_all_move_ends_where_one_of_them_put_it() {
    let registry = Registry::new().await;
    let layers = ["one", "two", "three", "four"];
    for layer in layers {
        registry.push("a", "seed", layer).await;
    }
    let shared = &registry;
    let moves = layers.map(|layer| async move {
        for _ in 0..15 {
            let put = image(layer, &["moving"]);
            let digest = put.digest;
            shared.put("a", put).await;
            let reference = TagOrDigest::Tag(tag("moving"));
            let read = shared
                .store()
                .get_manifest(&name("a"), &reference)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(Digest::sha256(&read.bytes), read.digest);
            assert_eq!(read.digest == digest, read.bytes == image(layer, &[]).bytes);
        }
    });
    join_all(moves).await;
    let last = registry.tag("a", "moving").await.unwrap();
    let digests: BTreeSet<Digest> = layers.iter().map(|layer| image(layer, &[]).digest).collect();
    assert!(digests.contains(&last));
    let link = registry.path("repositories/a/_manifests/tags/moving/current/link");
    assert_eq!(std::fs::read_to_string(link).unwrap(), last.to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_blob_from_many_is_one() {
    let registry = Registry::new().await;
    let shared = &registry;
    let content = vec![b'x'; 2 << 20];
    let uploads = (0..6).map(|number| {
        let content = &content;
        async move { shared.upload(&format!("r{number}"), content).await }
    });
    let digests: BTreeSet<Digest> = join_all(uploads).await.into_iter().collect();
    assert_eq!(digests.len(), 1);
    for number in 0..6 {
        let size = registry
            .store()
            .stat_blob(&name(&format!("r{number}")), &Digest::sha256(&content))
            .await;
        assert_eq!(size.unwrap(), Some(2 << 20));
    }
}

/// Runs all futures at once, on this task.
async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, output) in &mut waiting {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}
