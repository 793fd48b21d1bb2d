//! On the real node: pods run there, and the kubelet pulls.

mod collecting;
mod datastores;
mod faults;
mod from_nothing;
mod names;
mod one_document;
mod scene;
