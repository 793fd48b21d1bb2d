//! What is told of registries that run: the deployment checklist, and what is wrong with them.
#![expect(clippy::unwrap_used, reason = "a test that can't read its samples has failed")]

mod checklist;
mod cluster;
mod diagnose;
