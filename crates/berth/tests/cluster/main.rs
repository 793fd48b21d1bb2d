//! On real clusters: control planes whose fake nodes make every pod ready, and a real node whose pods run.
#![expect(
    clippy::unwrap_used,
    reason = "a story whose cluster can't be set up has failed"
)]

mod applying;
mod node;
mod plane;
mod real;
mod scene;
mod standing;
mod worlds;
