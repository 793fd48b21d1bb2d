//! Who is measured: Berth, the registries and servers beside it, and the two programs that do the least.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use berth_drive::{Server, free_address, quickstart};
use tempfile::TempDir;

use crate::bench::registry::stage::{Stage, plant};

/// A program to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Berth,
    /// With one user, whose password is remembered once it was checked.
    BerthWithPassword,
    BerthOverTls,
    /// Debian's, 2.8.
    DockerRegistry,
    /// Docker's registry 3, as Go builds it.
    Registry3,
    /// Two workers with sendfile; it serves files.
    Nginx,
    NginxOverTls,
    /// The bare program that gives a file by sendfile.
    BareSendFile,
    /// The bare program that gives a file by reads and writes.
    BareWrite,
    /// The bare program that receives, hashes, writes and syncs.
    BareReceiver,
}

/// A user of [`Kind::BerthWithPassword`], as `Authorization` has it.
pub(crate) const ANN: &str = "Basic YW5uOmNvcnJlY3QgaG9yc2U=";

/// A program that runs, over a folder that goes with it.
pub(crate) struct Running {
    pub(crate) kind: Kind,
    pub(crate) server: Server,
    folder: TempDir,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Berth => "Berth",
            Self::BerthWithPassword => "Berth, htpasswd",
            Self::BerthOverTls => "Berth, TLS",
            Self::DockerRegistry => "docker-registry 2.8",
            Self::Registry3 => "registry 3.1.2",
            Self::Nginx => "nginx",
            Self::NginxOverTls => "nginx, TLS",
            Self::BareSendFile => "bare sendfile",
            Self::BareWrite => "bare write",
            Self::BareReceiver => "bare receiver",
        })
    }
}

impl Kind {
    /// Whether it is told what it serves by a file below its root, not by a push.
    pub(crate) fn serves_files(self) -> bool {
        matches!(
            self,
            Self::Nginx | Self::NginxOverTls | Self::BareSendFile | Self::BareWrite
        )
    }

    pub(crate) fn scheme(self) -> &'static str {
        match self {
            Self::BerthOverTls | Self::NginxOverTls => "https",
            _ => "http",
        }
    }

    pub(crate) fn start(self, stage: &Stage) -> Result<Running> {
        let folder = stage.folder()?;
        self.start_on(stage, folder)
    }

    /// Starts it over a folder that another run of it has left.
    pub(crate) fn start_on(self, stage: &Stage, folder: TempDir) -> Result<Running> {
        let path = folder.path();
        let server = match self {
            Self::Berth => Server::berth(&stage.berth, path, &quickstart(&path.join("data")))?,
            Self::BerthWithPassword => Server::berth(&stage.berth, path, &with_password(path)?)?,
            Self::BerthOverTls => Server::berth(&stage.berth, path, &over_tls(stage, path))?,
            Self::DockerRegistry => Server::docker_registry(&stage.docker_registry, path)?,
            Self::Registry3 => Server::docker_registry(&stage.registry_3, path)?,
            Self::Nginx | Self::NginxOverTls => nginx(stage, path, self == Self::NginxOverTls)?,
            Self::BareSendFile => bare(stage, path, &["pull", "sendfile", "served"])?,
            Self::BareWrite => bare(stage, path, &["pull", "write", "served"])?,
            Self::BareReceiver => bare(stage, path, &["push", "."])?,
        };
        Ok(Running {
            kind: self,
            server,
            folder,
        })
    }
}

impl Running {
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it and keeps its folder.
    pub(crate) fn stop(self) -> Result<(Kind, TempDir)> {
        self.server.stop()?;
        Ok((self.kind, self.folder))
    }

    /// Puts a file where a request for `path` finds it; only where files are served.
    pub(crate) fn give(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let file = match self.kind {
            Kind::BareSendFile | Kind::BareWrite => self.folder().join("served"),
            _ => self.folder().join(path.trim_start_matches('/')),
        };
        plant(&file, bytes)
    }

    /// The address of a path, for wrk.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.kind.scheme(), self.server.address())
    }

    /// Its memory in MB: what is resident now, and the most that was.
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.process_id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            kib.map(|kib| kib / 1024.0)
                .with_context(|| format!("no {name} of {}", self.kind))
        };
        Ok((field("VmRSS:")?, field("VmHWM:")?))
    }
}

fn with_password(folder: &Path) -> Result<String> {
    // `correct horse`, at bcrypt's cost of 10.
    const HASH: &str = "$2b$10$abcdefghijklmnopqrstuu23JPZtHcGhwXSF41f93o/7vBdDut3Xu";
    let hash = folder.join("ann");
    fs::write(&hash, HASH)?;
    let users = format!("{{ann: {{file: {}}}}}", hash.display());
    Ok(quickstart(&folder.join("data")).replace(
        "auth: {enabled: false}",
        &format!("auth: {{enabled: true, scheme: basic, htpasswd: {{realm: bench, users: {users}}}}}"),
    ))
}

fn over_tls(stage: &Stage, folder: &Path) -> String {
    let (certificate, key) = stage.certificate();
    quickstart(&folder.join("data")).replace(
        "http: {addr: \"127.0.0.1:5000\"}",
        &format!(
            "http: {{addr: \"127.0.0.1:5000\", tlsenabled: true, tlscertificate: {}, tlskey: {}}}",
            certificate.display(),
            key.display()
        ),
    )
}

fn bare(stage: &Stage, folder: &Path, words: &[&str]) -> Result<Server> {
    Server::announced(Command::new(&stage.reference).args(words), folder)
}

fn nginx(stage: &Stage, folder: &Path, tls: bool) -> Result<Server> {
    let address = free_address()?;
    let (certificate, key) = stage.certificate();
    let listen = if tls {
        format!(
            "listen {address} ssl; ssl_certificate {}; ssl_certificate_key {};",
            certificate.display(),
            key.display()
        )
    } else {
        format!("listen {address};")
    };
    let here = folder.display();
    let configuration = format!(
        "daemon off; worker_processes 2; pid {here}/nginx.pid; error_log {here}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{\n  \
           access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n  \
           client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/fastcgi;\n  \
           uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;\n  \
           default_type application/vnd.oci.image.manifest.v1+json;\n  \
           server {{ {listen} root {here}; }}\n\
         }}\n"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration)?;
    let mut command = Command::new(&stage.nginx);
    command
        .arg("-c")
        .arg(&file)
        .arg("-e")
        .arg(folder.join("error.log"));
    Server::told(&mut command, address, folder)
}
