//! The commands: the real `berth`, as a process, from its arguments to its output and its exit status.
//!
//! Snapshots are kept in `snapshots/`; `INSTA_UPDATE=always` writes them anew, and a change to one is a decision.
#![expect(clippy::unwrap_used, reason = "a claim whose scene can't be set has failed")]

mod canaries;
mod check;
mod collect_garbage;
mod completions;
mod deleted;
mod diagnose;
mod discovery;
mod explain;
mod habits;
mod init;
mod json_schema;
mod nix;
mod planted;
mod render;
mod scene;
mod schema;
mod serve;
mod serving;
mod show;
mod size;
mod sources;
