//! Upload sessions: bytes that come in pieces, from several requests, across restarts, until a digest ends them.

mod expire;
mod files;
mod lane;
mod open;
mod session;
mod sessions;

pub(crate) use expire::{LastLook, expire};
pub(crate) use files::{hash_file, keep_sessions, read_file};
pub use session::UploadSession;
pub(crate) use sessions::Sessions;
