//! The store through its public API, on a real folder.

#[expect(dead_code, reason = "the recovery tests use the rest")]
mod harness;
mod push_and_pull;
