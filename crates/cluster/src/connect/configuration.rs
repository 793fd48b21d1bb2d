use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};

use super::{ConnectError, ConnectOptions};

/// What a kubeconfig of the environment is called in an error.
const OF_ENVIRONMENT: &str = "of the environment";

/// Finds the configuration as kubectl does: the file that is named, the environment's, the pod's own.
pub(super) async fn configuration(options: &ConnectOptions) -> Result<Config, ConnectError> {
    let context = options.context.as_deref();
    if let Some(path) = &options.kubeconfig {
        let file = path.display().to_string();
        return chosen(Kubeconfig::read_from(path), &file, context).await;
    }
    match chosen(Kubeconfig::read(), OF_ENVIRONMENT, context).await {
        // Without a kubeconfig that works, a pod still has its service account.
        Err(ConnectError::Kubeconfig(..)) if context.is_none() => {
            Config::infer().await.map_err(ConnectError::NoCluster)
        }
        found => found,
    }
}

/// What a kubeconfig says for a context.
async fn chosen(
    kubeconfig: Result<Kubeconfig, KubeconfigError>,
    file: &str,
    context: Option<&str>,
) -> Result<Config, ConnectError> {
    let failed = |source| ConnectError::Kubeconfig(file.to_owned(), source);
    let kubeconfig = kubeconfig.map_err(failed)?;
    if let Some(user) = missing_user(&kubeconfig, context) {
        return Err(ConnectError::UserMissing {
            file: file.to_owned(),
            user,
        });
    }
    let options = KubeConfigOptions {
        context: context.map(str::to_owned),
        ..KubeConfigOptions::default()
    };
    Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .map_err(failed)
}

/// The user that a context names and the kubeconfig doesn't hold. Without this look, everything would be asked as
/// nobody, and refused.
fn missing_user(kubeconfig: &Kubeconfig, context: Option<&str>) -> Option<String> {
    let name = context.or(kubeconfig.current_context.as_deref())?;
    let context = kubeconfig.contexts.iter().find(|it| it.name == name)?;
    let user = context
        .context
        .as_ref()?
        .user
        .as_ref()
        .filter(|user| !user.is_empty())?;
    let known = kubeconfig.auth_infos.iter().any(|it| it.name == *user);
    (!known).then(|| user.clone())
}
