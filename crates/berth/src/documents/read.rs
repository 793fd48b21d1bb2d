use std::io::Read;
use std::path::{Path, PathBuf};

use berth_config::document::{Format, MAX_SOURCE_BYTES, Source};

use super::nix;

/// A document that could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the file can't be read: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("the folder holds no document: no .yaml, .yml, .json or .nix file")]
    EmptyFolder { path: String },
    #[error("the file can't be evaluated: {source}")]
    Nix { path: String, source: nix::NixError },
}

impl ReadError {
    /// The file that it is about.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Io { path, .. } | Self::EmptyFolder { path } | Self::Nix { path, .. } => path,
        }
    }

    /// What to do next.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Io { .. } => "name a file or folder that can be read",
            Self::EmptyFolder { .. } => {
                "name the folder that holds the documents; hidden files are passed over"
            }
            Self::Nix { source, .. } => source.help(),
        }
    }

    fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }
}

type Sources = Vec<Result<Source, ReadError>>;

/// Reads a file, a folder or (`-`) the standard input. A folder's files come in the order of their names.
pub(super) fn path(path: &Path) -> Sources {
    if path == Path::new("-") {
        vec![
            bounded(std::io::stdin())
                .map(yaml("-"))
                .map_err(|source| ReadError::io(path, source)),
        ]
    } else if path.is_dir() {
        folder(path)
    } else {
        vec![file(path)]
    }
}

fn folder(path: &Path) -> Sources {
    let mut files = Vec::new();
    if let Err(source) = collect(path, &mut files) {
        return vec![Err(ReadError::io(path, source))];
    }
    if files.is_empty() {
        return vec![Err(ReadError::EmptyFolder {
            path: path.display().to_string(),
        })];
    }
    files.sort();
    files.iter().map(|path| file(path)).collect()
}

/// Files below `folder`; hidden ones and what a link leads to are not ours.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if format_of(&entry.path()).is_some() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "yaml" | "yml" => Some(Format::Yaml),
        "json" => Some(Format::Json),
        "nix" => Some(Format::EvaluatedNix),
        _ => None,
    }
}

fn file(path: &Path) -> Result<Source, ReadError> {
    let name = path.display().to_string();
    // A file named outright is read whatever its name.
    let format = format_of(path).unwrap_or(Format::Yaml);
    let bytes = match format {
        Format::EvaluatedNix => nix::evaluate(path).map_err(|source| ReadError::Nix {
            path: name.clone(),
            source,
        })?,
        Format::Yaml | Format::Json => std::fs::File::open(path)
            .and_then(bounded)
            .map_err(|source| ReadError::io(path, source))?,
    };
    Ok(Source { name, bytes, format })
}

/// JSON is a part of YAML.
fn yaml(name: &str) -> impl FnOnce(Vec<u8>) -> Source {
    let name = name.to_owned();
    move |bytes| Source {
        name,
        bytes,
        format: Format::Yaml,
    }
}

/// One byte over the limit is enough for the reader to see that it is passed.
fn bounded(input: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(MAX_SOURCE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
