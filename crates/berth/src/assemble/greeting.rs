use std::net::SocketAddr;

use berth_config::serve::{Authentication, ServePlan};

/// What the start tells: where it listens, what it honours, and what to type next.
pub(super) fn of(plan: &ServePlan, address: SocketAddr) -> String {
    let scheme = if plan.tls.is_some() { "https" } else { "http" };
    let reach = reachable(address);
    let mut lines = vec![format!(
        "berth: `{}` is listening on {scheme}://{reach}",
        plan.name
    )];
    lines.extend(plan.honours().into_iter().map(|line| format!("  {line}")));
    lines.extend(plan.unenforced.iter().map(|line| format!("  WARNING: {line}")));
    lines.push("next, from another terminal:".to_owned());
    lines.extend(next(plan, &reach).into_iter().map(|line| format!("  {line}")));
    lines.push("Ctrl-C stops it, after the requests that are running.".to_owned());
    lines.join("\n")
}

/// An address that a client on this machine can use.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

fn next(plan: &ServePlan, reach: &str) -> Vec<String> {
    let insecure = plan.tls.is_none();
    let (push, pull) = if insecure {
        (" --dest-tls-verify=false", " --tls-verify=false")
    } else {
        ("", "")
    };
    let mut lines = Vec::new();
    if plan.authentication != Authentication::Anonymous {
        let user = if plan.authentication == Authentication::MadeOnceAdmin {
            "admin"
        } else {
            "USER"
        };
        lines.push(format!("skopeo login{pull} --username {user} {reach}"));
    }
    lines.push("sh examples/tiny-image.sh hello v1".to_owned());
    lines.push(format!(
        "skopeo copy{push} oci:hello:v1 docker://{reach}/hello:v1"
    ));
    lines.push(format!("podman pull{pull} {reach}/hello:v1"));
    lines
}
