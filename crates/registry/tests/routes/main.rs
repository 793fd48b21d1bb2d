//! The whole registry in process: requests in, responses out, bytes in a folder of their own. No port.
//!
//! `trap_NN` are the traps of the distribution specification that clients and other registries fell into.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails, and says where")]

mod access;
mod app;
mod append_chunk;
mod auth;
mod cancel_upload;
mod delete;
mod finish_upload;
mod health;
mod list_repositories;
mod list_tags;
mod mount;
mod ping;
mod pull_blob;
mod pull_manifest;
mod push_manifest;
mod push_whole;
mod referrers;
mod start_upload;
mod tls;
mod upload_status;
