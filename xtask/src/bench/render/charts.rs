//! `helm template` of the charts that users deploy the same products with, told what the documents tell Berth.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use berth_drive::program as built;

use super::documents;
use super::line::{Line, side_by_side};
use crate::bench::table;
use crate::programs;

/// The charts' folders, named after the kinds of [`documents::DOCUMENTS`], and what they are told. They get each secret
/// that they would else compute anew: bcrypt and key pairs would be all that is measured.
const CHARTS: [(&str, &[&str]); 2] = [
    (
        "docker-registry",
        &[
            "replicaCount=2",
            "storage=s3",
            "s3.region=eu-west-1",
            "s3.bucket=team",
            "s3.encrypt=true",
            "secrets.s3.accessKey=bench-only",
            "secrets.s3.secretKey=bench-only",
            "secrets.haSharedSecret=bench-only",
            "secrets.htpasswd=bench-only",
            "ingress.enabled=true",
            "ingress.hosts[0]=team.example.com",
            "ingress.tls[0].secretName=team-tls",
            "ingress.tls[0].hosts[0]=team.example.com",
            "metrics.enabled=true",
            "metrics.serviceMonitor.enabled=true",
            "podDisruptionBudget.minAvailable=1",
        ],
    ),
    (
        "harbor",
        &[
            "externalURL=https://team.example.com",
            "expose.ingress.hosts.core=team.example.com",
            "expose.ingress.className=nginx",
            "expose.tls.certSource=secret",
            "expose.tls.secret.secretName=team-tls",
            "core.replicas=2",
            "core.secretName=team-token",
            "registry.credentials.htpasswdString=bench-only",
            "database.type=external",
            "database.external.host=postgres.example.com",
            "database.external.username=harbor",
            "database.external.password=bench-only",
            "redis.type=external",
            "redis.external.addr=redis.example.com:6379",
            "metrics.enabled=true",
        ],
    ),
];

/// A chart that lies in `BERTH_CHARTS`.
pub(super) struct Chart {
    kind: &'static str,
    folder: PathBuf,
    values: &'static [&'static str],
    helm: PathBuf,
}

/// The charts that are there; Helm is built for them.
pub(super) fn find() -> Result<Vec<Chart>> {
    let Some(all) = env::var_os("BERTH_CHARTS").map(PathBuf::from) else {
        return Ok(Vec::new());
    };
    programs::build(&["helm"])?;
    let helm = built("helm", "helm").context("helm is not built")?;
    let charts = CHARTS.iter().map(|(kind, values)| Chart {
        kind,
        folder: all.join(kind),
        values,
        helm: helm.clone(),
    });
    Ok(charts
        .filter(|chart| chart.folder.join("Chart.yaml").is_file())
        .collect())
}

/// What the charts and Helm say of their versions, in one line.
pub(super) fn told(charts: &[Chart]) -> Result<String> {
    let Some(first) = charts.first() else {
        return Ok(
            "SKIPPED: charts: `BERTH_CHARTS` names no folder with docker-registry/ or harbor/".to_owned(),
        );
    };
    let output = Command::new(&first.helm).args(["version", "--short"]).output()?;
    let mut parts = vec![format!("Helm {}", String::from_utf8_lossy(&output.stdout).trim())];
    for chart in charts {
        let text = fs::read_to_string(chart.folder.join("Chart.yaml"))?;
        let value = |field: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(field));
            line.unwrap_or_default().trim().to_owned()
        };
        parts.push(format!(
            "chart {} {} of {}",
            value("name:"),
            value("version:"),
            value("appVersion:")
        ));
    }
    Ok(format!("Beside: {}.", parts.join(", ")))
}

impl Chart {
    /// So many releases, a run of Helm each, beside as many documents in one run of Berth.
    pub(super) fn measure(&self, berth: &Path, scene: &Path, count: usize, runs: u32) -> Result<()> {
        let file = scene.join(format!("{}.yaml", self.kind));
        fs::write(&file, documents::of_kind(self.kind, count))?;
        let ours = Line::render(berth, &file);
        let theirs: Vec<Line> = (0..count).map(|number| self.template(number)).collect();
        let (objects, others) = (super::objects(&ours)?, super::objects(&theirs[0])? * count);
        let lines: Vec<&Line> = theirs.iter().collect();
        let (ours, theirs) = side_by_side(runs, &[&ours], &lines)?;
        let name = format!(
            "{count} {}: `render` ({objects} objects), `helm template` ({others})",
            self.kind
        );
        table::print_times(&name, ours, Some(theirs));
        Ok(())
    }

    fn template(&self, number: usize) -> Line {
        let (name, folder) = (
            format!("{}-{number}", self.kind),
            self.folder.display().to_string(),
        );
        let line = Line::new(&self.helm, &["template", &name, &folder]);
        self.values
            .iter()
            .fold(line, |line, value| line.and(&["--set", value]))
    }
}
