mod configuration;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use berth_plan::object::ObjectKey;
use kube::config::KubeconfigError;
use serde_json::Value as Json;

use configuration::configuration;

use crate::kinds::Kinds;
use crate::refused::{Asked, Refused, Verb};

/// How long a call may take, its repetitions included, unless told otherwise.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Which cluster, and as whom.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// A kubeconfig; without it `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account.
    pub kubeconfig: Option<PathBuf>,
    /// A context of it; without it the current one.
    pub context: Option<String>,
    /// How long one call may take, its repetitions included; a minute without it.
    pub call_timeout: Option<Duration>,
}

/// A cluster, once its configuration is read. Clones share what they learnt of its kinds.
#[derive(Clone)]
pub struct Cluster {
    client: kube::Client,
    address: String,
    namespace: String,
    call_timeout: Duration,
    kinds: Arc<Kinds>,
}

/// Why no cluster could be reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The kubeconfig can't be read, or names nothing that it holds.
    #[error("reading the kubeconfig {}; check it with `kubectl config view`", .0)]
    Kubeconfig(String, #[source] KubeconfigError),
    /// No kubeconfig, and not inside a cluster.
    #[error("finding a cluster; name one by --kubeconfig, or run `kubectl config use-context`")]
    NoCluster(#[source] kube::config::InferConfigError),
    /// The context names a user that the kubeconfig doesn't hold.
    #[error("reading the kubeconfig {file}: it holds no user {user:?}; check it with `kubectl config view`")]
    UserMissing {
        /// The kubeconfig.
        file: String,
        /// The user.
        user: String,
    },
    /// What should be the certificates of authorities holds none.
    #[error(
        "preparing the client of {address}: the certificate authority in the kubeconfig holds no certificate; \
             check it with `kubectl config view`"
    )]
    NoCertificate {
        /// The API server.
        address: String,
    },
    /// The program that gets the credentials fails.
    #[error("running {command:?} for credentials; run it yourself, or log in anew")]
    Login {
        /// The program.
        command: String,
        /// What is wrong.
        #[source]
        source: kube::Error,
    },
    /// The client can't be made.
    #[error("preparing the client of {address}; check the certificates and the user in the kubeconfig")]
    Client {
        /// The API server.
        address: String,
        /// What is wrong.
        #[source]
        source: kube::Error,
    },
}

/// What an API server says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerVersion {
    /// `1`.
    pub major: u32,
    /// `31`.
    pub minor: u32,
    /// `v1.31.1`, with whatever a vendor adds.
    pub text: String,
}

impl Cluster {
    /// Reads the configuration as kubectl does, proxies included. Nothing is sent yet.
    ///
    /// # Errors
    /// The kubeconfig that can't be read or names nothing it holds; no kubeconfig at all; certificates that are none.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let mut config = configuration(options).await?;
        config.default_retry = false;
        let namespace = config.default_namespace.clone();
        let address = config.cluster_url.to_string();
        Ok(Self {
            client: client(config)?,
            address,
            namespace,
            call_timeout: options.call_timeout.unwrap_or(CALL_TIMEOUT),
            kinds: Arc::default(),
        })
    }

    /// The namespace of the context.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Where the API server is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The server's version.
    ///
    /// # Errors
    /// Whatever keeps the server from answering.
    pub async fn version(&self) -> Result<ServerVersion, Refused> {
        let asked = Asked::about(Verb::Get, "the version of the server");
        let answer = self.read(&asked, "/version").await?;
        let text = |field: &str| answer[field].as_str().unwrap_or_default().to_owned();
        Ok(ServerVersion {
            major: leading_number(&text("major")),
            minor: leading_number(&text("minor")),
            text: text("gitVersion"),
        })
    }

    /// What tells this cluster from all others: the uid of its namespace `kube-system`; `None` without one.
    ///
    /// # Errors
    /// Whatever keeps the server from answering; reading namespaces may be forbidden.
    pub async fn identity(&self) -> Result<Option<String>, Refused> {
        let key = ObjectKey {
            namespace: None,
            name: "kube-system".to_owned(),
            group: "".into(),
            kind: "Namespace".into(),
        };
        let namespace = self.get(&key).await?;
        Ok(namespace.and_then(|it| {
            it.pointer("/metadata/uid")
                .and_then(Json::as_str)
                .map(str::to_owned)
        }))
    }

    /// The client beneath.
    pub(crate) const fn client(&self) -> &kube::Client {
        &self.client
    }

    /// How long a call may take.
    pub(crate) const fn call_timeout(&self) -> Duration {
        self.call_timeout
    }

    /// What is known of the kinds.
    pub(crate) fn kinds(&self) -> &Kinds {
        &self.kinds
    }
}

fn client(config: kube::Config) -> Result<kube::Client, ConnectError> {
    let address = config.cluster_url.to_string();
    if config.root_cert.as_ref().is_some_and(Vec::is_empty) {
        return Err(ConnectError::NoCertificate { address });
    }
    let login = config
        .auth_info
        .exec
        .as_ref()
        .and_then(|exec| exec.command.clone());
    kube::Client::try_from(config).map_err(|source| match (&source, login) {
        (kube::Error::Auth(_), Some(command)) => ConnectError::Login { command, source },
        _ => ConnectError::Client { address, source },
    })
}

/// The number that a text starts with: some vendors write the minor version as `31+`.
fn leading_number(text: &str) -> u32 {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..digits].parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_plus_is_no_part_of_the_version() {
        assert_eq!(leading_number("31+"), 31);
        assert_eq!(leading_number("31"), 31);
        assert_eq!(leading_number(""), 0);
    }
}
