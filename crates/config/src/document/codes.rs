//! The codes of what can be wrong with documents before any rule looks at them.

use std::sync::LazyLock;

use berth_finding::{Catalog, Code, Level, Rule};

/// The entry of a code. A code without one is a mistake in Berth, which a test finds.
fn lookup(code: &str) -> Option<&'static Rule> {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(crate::rules::catalog);
    CATALOG.lookup(code)
}

/// The code as findings hold it.
pub(crate) fn code(code: &'static str) -> Code {
    Code::new(code)
}

/// The level of a code outside `--profile prod`.
pub(crate) fn level(code: &str) -> Level {
    lookup(code).map_or(Level::Error, |rule| rule.level)
}

pub(crate) const DOC_015: Rule = Rule::warning(
    "DOC-015",
    "metadata.namespace differs from spec.namespace",
    "`spec.namespace` says where the registry is deployed, and wins. `metadata.namespace` is where \
         the document itself stands when it is a custom resource. Make them equal, or leave \
         `metadata.namespace` out.",
);

pub(crate) const DOC_016: Rule = Rule::warning(
    "DOC-016",
    "no registry of this name is declared",
    "A policy names the registries it applies to, and one of them isn't in this installation. It \
         applies to the others. Mend the name, or give the document of the registry too.",
)
.in_prod(Level::Error);

/// The rules of documents.
pub(crate) const RULES: &[Rule] = &[
    Rule::error(
        "DOC-001",
        "the file can't be read",
        "The system refused to open or read the file, or evaluating it failed. The message says why. \
         Name another file, or mend what the message says.",
    ),
    Rule::error(
        "DOC-002",
        "the file is not UTF-8",
        "Documents are UTF-8. Editors call it by that name; `iconv -t utf-8` converts a file.",
    ),
    Rule::error(
        "DOC-003",
        "the file is not YAML or JSON",
        "The parser can't make sense of the text at the marked place; often the fault stands a line \
         above: an open quote or bracket, a tab as indentation, a missing space after a colon. \
         The documents after the broken one are read all the same. Tags such as `!name`, and keys \
         that are lists or maps, have no meaning in documents either.",
    ),
    Rule::error(
        "DOC-004",
        "the file is too large",
        "One file may have 4 MiB. Split the documents into several files and give the folder.",
    ),
    Rule::error(
        "DOC-005",
        "aliases stand for too much",
        "A few lines of YAML aliases can stand for billions of values. Berth bounds what they may \
         stand for. Write out what is meant, or split the document.",
    ),
    Rule::error(
        "DOC-006",
        "the apiVersion is missing or not known",
        "Every document begins with `apiVersion: berth.dev/v1`. It says by which rules it is read.",
    ),
    Rule::error(
        "DOC-007",
        "the kind is missing or not known",
        "`kind` says what the document declares. It is one of DockerRegistry, HarborRegistry, \
         NexusRegistry, ArtifactoryRegistry, ImagePullSecret, ImageScanPolicy, ImageRetentionPolicy, \
         ImageReplicationPolicy, ImageBuildConfig and RegistryAccess.",
    ),
    Rule::error(
        "DOC-008",
        "the document has no name",
        "`metadata.name` names the document; objects and messages are named after it.",
    ),
    Rule::error(
        "DOC-009",
        "two documents have the same kind and name",
        "Berth couldn't tell which of them is meant. Rename one, or remove it.",
    ),
    Rule::error(
        "DOC-010",
        "there is no document here",
        "The file is empty, or holds something else than documents. A document is a map of \
         `apiVersion`, `kind`, `metadata` and `spec`; a .nix file returns results of builders.",
    ),
    Rule::error(
        "DOC-011",
        "a number is out of range",
        "The message says from where to where the field goes.",
    ),
    Rule::error(
        "DOC-012",
        "a text is not of the form its field takes",
        "Durations, addresses, ranges of addresses, days and values out of a list have a form. The \
         message says what was found, the help what is right.",
    ),
    Rule::warning(
        "DOC-013",
        "there are more faults than are told",
        "Only the first faults of a document are told one by one. Mend them, then check again.",
    ),
    Rule::info(
        "DOC-014",
        "an attribute holds no builder's result",
        "A .nix file may return one result of a builder, a list, or a set of them. Berth reads those \
         that carry a builder's marker, and leaves the others alone.",
    ),
    DOC_015,
    DOC_016,
];
