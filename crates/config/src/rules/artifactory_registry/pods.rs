//! What the pod gets: memory, the Java heap, users, containers.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::ArtifactoryRegistry;

pub(super) const AF_017: Rule = Rule::warning(
    "AF-017",
    "the memory limit is below what Artifactory needs",
    "\
The vendor's smallest size gives Artifactory 4Gi, and another 2 to 3Gi to the services beside it. Below that it is killed while
it starts, or under the first load.

    resources: {limits: {memory: 6Gi}, requests: {memory: 4Gi}}
",
)
.in_prod(Level::Error);

pub(super) const AF_018: Rule = Rule::error(
    "AF-018",
    "the Java heap leaves too little of the memory limit, or begins larger than it may grow",
    "\
Beside the heap Java needs threads, buffers and code; with more than three quarters of the limit as heap the kernel kills the pod
when it gets busy. `minMemory` is the size at the start, and at most `maxMemory`.

    resources: {limits: {memory: 6Gi}}
    jvm: {minMemory: 1g, maxMemory: 4g}
",
);

pub(super) const AF_019: Rule = Rule::error(
    "AF-019",
    "another user than 1030 without a group that owns the files",
    "\
The image's files and the data folder belong to user and group 1030. Another `runAsUser` can only write where `fsGroup` gives the
volume to its group.

    securityContext: {runAsUser: 2000, fsGroup: 2000}
",
);

pub(super) const AF_027: Rule = Rule::warning(
    "AF-027",
    "the resources are those of one container, and the pod has many",
    "\
With `splitServices` router, frontend, metadata, event, access and others run in containers of their own. `resources`
is given to the one of Artifactory alone; the others have no limit, and come to 2 to 3Gi more.

    splitServices: false
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let limit = artifactory
        .resources
        .limits
        .memory
        .value()
        .map(|memory| memory.bytes());
    if let Some(limit) = limit.filter(|limit| *limit < LEAST) {
        out.at(
            "resources.limits.memory",
            AF_017,
            format!(
                "`resources.limits.memory` is {} MiB, less than the 4 GiB of the smallest size",
                limit >> 20
            ),
        )
        .help("4Gi, or 6Gi with all services in one container");
    }
    af_018_heap(artifactory, limit, out);
    let context = artifactory.security_context.as_ref();
    if let Some(user) = context.and_then(|it| it.run_as_user)
        && user != 1030
        && context.is_none_or(|it| it.fs_group.is_none())
    {
        out.at(
            "securityContext.runAsUser",
            AF_019,
            format!("user {user} can't write to files of 1030"),
        )
        .help("give a `fsGroup`, or leave it out");
    }
    if artifactory.split_services == Some(true) {
        out.at(
            "splitServices",
            AF_027,
            "`resources` are those of one container, and the other services get none",
        )
        .help("count 2 to 3Gi more, or write `splitServices: false`");
    }
}

/// Bytes: the memory of the vendor's smallest size.
const LEAST: u128 = 4 << 30;

fn af_018_heap(artifactory: &ArtifactoryRegistry, limit: Option<u128>, out: &mut Out<'_, '_>) {
    let Some(jvm) = &artifactory.jvm else {
        return;
    };
    let most = jvm
        .max_memory
        .as_ref()
        .and_then(|it| it.value())
        .map(|it| it.bytes());
    let first = jvm
        .min_memory
        .as_ref()
        .and_then(|it| it.value())
        .map(|it| it.bytes());
    if let (Some(most), Some(limit)) = (most, limit)
        && most.saturating_mul(4) > limit.saturating_mul(3)
    {
        let message = format!(
            "the heap may take {} of the {} MiB of the limit",
            most >> 20,
            limit >> 20
        );
        out.at("jvm.maxMemory", AF_018, message)
            .help("three quarters of the memory limit at most");
    }
    if let (Some(first), Some(most)) = (first, most)
        && first > most
    {
        out.at("jvm.minMemory", AF_018, "the heap begins larger than it may grow")
            .help("at most `jvm.maxMemory`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    #[test]
    fn af_017_fires_on_too_little_memory_and_not_otherwise() {
        fires("AF-017", &["{}", "resources: {limits: {memory: 4095Mi}}"]);
        silent("AF-017", &["resources: {limits: {memory: 4Gi}}"]);
    }

    #[test]
    fn af_018_fires_on_a_heap_that_does_not_fit_and_not_otherwise() {
        let jvm = |more: &str| format!("{{resources: {{limits: {{memory: 4Gi}}}}, jvm: {{{more}}}}}");
        fires(
            "AF-018",
            &[&jvm("maxMemory: 3073m"), &jvm("minMemory: 2g, maxMemory: 1g")],
        );
        silent("AF-018", &[&jvm("maxMemory: 3g, minMemory: 3g"), "{}"]);
    }

    #[test]
    fn af_019_fires_on_a_user_that_can_not_write_and_not_otherwise() {
        fires("AF-019", &["securityContext: {runAsUser: 2000}"]);
        silent(
            "AF-019",
            &[
                "securityContext: {runAsUser: 2000, fsGroup: 2000}",
                "securityContext: {runAsUser: 1030}",
                "{}",
            ],
        );
    }

    #[test]
    fn af_027_fires_when_services_are_split_and_not_otherwise() {
        fires("AF-027", &["splitServices: true"]);
        silent("AF-027", &["splitServices: false", "{}"]);
    }
}
