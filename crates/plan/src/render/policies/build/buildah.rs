use super::cache::Cache;
use super::fetch::{folder, literal};
use super::pod::{PUSH_FOLDER, Program, SECRETS_FOLDER};
use super::settled::Settled;
use super::values::Values;
use crate::object::EnvVar;

const IMAGE: &str = "quay.io/buildah/stable:v1.37.5";

/// Builds one image, and pushes it under each of its names.
const ONE: &str = "\
set -eu
buildah build --tag berth-build \"$@\"
for image in $IMAGES; do buildah push berth-build \"docker://$image\"; done
";
/// The same for an image of several platforms.
const MANY: &str = "\
set -eu
buildah build --manifest berth-build \"$@\"
for image in $IMAGES; do buildah manifest push --all berth-build \"docker://$image\"; done
";

/// Buildah: it builds, then pushes.
pub(super) fn program(settled: &Settled<'_>, values: &Values) -> Program {
    let folder = folder(settled);
    let many = settled.platforms().len() > 1;
    let script = if many { MANY } else { ONE };
    // What stands before the arguments is the script's own name.
    let mut args = vec![script.to_owned(), "build".to_owned()];
    args.push(format!(
        "--file={}",
        literal(&format!("{folder}/{}", settled.dockerfile()))
    ));
    if let Some(target) = &settled.spec.target {
        args.push(format!("--target={}", literal(target)));
    }
    if !settled.platforms().is_empty() {
        args.push(format!("--platform={}", literal(&settled.platforms().join(","))));
    }
    for (name, variable) in &values.arguments {
        args.push(format!("--build-arg={}=$({variable})", literal(name)));
    }
    for name in &values.secrets {
        args.push(format!("--secret=id={name},src={SECRETS_FOLDER}/{name}"));
    }
    if let Some(repository) = settled.cache.repository() {
        args.push("--layers".to_owned());
        args.push(format!("--cache-from={repository}"));
        args.push(format!("--cache-to={repository}"));
    } else if matches!(settled.cache, Cache::Volume(_)) {
        args.push("--layers".to_owned());
    }
    args.push(literal(&folder));
    Program {
        image: IMAGE,
        command: vec!["/bin/sh".to_owned(), "-c".to_owned()],
        args,
        env: env(settled),
        state: Some(if settled.is_privileged {
            "/var/lib/containers"
        } else {
            "/home/build/.local/share/containers"
        }),
    }
}

fn env(settled: &Settled<'_>) -> Vec<EnvVar> {
    let images = if settled.pushes() {
        settled.images.join(" ")
    } else {
        String::new()
    };
    vec![
        EnvVar::plain("IMAGES", images),
        EnvVar::plain("REGISTRY_AUTH_FILE", format!("{PUSH_FOLDER}/config.json")),
        EnvVar::plain("BUILDAH_ISOLATION", "chroot"),
        // Needs no device of the node.
        EnvVar::plain("STORAGE_DRIVER", "vfs"),
    ]
}
