//! The store through its public API, on a real folder.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as it expects"
)]

mod behind_its_back;
mod crowd;
mod damage;
mod deletes_and_lists;
mod fsck;
mod harness;
mod large;
mod push_and_pull;
mod restore;
mod scrub;
mod sessions;
mod state_machine;
mod sweep;
