//! Drives any registry from outside: a small client on a bare connection, images made on the spot, and registries
//! started as processes; clusters of Kubernetes too. The stories and the benches share it.
//!
//! It must not know Berth's crates: what it says about a registry has to be an independent opinion.

mod client;
mod connection;
mod image;
pub mod kubernetes;
mod layout;
mod needed;
pub mod packing;
mod podman;
mod programs;
mod python;
mod random;
mod server;
mod stream;
mod tar;

pub use client::{Client, PulledManifest};
pub use connection::{Body, Connection, Head, Unexpected};
pub use image::{INDEX_TYPE, Image, Index, MANIFEST_TYPE, Platform, sha256, sha256_of};
pub use layout::{write_archive, write_layout};
pub use needed::{brought, is_root, needed};
pub use podman::{Container, Podman};
pub use programs::{Recipe, program, programs_folder};
pub use python::{PYTHON_ENVIRONMENTS, python, python_folder};
pub use random::Random;
pub use server::{Server, free_address, quickstart};
