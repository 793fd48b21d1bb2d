//! kubectl, as the image of the Kubernetes project has it: the program alone.

use std::path::Path;

use anyhow::Result;

use super::contents::Contents;
use super::{PackedImage, packed};

const NAME: &str = "registry.k8s.io/kubectl:v1.31.1";

/// `registry.k8s.io/kubectl:v1.31.1`, of this program.
///
/// # Errors
/// Where buildah fails.
pub fn kubectl_image(program: &Path) -> Result<PackedImage> {
    let settings = ["ENV PATH=/bin", "ENTRYPOINT [\"/bin/kubectl\"]"];
    let mut contents = Contents::bare(&settings);
    contents.program(program, "/bin/kubectl")?;
    packed(NAME, &contents)
}
