//! What is to be done so that a cluster becomes what documents say.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose scene is not as it set it up has failed"
)]

mod adopting;
mod canaries;
mod deciding;
mod file;
mod golden;
mod leaving;
mod made_once;
mod scene;
