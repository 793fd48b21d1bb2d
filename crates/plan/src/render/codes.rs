//! The codes of what rendering does otherwise than written, or leaves out.

use berth_finding::{Level, Rule};

/// The catalog of the documents has its text.
pub(crate) const K_015: Rule = Rule::error("K-015", "two documents make the same object", "");

pub(crate) const RN_001: Rule = Rule::warning(
    "RN-001",
    "a Secret that pods need is not among the rendered objects",
    "Some secrets nobody gives: the one that replicas share, a first password. Berth makes them once and never anew, \
     or every rendering would lock users out. Rendering without a cluster can't know what was made before: with \
     `--secrets FILE` they are made in that file at the first time, and read from it ever after. Keep the file.",
);

pub(crate) const RN_002: Rule = Rule::error(
    "RN-002",
    "the value of a secret can't be had",
    "A Secret is rendered with its values, so the variable or the file that a document names must be there where \
     `berth render` runs. Set it, mend the name, or say `{secretKeyRef: {name, key}}` where the value lies in the \
     cluster already.",
);

pub(crate) const RN_003: Rule = Rule::warning(
    "RN-003",
    "a document is not rendered yet",
    "Nothing is dropped in silence: retention, replication and scans become CronJobs that run Berth's own image as soon as \
     their verbs exist (`berth prune`, `berth sync`, `berth scan`), and nothing that is rendered calls a verb that isn't \
     there yet. The rest is rendered without them.",
);

pub(crate) const RN_004: Rule = Rule::warning(
    "RN-004",
    "the registry lets everybody in",
    "`auth.enabled: false` lets whoever reaches the pods push and delete. On a machine of one's own that is guarded by \
     the loopback address; in a cluster it is whoever the NetworkPolicy lets in. With `engine: berth` the pod is told \
     `--allow-anonymous`, as it would refuse to start otherwise.",
);

pub(crate) const RN_005: Rule = Rule::warning(
    "RN-005",
    "a field has no effect on what is rendered",
    "The field was set on purpose, but next to what else was set there is nothing to apply it to. The message says \
     what it clashes with.",
)
.in_prod(Level::Error);

pub(crate) const RN_006: Rule = Rule::warning(
    "RN-006",
    "something is rendered otherwise than written",
    "What was asked can't work in the product, so the nearest thing that does is rendered: the message says what was \
     asked and what was done, and the help how to get what was asked.",
)
.in_prod(Level::Error);

pub(crate) const RN_007: Rule = Rule::warning(
    "RN-007",
    "a field is not applied by rendering: it needs `apply` against the product's API",
    "The product keeps this setting in its own database and takes it through its API alone; no object of the cluster \
     carries it. Set it in the product's pages or by its API once it runs.",
);

pub(crate) const RN_008: Rule = Rule::warning(
    "RN-008",
    "a connector of Nexus speaks TLS with a key store that nobody gives",
    "Nexus ends TLS itself only with a Java key store in its data folder and a changed Jetty configuration. In a cluster TLS \
     ends at the Ingress or the load balancer, and the connector speaks plain HTTP behind it.",
);

pub(crate) const RN_009: Rule = Rule::info(
    "RN-009",
    "Docker repositories are reached by hosts of their own",
    "Docker clients ask for `/v2/` at the root of a host, so each Docker repository of Nexus has a port of its own, and behind \
     an Ingress a host of its own: the repository's name in front of the declared host.",
);

pub(crate) const RN_011: Rule = Rule::warning(
    "RN-011",
    "a certificate that was made once ends soon",
    "Certificates that Berth makes are good for ten years, and nothing renews them by itself. The message says which one ends \
     and when. Take it out of the Secret (or out of the file of `--secrets`) and leave its key there: the next run makes \
     another, and pods show it once they are restarted. The authority is renewed in the same way, with all that it signed.",
);

pub(crate) const RN_012: Rule = Rule::warning(
    "RN-012",
    "a backup leaves something out",
    "What is rendered copies what can be copied while the product runs without being torn. The message says what else belongs \
     to a backup of this product, and the help how to copy it: a backup that was never restored is a hope.",
);

pub(crate) const RN_020: Rule = Rule::warning(
    "RN-020",
    "a build can't run under Pod Security \"restricted\"",
    "Building an image means running commands as root of some kind. Without root on the node, BuildKit and Buildah make user \
     namespaces, which the defaults of seccomp and AppArmor forbid, so the namespace must allow `privileged`; kaniko is root \
     within its container, which `baseline` allows. The reason stands in the annotation `berth.dev/pod-security` too. Give \
     builds a namespace of their own.",
);

pub(crate) const RN_021: Rule = Rule::warning(
    "RN-021",
    "a build has nothing to build from, and is not rendered",
    "A build fetches its files from a git repository, an archive at a URL, or a claim of the cluster: `context.repository` \
     names it. Without one a Job could only fail, so none is rendered.",
)
.in_prod(Level::Error);

pub(crate) const RN_022: Rule = Rule::warning(
    "RN-022",
    "it isn't known that a volume is encrypted",
    "`encryption` asks for a StorageClass whose volumes are encrypted at rest. Berth knows what to tell the drivers of AWS \
     (`ebs.csi.aws.com`), Google Cloud (`pd.csi.storage.gke.io`), Azure (`disk.csi.azure.com`) and Ceph \
     (`rbd.csi.ceph.com`). Others are told what stands in `encryption.parameters`.",
)
.in_prod(Level::Error);

/// The entries of the catalog.
pub const RULES: &[Rule] = &[
    RN_001, RN_002, RN_003, RN_004, RN_005, RN_006, RN_007, RN_008, RN_009, RN_011, RN_012, RN_020, RN_021,
    RN_022,
];
