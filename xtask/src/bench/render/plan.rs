//! `berth plan` of five hundred objects against an API server on this machine, beside `kubectl diff --server-side` of the
//! same objects; what it asks the server is counted by the server.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use berth_drive::kubernetes::{ControlPlane, Version};

use super::documents;
use super::line::{Line, side_by_side};
use crate::bench::table;
use crate::programs;

/// What the control plane is made of.
pub(super) const PROGRAMS: &[&str] = &[programs::KUBERNETES, "kwok", "definitions"];
/// At least so many objects.
const OBJECTS: usize = 500;
/// Who plans: a user of his own, so that what he asks for is told from what controllers ask for.
const USER: &str = "bench";
/// Lets him do everything, and has the server count what he asks under his name. He isn't held up, as administrators aren't.
const RIGHTS: &str = r"
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bench}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: bench}]
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: bench}
spec:
  matchingPrecedence: 2
  priorityLevelConfiguration: {name: exempt}
  rules:
  - subjects: [{kind: User, user: {name: bench}}]
    resourceRules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*'], namespaces: ['*'], clusterScope: true}]
    nonResourceRules: [{nonResourceURLs: ['*'], verbs: ['*']}]
";

/// A control plane that holds what the documents declare.
struct Scene<'a> {
    plane: ControlPlane,
    kubeconfig: PathBuf,
    berth: &'a Path,
    folder: &'a Path,
}

pub(super) fn measure(berth: &Path, folder: &Path, runs: u32) -> Result<()> {
    let Some(plane) = ControlPlane::start(Version::V1_31) else {
        println!("SKIPPED: the plan: there is no control plane to be had");
        return Ok(());
    };
    plane.kubectl().apply(RIGHTS)?;
    plane.definitions()?;
    let scene = Scene {
        kubeconfig: plane.kubeconfig_of(USER)?,
        plane,
        berth,
        folder,
    };
    let (of_each, objects) = scene.enough()?;
    scene.apply()?;
    scene.time(
        &format!("`plan`: {objects} objects, nothing to change"),
        runs,
        0,
        None,
    )?;
    scene.change(of_each)?;
    let rendered = scene.rendered()?;
    let name = format!("`plan`: {objects} objects, one to change; `kubectl diff --server-side`");
    scene.time(&name, runs, 2, Some(&scene.kubectl_diff(&rendered)))
}

impl Scene<'_> {
    fn documents(&self) -> PathBuf {
        self.folder.join("planned.yaml")
    }

    /// Writes as many documents of each kind as make enough objects: how many documents, and how many objects.
    fn enough(&self) -> Result<(usize, usize)> {
        for of_each in 1.. {
            fs::write(self.documents(), documents::of_each(of_each))?;
            let objects = super::objects(&Line::render(self.berth, &self.documents()))?;
            if objects >= OBJECTS {
                return Ok((of_each, objects));
            }
        }
        Ok((0, 0))
    }

    fn line(&self, verb: &str, words: &[&str]) -> Line {
        let documents = self.documents().display().to_string();
        let kubeconfig = self.kubeconfig.display().to_string();
        Line::new(self.berth, &[verb, &documents]).and(words).and(&[
            "--kubeconfig",
            &kubeconfig,
            "--namespace",
            "default",
        ])
    }

    /// Applies everything.
    fn apply(&self) -> Result<()> {
        let (start, before) = (Instant::now(), self.asked()?);
        self.line("apply", &["--yes", "--no-wait"]).said()?;
        let took = start.elapsed().as_secs_f64() * 1000.0;
        let asked = self.asked()? - before;
        let name = format!("`apply` of all from nothing, without waiting, {asked} requests");
        table::print_times(&name, vec![took], None);
        Ok(())
    }

    /// One more replica of one of the registries.
    fn change(&self, of_each: usize) -> Result<()> {
        let text = documents::of_each(of_each);
        fs::write(self.documents(), text.replacen("replicas: 2", "replicas: 3", 1))?;
        Ok(())
    }

    /// What kubectl is to compare with the cluster.
    fn rendered(&self) -> Result<PathBuf> {
        let file = self.folder.join("rendered.yaml");
        fs::write(&file, Line::render(self.berth, &self.documents()).said()?)?;
        Ok(file)
    }

    fn kubectl_diff(&self, rendered: &Path) -> Line {
        let kubectl = self.plane.kubectl().folder().join("kubectl");
        let (kubeconfig, rendered) = (
            self.kubeconfig.display().to_string(),
            rendered.display().to_string(),
        );
        let words = [
            "diff",
            "--server-side",
            "--force-conflicts",
            "--field-manager=berth",
            "-f",
            &rendered,
        ];
        Line::new(&kubectl, &words)
            .and(&["--kubeconfig", &kubeconfig])
            .ending(1)
    }

    fn time(&self, name: &str, runs: u32, ends: i32, peer: Option<&Line>) -> Result<()> {
        let plan = self.line("plan", &["--exit-code"]).ending(ends);
        let before = self.asked()?;
        plan.said()?;
        let asked = self.asked()? - before;
        let name = match peer {
            Some(peer) => {
                peer.said()?;
                format!("{name}; {asked} requests and {}", self.asked()? - before - asked)
            }
            None => format!("{name}, {asked} requests"),
        };
        let peers: Vec<&Line> = peer.into_iter().collect();
        let (ours, theirs) = side_by_side(runs, &[&plan], &peers)?;
        table::print_times(&name, ours, peer.map(|_| theirs));
        Ok(())
    }

    /// How many requests of the user's the server has answered.
    fn asked(&self) -> Result<u64> {
        let metrics = self.plane.kubectl().run(["get", "--raw", "/metrics"])?;
        let counted = metrics.lines().filter(|line| {
            line.starts_with("apiserver_flowcontrol_dispatched_requests_total")
                && line.contains(&format!("flow_schema=\"{USER}\""))
        });
        let numbers = counted.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of requests"
        )]
        let sum = numbers.sum::<f64>() as u64;
        Ok(sum)
    }
}
