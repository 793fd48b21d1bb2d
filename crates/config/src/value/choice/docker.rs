//! Choices of Docker's registry.

use super::choice;

choice! {
    /// Where Docker's registry keeps its data.
    StorageDriver "a storage driver" "DR-001" {
        /// A folder.
        Filesystem = "filesystem",
        /// Amazon S3 and what speaks like it.
        S3 = "s3" | "s3aws",
        /// Azure Blob Storage.
        Azure = "azure",
        /// Google Cloud Storage.
        Gcs = "gcs",
        /// OpenStack Swift.
        Swift = "swift",
        /// Alibaba Cloud OSS.
        Oss = "oss",
        /// Memory; gone when it stops.
        Inmemory = "inmemory",
    } => hints { "minio" => "s3", "local" => "filesystem", "file" => "filesystem", "memory" => "inmemory", "google" => "gcs", "azureblob" => "azure" }

    /// The network of the listening socket.
    ListenNetwork "a network to listen on" "DR-025" {
        /// TCP.
        Tcp = "tcp",
    } => hints { "tcp4" => "tcp", "tcp6" => "tcp" }

    /// The oldest version of TLS that is spoken.
    TlsVersion "a TLS version" "DR-031" {
        /// TLS 1.0.
        Tls10 = "tls1.0",
        /// TLS 1.1.
        Tls11 = "tls1.1",
        /// TLS 1.2.
        Tls12 = "tls1.2",
        /// TLS 1.3.
        Tls13 = "tls1.3",
    } => hints { "1.2" => "tls1.2", "1.3" => "tls1.3", "tlsv1.2" => "tls1.2", "tlsv1.3" => "tls1.3" }

    /// How clients show who they are.
    AuthScheme "an authentication scheme" "DR-033" {
        /// Tokens of a token service.
        Bearer = "bearer",
        /// User name and password on each request.
        Basic = "basic",
        /// No check.
        None = "none",
        /// Accepts anything; for tests alone.
        Silly = "silly",
    } => hints { "token" => "bearer", "htpasswd" => "basic" }

    /// How much is logged.
    LogLevel "a log level" "DR-044" {
        /// Errors alone.
        Error = "error",
        /// Warnings too.
        Warn = "warn",
        /// What happens.
        Info = "info",
        /// All of it.
        Debug = "debug",
    } => hints { "warning" => "warn", "trace" => "debug", "fatal" => "error" }

    /// The form of log lines.
    LogFormat "a log format" "DR-045" {
        /// Lines for people.
        Text = "text",
        /// A JSON object a line.
        Json = "json",
        /// A JSON object a line, as Logstash names the fields.
        Logstash = "logstash",
    } => hints { "plain" => "text", "console" => "text", "logfmt" => "text" }

    /// Middleware of Docker's registry over its storage.
    StorageMiddleware "a storage middleware" "DR-042" {
        /// Redirects to Amazon CloudFront.
        Cloudfront = "cloudfront",
        /// Redirects to another address.
        Redirect = "redirect",
    }

    /// The storage class of objects in S3.
    S3StorageClass "a storage class" "DR-013" {
        /// The usual one.
        Standard = "STANDARD",
        /// Fewer copies.
        ReducedRedundancy = "REDUCED_REDUNDANCY",
        /// Sends none.
        None = "NONE",
    }

    /// Where Docker's registry remembers descriptors.
    BlobDescriptorCache "a descriptor cache" "DR-023" {
        /// In the memory of each replica.
        Inmemory = "inmemory",
        /// In Redis.
        Redis = "redis",
    }

    /// The program that a cluster runs for a DockerRegistry.
    Engine "an engine" "DOC-012" {
        /// Docker's own registry.
        Distribution = "distribution",
        /// Berth itself.
        Berth = "berth",
    } => hints { "docker" => "distribution", "registry" => "distribution" }
}
