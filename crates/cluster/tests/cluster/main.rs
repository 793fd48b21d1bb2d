//! The crate against a real control plane: what it answers, what it refuses, and what it does when nobody answers.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod answers;
mod connecting;
mod inventory;
mod outages;
mod refusals;
mod scene;
mod waiting;
mod webhook;
