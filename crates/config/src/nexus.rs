//! What a declaration of a Nexus means, where only several fields together say so: asked by the rules over it and by
//! what deploys it.

mod catalog;
mod connectors;
mod facts;

pub(crate) use catalog::roles;
pub use catalog::{BUILT_IN, Declared, Format, repositories};
pub use connectors::{Connector, PAGES_PORT, connectors};
pub use facts::*;
