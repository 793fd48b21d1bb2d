//! The outside programs that tests run against, and the Debian packages that bring them.

use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Result, bail};

use crate::program;

/// A program, the package that brings it, and what can't be tested without it.
pub(crate) struct Need {
    program: &'static str,
    package: &'static str,
    tests: &'static str,
}

/// What the tests run.
pub(crate) const FOR_TESTS: &[Need] = &[
    Need {
        program: "git",
        package: "git",
        tests: "what a build fetches",
    },
    Need {
        program: "skopeo",
        package: "skopeo",
        tests: "pushes, pulls and index copies with skopeo",
    },
    Need {
        program: "podman",
        package: "podman",
        tests: "pushes and pulls with podman",
    },
    Need {
        program: "buildah",
        package: "buildah",
        tests: "builds, pushes and pulls with buildah",
    },
    Need {
        program: "dockerd",
        package: "docker.io",
        tests: "pushes and pulls with Docker's own engine",
    },
    Need {
        program: "docker",
        package: "docker.io",
        tests: "pushes and pulls with Docker's own engine",
    },
    Need {
        program: "docker-registry",
        package: "docker-registry",
        tests: "Docker's registry on Berth's folder and the reverse",
    },
    Need {
        program: "systemd-analyze",
        package: "systemd",
        tests: "units for a host",
    },
    Need {
        program: "musl-gcc",
        package: "musl-tools",
        tests: "Berth's own image",
    },
    Need {
        program: "busybox",
        package: "busybox-static",
        tests: "images under their official names",
    },
    Need {
        program: "pg_ctlcluster",
        package: "postgresql",
        tests: "a managed PostgreSQL",
    },
    Need {
        program: "etcd",
        package: "etcd-server",
        tests: "every test on a cluster",
    },
    Need {
        program: "containerd",
        package: "containerd",
        tests: "pods that really run",
    },
    Need {
        program: "runc",
        package: "runc",
        tests: "pods that really run",
    },
    Need {
        program: "/usr/lib/cni/bridge",
        package: "containernetworking-plugins",
        tests: "pods that really run",
    },
    Need {
        program: "iptables",
        package: "iptables",
        tests: "pods that really run",
    },
    Need {
        program: "conntrack",
        package: "conntrack",
        tests: "pods that really run",
    },
    Need {
        program: "ip",
        package: "iproute2",
        tests: "pods that really run",
    },
    Need {
        program: "modprobe",
        package: "kmod",
        tests: "pods that really run",
    },
    Need {
        program: "python3",
        package: "python3-venv",
        tests: "judging objects by the schemas of Kubernetes, and by checkov",
    },
    Need {
        program: "redis-server",
        package: "redis-server",
        tests: "a managed Redis, and its command",
    },
    Need {
        program: "promtool",
        package: "prometheus",
        tests: "checking alerts, and that they fire",
    },
    Need {
        program: "nix-instantiate",
        package: "nix-bin",
        tests: "the Nix library, and documents in Nix",
    },
];

/// What the benches run.
pub(crate) const FOR_BENCHES: &[Need] = &[
    Need {
        program: "docker-registry",
        package: "docker-registry",
        tests: "the whole bench",
    },
    Need {
        program: "wrk",
        package: "wrk",
        tests: "the whole bench",
    },
    Need {
        program: "nginx",
        package: "nginx-light",
        tests: "the whole bench",
    },
    Need {
        program: "openssl",
        package: "openssl",
        tests: "the whole bench",
    },
];

/// What the bench of rendering runs.
pub(crate) const FOR_RENDERING: &[Need] = &[Need {
    program: "valgrind",
    package: "valgrind",
    tests: "counting instructions",
}];

/// Installs what is missing, where that can be done; elsewhere says what is missing and what is skipped for it.
///
/// Under `CI` a program that is still missing is an error: there nothing may be skipped.
pub(crate) fn install(needs: &[Need]) -> Result<()> {
    let mut packages: Vec<_> = missing(needs).map(|need| need.package).collect();
    packages.dedup();
    if packages.is_empty() {
        println!("every program is there");
        return Ok(());
    }
    match apt_get() {
        Some(apt) => apt_install(&apt, &packages)?,
        None => println!("can't install Debian packages here (no apt-get, or neither root nor sudo)"),
    }
    for need in missing(needs) {
        println!(
            "missing: {} (Debian: {}); skipped: {}",
            need.program, need.package, need.tests
        );
    }
    if env::var_os("CI").is_some() && missing(needs).next().is_some() {
        bail!("programs are missing, and CI skips no test");
    }
    Ok(())
}

fn missing(needs: &[Need]) -> impl Iterator<Item = &Need> {
    needs.iter().filter(|need| program::find(need.program).is_none())
}

/// The words that start `apt-get` with the rights to install, if there are such.
fn apt_get() -> Option<Vec<&'static str>> {
    program::find("apt-get")?;
    if Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n")
    {
        return Some(vec!["env"]);
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    sudo.is_ok_and(|status| status.success())
        .then(|| vec!["sudo", "env"])
}

fn apt_install(prefix: &[&str], packages: &[&str]) -> Result<()> {
    println!("installing {}", packages.join(" "));
    let apt = |words: &[&str]| {
        let mut command = Command::new(prefix[0]);
        command
            .args(&prefix[1..])
            .arg("DEBIAN_FRONTEND=noninteractive")
            .arg("apt-get")
            .arg("-qq")
            .args(words);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    };
    let quiet = NoServices::begin();
    program::run(&mut apt(&["update"]))?;
    let mut words = vec!["install", "-y", "--no-install-recommends", "ca-certificates"];
    words.extend(packages);
    let outcome = program::run(&mut apt(&words));
    drop(quiet);
    outcome
}

/// While it lives, packages that are installed don't start their services: the tests start their own, on ports of
/// their own, and a developer asked for a program, not for a daemon.
struct NoServices {
    made: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn begin() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let made = fs::metadata(POLICY).is_err()
            && fs::write(POLICY, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755)).is_ok();
        Self { made }
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.made {
            let _ = fs::remove_file(POLICY);
        }
    }
}
