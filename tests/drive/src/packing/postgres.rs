//! `PostgreSQL`, as its official image has it: the first start makes the user and the database that its environment
//! names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::contents::Contents;
use super::{PackedImage, lines, packed};

const NAME: &str = "docker.io/library/postgres:14.12";
const HOME: &str = "/usr/lib/postgresql";
const SHARED: &str = "/usr/share/postgresql";
const PROGRAMS: &[&str] = &["initdb", "pg_isready", "postgres", "psql"];

/// `docker.io/library/postgres:14.12`, of Debian's `PostgreSQL`, whichever version it has.
///
/// # Errors
/// Where a program is missing, or buildah fails.
pub fn postgres_image() -> Result<PackedImage> {
    let settings = [
        "USER 999:999",
        "VOLUME [\"/var/lib/postgresql/data\"]",
        "EXPOSE 5432",
        "ENTRYPOINT [\"docker-entrypoint.sh\"]",
        "CMD [\"postgres\"]",
        "ENV PGDATA=/var/lib/postgresql/data LANG=C PATH=/usr/local/bin:/usr/bin:/bin",
    ];
    let users = [
        "root:x:0:0:root:/root:/bin/sh",
        "postgres:x:999:999::/var/lib/postgresql:/bin/sh",
    ];
    let version = newest()?;
    let mut contents = Contents::with_shell(&users, &settings)?;
    for program in PROGRAMS {
        let place = format!("{HOME}/{version}/bin/{program}");
        contents.program(Path::new(&place), &place)?;
        contents.link(&format!("/usr/local/bin/{program}"), &place);
    }
    let libraries = format!("{HOME}/{version}/lib");
    contents.tree(Path::new(&libraries), &libraries, |name| {
        // The compiler at run time is larger than all the rest, and off by default where it is missing.
        Path::new(name).extension().is_some_and(|end| end == "so") && !name.starts_with("llvmjit")
    })?;
    let shared = format!("{SHARED}/{version}");
    contents.tree(Path::new(&shared), &shared, |name| name != "man")?;
    contents.file(
        Path::new("/usr/share/zoneinfo/Etc/UTC"),
        "/usr/share/zoneinfo/Etc/UTC",
    );
    contents.text("/usr/local/bin/docker-entrypoint.sh", &entry_point(), 0o755);
    for folder in ["/var/lib/postgresql/data", "/var/run/postgresql"] {
        contents.folder(folder, 0o1777);
    }
    packed(NAME, &contents)
}

/// The newest version that is installed.
fn newest() -> Result<u32> {
    let versions =
        fs::read_dir(HOME).context("PostgreSQL is not installed: `cargo xtask test` installs it")?;
    let versions = versions.flatten().filter(|entry| {
        let program: PathBuf = entry.path().join("bin/postgres");
        program.is_file()
    });
    let versions = versions.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    versions.max().context("PostgreSQL is not installed")
}

/// The database is made by the server in its single-user mode, which listens nowhere.
fn entry_point() -> String {
    lines(&[
        "#!/bin/sh",
        "set -eu",
        "case \"${1:-}\" in -*) set -- postgres \"$@\" ;; esac",
        "if [ \"${1:-}\" = postgres ] && [ ! -s \"$PGDATA/PG_VERSION\" ]; then",
        "    user=${POSTGRES_USER:-postgres}",
        "    database=${POSTGRES_DB:-$user}",
        "    : \"${POSTGRES_PASSWORD:?must be given}\"",
        "    umask 077",
        "    printf '%s\\n' \"$POSTGRES_PASSWORD\" >/tmp/password",
        "    initdb --pgdata=\"$PGDATA\" --username=\"$user\" --pwfile=/tmp/password \\",
        "        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8",
        "    rm /tmp/password",
        "    if [ \"$database\" != postgres ]; then",
        "        printf 'CREATE DATABASE \"%s\"\\n' \"$database\" |",
        "            postgres --single -D \"$PGDATA\" postgres",
        "    fi",
        "    echo 'host all all all scram-sha-256' >>\"$PGDATA/pg_hba.conf\"",
        "    echo \"listen_addresses = '*'\" >>\"$PGDATA/postgresql.conf\"",
        "fi",
        "exec \"$@\"",
    ])
}
