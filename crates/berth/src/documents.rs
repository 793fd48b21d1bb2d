//! From the arguments of a command to sources: files, folders, the standard input, or what is found nearby.

mod discover;
mod nix;
mod read;

use std::path::PathBuf;

use berth_config::{Format, Source};

pub(crate) use read::ReadError;

/// Where the documents of a command came from.
pub(crate) struct Documents {
    pub(crate) sources: Vec<Source>,
    /// Files that could not be read, each told as the others' findings are.
    pub(crate) unreadable: Vec<ReadError>,
}

/// The example that `berth serve` runs where there is no document.
pub(crate) const QUICKSTART: &str = include_str!("../../../examples/quickstart.yaml");

/// Reads the documents that `arguments` name, or those found in this folder or one above it.
///
/// `None` when nothing was named and nothing was found.
pub(crate) fn load(arguments: &[PathBuf]) -> Option<Documents> {
    let paths = if arguments.is_empty() {
        vec![discover::nearest(&std::env::current_dir().ok()?)?]
    } else {
        arguments.to_vec()
    };
    let mut documents = Documents { sources: Vec::new(), unreadable: Vec::new() };
    for path in paths {
        match read::path(&path) {
            Ok(results) => {
                for result in results {
                    match result {
                        Ok(source) => documents.sources.push(source),
                        Err(error) => documents.unreadable.push(error),
                    }
                }
            }
            Err(error) => documents.unreadable.push(error),
        }
    }
    Some(documents)
}

/// The built-in example as a source of its own.
pub(crate) fn quickstart() -> Documents {
    let source = Source::new("built-in quickstart.yaml", QUICKSTART.as_bytes().to_vec(), Format::Yaml);
    Documents { sources: vec![source], unreadable: Vec::new() }
}
