use std::fs;
use std::path::Path;

use anyhow::Context;
use berth_plan::output::OutputFile;

use crate::secrets::kept::write_private;

/// Writes the files into a folder, which is made where it isn't there. Files with secrets are their owner's alone.
pub(super) fn write(folder: &Path, files: &[OutputFile]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for file in files {
        let path = folder.join(&file.name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let written = if file.is_secret {
            write_private(&path, file.text.as_bytes())
        } else {
            fs::write(&path, &file.text).map_err(Into::into)
        };
        written.with_context(|| format!("writing {}", file.name))?;
    }
    Ok(())
}
