use std::io::Read;
use std::path::{Path, PathBuf};

use berth_config::{Format, Source};

use super::nix;

/// A document that could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("reading {path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("{path} holds no document: no .yaml, .yml, .json or .nix file")]
    EmptyFolder { path: String },
    #[error("evaluating {path}: {source}")]
    Nix { path: String, source: nix::NixError },
}

impl ReadError {
    /// The file that it is about.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Io { path, .. } | Self::EmptyFolder { path } | Self::Nix { path, .. } => path,
        }
    }
}

type Sources = Vec<Result<Source, ReadError>>;

/// Reads a file, a folder or (`-`) the standard input. A folder's files come in the order of their names.
pub(super) fn path(path: &Path) -> Result<Sources, ReadError> {
    if path == Path::new("-") {
        return Ok(vec![standard_input()]);
    }
    if path.is_dir() { folder(path) } else { Ok(vec![file(path)]) }
}

fn standard_input() -> Result<Source, ReadError> {
    let mut bytes = Vec::new();
    // One byte over the limit is enough to see that it is passed.
    let limit = berth_config::SIZE_LIMIT as u64 + 1;
    let read = std::io::stdin().take(limit).read_to_end(&mut bytes);
    read.map_err(|source| ReadError::Io { path: "-".to_owned(), source })?;
    // JSON is a part of YAML.
    Ok(Source::new("-", bytes, Format::Yaml))
}

fn folder(path: &Path) -> Result<Sources, ReadError> {
    let mut files = Vec::new();
    collect(path, &mut files).map_err(|source| ReadError::Io { path: path.display().to_string(), source })?;
    if files.is_empty() {
        return Err(ReadError::EmptyFolder { path: path.display().to_string() });
    }
    files.sort();
    Ok(files.iter().map(|path| file(path)).collect())
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
        "nix" => Some(Format::Nix),
        _ => None,
    }
}

fn file(path: &Path) -> Result<Source, ReadError> {
    let name = path.display().to_string();
    // A file named outright is read whatever its name.
    let format = format_of(path).unwrap_or(Format::Yaml);
    let bytes = match format {
        Format::Nix => nix::evaluate(path).map_err(|source| ReadError::Nix { path: name.clone(), source })?,
        Format::Yaml | Format::Json => {
            bounded(path).map_err(|source| ReadError::Io { path: name.clone(), source })?
        }
    };
    Ok(Source::new(name, bytes, format))
}

fn bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = berth_config::SIZE_LIMIT as u64 + 1;
    std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
