/// Where a product runs. What it reads is the same in both places, but for paths and addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Site {
    /// In pods: paths are those of the images, addresses those of Services.
    Cluster,
    /// On a host, from files in this folder.
    Host(String),
}

impl Site {
    /// Whether it is a host.
    pub(crate) const fn is_host(&self) -> bool {
        matches!(self, Self::Host(_))
    }

    /// A path of a pod, or in its place one in the folder of the host.
    pub(crate) fn path(&self, of_pod: &str, on_host: &str) -> String {
        match self {
            Self::Cluster => of_pod.to_owned(),
            Self::Host(folder) => format!("{folder}/{on_host}"),
        }
    }
}
