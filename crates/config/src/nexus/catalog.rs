use crate::sections::{NexusConnector, NexusFormatRepositories, NexusRegistry};
use crate::value::NexusRepositoryType;

/// The repositories that a new Nexus brings along.
pub const BUILT_IN: [&str; 7] = [
    "maven-central",
    "maven-public",
    "maven-releases",
    "maven-snapshots",
    "nuget-group",
    "nuget-hosted",
    "nuget.org-proxy",
];

/// A repository that Nexus will have.
#[derive(Debug)]
pub struct Declared<'a> {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub format: Format,
    /// Its role, unless it can't be read.
    pub role: Option<NexusRepositoryType>,
    /// The field that declares it.
    pub path: String,
    /// Its ports, where some are written.
    pub connector: Option<&'a NexusConnector>,
    /// The field of the ports.
    pub connector_path: String,
}

/// What a repository holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Format {
    /// Images.
    Docker,
    /// Maven.
    Maven,
    /// npm.
    Npm,
    /// Charts.
    Helm,
    /// Another format, by Nexus's own name.
    Other(String),
}

impl Declared<'_> {
    /// Whether it is written one by one, with a name of its own.
    pub fn is_custom(&self) -> bool {
        self.path.starts_with("repositories.custom")
    }
}

impl Format {
    /// The format of this name; Nexus calls Maven's `maven2`.
    pub fn parse(text: &str) -> Self {
        match text {
            "docker" => Self::Docker,
            "maven" | "maven2" => Self::Maven,
            "npm" => Self::Npm,
            "helm" => Self::Helm,
            other => Self::Other(other.to_owned()),
        }
    }
}

const ROLES: [NexusRepositoryType; 3] = [
    NexusRepositoryType::Hosted,
    NexusRepositoryType::Proxy,
    NexusRepositoryType::Group,
];

/// The repositories, in the order of the document: the four formats, then those that are written one by one.
pub fn repositories(nexus: &NexusRegistry) -> Vec<Declared<'_>> {
    let formats = &nexus.repositories;
    let docker = &formats.docker;
    let connectors = docker.connectors.as_ref();
    let mut all = Vec::new();
    for (role, on) in ROLES.into_iter().zip([docker.hosted, docker.proxy, docker.group]) {
        if on {
            let connector = connectors.and_then(|connectors| match role {
                NexusRepositoryType::Hosted => connectors.hosted.as_ref(),
                NexusRepositoryType::Proxy => connectors.proxy.as_ref(),
                NexusRepositoryType::Group => connectors.group.as_ref(),
            });
            let path = format!("repositories.docker.connectors.{}", role.as_str());
            all.push(Declared {
                connector,
                connector_path: path,
                ..of_format("docker", role)
            });
        }
    }
    for (format, repositories) in [
        ("maven", &formats.maven),
        ("npm", &formats.npm),
        ("helm", &formats.helm),
    ] {
        for (role, on) in ROLES.into_iter().zip(roles(repositories)) {
            if on {
                all.push(of_format(format, role));
            }
        }
    }
    all.extend(
        formats
            .custom
            .iter()
            .enumerate()
            .map(|(index, repository)| Declared {
                name: repository.name.clone(),
                format: Format::parse(&repository.format),
                role: repository.kind.value().copied(),
                path: format!("repositories.custom[{index}]"),
                connector: repository.connector.as_ref(),
                connector_path: format!("repositories.custom[{index}].connector"),
            }),
    );
    all
}

/// Whether there is a hosted, a proxy and a group repository.
pub(crate) const fn roles(repositories: &NexusFormatRepositories) -> [bool; 3] {
    [repositories.hosted, repositories.proxy, repositories.group]
}

fn of_format<'a>(format: &str, role: NexusRepositoryType) -> Declared<'a> {
    Declared {
        name: format!("{format}-{}", role.as_str()),
        format: Format::parse(format),
        role: Some(role),
        path: format!("repositories.{format}.{}", role.as_str()),
        connector: None,
        connector_path: String::new(),
    }
}
