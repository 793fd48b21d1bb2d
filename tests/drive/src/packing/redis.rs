//! Redis, as its official image has it.

use anyhow::Result;

use super::contents::Contents;
use super::{PackedImage, installed, lines, packed};

const NAME: &str = "docker.io/library/redis:7.2.5";

/// `docker.io/library/redis:7.2.5`, of Debian's `redis-server`.
///
/// # Errors
/// Where a program is missing, or buildah fails.
pub fn redis_image() -> Result<PackedImage> {
    let settings = [
        "ENV PATH=/usr/local/bin:/usr/bin:/bin",
        "USER 999:999",
        "WORKDIR /data",
        "VOLUME [\"/data\"]",
        "EXPOSE 6379",
        "ENTRYPOINT [\"docker-entrypoint.sh\"]",
        "CMD [\"redis-server\"]",
    ];
    let users = ["root:x:0:0:root:/root:/bin/sh", "redis:x:999:999::/data:/bin/sh"];
    let mut contents = Contents::with_shell(&users, &settings)?;
    contents.program(&installed("redis-server")?, "/usr/local/bin/redis-server")?;
    contents.program(&installed("redis-cli")?, "/usr/local/bin/redis-cli")?;
    contents.text("/usr/local/bin/docker-entrypoint.sh", &entry_point(), 0o755);
    contents.folder("/data", 0o1777);
    packed(NAME, &contents)
}

fn entry_point() -> String {
    lines(&[
        "#!/bin/sh",
        "set -e",
        "case \"$1\" in",
        "    -* | *.conf) exec redis-server \"$@\" ;;",
        "    *) exec \"$@\" ;;",
        "esac",
    ])
}
