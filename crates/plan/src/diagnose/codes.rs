//! The codes of what is wrong with a registry that runs.

use berth_finding::Rule;

pub const DG_001: Rule = Rule::error(
    "DG-001",
    "a workload has no pods",
    "Nothing can answer where nothing runs: the workload isn't in the cluster, its replicas are 0, or something refuses \
     its pods (a quota, an admission webhook, a missing service account). The events of the workload say which.",
);
pub const DG_002: Rule = Rule::error(
    "DG-002",
    "a pod finds no node",
    "The scheduler found no node that has room for the pod and that the pod may run on. Its message counts the reasons \
     node by node: too little CPU or memory, taints, selectors, or a claim that isn't bound.",
);
pub const DG_003: Rule = Rule::error(
    "DG-003",
    "a container can't be made",
    "The kubelet has the image but can't put the container together, most often since a Secret or a ConfigMap that it \
     names, or a key of one, isn't there.",
);
pub const DG_004: Rule = Rule::error(
    "DG-004",
    "a registry's own image can't be pulled",
    "The registry's pods wait for their own image. Its name may be wrong, its registry out of reach from the nodes, or a \
     pull secret may be missing: `imagePullSecrets` in the document names those.",
);
pub const DG_005: Rule = Rule::error(
    "DG-005",
    "a container ends again and again",
    "The process ends soon after it starts, and the kubelet waits longer each time. The end of its last log says why; \
     where it says nothing, the exit code does: 137 is a kill, 139 a fault in memory, 127 a program that isn't there.",
);
pub const DG_006: Rule = Rule::error(
    "DG-006",
    "a container was killed for its memory",
    "It reached its memory limit. `berth size` says what the registry needs; `resources.limits.memory` raises it.",
);
pub const DG_007: Rule = Rule::warning(
    "DG-007",
    "a probe fails",
    "The process runs, but doesn't answer the question by which the kubelet tells that it is well. A pod that isn't \
     ready gets no requests; one that fails its liveness probe is started anew.",
);
pub const DG_008: Rule = Rule::error(
    "DG-008",
    "a Service leads nowhere",
    "The Service is there, but no ready pod stands behind it: its selector finds none, or those that it finds aren't \
     ready. Connections to it are refused.",
);
pub const DG_009: Rule = Rule::error(
    "DG-009",
    "a Service is missing",
    "Clients know the registry by its Service, and that isn't in the cluster. `berth apply` makes it.",
);
pub const DG_010: Rule = Rule::error(
    "DG-010",
    "the registry doesn't answer",
    "A request to the registry's Service got no answer, or one that says that something is broken within.",
);
pub const DG_011: Rule = Rule::error(
    "DG-011",
    "the registry refuses the credentials of a pull secret",
    "The registry answers, but not to this user and password. Passwords that were changed at the registry have to be \
     changed in the pull secret too: `berth apply` writes it anew from the document.",
);
pub const DG_012: Rule = Rule::error(
    "DG-012",
    "a pull secret is missing",
    "A pod or its service account names a pull secret that isn't in the pod's namespace. Secrets don't cross namespaces: \
     `namespaces` of an ImagePullSecret says where it is to be.",
);
pub const DG_013: Rule = Rule::error(
    "DG-013",
    "a pull secret is not well formed",
    "The kubelet reads a Secret of the type `kubernetes.io/dockerconfigjson` whose key `.dockerconfigjson` holds JSON: \
     `auths`, by server, with `auth` (user and password, in base64) or `username` and `password`. Anything else is \
     passed over in silence, and the pull goes on without credentials.",
);
pub const DG_014: Rule = Rule::error(
    "DG-014",
    "no pull secret is for the image's registry",
    "Pull secrets are looked up by the host (and port) that the image's name begins with. None of the pod's has an entry \
     for it, so the pull goes without credentials.",
);
pub const DG_015: Rule = Rule::error(
    "DG-015",
    "a pull is refused for its credentials",
    "The registry wants other credentials than those the kubelet sent, or sent none. Check that the pod has a pull \
     secret, that it is for this host, and that its user may pull this repository.",
);
pub const DG_016: Rule = Rule::error(
    "DG-016",
    "an image isn't in its registry",
    "The registry answers that it has no such tag or digest in that repository. It was never pushed there, was deleted, \
     or the name is misspelt.",
);
pub const DG_017: Rule = Rule::error(
    "DG-017",
    "a node doesn't reach the registry",
    "The kubelet's runtime on the node could not speak with the registry: the name doesn't resolve there, nothing \
     listens, the certificate isn't trusted, or one side speaks TLS and the other doesn't. Nodes don't use the \
     cluster's DNS: a Service's name means nothing to them.",
);
pub const DG_018: Rule = Rule::error(
    "DG-018",
    "a claim is not bound",
    "No volume stands behind the claim: its storage class is missing or makes none by itself, or no volume fits. Pods \
     that mount it wait.",
);
pub const DG_019: Rule = Rule::warning(
    "DG-019",
    "a volume is nearly full",
    "Pushes fail when the volume is full. Make the claim larger where its storage class allows it, delete what isn't \
     needed and collect the garbage.",
);
pub const DG_020: Rule = Rule::error(
    "DG-020",
    "a log tells of storage that fails",
    "The registry's own log names a fault of the disk or of the object storage behind it.",
);
pub const DG_021: Rule = Rule::error(
    "DG-021",
    "a volume can't be mounted",
    "The node can't attach or mount the volume. A volume of ReadWriteOnce is on one node at a time: a pod on another \
     waits until the first lets go of it.",
);
pub const DG_022: Rule = Rule::warning(
    "DG-022",
    "a log tells of errors",
    "The last lines of a container's log hold errors. They may be of a client's making.",
);
pub const DG_023: Rule = Rule::error(
    "DG-023",
    "a running `berth serve` is not well",
    "The registry in this machine's process answers that it isn't well, or takes no pushes.",
);

/// All of them.
pub const RULES: &[Rule] = &[
    DG_001, DG_002, DG_003, DG_004, DG_005, DG_006, DG_007, DG_008, DG_009, DG_010, DG_011, DG_012, DG_013,
    DG_014, DG_015, DG_016, DG_017, DG_018, DG_019, DG_020, DG_021, DG_022, DG_023,
];
