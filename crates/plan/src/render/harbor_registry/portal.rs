use super::nginx::listen;
use super::settled::Settled;
use super::workloads::{self, Pods};
use super::{certificates, nginx};
use crate::object::{Container, Strategy, Volume};
use crate::render::Rendering;

const CONFIG: &str = "nginx.conf";

/// The Deployment of the portal, its ConfigMap and its Service.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("portal");
    let config = workloads::config_map(settled, &component, &[(CONFIG, conf(settled))], rendering);
    let mut container = workloads::nginx(settled, "portal", "harbor-portal");
    let mut volumes = vec![
        Volume::config_map("config", &component.object_name()),
        workloads::nginx_volume(),
    ];
    let mut mounts = std::mem::take(&mut container.volume_mounts);
    mounts.push(workloads::file("config", "/etc/nginx/nginx.conf", CONFIG));
    certificates::mount(settled, "portal", false, (&mut volumes, &mut mounts));
    let probe = settled.probe("/");
    let container = Container {
        startup_probe: Some(workloads::starting(probe.clone(), 300)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: vec![crate::object::ContainerPort::tcp(workloads::PORT, settled.port())],
        volume_mounts: mounts,
        ..container
    };
    let pods = Pods {
        containers: vec![container],
        volumes,
        config,
    };
    let replicas = settled.part("portal").replicas.unwrap_or(1);
    let roll = (Some(replicas), Strategy::rolling());
    workloads::deployment(settled, &component, roll, pods, rendering);
    let port = workloads::service_port(workloads::PORT, settled.service_port(), settled.tls);
    workloads::service(settled, &component, vec![port], false, rendering);
}

/// The configuration of its nginx.
pub(super) fn conf(settled: &Settled<'_>) -> String {
    let folder = certificates::folder(settled, "portal");
    let certificate = settled.tls.then_some(folder.as_str());
    let listen = listen(settled, settled.listens("portal"), certificate);
    nginx::conf(&format!(
        "  include /etc/nginx/mime.types;
  gzip on;
  gzip_min_length 1000;
  gzip_proxied expired no-cache no-store private auth;
  gzip_types text/plain text/css application/json application/javascript text/xml application/xml;
  server {{
{listen}    server_name localhost;
    server_tokens off;
    root /usr/share/nginx/html;
    index index.html;
    location /devcenter-api-2.0 {{
      try_files $uri $uri/ /swagger-ui-index.html;
    }}
    location / {{
      try_files $uri $uri/ /index.html;
    }}
    location = /index.html {{
      add_header Cache-Control \"no-store, no-cache, must-revalidate\";
    }}
  }}
"
    ))
}
