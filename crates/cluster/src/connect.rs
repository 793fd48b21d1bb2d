use std::path::PathBuf;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};

/// Which cluster, and as whom.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// A kubeconfig; without it `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account.
    pub kubeconfig: Option<PathBuf>,
    /// A context of it; without it the current one.
    pub context: Option<String>,
}

/// A cluster that answers.
#[derive(Clone)]
pub struct Cluster {
    client: kube::Client,
    namespace: String,
}

/// Why no cluster could be reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The kubeconfig can't be read, or names nothing that it holds.
    #[error("reading the kubeconfig; check it with `kubectl config view`")]
    Kubeconfig(#[source] KubeconfigError),
    /// No kubeconfig, and not inside a cluster.
    #[error("finding a cluster; name one by --kubeconfig, or run `kubectl config use-context`")]
    NoCluster(#[source] kube::config::InferConfigError),
    /// The client can't be made.
    #[error("preparing the client of the cluster")]
    Client(#[source] kube::Error),
}

impl Cluster {
    /// Reads the configuration as kubectl does, proxies included. Nothing is sent yet.
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let chosen = KubeConfigOptions {
            context: options.context.clone(),
            ..KubeConfigOptions::default()
        };
        let config = match &options.kubeconfig {
            Some(path) => {
                let kubeconfig = Kubeconfig::read_from(path).map_err(ConnectError::Kubeconfig)?;
                kube::Config::from_custom_kubeconfig(kubeconfig, &chosen)
                    .await
                    .map_err(ConnectError::Kubeconfig)?
            }
            None if options.context.is_some() => kube::Config::from_kubeconfig(&chosen)
                .await
                .map_err(ConnectError::Kubeconfig)?,
            None => kube::Config::infer().await.map_err(ConnectError::NoCluster)?,
        };
        let namespace = config.default_namespace.clone();
        let client = kube::Client::try_from(config).map_err(ConnectError::Client)?;
        Ok(Self { client, namespace })
    }

    /// The namespace of the context.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The client beneath.
    pub(crate) const fn client(&self) -> &kube::Client {
        &self.client
    }
}
