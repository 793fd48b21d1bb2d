//! The shared libraries of a program, as the loader finds them on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The libraries and the loader; a static program has none.
pub(super) fn of(program: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("ldd")
        .arg(program)
        .output()
        .context("starting ldd")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if let Some(line) = said.lines().find(|line| line.contains("not found")) {
        bail!("{} needs a library: {}", program.display(), line.trim());
    }
    Ok(paths(&said))
}

/// `name => /path (address)`, or `/path (address)` for the loader.
fn paths(said: &str) -> Vec<PathBuf> {
    let words = said
        .lines()
        .filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    words
        .filter(|word| !word.ends_with(':'))
        .map(PathBuf::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_and_the_loader_are_found_and_nothing_else() {
        let said = "\tlinux-vdso.so.1 (0x00007fff)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\
                    \t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";
        let expected = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"];
        assert_eq!(paths(said), expected.map(PathBuf::from));
        assert!(paths("\tnot a dynamic executable\n").is_empty());
    }
}
