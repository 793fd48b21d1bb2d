use super::HTTPS;
use crate::render::artifactory_registry::service::ROUTER_PORT;
use crate::render::artifactory_registry::settled::Settled;

/// The path that nginx itself answers.
pub(super) const ALIVE: &str = "/berth-alive";

/// The configuration of nginx; `tls` is the folder of its certificate.
pub(super) fn conf(settled: &Settled<'_>, tls: Option<&str>) -> String {
    let router = format!("http://{}:{ROUTER_PORT}", settled.registry.object_name(""));
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders
        .map(|name| format!("  {name}_temp_path /tmp/{name};\n"))
        .concat();
    let listen = listen(tls);
    let subdomains = subdomains(settled, &listen, &router);
    format!(
        "worker_processes auto;
pid /tmp/nginx.pid;
error_log stderr warn;
events {{
  worker_connections 4096;
}}
http {{
{folders}  access_log /dev/stdout;
  server_tokens off;
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_buffering off;
  proxy_request_buffering off;
  proxy_read_timeout 900;
  proxy_send_timeout 900;
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $forwarded_proto;
  proxy_set_header X-JFrog-Override-Base-Url $forwarded_proto://$http_host;
  map $http_x_forwarded_proto $forwarded_proto {{
    default $http_x_forwarded_proto;
    \"\" $scheme;
  }}
  server {{
{listen}    server_name _;
    location = {ALIVE} {{
      access_log off;
      return 200;
    }}
    location / {{
      proxy_pass {router};
    }}
  }}
{subdomains}}}
"
    )
}

fn listen(tls: Option<&str>) -> String {
    let plain = format!("    listen {};\n", super::HTTP.1);
    let Some(folder) = tls else { return plain };
    format!(
        "{plain}    listen {} ssl;
    ssl_certificate {folder}/tls.crt;
    ssl_certificate_key {folder}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:10m;
",
        HTTPS.1
    )
}

/// Docker clients that know a repository by a host of its own, in front of the declared one.
fn subdomains(settled: &Settled<'_>, listen: &str, router: &str) -> String {
    let Some(host) = settled.host().filter(|_| settled.has_subdomains()) else {
        return String::new();
    };
    let host = host.replace('.', "\\.");
    format!(
        "  server {{
{listen}    server_name \"~^(?<repository>[a-z0-9][a-z0-9_.-]*)\\.{host}$\";
    location /v2/ {{
      rewrite ^/v2/(.*)$ /artifactory/api/docker/$repository/v2/$1 break;
      proxy_pass {router};
    }}
    location / {{
      proxy_pass {router};
    }}
  }}
"
    )
}
