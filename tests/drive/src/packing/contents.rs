//! What lies in an image: files from this machine, texts, folders and links, each by its path there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{installed, libraries, lines, read};
use crate::image::sha256;

/// Changes when images are packed in another way from the same files.
const FORM: &str = "1";
/// What scripts of the images call. The shell is busybox, which is each of them by its name.
const SHELL: &[&str] = &[
    "sh", "cat", "chmod", "cp", "date", "echo", "env", "false", "find", "grep", "head", "id", "ls", "mkdir",
    "mv", "rm", "sed", "sleep", "sort", "tail", "test", "touch", "tr", "true", "wc", "wget",
];

/// The files of an image, and what its Containerfile says of running it.
pub(super) struct Contents {
    entries: BTreeMap<String, Entry>,
    settings: Vec<&'static str>,
}

enum Entry {
    File(PathBuf),
    Text(String, u32),
    Folder(u32),
    Link(String),
}

impl Contents {
    /// Nothing yet.
    pub(super) fn bare(settings: &[&'static str]) -> Self {
        Self {
            settings: settings.to_vec(),
            entries: BTreeMap::new(),
        }
    }

    /// A shell and its programs, and who the users are.
    pub(super) fn with_shell(passwd: &[&str], settings: &[&'static str]) -> Result<Self> {
        let mut contents = Self::bare(settings);
        contents.program(&installed("busybox")?, "/bin/busybox")?;
        for name in SHELL {
            contents.link(&format!("/bin/{name}"), "busybox");
        }
        contents.folder("/tmp", 0o1777);
        contents.text("/etc/passwd", &lines(passwd), 0o644);
        contents.text("/etc/nsswitch.conf", "hosts: files dns\n", 0o644);
        Ok(contents)
    }

    /// A program, with the libraries that it is linked to.
    pub(super) fn program(&mut self, from: &Path, to: &str) -> Result<()> {
        for library in libraries::of(from)? {
            let place = library.display().to_string();
            self.file(&library, &place);
        }
        self.file(from, to);
        Ok(())
    }

    /// A file as it is here.
    pub(super) fn file(&mut self, from: &Path, to: &str) {
        self.entries.insert(to.to_owned(), Entry::File(from.to_owned()));
    }

    /// The files of a folder and of those in it; `wanted` judges paths below it.
    pub(super) fn tree(&mut self, from: &Path, to: &str, wanted: fn(&str) -> bool) -> Result<()> {
        for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let place = format!("{to}/{name}");
            // A link is followed: what it points at need not be in the image.
            if !wanted(&name) || !entry.path().exists() {
                continue;
            }
            if entry.path().is_dir() {
                self.tree(&entry.path(), &place, wanted)?;
            } else {
                self.file(&entry.path(), &place);
            }
        }
        Ok(())
    }

    /// A file with this text.
    pub(super) fn text(&mut self, to: &str, text: &str, mode: u32) {
        self.entries
            .insert(to.to_owned(), Entry::Text(text.to_owned(), mode));
    }

    /// An empty folder.
    pub(super) fn folder(&mut self, to: &str, mode: u32) {
        self.entries.insert(to.to_owned(), Entry::Folder(mode));
    }

    /// A link at `place`.
    pub(super) fn link(&mut self, place: &str, to: &str) {
        self.entries.insert(place.to_owned(), Entry::Link(to.to_owned()));
    }

    /// Names the image by all that goes into it: two with the same key are the same.
    pub(super) fn key(&self, name: &str) -> Result<String> {
        let mut all = format!("{FORM}\n{name}\n{}", self.containerfile());
        for (place, entry) in &self.entries {
            let what = match entry {
                Entry::File(from) => format!("file {:o} {}", mode(from)?, sha256(&read(from)?)),
                Entry::Text(text, mode) => format!("text {mode:o} {}", sha256(text.as_bytes())),
                Entry::Folder(mode) => format!("folder {mode:o}"),
                Entry::Link(to) => format!("link {to}"),
            };
            let _ = writeln!(all, "{place} {what}");
        }
        let digest = sha256(all.as_bytes());
        Ok(digest.trim_start_matches("sha256:").chars().take(32).collect())
    }

    /// Lays out what buildah is given: the Containerfile, and the files below `root`.
    pub(super) fn write(&self, context: &Path) -> Result<()> {
        if context.exists() {
            fs::remove_dir_all(context)?;
        }
        let root = context.join("root");
        fs::create_dir_all(&root)?;
        fs::write(context.join("Containerfile"), self.containerfile())?;
        for (place, entry) in &self.entries {
            let to = root.join(place.trim_start_matches('/'));
            fs::create_dir_all(to.parent().context("an entry without a folder")?)?;
            match entry {
                Entry::File(from) => {
                    fs::copy(from, &to).with_context(|| format!("copying {}", from.display()))?;
                }
                Entry::Text(text, mode) => {
                    fs::write(&to, text)?;
                    fs::set_permissions(&to, Permissions::from_mode(*mode))?;
                }
                Entry::Folder(mode) => {
                    fs::create_dir_all(&to)?;
                    fs::set_permissions(&to, Permissions::from_mode(*mode))?;
                }
                Entry::Link(target) => symlink(target, &to)?,
            }
        }
        Ok(())
    }

    fn containerfile(&self) -> String {
        let mut all = vec!["FROM scratch", "COPY root/ /"];
        all.extend(&self.settings);
        lines(&all)
    }
}

fn mode(file: &Path) -> Result<u32> {
    Ok(fs::metadata(file)
        .with_context(|| format!("looking at {}", file.display()))?
        .permissions()
        .mode())
}
