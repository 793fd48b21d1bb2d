use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use berth_oci::ByteRange;
use bytes::Bytes;
use rustix::buffer::spare_capacity;

use crate::StorageError;
use crate::store::blocking;

/// Bytes that one chunk has at most.
const CHUNK: u64 = 1 << 20;

/// Reads a blob, in chunks, while it may be deleted or healed under its name.
#[derive(Debug)]
pub struct BlobReader {
    file: Arc<File>,
    path: Arc<Path>,
    size: u64,
    next: u64,
    end: u64,
}

impl BlobReader {
    pub(crate) fn open(path: PathBuf, size: u64) -> Result<Self, StorageError> {
        let file = File::open(&path).map_err(|error| StorageError::io("opening", &path, error))?;
        Ok(Self {
            file: Arc::new(file),
            path: path.into(),
            size,
            next: 0,
            end: size,
        })
    }

    /// Bytes of the whole blob, whatever the range.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads only this part, which must lie within the blob. Call it before the first chunk.
    pub fn set_range(&mut self, range: ByteRange) {
        self.next = range.start.min(self.size);
        self.end = range.start.saturating_add(range.length).min(self.size);
    }

    /// The next bytes, up to 1 MiB; `None` at the end.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, StorageError> {
        if self.next >= self.end {
            return Ok(None);
        }
        let (file, path, offset) = (Arc::clone(&self.file), Arc::clone(&self.path), self.next);
        let length = (self.end - offset).min(CHUNK);
        let chunk = blocking(move || read_exactly(&file, &path, offset, length)).await?;
        self.next += length;
        Ok(Some(chunk))
    }
}

/// Reads `length` bytes at `offset`; fewer than that is an error, so that a short file cuts the answer.
pub(crate) fn read_exactly(
    file: &File,
    path: &Path,
    offset: u64,
    length: u64,
) -> Result<Bytes, StorageError> {
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(wanted);
    while bytes.len() < wanted {
        let at = offset + bytes.len() as u64;
        match rustix::io::pread(file, spare_capacity(&mut bytes), at) {
            Ok(0) => {
                let error = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
                return Err(StorageError::io("reading", path, error));
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(StorageError::io("reading", path, error.into())),
        }
    }
    bytes.truncate(wanted);
    Ok(bytes.into())
}
