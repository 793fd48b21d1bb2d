//! Documents as written: text to trees with places, and all that can be wrong on the way.

mod nearest;
mod tree;

pub use nearest::nearest;
pub use tree::{Entry, Node, Tree};
