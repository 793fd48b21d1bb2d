//! Tags, and the names of repositories.

mod delete;
mod list;
