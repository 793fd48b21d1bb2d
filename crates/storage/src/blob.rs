//! Blobs: the bytes that a repository may read.

mod delete;
mod mount;
mod open;
mod reader;
mod stat;

pub use reader::BlobReader;
