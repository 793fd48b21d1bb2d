use super::fetch::{folder, literal};
use super::pod::{PUSH_FOLDER, Program};
use super::settled::Settled;
use super::values::Values;
use crate::object::EnvVar;

const IMAGE: &str = "gcr.io/kaniko-project/executor:v1.23.2";

/// kaniko: it builds in its own root folder, and pushes.
pub(super) fn program(settled: &Settled<'_>, values: &Values) -> Program {
    let folder = folder(settled);
    let mut args = vec![
        format!("--context=dir://{}", literal(&folder)),
        format!(
            "--dockerfile={}",
            literal(&format!("{folder}/{}", settled.dockerfile()))
        ),
    ];
    if let Some(target) = &settled.spec.target {
        args.push(format!("--target={}", literal(target)));
    }
    if let Some(platform) = settled.platforms().first() {
        args.push(format!("--custom-platform={}", literal(platform)));
    }
    for (name, variable) in &values.arguments {
        args.push(format!("--build-arg={}=$({variable})", literal(name)));
    }
    for image in &settled.images {
        args.push(format!("--destination={image}"));
    }
    if !settled.pushes() {
        args.push("--no-push".to_owned());
    }
    if let Some(repository) = settled.cache.repository() {
        args.push("--cache=true".to_owned());
        args.push(format!("--cache-repo={repository}"));
    }
    Program {
        image: IMAGE,
        command: Vec::new(),
        args,
        env: vec![EnvVar::plain("DOCKER_CONFIG", PUSH_FOLDER)],
        state: None,
    }
}
