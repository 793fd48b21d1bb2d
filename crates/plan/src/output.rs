//! Objects as text: a stream, or a folder that kustomize reads.

mod folder;
mod stream;

pub use folder::{KUSTOMIZATION, OutputFile, kustomization, resources_of, to_folder};
pub use stream::{to_json_list, to_yaml_stream};
