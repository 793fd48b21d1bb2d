//! The configuration of nginx, which serves the portal, and stands before all where no Ingress does.

use super::settled::Settled;

/// A whole configuration around what stands in `http`.
pub(super) fn conf(http: &str) -> String {
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders
        .map(|name| format!("  {name}_temp_path /tmp/{name};\n"))
        .concat();
    format!(
        "worker_processes auto;\npid /tmp/nginx.pid;\nevents {{\n  worker_connections 3096;\n}}\nhttp {{\n{folders}{http}}}\n"
    )
}

/// Where a server listens: on IPv4 alone unless the document asks for more, as nodes without IPv6 refuse it (HB-066).
pub(super) fn listen(settled: &Settled<'_>, port: u16, certificate: Option<&str>) -> String {
    let (ipv4, ipv6) = settled
        .spec
        .ip_family
        .as_ref()
        .map_or((true, false), |family| (family.ipv4, family.ipv6));
    let ssl = if certificate.is_some() { " ssl" } else { "" };
    let mut lines = Vec::new();
    if ipv4 || !ipv6 {
        lines.push(format!("listen {port}{ssl};"));
    }
    if ipv6 {
        lines.push(format!("listen [::]:{port}{ssl};"));
    }
    if let Some(folder) = certificate {
        lines.push(format!("ssl_certificate {folder}/tls.crt;"));
        lines.push(format!("ssl_certificate_key {folder}/tls.key;"));
        lines.push("ssl_protocols TLSv1.2 TLSv1.3;".to_owned());
        lines.push("ssl_session_cache shared:SSL:10m;".to_owned());
    }
    lines
        .into_iter()
        .flat_map(|line| ["    ".to_owned(), line, "\n".to_owned()])
        .collect()
}
