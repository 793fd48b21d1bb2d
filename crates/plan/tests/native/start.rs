//! Starts programs on what was rendered for a host, as a person would: files in a folder, an environment from a file.

use std::fs::{self, File, Permissions};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use berth_plan::native::Native;

/// A program that runs until this value is dropped.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

/// Writes the files as `berth render --native --out` does.
pub(crate) fn write(native: &Native, folder: &Path) {
    for file in &native.files {
        let path = folder.join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &file.text).unwrap();
        if file.is_secret {
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        }
    }
}

impl Running {
    /// Starts a program in a folder, with no other environment than that of a file where there is one.
    pub(crate) fn start(
        program: &Path,
        arguments: &[&str],
        (folder, environment): (&Path, Option<&Path>),
        more: &[(&str, &str)],
    ) -> Self {
        let name = program.file_name().unwrap().to_string_lossy();
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).unwrap();
        let read = environment.map_or_else(String::new, |path| {
            format!("set -a; . {}; set +a; ", path.display())
        });
        let child = Command::new("/bin/sh")
            .args(["-c", &format!("{read}exec \"$0\" \"$@\"")])
            .arg(program)
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::from(file.try_clone().unwrap()))
            .stderr(Stdio::from(file))
            .spawn()
            .unwrap();
        Self { child, log }
    }

    /// Waits until it listens; what it said where it ends before.
    pub(crate) fn listens(&mut self, address: SocketAddr) -> Result<(), String> {
        for _ in 0..400 {
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            if self.child.try_wait().unwrap().is_some() {
                return Err(format!("it ended: {}", self.log()));
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        Err(format!("it doesn't listen: {}", self.log()))
    }

    /// All that it has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
