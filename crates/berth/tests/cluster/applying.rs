//! Documents are planned, applied, changed, pruned and destroyed.

mod adoption;
mod canaries;
mod changes;
mod everything;
mod immutable;
mod interruption;
mod pruning;
mod rotation;
mod stale;
