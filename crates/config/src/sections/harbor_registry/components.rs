use crate::section::section;
use crate::sections::{ComponentResources, Persistence, Placement};
use crate::value::{Duration, HttpUrl, ImageReference, KubernetesSubdomain, SecretValue, Written};

section! {
    /// Settings of the core.
    pub struct HarborCore {
        /// How long a token is valid, in days here; Harbor's own setting counts minutes.
        core token_expiration as "tokenExpiration": i64 = 30, range 1 to 36500, code "HB-029";
        /// The same for the job service; Harbor has no such setting.
        core job_service_token_expiration as "jobServiceTokenExpiration": i64 = 30, range 1 to 36500, code "HB-030";
        /// How long a robot account is valid, in days.
        extension robot_token_duration as "robotTokenDuration": Option<i64>, range -1 to 36500;
        /// How long a session lasts, in minutes.
        extension session_timeout as "sessionTimeout": Option<i64>, range 1 to 525_600, code "HB-068";
        /// The secret of 16 characters that components share; made once without it.
        extension secret: Option<SecretValue>;
        /// The key of 32 characters against forged requests; made once without it.
        extension xsrf_key as "xsrfKey": Option<SecretValue>;
        /// The Secret of type kubernetes.io/tls that signs tokens; made once without it.
        extension token_secret as "tokenSecret": Option<Written<KubernetesSubdomain>>;
    }
}

section! {
    /// The scanner.
    pub struct HarborTrivy {
        /// Whether it runs.
        core enabled: bool = true;
        /// Its image.
        core image: Written<ImageReference> = "goharbor/trivy-adapter-scanner:latest", code "HB-044";
        /// Whether the database of vulnerabilities isn't fetched.
        core skip_update as "skipUpdate": bool = false;
        /// Whether registries' certificates aren't checked.
        core insecure: bool = false;
        /// How many replicas run.
        extension replicas: Option<i64>, range 0 to 100, code "K-003";
        /// Whether the database for Java isn't fetched.
        extension skip_java_db_update as "skipJavaDBUpdate": Option<bool>;
        /// Whether it asks nobody while it scans.
        extension offline_scan as "offlineScan": Option<bool>;
        /// Where the database is fetched from.
        extension db_repository as "dbRepository": Option<Written<ImageReference>>;
        /// Where the database for Java is fetched from.
        extension java_db_repository as "javaDBRepository": Option<Written<ImageReference>>;
        /// A token of GitHub.
        extension github_token as "gitHubToken": Option<SecretValue>;
        /// The severities that are told, with commas.
        extension severity: Option<String>;
        /// The kinds of vulnerabilities: os, library.
        extension vuln_type as "vulnType": Option<String>;
        /// Whether those without a fix aren't told.
        extension ignore_unfixed as "ignoreUnfixed": Option<bool>;
        /// How long a scan may take.
        extension timeout: Option<Written<Duration>>;
        /// The volume of the database.
        extension persistence: Option<Persistence>;
        /// What it may use.
        extension resources: Option<ComponentResources>;
    }
}

section! {
    /// Settings of single components.
    pub struct HarborComponents {
        /// The core.
        extension core: Option<HarborComponent>;
        /// The portal.
        extension portal: Option<HarborComponent>;
        /// The job service.
        extension jobservice: Option<HarborJobservice>;
        /// The registry.
        extension registry: Option<HarborComponent>;
        /// The controller of the registry.
        extension registryctl: Option<HarborComponent>;
        /// The exporter of metrics.
        extension exporter: Option<HarborComponent>;
        /// The managed PostgreSQL.
        extension database: Option<HarborComponent>;
        /// The managed Redis.
        extension redis: Option<HarborComponent>;
    }
}

section! {
    /// Settings of one component.
    pub struct HarborComponent {
        /// Its image.
        extension image: Option<Written<ImageReference>>;
        /// How many replicas run.
        extension replicas: Option<i64>, range 0 to 1000, code "K-003";
        /// What it may use.
        extension resources: Option<ComponentResources>;
        /// Its volume.
        extension persistence: Option<Persistence>;
        /// Where its pods run.
        extension placement: Option<Placement>;
    }
}

section! {
    /// Settings of the job service.
    pub struct HarborJobservice {
        /// Its image.
        extension image: Option<Written<ImageReference>>;
        /// What it may use.
        extension resources: Option<ComponentResources>;
        /// Its volume.
        extension persistence: Option<Persistence>;
        /// Where its pods run.
        extension placement: Option<Placement>;
        /// Where the logs of jobs go: file, database, stdout.
        extension job_loggers as "jobLoggers": Vec<String>;
        /// How many jobs run at once.
        extension max_job_workers as "maxJobWorkers": Option<i64>, range 1 to 1000;
        /// The secret of 16 characters; made once without it.
        extension secret: Option<SecretValue>;
    }
}

section! {
    /// TLS between the components.
    pub struct HarborInternalTls {
        /// Whether it is spoken.
        extension enabled: bool = true;
        /// Where certificates come from: `auto` (made once), `certManager`, or `secret` (they are there).
        extension cert_source as "certSource": Option<String>;
        /// Who signs them for cert-manager; an authority of Harbor's own without it.
        extension issuer_name as "issuerName": Option<Written<KubernetesSubdomain>>;
        /// Its kind: `Issuer` or `ClusterIssuer`.
        extension issuer_kind as "issuerKind": Option<String>;
    }
}

section! {
    /// The proxy for the way out.
    pub struct HarborProxy {
        /// For http.
        extension http_proxy as "httpProxy": Option<Written<HttpUrl>>;
        /// For https.
        extension https_proxy as "httpsProxy": Option<Written<HttpUrl>>;
        /// Hosts that are reached without it, with commas.
        extension no_proxy as "noProxy": Option<String>;
        /// The components that use it.
        extension components: Vec<String>;
    }
}

section! {
    /// The families of addresses that are listened on.
    pub struct HarborIpFamily {
        /// IPv4.
        extension ipv4: bool = true;
        /// IPv6.
        extension ipv6: bool = true;
    }
}

section! {
    /// Traces.
    pub struct HarborTrace {
        /// Whether there are any.
        extension enabled: bool = true;
        /// Where they go: jaeger or otel.
        extension provider: Option<String>;
        /// The share of requests that is traced, from 0 to 1, in quotes.
        extension sample_rate as "sampleRate": Option<String>;
        /// The endpoint.
        extension endpoint: Option<String>;
    }
}
