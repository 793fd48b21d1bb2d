//! Manifests: documents that name blobs and other manifests, and that tags point at.

mod delete;
mod get;
mod put;
