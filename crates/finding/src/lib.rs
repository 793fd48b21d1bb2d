//! Findings: a code, a level, a place, what to do next; and a report of them as text, JSON and SARIF.
//!
//! It must not know documents, registries or terminals: it reads and writes nothing, and whoever
//! makes a finding masks the source line that goes with it.

mod catalog;
mod code;
mod finding;
mod level;
mod location;
mod render;
mod report;

pub use catalog::{Catalog, Phase, Rule};
pub use code::Code;
pub use finding::{Excerpt, Finding};
pub use level::Level;
pub use location::{Location, Place, Span};
pub use render::json::to_json;
pub use render::sarif::to_sarif;
pub use render::text::to_text;
pub use report::Report;
