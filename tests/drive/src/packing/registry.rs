//! Docker's registry, as its official image has it: the program on the path, a configuration, and an entry point that
//! takes a configuration file or the registry's own words.

use anyhow::Result;

use super::contents::Contents;
use super::{PackedImage, installed, lines, packed};

const NAME: &str = "docker.io/library/registry:2.8";
const CONFIG: &str = "/etc/docker/registry/config.yml";

/// `docker.io/library/registry:2.8`, of Debian's `docker-registry`.
///
/// # Errors
/// Where a program is missing, or buildah fails.
pub fn registry_image() -> Result<PackedImage> {
    let settings = [
        "VOLUME [\"/var/lib/registry\"]",
        "EXPOSE 5000",
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENTRYPOINT [\"/entrypoint.sh\"]",
        "CMD [\"/etc/docker/registry/config.yml\"]",
    ];
    let users = ["root:x:0:0:root:/root:/bin/sh", "registry:x:1000:1000::/:/bin/sh"];
    let mut contents = Contents::with_shell(&users, &settings)?;
    contents.program(&installed("docker-registry")?, "/bin/registry")?;
    contents.text(CONFIG, &config(), 0o644);
    contents.text("/entrypoint.sh", &entry_point(), 0o755);
    contents.folder("/var/lib/registry", 0o1777);
    packed(NAME, &contents)
}

fn config() -> String {
    lines(&[
        "version: 0.1",
        "storage:",
        "  filesystem: {rootdirectory: /var/lib/registry}",
        "http:",
        "  addr: :5000",
    ])
}

fn entry_point() -> String {
    lines(&[
        "#!/bin/sh",
        "set -e",
        "case \"$1\" in",
        "    *.yml | *.yaml) exec registry serve \"$@\" ;;",
        "    serve | garbage-collect | help | -*) exec registry \"$@\" ;;",
        "    *) exec \"$@\" ;;",
        "esac",
    ])
}
