//! placeholder

pub mod builders;
