//! `berth collect-garbage`: the steps of a rendered `CronJob` that keep Docker's registry from losing images while its
//! garbage is collected. Nobody types it: it runs in a pod, under an account that may change one `Deployment`.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use berth_cluster::{Cluster, ConnectOptions};
use berth_plan::collection::{
    Collected, MANAGER, Run, collected_beside, is_of_one_pod, is_rolled_out, selector,
};
use clap::{Args, ValueEnum};
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::console::Console;
use crate::exit::Exit;

/// Runs in a pod; its rights are those of the pod's account.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What is done
    #[arg(value_enum)]
    step: Step,
    /// The registry's Deployment
    #[arg(long)]
    deployment: String,
    /// Its namespace; that of the pod without it
    #[arg(long)]
    namespace: Option<String>,
    /// The registry's container in its pods
    #[arg(long, default_value = "registry")]
    container: String,
    /// What tells this run from others: the name of the pod that it runs in
    #[arg(long)]
    run: String,
    /// How long, in seconds, pods may take to stop and to start
    #[arg(long, default_value_t = 1800)]
    patience: u64,
    /// The collector's program and its arguments
    #[arg(last = true)]
    program: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Step {
    /// The next pod of the registry collects before it serves
    InPlace,
    /// All pods are replaced by such that refuse writes
    RefuseWrites,
    /// Once the collector beside has ended, all pods are replaced by such that take them
    TakeWrites,
    /// Once the collector beside has ended, all pods are replaced
    Restart,
}

/// How often the cluster is asked.
const PAUSE: Duration = Duration::from_secs(2);
/// How many questions in a row may fail: the API server may be replaced meanwhile.
const FAILURES: u32 = 60;

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let cluster = Cluster::connect(&ConnectOptions::default()).await?;
        let namespace = arguments.namespace.as_deref().unwrap_or(cluster.namespace());
        let work = Work {
            cluster: &cluster,
            namespace,
            run: Run {
                deployment: arguments.deployment.clone(),
                container: arguments.container.clone(),
                id: arguments.run.clone(),
            },
            patience: Duration::from_secs(arguments.patience),
        };
        let mut stop = signal(SignalKind::terminate())?;
        tokio::select! {
            outcome = work.step(arguments, console) => outcome,
            () = asked_to_stop(&mut stop, arguments.step) => {
                work.insist(&work.run.undo()).await?;
                bail!("asked to stop; what was asked of the registry is taken back")
            }
        }
    })
}

struct Work<'a> {
    cluster: &'a Cluster,
    namespace: &'a str,
    run: Run,
    patience: Duration,
}

impl Work<'_> {
    async fn step(&self, arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
        match arguments.step {
            Step::InPlace => self.in_place(&arguments.program, console).await,
            Step::RefuseWrites => {
                console.talk("asking for pods that refuse writes");
                self.ask(&self.run.refuse_writes()).await?;
                if let Err(error) = self.rolled_out(Some(&self.run.id)).await {
                    self.insist(&self.run.undo()).await?;
                    return Err(error);
                }
                Ok(Exit::Done)
            }
            Step::TakeWrites => self.after_collector(console, &self.run.undo(), None).await,
            Step::Restart => {
                let id = self.run.id.clone();
                self.after_collector(console, &self.run.restart(), Some(&id))
                    .await
            }
        }
    }

    async fn in_place(&self, program: &[String], console: &mut Console) -> anyhow::Result<Exit> {
        let live = self.live().await?;
        if !is_of_one_pod(&live) {
            bail!(
                "the Deployment runs several pods at a time: one of them would take pushes while another collects"
            );
        }
        if live["spec"]["replicas"] == 0 {
            console.talk("the registry has no replicas: nothing is collected");
            return Ok(Exit::Done);
        }
        let asked = self
            .run
            .collect_in_place(&live, program)
            .with_context(|| format!("finding the container `{}` in the Deployment", self.run.container))?;
        console.talk("asking for a pod that collects before it serves");
        self.ask(&asked).await?;
        let collected = self.collected_in_place().await;
        self.insist(&self.run.undo()).await?;
        let code = collected?;
        console.talk(&format!("the collector ended with {code}"));
        self.rolled_out(None).await?;
        Ok(exit(code))
    }

    /// Waits for the collector of the pod that is asked for; it may run as long as it takes.
    async fn collected_in_place(&self) -> anyhow::Result<i64> {
        let begun = Instant::now();
        let mut failures = 0;
        loop {
            match self.pods().await.map(|pods| self.run.collected(&pods)) {
                Ok(Collected::Ended(code)) => return Ok(code),
                Ok(Collected::NotYet) if begun.elapsed() > self.patience => {
                    bail!("waiting for the collector to start; see the events of the registry's pod");
                }
                Ok(Collected::Runs | Collected::NotYet) => failures = 0,
                Err(error) => {
                    failures += 1;
                    if failures > FAILURES {
                        return Err(error);
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits for the collector in this pod, then asks for something, whatever became of the collector.
    async fn after_collector(
        &self,
        console: &mut Console,
        asked: &Value,
        run: Option<&str>,
    ) -> anyhow::Result<Exit> {
        let mut failures = 0;
        let code = loop {
            match self.cluster.pod(self.namespace, &self.run.id).await {
                Ok(pod) => {
                    failures = 0;
                    if let Collected::Ended(code) = collected_beside(&pod) {
                        break code;
                    }
                }
                Err(error) => {
                    failures += 1;
                    if failures > FAILURES {
                        return Err(error.into());
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        };
        console.talk(&format!("the collector ended with {code}"));
        self.insist(asked).await?;
        self.rolled_out(run).await?;
        Ok(exit(code))
    }

    /// Waits until all pods are those of a run, or of none.
    async fn rolled_out(&self, run: Option<&str>) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let live = self.live().await;
            let seen = match live {
                Ok(live) => self.pods().await.map(|pods| is_rolled_out(&live, &pods, run)),
                Err(error) => Err(error),
            };
            match seen {
                Ok(true) => return Ok(()),
                Err(error) if begun.elapsed() > self.patience => return Err(error),
                Ok(false) if begun.elapsed() > self.patience => {
                    bail!("waiting for the registry's pods; see `kubectl describe` of its Deployment");
                }
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn ask(&self, part: &Value) -> anyhow::Result<()> {
        let at = (self.namespace, self.run.deployment.as_str());
        Ok(self.cluster.apply_part(at, MANAGER, part).await?)
    }

    /// The same, tried for as long as pods may take: without it the registry would stay as it is.
    async fn insist(&self, part: &Value) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            match self.ask(part).await {
                Ok(()) => return Ok(()),
                Err(error) if begun.elapsed() > self.patience => return Err(error),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn live(&self) -> anyhow::Result<Value> {
        let name = &self.run.deployment;
        Ok(self.cluster.deployment(self.namespace, name).await?)
    }

    async fn pods(&self) -> anyhow::Result<Vec<Value>> {
        let live = self.live().await?;
        Ok(self.cluster.pods(self.namespace, &selector(&live)).await?)
    }
}

/// Waits to be asked to stop. What comes after the collector goes on: it is asked to stop too, and until it has ended no
/// pod may take writes.
async fn asked_to_stop(stop: &mut Signal, step: Step) {
    stop.recv().await;
    if matches!(step, Step::TakeWrites | Step::Restart) {
        std::future::pending::<()>().await;
    }
}

const fn exit(code: i64) -> Exit {
    if code == 0 { Exit::Done } else { Exit::Failed }
}
