//! A file for Compose, of one service.

use berth_config::sections::Resources;
use berth_config::value::HostPort;
use serde_json::Value as Json;

use crate::render::fields::Fields;

/// What a service runs.
pub(crate) struct Service<'a> {
    /// The registry's name: that of the project.
    pub(crate) name: &'a str,
    pub(crate) image: &'a str,
    /// The program, where it isn't the image's own, and its arguments.
    pub(crate) entrypoint: Option<&'a str>,
    pub(crate) command: Vec<String>,
    /// The file of its environment, and variables beside those in it.
    pub(crate) environment_file: &'a str,
    pub(crate) variables: Fields,
    /// Files of secrets: their names, where they lie beside this file, and where the program sees them.
    pub(crate) secrets: Vec<Secret>,
    /// Files and folders of the host, and where the program sees them.
    pub(crate) mounts: Vec<Mount>,
    /// The address on the host; its port is that of the program too.
    pub(crate) address: HostPort,
    /// How long it may take to stop, in seconds.
    pub(crate) grace_seconds: i64,
    /// What it may use.
    pub(crate) resources: &'a Resources,
}

/// A file of a secret.
pub(crate) struct Secret {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) target: String,
}

/// A file or a folder of the host.
pub(crate) struct Mount {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) writable: bool,
}

impl Service<'_> {
    /// The file.
    pub(crate) fn document(&self) -> Fields {
        let secrets = self.secrets.iter().fold(Fields::new(), |fields, secret| {
            fields.with(&secret.name, Fields::new().with("file", secret.file.as_str()))
        });
        Fields::new()
            .with("name", project(self.name))
            .with_section("services", Fields::new().with_section("registry", self.service()))
            .with_section("secrets", secrets)
    }

    fn service(&self) -> Fields {
        let limits = &self.resources.limits;
        let secrets = self.secrets.iter().map(|secret| {
            Fields::new()
                .with("source", secret.name.as_str())
                .with("target", secret.target.as_str())
        });
        Fields::new()
            .with("image", self.image)
            .with_list("entrypoint", self.entrypoint.map(literal))
            .with_list("command", self.command.iter().map(|argument| literal(argument)))
            .with_list("env_file", [self.environment_file])
            .with_section("environment", self.variables.clone())
            .with_list("ports", [self.port()])
            .with("restart", "unless-stopped")
            .with("stop_grace_period", format!("{}s", self.grace_seconds))
            .with("read_only", true)
            .with_list("tmpfs", ["/tmp"])
            .with_list("cap_drop", ["ALL"])
            // The files of secrets are their owner's alone, who need not be the one that the container runs as.
            .with_list("cap_add", ["DAC_READ_SEARCH"])
            .with_list("security_opt", ["no-new-privileges:true"])
            .with_some(
                "mem_limit",
                limits.memory.value().map(|memory| memory.bytes().to_string()),
            )
            .with_some("cpus", limits.cpu.value().map(|cpu| cores(cpu.millicores())))
            .with_list("secrets", secrets)
            .with_list("volumes", self.mounts.iter().map(mount))
    }

    fn port(&self) -> Fields {
        let port = self.address.port();
        let host = match self.address.host() {
            "localhost" => Some("127.0.0.1"),
            _ if self.address.is_any() => None,
            host => Some(host),
        };
        Fields::new()
            .with_some("host_ip", host)
            .with("target", port)
            .with("published", port.to_string())
    }
}

fn mount(mount: &Mount) -> Json {
    Fields::new()
        .with("type", "bind")
        .with("source", literal(&mount.source))
        .with("target", literal(&mount.target))
        .with("read_only", !mount.writable)
        .into()
}

/// Text in which Compose expands nothing.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// A project's name: Compose takes small letters, digits, `-` and `_`.
fn project(name: &str) -> String {
    name.to_ascii_lowercase().replace('.', "-")
}

fn cores(millicores: u128) -> String {
    format!("{}.{:03}", millicores / 1000, millicores % 1000)
}
