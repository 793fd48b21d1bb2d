//! Programs that Go builds from modules: what each is made from, and where it is kept once it is built.
//!
//! A recipe is a folder of `tests/programs/`: its `go.mod` and `go.sum` pin all that is built. The binaries lie in a
//! cache outside of the tree, in a folder named after the recipe and a digest of it. `cargo xtask programs` builds them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, Result};

use crate::image::sha256;
use crate::needed::find;

/// The linker's flags for every program.
const STRIPPED: &str = "-s -w";
/// Hex digits of a recipe's digest that name its folder.
const DIGITS: usize = 16;

/// What one or several programs are built from.
#[derive(Debug, Clone)]
pub struct Recipe {
    name: String,
    source: PathBuf,
    /// Names and contents of its files, in the order of names.
    files: Vec<(String, String)>,
}

/// Where a program is that Go builds, `program("kubernetes-1.31.1", "kubelet")`; without Go, says that the test is skipped.
///
/// # Panics
/// When it isn't built though Go is there, and where `CI` is set: then nothing may be skipped.
#[expect(clippy::print_stdout, reason = "says that a test was skipped")]
pub fn program(recipe: &str, binary: &str) -> Option<PathBuf> {
    let found = Recipe::named(recipe).map(|recipe| recipe.folder().join(binary));
    let found = found.unwrap_or_else(|error| panic!("{error:#}"));
    if found.is_file() {
        return Some(found);
    }
    assert!(
        find("go").is_none() && env::var_os("CI").is_none(),
        "{binary} is not built: run `cargo xtask programs {recipe}`"
    );
    println!("SKIPPED: {binary} is not built, and Go is not installed");
    None
}

impl Recipe {
    /// Every recipe, in the order of names.
    pub fn all() -> Result<Vec<Self>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(sources()).context("reading tests/programs")? {
            let entry = entry?;
            if entry.path().join("go.mod").is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        names.iter().map(|name| Self::named(name)).collect()
    }

    /// The recipe of this name.
    pub fn named(name: &str) -> Result<Self> {
        let source = sources().join(name);
        let mut files = Vec::new();
        for entry in fs::read_dir(&source).with_context(|| format!("reading tests/programs/{name}"))? {
            let path = entry?.path();
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            files.push((file, text));
        }
        files.sort();
        Ok(Self {
            name: name.to_owned(),
            source,
            files,
        })
    }

    /// Its name, as the folder in `tests/programs/` has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folder in the tree.
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// The folder in the cache that its programs lie in, once they are built.
    pub fn folder(&self) -> PathBuf {
        let mut text = self.linker_flags();
        for (name, content) in &self.files {
            let _ = write!(text, "\n{name} {}\n{content}", content.len());
        }
        let digest = sha256(text.as_bytes());
        let hex = digest.rsplit(':').next().unwrap_or_default();
        programs_folder().join(format!("{}-{}", self.name, &hex[..DIGITS]))
    }

    /// What the linker is told: Kubernetes' programs read their version from it.
    pub fn linker_flags(&self) -> String {
        let Some(version) = self.required("k8s.io/kubernetes") else {
            return STRIPPED.to_owned();
        };
        let mut numbers = version.trim_start_matches('v').split('.');
        let (major, minor) = (numbers.next().unwrap_or("1"), numbers.next().unwrap_or("0"));
        let mut flags = STRIPPED.to_owned();
        for package in ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"] {
            for (name, value) in [("gitVersion", version), ("gitMajor", major), ("gitMinor", minor)] {
                let _ = write!(flags, " -X {package}.{name}={value}");
            }
        }
        flags
    }

    /// The text of a file that stands beside `go.mod`.
    pub fn file(&self, name: &str) -> Option<&str> {
        let (_, text) = self.files.iter().find(|(file, _)| file == name)?;
        Some(text)
    }

    /// Whether the programs' source stands in the recipe itself.
    pub fn has_source(&self) -> bool {
        self.file("main.go").is_some()
    }

    /// The version of a module that `go.mod` requires.
    fn required(&self, module: &str) -> Option<&str> {
        let mut lines = self.file("go.mod")?.lines();
        lines.find_map(|line| {
            let mut words = line.trim().trim_start_matches("require ").split_whitespace();
            (words.next() == Some(module)).then(|| words.next()).flatten()
        })
    }
}

/// The folder that all built programs lie in: `BERTH_PROGRAMS`, else `~/.cache/berth/programs`.
pub fn programs_folder() -> PathBuf {
    if let Some(folder) = env::var_os("BERTH_PROGRAMS") {
        return folder.into();
    }
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let folder = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    folder.unwrap_or_else(env::temp_dir).join("berth/programs")
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_is_told_the_version_that_go_mod_requires() {
        let recipe = Recipe::named("kubernetes-1.26.0").unwrap();
        assert_eq!(recipe.required("k8s.io/kubernetes"), Some("v1.26.0"));
        let flags = recipe.linker_flags();
        assert!(
            flags.contains("k8s.io/client-go/pkg/version.gitMinor=26"),
            "{flags}"
        );
        assert_eq!(Recipe::named("kwok").unwrap().linker_flags(), STRIPPED);
    }

    #[test]
    fn a_changed_line_is_another_folder() {
        let mut recipe = Recipe::named("kwok").unwrap();
        let before = recipe.folder();
        assert_eq!(before, Recipe::named("kwok").unwrap().folder());
        recipe.files[0].1.push('\n');
        assert_ne!(before, recipe.folder());
    }
}
