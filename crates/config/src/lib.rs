//! Documents as written, installations as meant, and the rules between them.
//!
//! Text goes in, findings and typed documents come out. It must not know files, the network, a clock
//! or a terminal: sources are given as bytes, and nothing is printed.

pub mod artifactory;
pub mod builders;
pub mod document;
pub mod effects;
mod extensions;
mod installation;
mod kind;
pub mod nexus;
pub mod rules;
mod schema;
pub mod section;
pub mod sections;
pub mod serve;
pub mod show;
pub mod sizing;
pub mod value;

pub use extensions::extension_table;
pub use installation::{policies_for, registries_of};
pub use kind::{Kind, Marker, Spec};
pub use schema::schema;
