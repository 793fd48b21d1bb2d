//! What `berth serve` does with documents: a plan that it honours to the letter, or refusals.
//!
//! A default never refuses, and a value equal to its default counts as not set. What was set on purpose is
//! honoured, belongs to a cluster, or is refused: `honoured.rs` has the one table.

mod authentication;
mod choice;
pub(crate) mod codes;
mod honoured;
mod policies;
mod transport;

use std::path::PathBuf;
use std::time::Duration;

use berth_finding::Finding;
use indexmap::IndexMap;

use crate::document::{Document, Documents};
use crate::sections::DockerRegistry;
use crate::value::{CronSchedule, HostPort, LogFormat, LogLevel, Parse as _, StorageDriver};

pub use authentication::Authentication;
pub use honoured::{Honour, honour};
pub use transport::{PemSource, ServeTls};

/// What was asked for on the command line, beside the documents.
#[derive(Clone, Debug, Default)]
pub struct ServeOptions {
    /// The registry to serve, where the documents declare several.
    pub registry: Option<String>,
    /// The address to listen on, in place of the document's.
    pub listen: Option<HostPort>,
    /// Lets anybody in although others than this machine can connect.
    pub allow_anonymous: bool,
    /// Serves although a policy that protects can't be enforced yet.
    pub ignore_unenforced: bool,
    /// How long promises hold and deletes can be taken back; without it, a day.
    pub grace: Option<Duration>,
}

/// A registry as `berth serve` runs it. Total: nothing is left to be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ServePlan {
    /// The registry's name.
    pub name: String,
    /// The address to listen on.
    pub listen: HostPort,
    /// Certificate and key, where TLS is spoken.
    pub tls: Option<ServeTls>,
    /// Who is let in.
    pub authentication: Authentication,
    /// What a login dialog names the place.
    pub realm: String,
    /// The folder of the data; a relative one starts at the working folder.
    pub root: PathBuf,
    /// Headers of every answer.
    pub headers: IndexMap<String, Vec<String>>,
    /// Whether images can be deleted.
    pub delete_enabled: bool,
    /// Whether manifests may name content that is not there.
    pub allow_sparse: bool,
    /// How old an upload that nobody finishes gets; `None` keeps them for ever.
    pub upload_expiry: Option<Duration>,
    /// When the bytes that nothing needs are freed, in UTC; `None` leaves it to `berth gc`.
    pub collection: Option<CronSchedule>,
    /// How long promises hold, what nothing needs is kept, and deletes can be taken back.
    pub grace: Duration,
    /// How long running requests may go on after a stop was asked for.
    pub drain: Duration,
    /// From which level on things are logged.
    pub log_level: LogLevel,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Whether each request is logged.
    pub access_log: bool,
    /// Protection that was asked for and is knowingly not enforced.
    pub unenforced: Vec<String>,
}

/// How long running requests may go on where the document doesn't say.
const DRAIN: Duration = Duration::from_secs(30);
/// How old an upload that nobody finishes gets where the document doesn't say: as in Docker's registry.
const UPLOAD_EXPIRY: Duration = Duration::from_secs(168 * 3600);

/// How long promises hold where nobody says.
const GRACE: Duration = Duration::from_secs(24 * 3600);
/// When garbage is collected where the document only says that it is.
const COLLECTION: &str = "0 4 * * *";

/// Decides what to serve. Findings that are errors refuse; then there is no plan.
pub fn plan(documents: &Documents, options: &ServeOptions) -> (Option<ServePlan>, Vec<Finding>) {
    let (document, spec) = match choice::registry(documents, options.registry.as_deref()) {
        Ok(chosen) => chosen,
        Err(findings) => return (None, findings),
    };
    let mut findings = honoured::refusals(document);
    findings.extend(storage(document, spec));
    let listen = options.listen.clone().or_else(|| spec.http.addr.value().cloned());
    let listen = listen.unwrap_or_default();
    let authentication = authentication::of(document, spec, &listen, options, &mut findings);
    let tls = transport::of(document, spec, &mut findings);
    let unenforced = policies::judge(documents, document, options, &mut findings);
    let refused = findings
        .iter()
        .any(|finding| finding.level == berth_finding::Level::Error);
    let plan = ServePlan {
        name: document.base_name.clone(),
        tls,
        authentication,
        realm: realm(spec).unwrap_or("Berth").to_owned(),
        root: PathBuf::from(&spec.storage.filesystem.rootdirectory),
        headers: spec.http.headers.clone(),
        delete_enabled: spec.storage.delete.as_ref().is_some_and(|delete| delete.enabled),
        allow_sparse: spec
            .validation
            .as_ref()
            .is_some_and(|validation| validation.disabled),
        upload_expiry: upload_expiry(spec),
        collection: collection(spec),
        grace: options.grace.unwrap_or(GRACE),
        drain: drain(spec),
        log_level: spec.log.level.value().copied().unwrap_or(LogLevel::Info),
        log_format: spec.log.format.value().copied().unwrap_or(LogFormat::Json),
        access_log: spec.log.accesslog.as_ref().is_none_or(|log| !log.disabled),
        unenforced,
        listen,
    };
    ((!refused).then_some(plan), findings)
}

fn storage(document: &Document, spec: &DockerRegistry) -> Option<Finding> {
    let driver = spec.storage.driver.value();
    if matches!(driver, None | Some(StorageDriver::Filesystem)) {
        return None;
    }
    let message = format!(
        "`berth serve` keeps data in a folder, not by the driver `{}`",
        spec.storage.driver.text()
    );
    let help = "serve a document with `storage.driver: filesystem`; the other drivers run on a cluster";
    Some(codes::refuse(document, "storage.driver", codes::SV_002, message).help(help))
}

fn realm(spec: &DockerRegistry) -> Option<&str> {
    spec.auth.htpasswd.as_ref()?.realm.as_deref()
}

fn collection(spec: &DockerRegistry) -> Option<CronSchedule> {
    let collection = spec.garbage_collection.as_ref().filter(|it| it.enabled)?;
    match &collection.schedule {
        Some(schedule) => schedule.value().cloned(),
        None => CronSchedule::parse(COLLECTION).ok(),
    }
}

fn upload_expiry(spec: &DockerRegistry) -> Option<Duration> {
    let purging = spec
        .storage
        .maintenance
        .as_ref()
        .and_then(|maintenance| maintenance.uploadpurging.as_ref());
    match purging {
        None => Some(UPLOAD_EXPIRY),
        Some(purging) if !purging.enabled => None,
        Some(purging) => Some(
            purging
                .age
                .as_ref()
                .and_then(|age| age.value())
                .map_or(UPLOAD_EXPIRY, standard),
        ),
    }
}

fn drain(spec: &DockerRegistry) -> Duration {
    spec.http
        .draintimeout
        .as_ref()
        .and_then(|timeout| timeout.value())
        .map_or(DRAIN, standard)
}

fn standard(duration: &crate::value::Duration) -> Duration {
    Duration::from_nanos(u64::try_from(duration.nanoseconds()).unwrap_or(u64::MAX))
}

impl ServePlan {
    /// What it honours, a line each, for the start.
    pub fn honours(&self) -> Vec<String> {
        let mut lines = vec![format!("data in {}", self.root.display())];
        lines.push(self.authentication.to_string());
        lines.push(match &self.tls {
            Some(tls) => format!("TLS from {}", tls.minimum_name()),
            None => "plain HTTP".to_owned(),
        });
        lines.push(format!(
            "deletes {}",
            if self.delete_enabled { "allowed" } else { "refused" }
        ));
        match self.upload_expiry {
            Some(age) => lines.push(format!(
                "unfinished uploads kept for {} hours",
                age.as_secs() / 3600
            )),
            None => lines.push("unfinished uploads kept for ever".to_owned()),
        }
        lines
    }
}
