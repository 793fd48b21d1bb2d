//! Clusters that the tests of one process share.

use std::ops::Deref;
use std::thread;

use super::{ControlPlane, Node};

/// A cluster that the tests of one process share. It stops when the process ends.
#[derive(Debug)]
pub struct Shared<T: AsRef<ControlPlane> + 'static = ControlPlane>(&'static T);

/// A real node that the tests of one process share.
pub type SharedNode = Shared<Node>;

impl<T: AsRef<ControlPlane>> Shared<T> {
    pub(crate) fn new(cluster: &'static T) -> Self {
        Self(cluster)
    }
}

impl<T: AsRef<ControlPlane>> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<T: AsRef<ControlPlane>> Drop for Shared<T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.as_ref().show_logs();
        }
    }
}
