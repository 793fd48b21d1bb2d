use std::collections::BTreeMap;

use super::pod::{TEMPORARY, USER};
use super::settled::Settled;
use super::source::{FOLDER, Source, is_ssh};
use crate::object::{
    Capabilities, Container, EnvVar, ResourceRequirements, SeccompProfile, SecurityContext, VolumeMount,
};

/// What fetches: it has git, ssh, wget, and a user of the number that the files are to have.
const IMAGE: &str = super::buildkit::IMAGE;
/// The volume that the files are put into, and its place.
pub(super) const VOLUME: &str = "workspace";
const WORKSPACE: &str = "/workspace";
/// The volume of the credentials, and its place.
pub(super) const CREDENTIALS: &str = "git";
const CREDENTIALS_FOLDER: &str = "/run/git";

/// Some servers give no single commit: then all is fetched.
const GIT: &str = "\
git init -q source
cd source
git remote add origin \"$REPOSITORY\"
if git fetch -q --depth 1 origin \"$REVISION\"; then
  git checkout -q FETCH_HEAD
else
  git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
  git checkout -q \"$REVISION\"
fi
";
const SUBMODULES: &str = "git submodule -q update --init --recursive --depth 1\n";
/// Over SSH. A Secret without `known_hosts` trusts whom it meets first.
const KEY: &str = "\
hosts=/run/git/known_hosts check=yes
[ -f $hosts ] || hosts=/tmp/known_hosts check=accept-new
export GIT_SSH_COMMAND=\"ssh -i /run/git/ssh-privatekey -o IdentitiesOnly=yes -o UserKnownHostsFile=$hosts -o StrictHostKeyChecking=$check\"
";
/// Over HTTPS: a Secret of type `kubernetes.io/basic-auth`.
const PASSWORD: &str = "\
git config --global credential.helper '!f() { echo username=`cat /run/git/username || echo git`; echo password=`cat /run/git/password`; }; f'
";
const ARCHIVE: &str = "\
mkdir source
wget -q -O /tmp/archive \"$REPOSITORY\"
tar -x -C source -f /tmp/archive
";
const PRIVATE_ARCHIVE: &str = "\
mkdir source
pair=`printf %s: \"\\`cat /run/git/username\\`\" | cat - /run/git/password | base64 | tr -d '\\n'`
wget -q -O /tmp/archive --header \"Authorization: Basic $pair\" \"$REPOSITORY\"
tar -x -C source -f /tmp/archive
";

/// What fetches the files before the build; none where a claim holds them.
pub(super) fn container(settled: &Settled<'_>) -> Option<Container> {
    let has_credentials = !settled.spec.credentials.git_secret.is_empty();
    let mut env = vec![
        EnvVar::plain("HOME", TEMPORARY.1),
        EnvVar::plain("GIT_TERMINAL_PROMPT", "0"),
    ];
    let mut script = format!("set -eu\ncd {WORKSPACE}\n");
    match settled.source {
        Source::Git {
            url,
            revision,
            submodules,
        } => {
            env.push(EnvVar::plain("REPOSITORY", literal(url)));
            env.push(EnvVar::plain("REVISION", literal(revision)));
            let credentials = if is_ssh(url) { KEY } else { PASSWORD };
            script.push_str(if has_credentials { credentials } else { "" });
            script.push_str(GIT);
            script.push_str(if submodules { SUBMODULES } else { "" });
        }
        Source::Archive { url } => {
            env.push(EnvVar::plain("REPOSITORY", literal(url)));
            script.push_str(if has_credentials { PRIVATE_ARCHIVE } else { ARCHIVE });
        }
        Source::Claim { .. } => return None,
    }
    let mut volume_mounts = vec![
        VolumeMount::writable(VOLUME, WORKSPACE),
        VolumeMount::writable(TEMPORARY.0, TEMPORARY.1),
    ];
    if has_credentials {
        volume_mounts.push(VolumeMount::read_only(CREDENTIALS, CREDENTIALS_FOLDER));
    }
    Some(Container {
        name: "fetch".to_owned(),
        image: IMAGE.to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        command: vec!["/bin/sh".to_owned(), "-c".to_owned()],
        args: vec![script],
        env,
        resources: resources(),
        security_context: rights(),
        volume_mounts,
        ..Container::default()
    })
}

/// The volume as the builder sees it.
pub(super) fn mount(settled: &Settled<'_>) -> VolumeMount {
    match settled.source {
        Source::Claim { .. } => VolumeMount::read_only(VOLUME, FOLDER),
        _ => VolumeMount::read_only(VOLUME, WORKSPACE),
    }
}

/// The folder that is built from.
pub(super) fn folder(settled: &Settled<'_>) -> String {
    let path = settled.spec.context.path.as_deref().unwrap_or_default();
    match path.trim_matches('/') {
        "" | "." => FOLDER.to_owned(),
        path => format!("{FOLDER}/{path}"),
    }
}

/// Text that Kubernetes must not take for a variable.
pub(super) fn literal(text: &str) -> String {
    text.replace("$(", "$$(")
}

/// What Pod Security "restricted" asks for: this step needs no more.
fn rights() -> SecurityContext {
    SecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(USER),
        run_as_group: Some(USER),
        seccomp_profile: Some(SeccompProfile {
            profile: "RuntimeDefault",
        }),
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities {
            drop: vec!["ALL"],
            ..Capabilities::default()
        }),
        ..SecurityContext::default()
    }
}

fn resources() -> ResourceRequirements {
    let amounts = |cpu: &str, memory: &str, disk: &str| {
        BTreeMap::from([
            ("cpu", cpu.to_owned()),
            ("memory", memory.to_owned()),
            ("ephemeral-storage", disk.to_owned()),
        ])
    };
    ResourceRequirements {
        limits: amounts("1", "512Mi", "10Gi"),
        requests: amounts("100m", "128Mi", "1Gi"),
    }
}
