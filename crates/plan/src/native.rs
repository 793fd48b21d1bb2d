//! What products read themselves, so that they run on a host without Kubernetes: the same texts as in ConfigMaps and
//! Secrets, with a host's paths and addresses in them.
//!
//! Each registry has a folder of its own below the one that is asked for, and all its files name each other by where
//! they will lie. A secret stands in files for their owner alone, and nowhere else.

pub(crate) mod codes;
pub(crate) mod compose;
mod environment_file;
mod host;
pub(crate) mod systemd;

use berth_config::document::Documents;
use berth_config::rules::Profile;
use berth_finding::Finding;

use crate::output::OutputFile;
use crate::render::{KubernetesVersion, MadeOnce, RenderOptions, Rendering, SecretSource};

pub use codes::RULES;
pub(crate) use host::Host;

/// What is asked for beside the documents.
#[derive(Clone, Copy, Debug)]
pub struct NativeOptions<'a> {
    /// How strict findings are.
    pub profile: Profile,
    /// The folder, by its whole path, that the files will lie in.
    pub folder: &'a str,
}

/// What documents become on a host.
#[derive(Clone, Default)]
pub struct Native {
    /// The files, by their paths in the folder that was asked for, in order.
    pub files: Vec<OutputFile>,
    /// Secrets that are made once and kept, as on a cluster.
    pub made_once: Vec<MadeOnce>,
    /// What was rendered otherwise than written, or not at all.
    pub findings: Vec<Finding>,
}

/// Renders all registries among the documents for a host.
pub fn native(documents: &Documents, options: &NativeOptions<'_>, secrets: &dyn SecretSource) -> Native {
    let of_rendering = RenderOptions {
        kubernetes: KubernetesVersion::minor(0),
        profile: options.profile,
    };
    let mut rendering = Rendering::new(documents, &of_rendering, secrets);
    let mut files: Vec<OutputFile> = Vec::new();
    for document in &documents.documents {
        for file in crate::render::on_host(document, options.folder, &mut rendering) {
            if files.iter().all(|there| there.name != file.name) {
                files.push(file);
                continue;
            }
            rendering.tell_same_folder(document);
            break;
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let rendered = rendering.finish();
    Native {
        files,
        made_once: rendered.made_once,
        findings: rendered.findings,
    }
}
