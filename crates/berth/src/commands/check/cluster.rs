use std::fmt::Write as _;

use anyhow::Context as _;
use berth_config::rules::{self, Target};
use berth_plan::checklist::{Answer, Seen, Verdict, checklist};

use super::{Arguments, Format};
use crate::cli::ClusterArguments;
use crate::console::Console;
use crate::exit::{Exit, Refusal};
use crate::{deploy, examine};

/// Answers the deployment checklist.
pub(super) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    if arguments.output == Format::Sarif {
        let message = "the deployment checklist has no SARIF form: leave `-o sarif` or `--cluster` out";
        return Err(Refusal::Usage(message.to_owned()).into());
    }
    deploy::run(|mut interrupt| async move {
        let Some(answers) = interrupt.before(answers(arguments, console)).await else {
            return Ok(Exit::Interrupted);
        };
        let answers = answers?;
        let text = match arguments.output {
            Format::Json => serde_json::to_string_pretty(&answers)?,
            _ => to_text(&answers),
        };
        console.result(&text).context("printing the checklist")?;
        let has_failed = answers.iter().any(|answer| answer.verdict == Verdict::Fail);
        Ok(if arguments.exit_code && has_failed {
            Exit::Findings
        } else {
            Exit::Done
        })
    })
}

async fn answers(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Vec<Answer>> {
    let cluster = ClusterArguments {
        kubeconfig: arguments.kubeconfig.clone(),
        context: arguments.context.clone(),
        namespace: None,
        inventory: None,
    };
    let scene = examine::scene(&arguments.documents.documents, &cluster, arguments.profile).await?;
    let version = format!("{}.{}", scene.version.major, scene.version.minor);
    let target = Target::Cluster {
        kubernetes: Some(version.clone()),
    };
    let checked = rules::check(&scene.documents, arguments.profile.into(), &target);
    let findings = checked.findings().iter().chain(&scene.rendered.findings);
    let findings: Vec<_> = findings.cloned().collect();
    let objects = &scene.rendered.objects;
    let seen = Seen {
        version,
        storage_classes: examine::storage_classes(&scene.cluster, console).await,
        kinds: examine::kinds(&scene.cluster, objects.iter()).await,
        live: examine::live(&scene.cluster, objects.iter(), console).await,
    };
    Ok(checklist(&scene.documents, &scene.rendered, &findings, &seen))
}

/// A head for each registry, and a line for each item with what to do beneath it.
fn to_text(answers: &[Answer]) -> String {
    let mut text = String::new();
    let mut registry = "";
    for answer in answers {
        // Writing to a string doesn't fail.
        if registry != answer.registry {
            registry = &answer.registry;
            let _ = writeln!(text, "{registry}");
        }
        let verdict = match answer.verdict {
            Verdict::Pass => "pass",
            Verdict::Fail => "FAIL",
            Verdict::YoursToDo => "yours",
        };
        let _ = writeln!(
            text,
            "  {:>2}  {verdict:<5}  {}: {}",
            answer.number, answer.item, answer.because
        );
        if let Some(how) = &answer.how {
            let _ = writeln!(text, "             -> {how}");
        }
    }
    text
}
