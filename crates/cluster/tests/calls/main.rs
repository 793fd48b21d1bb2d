//! How calls go out, on a server that answers as it is told: what connects, what is sent again, when it ends.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod connecting;
mod scripted;
mod sending;
