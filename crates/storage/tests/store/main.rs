//! The store through its public API, on a real folder.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as it expects"
)]

#[expect(dead_code, reason = "the recovery tests use the rest")]
mod harness;
mod push_and_pull;
