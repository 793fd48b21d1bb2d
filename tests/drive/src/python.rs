//! Programs that are Python packages: each lives in an environment of its own, outside of the tree.

use std::env;
use std::path::PathBuf;

/// The environments, the packages that they are made of, and what is judged by them.
pub const PYTHON_ENVIRONMENTS: [(&str, &str, &str); 2] = [
    (
        "kubernetes-validate",
        "kubernetes-validate==1.37.0",
        "judging objects by the schemas of Kubernetes",
    ),
    ("checkov", "checkov==3.3.30", "judging objects by checkov"),
];

/// The folder of an environment.
pub fn python_folder(environment: &str) -> Option<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    Some(cache.or_else(home)?.join("berth").join(environment))
}

/// Where a program of an environment is; without it, says that the test is skipped.
///
/// # Panics
/// Where `CI` is set: there nothing may be skipped.
#[expect(clippy::print_stdout, reason = "says that a test was skipped")]
pub fn python(environment: &str, program: &str) -> Option<PathBuf> {
    let folder = python_folder(environment).filter(|folder| folder.join("installed").is_file());
    if let Some(folder) = folder {
        return Some(folder.join("bin").join(program));
    }
    assert!(
        env::var_os("CI").is_none(),
        "{environment} is not installed, and CI skips no test"
    );
    println!("SKIPPED: {environment} is not installed: `cargo xtask test` installs it");
    None
}
