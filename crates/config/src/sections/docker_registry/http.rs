use indexmap::IndexMap;

use crate::section::section;
use crate::value::{
    Duration, HostPort, HttpUrl, KubernetesSubdomain, ListenNetwork, LogFormat, LogLevel, SecretValue,
    TlsVersion, Written,
};

section! {
    /// How it listens.
    pub struct DockerHttp {
        /// The address to listen on.
        core addr: Written<HostPort> = ":5000", code "DR-024";
        /// The network of the address.
        core net: Written<ListenNetwork> = "tcp";
        /// Whether it speaks TLS.
        core tlsenabled: bool = false;
        /// The certificate: a file, or PEM.
        core tlscertificate: String;
        /// Its key: a file, PEM, or where to find it.
        core tlskey: SecretValue;
        /// A secret that all replicas share, to sign the state of uploads.
        extension secret: Option<SecretValue>;
        /// The URL by which clients know it.
        extension host: Option<Written<HttpUrl>>;
        /// The path under which it answers.
        extension prefix: Option<String>;
        /// Whether Location headers hold no host.
        extension relativeurls: Option<bool>;
        /// How long it waits for open requests when it stops.
        extension draintimeout: Option<Written<Duration>>;
        /// Headers of every answer.
        extension headers: IndexMap<String, Vec<String>>;
        /// HTTP/2.
        extension http2: Option<DockerHttp2>;
        /// An address with metrics and profiles.
        extension debug: Option<DockerDebug>;
        /// More of TLS.
        extension tls: Option<DockerTls>;
    }
}

section! {
    /// HTTP/2.
    pub struct DockerHttp2 {
        /// Whether it isn't spoken.
        extension disabled: bool = false;
    }
}

section! {
    /// An address with metrics and profiles.
    pub struct DockerDebug {
        /// The address.
        extension addr: Written<HostPort>;
        /// Metrics for Prometheus.
        extension prometheus: Option<DockerPrometheus>;
    }
}

section! {
    /// Metrics for Prometheus.
    pub struct DockerPrometheus {
        /// Whether there are any.
        extension enabled: bool = true;
        /// Their path; `/metrics` without it.
        extension path: Option<String>;
    }
}

section! {
    /// More of TLS.
    pub struct DockerTls {
        /// A Secret of type kubernetes.io/tls with certificate and key.
        extension secret_name as "secretName": Option<Written<KubernetesSubdomain>>;
        /// The oldest version that is spoken.
        extension minimumtls: Option<Written<TlsVersion>>;
        /// Files of the authorities whose clients are let in.
        extension clientcas: Vec<String>;
        /// A certificate from Let's Encrypt.
        extension letsencrypt: Option<DockerLetsencrypt>;
    }
}

section! {
    /// A certificate from Let's Encrypt.
    pub struct DockerLetsencrypt {
        /// The file that keeps it.
        extension cachefile: String;
        /// The address for warnings.
        extension email: String;
        /// The names it is for.
        extension hosts: Vec<String>;
    }
}

section! {
    /// What is logged.
    pub struct DockerLog {
        /// How much: error, warn, info or debug.
        core level: Written<LogLevel> = "info";
        /// The form of the lines: text, json or logstash.
        core format: Written<LogFormat> = "json";
        /// The log of requests.
        extension accesslog: Option<DockerAccesslog>;
        /// More fields of every line.
        extension fields: IndexMap<String, String>;
    }
}

section! {
    /// The log of requests.
    pub struct DockerAccesslog {
        /// Whether there is none.
        extension disabled: bool = false;
    }
}
