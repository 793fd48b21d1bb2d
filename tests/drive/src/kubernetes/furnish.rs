//! What a test puts into its cluster before it begins, and waiting for what comes of it.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::plane::PATIENCE;
use super::{ControlPlane, objects};
use crate::programs::program;

impl ControlPlane {
    /// Makes a namespace that no other test has, named `NAME-NUMBER`, with its default service account.
    pub fn namespace(&self, name: &str) -> Result<String> {
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}-{number}");
        self.kubectl().run(["create", "namespace", &name])?;
        self.wait("the default service account", PATIENCE, || {
            let words = ["get", "serviceaccount", "default", "--namespace", &name];
            Ok(self.kubectl().run(words).is_ok())
        })?;
        Ok(name)
    }

    /// Makes the default storage class and so many more volumes for claims to bind to.
    pub fn volumes(&self, count: usize) -> Result<()> {
        self.volumes_of(objects::DEFAULT_CLASS, count)
    }

    /// Makes a storage class and so many more volumes of it.
    pub fn volumes_of(&self, class: &str, count: usize) -> Result<()> {
        let first = self.volumes.fetch_add(count, Ordering::Relaxed);
        let folder = self.folder().join("volumes");
        for number in first..first + count {
            make_folder_for_all(&folder.join(format!("{class}-{number}")))?;
        }
        let objects = objects::volumes(class, first..first + count, &folder);
        self.kubectl().apply(&objects.to_string())?;
        Ok(())
    }

    /// Applies the definitions of `ServiceMonitor`, `PrometheusRule` and the Gateway API, and waits until they are served.
    pub fn definitions(&self) -> Result<()> {
        let file = "monitoring.coreos.com_servicemonitors.yaml";
        let file = program("definitions", file).context("the definitions are not there")?;
        let folder = file.parent().context("a file without a folder")?;
        let folder = folder.to_string_lossy().into_owned();
        self.kubectl()
            .run(["apply", "--server-side", "--force-conflicts", "-f", &folder])?;
        self.kubectl().run([
            "wait",
            "--for=condition=Established",
            "--timeout=60s",
            "-f",
            &folder,
        ])?;
        Ok(())
    }

    /// Waits until something is so. The error names it and shows the ends of the cluster's logs.
    pub fn wait(
        &self,
        what: &str,
        patience: Duration,
        mut ready: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        let start = Instant::now();
        while !ready()? {
            if start.elapsed() > patience {
                let seconds = patience.as_secs();
                bail!("waited {seconds} s in vain for {what}:\n{}", self.tails());
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Waits until a workload (`deployment/web`) is rolled out. The error says how its pods fare.
    pub fn rollout(&self, namespace: &str, workload: &str, patience: Duration) -> Result<()> {
        let timeout = format!("--timeout={}s", patience.as_secs());
        let words = ["rollout", "status", workload, "--namespace", namespace, &timeout];
        let outcome = self.kubectl().run(words);
        outcome.map(drop).with_context(|| {
            let words = ["describe", "pods", "--namespace", namespace];
            self.kubectl().run(words).unwrap_or_default()
        })
    }
}

/// Pods write as users of their own, and nobody changes the owner of such a volume for them.
fn make_folder_for_all(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?;
    Ok(())
}
