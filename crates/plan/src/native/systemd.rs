//! A unit of systemd that runs a program with no more rights than it needs.

use std::fmt::Write as _;

use berth_config::sections::Resources;

/// What a unit runs.
pub(crate) struct Unit<'a> {
    /// What it is, for people.
    pub(crate) description: String,
    /// The program and its arguments.
    pub(crate) command: String,
    /// The file of its environment, and variables beside those in it.
    pub(crate) environment_file: String,
    pub(crate) variables: Vec<(String, String)>,
    /// Files that systemd reads for it, by name: the program's user can't.
    pub(crate) credentials: Vec<(String, String)>,
    /// The folders that it writes to.
    pub(crate) folders: Vec<String>,
    /// The least port that it listens on.
    pub(crate) port: u16,
    /// How long it may take to stop, in seconds.
    pub(crate) grace_seconds: i64,
    /// What it may use.
    pub(crate) resources: &'a Resources,
    /// The user where its folders are not systemd's own.
    pub(crate) user: &'static str,
}

/// Where systemd makes folders for a user that lives as long as the service.
const STATE: &str = "/var/lib/";

/// What nothing here needs.
const HARDENED: &str = "\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077
";

impl Unit<'_> {
    /// The text of the unit.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "[Unit]\nDescription={}\nWants=network-online.target\nAfter=network-online.target\n\n[Service]\nExecStart={}\n\
             Restart=on-failure\nRestartSec=2\nTimeoutStopSec={}\nEnvironmentFile={}\n",
            escaped(&self.description),
            self.command,
            self.grace_seconds,
            escaped(&self.environment_file)
        );
        for (name, value) in &self.variables {
            line(
                &mut text,
                "Environment",
                &format!("\"{name}={}\"", value.replace('"', "\\\"")),
            );
        }
        for (name, path) in &self.credentials {
            line(&mut text, "LoadCredential", &format!("{name}:{}", escaped(path)));
        }
        self.rights(&mut text);
        self.limits(&mut text);
        text + "\n[Install]\nWantedBy=multi-user.target\n"
    }

    fn rights(&self, text: &mut String) {
        let states: Option<Vec<&str>> = self
            .folders
            .iter()
            .map(|folder| folder.strip_prefix(STATE).filter(|rest| !rest.is_empty()))
            .collect();
        if let Some(states) = states {
            line(text, "DynamicUser", "yes");
            for state in states {
                line(text, "StateDirectory", &escaped(state.trim_end_matches('/')));
            }
            line(text, "StateDirectoryMode", "0700");
        } else {
            line(text, "User", self.user);
            for folder in &self.folders {
                line(text, "ReadWritePaths", &escaped(folder));
            }
        }
        text.push_str(HARDENED);
        if self.folders.iter().any(|folder| is_of_a_person(folder)) {
            *text = text.replace("ProtectHome=yes\n", "");
        }
        let rights = if self.port < 1024 {
            "CAP_NET_BIND_SERVICE"
        } else {
            ""
        };
        line(text, "CapabilityBoundingSet", rights);
        line(text, "AmbientCapabilities", rights);
    }

    fn limits(&self, text: &mut String) {
        let limits = &self.resources.limits;
        if let Some(memory) = limits.memory.value() {
            line(text, "MemoryMax", &memory.bytes().to_string());
        }
        if let Some(cpu) = limits.cpu.value() {
            line(text, "CPUQuota", &format!("{}%", (cpu.millicores() / 10).max(1)));
        }
    }
}

fn is_of_a_person(folder: &str) -> bool {
    ["/home/", "/root/"].iter().any(|home| folder.starts_with(home))
}

fn line(text: &mut String, name: &str, value: &str) {
    // Writing to a string doesn't fail.
    let _ = writeln!(text, "{name}={value}");
}

/// Text in which systemd expands nothing.
fn escaped(text: &str) -> String {
    text.replace('%', "%%")
}
