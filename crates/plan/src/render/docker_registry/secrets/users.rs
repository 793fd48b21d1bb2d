//! Users whose password hashes lie in the cluster: the pod puts the file of users together before the registry starts.

use std::fmt::Write as _;

use berth_config::value::SecretValue;
use indexmap::IndexMap;

use super::{FOLDER, HTPASSWD};
use crate::object::{Container, EnvVar, Volume, VolumeMount};
use crate::render::docker_registry::settled::Settled;
use crate::render::registry::Component;
use crate::render::workload;

/// The volume of the file, kept in memory, and its folder.
const VOLUME: &str = "users";
const USERS_FOLDER: &str = "/run/registry";

/// The file of a user's hash.
pub(crate) fn hash_file(index: usize) -> String {
    format!("user-{index}")
}

/// Where the file of users lies.
pub(crate) fn htpasswd_path(settled: &Settled<'_>) -> String {
    if of(settled).is_some() {
        format!("{USERS_FOLDER}/{HTPASSWD}")
    } else {
        settled.secret(HTPASSWD)
    }
}

/// The users, where the pod must put their file together. Berth reads a file for each of them itself.
fn of<'a>(settled: &Settled<'a>) -> Option<&'a IndexMap<String, SecretValue>> {
    let users = settled.authentication.users_of_the_cluster()?;
    (!settled.is_berth()).then_some(users)
}

/// The step that puts the file together.
pub(crate) fn step(
    component: &Component<'_>,
    settled: &Settled<'_>,
    mounts: Vec<VolumeMount>,
) -> Option<Container> {
    let users = of(settled)?;
    let mut script = format!("set -eu\ncd {USERS_FOLDER}\n: > {HTPASSWD}\n");
    let mut env = Vec::new();
    for (index, user) in users.keys().enumerate() {
        let hash = hash_file(index);
        // Writing to a string doesn't fail.
        let _ = writeln!(
            script,
            "printf '%s:%s\\n' \"$USER_{index}\" \"`cat {FOLDER}/{hash}`\" >> {HTPASSWD}"
        );
        env.push(EnvVar::plain(format!("USER_{index}"), user.replace("$(", "$$(")));
    }
    Some(Container {
        name: VOLUME.to_owned(),
        image: settled.spec.image.text().to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        command: vec!["/bin/sh".to_owned(), "-c".to_owned()],
        args: vec![script],
        env,
        resources: workload::resources(&settled.spec.resources),
        security_context: workload::container_rights(component),
        volume_mounts: mounts,
        ..Container::default()
    })
}

/// The volume of the file.
pub(crate) fn volume(settled: &Settled<'_>) -> Option<Volume> {
    of(settled)?;
    Some(Volume::empty(VOLUME, Some("1Mi")).in_memory())
}

/// Where a container sees it.
pub(crate) fn mount(settled: &Settled<'_>) -> Option<VolumeMount> {
    of(settled)?;
    Some(VolumeMount::writable(VOLUME, USERS_FOLDER))
}
