//! The Nix library on real Nix: the module's own documentation holds on it, and it agrees with Rust.

mod agreement;
mod cases;
mod documentation;
mod evaluate;
mod library;
