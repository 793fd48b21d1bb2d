//! What documents become on a cluster.

mod canaries;
mod golden;
mod scene;
