use std::path::{Path, PathBuf};

/// What a declaration is called, in the order of preference.
const NAMES: [&str; 4] = ["berth.yaml", "berth.json", "berth.nix", "berth"];

/// The declaration in `folder` or the nearest folder above it, up to the root of the repository.
pub(super) fn nearest(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let found = NAMES
            .into_iter()
            .map(|name| folder.join(name))
            .find(|path| is_declaration(path));
        if found.is_some() {
            return found;
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// A file by any of the names, but a folder only where a folder is meant.
fn is_declaration(path: &Path) -> bool {
    let is_folder_name = path.file_name().is_some_and(|name| name == "berth");
    if is_folder_name {
        path.is_dir()
    } else {
        path.is_file()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_declaration_above_is_found_but_not_one_outside_the_repository() {
        let outside = tempfile::tempdir().unwrap();
        let repository = outside.path().join("repository");
        let inner = repository.join("a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::create_dir(repository.join(".git")).unwrap();
        fs::write(outside.path().join("berth.yaml"), "").unwrap();
        assert_eq!(nearest(&inner), None);
        fs::write(repository.join("berth.json"), "").unwrap();
        assert_eq!(nearest(&inner), Some(repository.join("berth.json")));
    }

    #[test]
    fn the_program_s_own_file_is_no_declaration() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join("berth"), "an executable").unwrap();
        assert_eq!(nearest(folder.path()), None);
    }
}
