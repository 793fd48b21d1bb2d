//! Upload sessions: bytes that come in pieces, from several requests, across restarts, until a digest ends them.

mod lane;
mod session;
mod sessions;

pub use session::UploadSession;
pub(crate) use session::hash_file;
pub(crate) use sessions::Sessions;
