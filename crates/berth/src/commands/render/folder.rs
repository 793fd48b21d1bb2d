use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use berth_plan::output::{KUSTOMIZATION, OutputFile, kustomization, resources_of};

use crate::secrets::kept::write_private;

/// Writes the files into a folder, which is made where it isn't there. Files with secrets are their owner's alone.
///
/// The folder's `kustomization.yaml` says which files are Berth's: those of them that are rendered no longer are removed,
/// and whatever else lies there is left alone. While files are written it names the old ones and the new ones, so that a
/// run that broke off is told from somebody else's files.
pub(super) fn write(folder: &Path, files: &[OutputFile]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    if !files.iter().any(|file| file.name == KUSTOMIZATION) {
        return put_all(folder, files.iter());
    }
    let there = before(folder)?;
    let new: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let foreign = new.iter().find(|name| {
        **name != KUSTOMIZATION && !there.contains(**name) && fs::symlink_metadata(folder.join(name)).is_ok()
    });
    if let Some(name) = foreign {
        bail!("{name} is there and isn't Berth's: move it away, or name another folder");
    }
    let (last, objects): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.name == KUSTOMIZATION);
    let own: BTreeSet<&str> = there
        .iter()
        .map(String::as_str)
        .chain(new.iter().copied())
        .collect();
    let own = own.into_iter().filter(|name| *name != KUSTOMIZATION);
    fs::write(folder.join(KUSTOMIZATION), kustomization(own)).context(KUSTOMIZATION)?;
    put_all(folder, objects.into_iter())?;
    for name in there.iter().filter(|name| !new.contains(name.as_str())) {
        remove(&folder.join(name)).with_context(|| format!("removing {name}"))?;
    }
    put_all(folder, last.into_iter())
}

fn put_all<'a>(folder: &Path, files: impl Iterator<Item = &'a OutputFile>) -> anyhow::Result<()> {
    for file in files {
        put(folder, file).with_context(|| format!("writing {}", file.name))?;
    }
    Ok(())
}

/// The files that an earlier run wrote; none where there was none. A folder whose `kustomization.yaml` is somebody
/// else's is refused.
fn before(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = match fs::read_to_string(folder.join(KUSTOMIZATION)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error).context(KUSTOMIZATION),
    };
    match resources_of(&text) {
        Some(names) => Ok(names),
        None => bail!("{KUSTOMIZATION} is there and isn't Berth's: name another folder"),
    }
}

fn put(folder: &Path, file: &OutputFile) -> anyhow::Result<()> {
    let path = folder.join(&file.name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if file.is_secret {
        write_private(&path, file.text.as_bytes())
    } else {
        fs::write(&path, &file.text).map_err(Into::into)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
