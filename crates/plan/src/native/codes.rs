//! The codes of what becomes of documents on a host.

use berth_finding::{Level, Rule};

pub(crate) const RN_030: Rule = Rule::warning(
    "RN-030",
    "a value that is made once stands in no file",
    "Some secrets nobody gives: a first password, the secret that uploads are signed with. Berth makes them once and never \
     anew. Rendering alone can't know what was made before: with `--secrets FILE` they are made in that file at the first \
     time, and read from it ever after; the same file serves a cluster. Without them the product makes its own, or stops.",
);

pub(crate) const RN_031: Rule = Rule::warning(
    "RN-031",
    "a secret of a cluster has no value on a host",
    "The document names a Secret of a cluster. A product on a host reads files and its environment, so the value must be \
     given there: by a variable, by a file, or by hand in the file that is rendered.",
)
.in_prod(Level::Error);

pub(crate) const RN_032: Rule = Rule::info(
    "RN-032",
    "a field says where and how pods run",
    "On a host there are no pods: replicas, volume claims, ways in, network policies and labels have nothing to apply to. \
     They stay in the document, and apply on a cluster.",
);

pub(crate) const RN_033: Rule = Rule::warning(
    "RN-033",
    "a document becomes no file on a host",
    "Registries are rendered for a host. Policies and access rules become objects and jobs of a cluster; on a host they \
     have nothing that would carry them.",
);

/// The entries of the catalog.
pub const RULES: &[Rule] = &[RN_030, RN_031, RN_032, RN_033];
