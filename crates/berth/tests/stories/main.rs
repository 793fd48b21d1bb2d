//! Stories: the real `berth`, as a process, with the programs that people use against it.
#![expect(clippy::unwrap_used, reason = "a story whose scene can't be set has failed")]

mod bad_worlds;
mod buildah;
mod conformance;
mod docker_registry;
mod dockerd;
mod full_disk;
mod kill;
mod kill_sweeping;
mod login;
mod own_image;
mod parallel;
mod podman;
mod program;
mod resume;
mod scrub;
mod skopeo;
mod start;
mod storm;
mod tls;
mod turns;
