use super::cache::Cache;
use super::fetch::{folder, literal};
use super::pod::{CACHE, PUSH_FOLDER, Program, SECRETS_FOLDER};
use super::settled::Settled;
use super::values::Values;
use crate::object::EnvVar;

/// `BuildKit` without root, and with it.
pub(super) const IMAGE: &str = "moby/buildkit:v0.17.3-rootless";
const IMAGE_OF_ROOT: &str = "moby/buildkit:v0.17.3";

/// `BuildKit`, its daemon and its client in one container.
pub(super) fn program(settled: &Settled<'_>, values: &Values) -> Program {
    let folder = folder(settled);
    let mut args: Vec<String> = [
        "build",
        "--frontend=dockerfile.v0",
        &format!("--local=context={}", literal(&folder)),
        &format!("--local=dockerfile={}", literal(&folder)),
        &format!("--opt=filename={}", literal(settled.dockerfile())),
    ]
    .map(str::to_owned)
    .into();
    if let Some(target) = &settled.spec.target {
        args.push(format!("--opt=target={}", literal(target)));
    }
    if !settled.platforms().is_empty() {
        args.push(format!(
            "--opt=platform={}",
            literal(&settled.platforms().join(","))
        ));
    }
    for (name, variable) in &values.arguments {
        args.push(format!("--opt=build-arg:{}=$({variable})", literal(name)));
    }
    for name in &values.secrets {
        args.push(format!("--secret=id={name},src={SECRETS_FOLDER}/{name}"));
    }
    args.extend(attestations(settled));
    args.extend(output(settled));
    args.extend(cache(settled));
    let mut env = vec![EnvVar::plain("DOCKER_CONFIG", PUSH_FOLDER)];
    if settled.is_privileged {
        return Program {
            image: IMAGE_OF_ROOT,
            command: vec!["buildctl-daemonless.sh".to_owned()],
            args,
            env,
            state: Some("/var/lib/buildkit"),
        };
    }
    // Processes of a build see each other, and not those of the pod: without it, /proc would have to be unmasked.
    env.push(EnvVar::plain(
        "BUILDKITD_FLAGS",
        "--oci-worker-no-process-sandbox",
    ));
    Program {
        image: IMAGE,
        command: vec!["buildctl-daemonless.sh".to_owned()],
        args,
        env,
        state: Some("/home/user/.local/share/buildkit"),
    }
}

fn output(settled: &Settled<'_>) -> Option<String> {
    if settled.images.is_empty() {
        return None;
    }
    let names = settled.images.join(",");
    Some(format!(
        "--output=type=image,\"name={names}\",push={}",
        settled.pushes()
    ))
}

/// What the image says of where it comes from and what it consists of.
fn attestations(settled: &Settled<'_>) -> Vec<String> {
    let Some(output) = &settled.spec.output else {
        return Vec::new();
    };
    let attest = |name: &str, wanted: Option<bool>, on: &str| {
        let value = if wanted? { on } else { "disabled=true" };
        Some(format!("--opt=attest:{name}={value}"))
    };
    [
        attest("provenance", output.provenance, "mode=max"),
        attest("sbom", output.sbom, ""),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cache(settled: &Settled<'_>) -> Vec<String> {
    let mode = settled.spec.cache.mode.as_deref();
    let mode = mode.map_or_else(String::new, |mode| format!(",mode={}", literal(mode)));
    match &settled.cache {
        Cache::None => Vec::new(),
        Cache::Registry(image) => vec![
            format!("--export-cache=type=registry,ref={image}{mode}"),
            format!("--import-cache=type=registry,ref={image}"),
        ],
        Cache::Inline(image) => vec![
            "--export-cache=type=inline".to_owned(),
            format!("--import-cache=type=registry,ref={image}"),
        ],
        Cache::Volume(_) => vec![
            format!("--export-cache=type=local,dest={}{mode}", CACHE.1),
            format!("--import-cache=type=local,src={}", CACHE.1),
        ],
    }
}
