use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::client::Body;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::time::timeout;

use crate::Cluster;

/// How long a registry may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A place behind a Service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServicePort {
    /// The namespace.
    pub namespace: String,
    /// The Service.
    pub service: String,
    /// The port, by name or number.
    pub port: String,
    /// Whether it speaks TLS. Its certificate is not checked: it is for another name.
    pub tls: bool,
}

impl Cluster {
    /// Asks what stands behind a Service for a path, through the API server, and answers with the status.
    ///
    /// # Errors
    /// Why there was no answer, in the API server's words.
    pub async fn ask_service(&self, place: &ServicePort, path: &str) -> Result<u16, String> {
        let scheme = if place.tls { "https" } else { "http" };
        let uri = format!(
            "/api/v1/namespaces/{}/services/{scheme}:{}:{}/proxy{path}",
            place.namespace, place.service, place.port
        );
        let call = http::Request::get(uri).body(Body::empty());
        let call = call.map_err(|error| error.to_string())?;
        let answer = timeout(PATIENCE, self.client().send(call)).await;
        let answer = answer
            .map_err(|_| no_answer())?
            .map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let told = answer.headers().contains_key("docker-distribution-api-version");
        if status < 500 || told {
            return Ok(status);
        }
        // The API server answers for a Service that it can't reach.
        let body = timeout(PATIENCE, answer.into_body().collect_bytes()).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        if answer["kind"] != "Status" {
            return Ok(status);
        }
        let message = answer["message"]
            .as_str()
            .unwrap_or("the API server reaches no pod of it");
        Err(message.to_owned())
    }

    /// Asks a pod for a path with credentials, over a forwarded port in plain HTTP, and answers with the status.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn ask_pod(
        &self,
        (namespace, pod): (&str, &str),
        port: u16,
        path: &str,
        authorization: &str,
    ) -> Result<u16, String> {
        let pods: Api<Pod> = Api::namespaced(self.client().clone(), namespace);
        let exchange = async {
            let mut forwarder = pods
                .portforward(pod, &[port])
                .await
                .map_err(|error| error.to_string())?;
            let stream = forwarder.take_stream(port).ok_or_else(no_answer)?;
            let mut stream = BufReader::new(stream);
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {pod}\r\nauthorization: {authorization}\r\nconnection: close\r\n\r\n"
            );
            stream
                .write_all(request.as_bytes())
                .await
                .map_err(|error| error.to_string())?;
            let mut line = String::new();
            stream
                .read_line(&mut line)
                .await
                .map_err(|error| error.to_string())?;
            forwarder.abort();
            status(&line).ok_or_else(|| "what it answered is no HTTP".to_owned())
        };
        timeout(PATIENCE, exchange)
            .await
            .unwrap_or_else(|_| Err(no_answer()))
    }
}

fn no_answer() -> String {
    format!("no answer within {} seconds", PATIENCE.as_secs())
}

/// The status of `HTTP/1.1 401 Unauthorized`.
fn status(line: &str) -> Option<u16> {
    line.strip_prefix("HTTP/")?.split(' ').nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_is_read_and_nothing_else() {
        assert_eq!(status("HTTP/1.1 401 Unauthorized\r\n"), Some(401));
        assert_eq!(status("HTTP/1.0 200\r\n"), Some(200));
        assert_eq!(status("SSH-2.0-OpenSSH"), None);
    }
}
