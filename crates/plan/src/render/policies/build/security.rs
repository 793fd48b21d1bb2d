use berth_config::Spec;
use berth_config::document::Documents;

use super::settled::{Settled, Tool, is_privileged, namespace_of};
use crate::object::{AppArmorProfile, Capabilities, Labels, SeccompProfile, SecurityContext};
use crate::render::{Rendering, codes, workload};

/// What a namespace must let its pods do, as Pod Security names it; the later, the more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::render) enum PodSecurity {
    Baseline,
    Privileged,
}

/// Says of an object what it needs beyond "restricted", and why.
pub(in crate::render) const ANNOTATION: &str = "berth.dev/pod-security";

impl PodSecurity {
    pub(in crate::render) const fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Privileged => "privileged",
        }
    }
}

/// The most that the builds of a namespace need.
pub(in crate::render) fn weakest_in(documents: &Documents, namespace: &str) -> Option<PodSecurity> {
    let builds = documents
        .documents
        .iter()
        .filter_map(|document| match &document.spec {
            Spec::ImageBuildConfig(spec) => Some((document, &**spec)),
            _ => None,
        });
    builds
        .filter(|(document, spec)| namespace_of(document, spec, documents) == namespace)
        .map(|(_, spec)| level(Tool::of(spec)))
        .max()
}

/// Tells that a build can't run under "restricted".
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let namespace = &settled.namespace;
    let level = level(settled.tool).as_str();
    let message = format!(
        "the build needs a namespace that lets it be {level}: {}; `{namespace}` must allow it",
        reason(settled)
    );
    let rendered = rendering.rendered.objects.lookup("Namespace", None, namespace);
    let help = if rendered.is_some() {
        format!(
            "`{namespace}` is rendered so; a `namespace` of the build's own keeps the registry's restricted"
        )
    } else {
        format!("kubectl label namespace {namespace} pod-security.kubernetes.io/enforce={level}")
    };
    rendering
        .tell(settled.document, "buildSystem", codes::RN_020, message)
        .help(help);
}

/// The annotations that say so, to people and to judges of manifests.
pub(super) fn annotations(settled: &Settled<'_>) -> Labels {
    let reason = reason(settled);
    let text = format!("{}: {reason}", level(settled.tool).as_str());
    let mut all = Labels::from([(ANNOTATION.to_owned(), text)]);
    for number in checkov(settled) {
        all.insert(
            format!("checkov.io/skip{number}"),
            format!("CKV_K8S_{number}={reason}"),
        );
    }
    let tests = kube_score(settled);
    for test in tests {
        all.insert(format!("kube-score.berth.dev/{test}"), reason.clone());
    }
    all.insert("kube-score/ignore".to_owned(), tests.join(","));
    all
}

/// What `checkov` finds of it: 16 privileged, 20 escalation, 23 root, 25 added capabilities.
fn checkov(settled: &Settled<'_>) -> &'static [u32] {
    if settled.is_privileged {
        &[16, 20, 23]
    } else if settled.tool == Tool::Kaniko {
        &[23, 25]
    } else {
        &[20, 25]
    }
}

/// What `kube-score` finds of it.
fn kube_score(settled: &Settled<'_>) -> &'static [&'static str] {
    if settled.is_privileged {
        &[
            "container-security-context-privileged",
            "container-security-context-user-group-id",
        ]
    } else {
        &["container-security-context-user-group-id"]
    }
}

/// The user that the pod runs as.
pub(super) const fn user(settled: &Settled<'_>) -> i64 {
    if settled.is_privileged || matches!(settled.tool, Tool::Kaniko) {
        0
    } else {
        super::pod::USER
    }
}

/// The same for pods; before 1.30, `AppArmor` is told by an annotation.
pub(super) fn pod_annotations(settled: &Settled<'_>, container: &str) -> Labels {
    let mut all = Labels::from([
        (ANNOTATION.to_owned(), level(settled.tool).as_str().to_owned()),
        (
            workload::WRITABLE.to_owned(),
            "the builder unpacks layers beside its programs".to_owned(),
        ),
    ]);
    if settled.tool != Tool::Kaniko && !settled.kubernetes.is_at_least(30) {
        let key = format!("container.apparmor.security.beta.kubernetes.io/{container}");
        all.insert(key, "unconfined".to_owned());
    }
    all
}

/// The rights of the builder: as few as it can do with.
pub(super) fn rights(settled: &Settled<'_>) -> SecurityContext {
    let root = SecurityContext {
        run_as_non_root: Some(false),
        run_as_user: Some(0),
        run_as_group: Some(0),
        ..SecurityContext::default()
    };
    if settled.is_privileged {
        return SecurityContext {
            privileged: Some(true),
            ..root
        };
    }
    if settled.tool == Tool::Kaniko {
        return SecurityContext {
            allow_privilege_escalation: Some(false),
            seccomp_profile: Some(profile("RuntimeDefault")),
            capabilities: Some(capabilities(&KANIKO)),
            ..root
        };
    }
    let confined = settled.kubernetes.is_at_least(30).then_some(AppArmorProfile {
        profile: "Unconfined",
    });
    SecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(super::pod::USER),
        run_as_group: Some(super::pod::USER),
        seccomp_profile: Some(profile("Unconfined")),
        app_armor_profile: confined,
        allow_privilege_escalation: Some(true),
        capabilities: Some(capabilities(&["SETGID", "SETUID"])),
        ..SecurityContext::default()
    }
}

/// What kaniko needs to unpack layers and to run commands as other users.
const KANIKO: [&str; 8] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "SETFCAP",
    "SETGID",
    "SETUID",
    "SYS_CHROOT",
];

const fn level(tool: Tool) -> PodSecurity {
    match tool {
        Tool::Kaniko => PodSecurity::Baseline,
        Tool::Buildkit | Tool::Buildah => PodSecurity::Privileged,
    }
}

fn reason(settled: &Settled<'_>) -> String {
    let name = settled.tool.name();
    if is_privileged(settled.spec) {
        return format!("{name} was asked to run as root with the node's rights");
    }
    match settled.tool {
        Tool::Kaniko => "kaniko is root in its container, where it unpacks the layers".to_owned(),
        Tool::Buildkit | Tool::Buildah => format!(
            "{name} without root makes user namespaces, which seccomp's and AppArmor's defaults forbid, and maps users by \
             a setuid program"
        ),
    }
}

const fn profile(profile: &'static str) -> SeccompProfile {
    SeccompProfile { profile }
}

fn capabilities(add: &[&'static str]) -> Capabilities {
    Capabilities {
        add: add.to_vec(),
        drop: vec!["ALL"],
    }
}
