use berth_config::sections::Backup;

use super::{Datastore, Flows, POSTGRESQL_PORT, Postgresql, Rights, flows, pod_template};
use crate::object::{
    Container, CronJob, CronJobSpec, EnvVar, JobSpec, JobTemplate, LabelSelector, Labels, Object, Volume,
    VolumeMount,
};
use crate::render::registry::{Component, Registry};
use crate::render::{Rendering, codes};

/// When it runs where the document doesn't say: in the night.
const SCHEDULE: &str = "0 1 * * *";
const LATEST_SECONDS: u32 = 3600;
const RETRIES: u32 = 2;
/// The user and the group of the official image of PostgreSQL.
const ID: i64 = 999;
const GRACE_SECONDS: i64 = 60;
const FOLDER: &str = "/backup";

/// A dump that breaks off leaves nothing that looks like one; those that are too old go after a new one is there.
const SCRIPT: &str = "set -eu
umask 077
file=\"$FOLDER/$NAME-$(date -u +%Y%m%dT%H%M%SZ).dump\"
pg_dump --no-password --format=custom --file=\"$file.part\"
sync \"$file.part\"
mv \"$file.part\" \"$file\"
if [ -n \"$DAYS\" ]; then
  find \"$FOLDER\" -maxdepth 1 -name \"$NAME-*.dump\" -mtime \"+$DAYS\" -delete
fi
";

/// What belongs to a backup of a product beside its database, and how it is copied.
pub(crate) struct Rest {
    pub(crate) what: &'static str,
    pub(crate) how: &'static str,
}

/// The claim that copies go to, where they are asked for and go to one.
pub(crate) fn backup_claim<'a>(registry: &Registry<'a>) -> Option<&'a str> {
    let given = registry.workload.backup.filter(|given| given.enabled)?;
    let destination = given.destination.as_deref()?;
    (!destination.is_empty() && !destination.contains("://")).then_some(destination)
}

/// Dumps the managed database of a registry, where one is managed and backups are asked for, and tells of the rest. Gives
/// whom the database must let in.
pub(crate) fn backup(
    registry: &Registry<'_>,
    database: Option<(&Datastore<'_>, &Postgresql<'_>)>,
    rest: &Rest,
    rendering: &mut Rendering<'_>,
) -> Option<LabelSelector> {
    let given = registry.workload.backup.filter(|given| given.enabled)?;
    let claim = backup_claim(registry);
    tell(
        registry,
        given,
        (database.is_some(), claim.is_some()),
        rest,
        rendering,
    );
    let ((store, server), claim) = (database?, claim?);
    let component = Component::named(registry, "backup");
    let mut template = pod_template(
        &component,
        Rights {
            id: ID,
            grace_seconds: GRACE_SECONDS,
        },
        vec![container(store, server, given)],
        vec![Volume::claim("backup", claim), Volume::empty("tmp", Some("64Mi"))],
        Labels::new(),
    );
    template.spec.restart_policy = Some("OnFailure");
    template.spec.affinity = None;
    super::datastore::as_their_user(&mut template);
    let schedule = given.schedule.as_ref().and_then(|schedule| schedule.value());
    let job = CronJob {
        spec: CronJobSpec {
            schedule: schedule.map_or(SCHEDULE, |schedule| schedule.as_str()).to_owned(),
            time_zone: registry.workload.time_zone.map(str::to_owned),
            concurrency_policy: "Forbid",
            starting_deadline_seconds: LATEST_SECONDS,
            successful_jobs_history_limit: 1,
            failed_jobs_history_limit: 3,
            job_template: JobTemplate {
                spec: JobSpec {
                    backoff_limit: RETRIES,
                    template,
                },
            },
        },
    };
    rendering.add(registry.document, Object::new(component.metadata(), &job));
    Some(component.selector().into())
}

/// Lets the dump reach the database and nobody else.
pub(crate) fn backup_flows(registry: &Registry<'_>, database: LabelSelector, rendering: &mut Rendering<'_>) {
    let component = Component::named(registry, "backup");
    let out = Flows {
        components: vec![(database, POSTGRESQL_PORT)],
        ..Flows::default()
    };
    flows(&component, &out, rendering);
}

fn container(store: &Datastore<'_>, server: &Postgresql<'_>, given: &Backup) -> Container {
    let days = given
        .retention_days
        .map(|days| days.to_string())
        .unwrap_or_default();
    let name = store.component.registry.name;
    Container {
        name: "dump".to_owned(),
        command: ["/bin/sh", "-c", SCRIPT].map(str::to_owned).to_vec(),
        env: vec![
            EnvVar::plain("FOLDER", FOLDER),
            EnvVar::plain("NAME", name),
            EnvVar::plain("DAYS", days),
            EnvVar::plain("PGHOST", store.component.object_name()),
            EnvVar::plain("PGPORT", POSTGRESQL_PORT.to_string()),
            EnvVar::plain("PGUSER", server.username),
            EnvVar::plain("PGDATABASE", server.database),
            EnvVar::secret("PGPASSWORD", server.password.clone()),
        ],
        volume_mounts: vec![
            VolumeMount::writable("backup", FOLDER),
            VolumeMount::writable("tmp", "/tmp"),
        ],
        ..super::datastore::postgresql_container(store)
    }
}

fn tell(
    registry: &Registry<'_>,
    given: &Backup,
    (has_database, has_claim): (bool, bool),
    rest: &Rest,
    rendering: &mut Rendering<'_>,
) {
    let document = registry.document;
    let what = rest.what;
    let message = match (has_database, has_claim) {
        (true, true) => format!("the managed database is dumped; not copied: {what}"),
        (true, false) => format!(
            "nothing is copied: dumps of the managed database go to a claim alone, and `destination` names none; not copied either: {what}"
        ),
        (false, _) => format!("nothing is copied: {what}"),
    };
    rendering
        .tell(document, "backup", codes::RN_012, message)
        .help(rest.how);
    if given
        .credentials
        .as_ref()
        .is_some_and(|secret| !secret.is_empty())
    {
        rendering
            .tell(
                document,
                "backup.credentials",
                codes::RN_005,
                "`backup.credentials` has no effect: a claim asks for none",
            )
            .help("leave it out");
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Command;

    use super::*;

    /// Runs the script with a `pg_dump` that ends so.
    fn run(folder: &std::path::Path, dump: &str) -> bool {
        let program = folder.join("pg_dump");
        std::fs::write(&program, format!("#!/bin/sh\n{dump}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT]).env("PATH", path);
        command.env("FOLDER", folder).env("NAME", "hub").env("DAYS", "7");
        command.status().unwrap().success()
    }

    fn dumps(folder: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.contains(".dump")).collect();
        names.sort();
        names
    }

    #[test]
    fn a_dump_is_kept_whole_and_old_ones_go_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("hub-20000101T000000Z.dump");
        let touched = Command::new("touch")
            .args(["-d", "2000-01-01"])
            .arg(&old)
            .status();
        assert!(touched.unwrap().success());
        let write = r#"for argument; do case "$argument" in --file=*) echo data > "${argument#--file=}";; esac; done"#;
        assert!(run(folder.path(), write));
        let there = dumps(folder.path());
        assert!(
            there.len() == 1 && there[0] != "hub-20000101T000000Z.dump",
            "{there:?}"
        );
    }

    #[test]
    fn a_dump_that_breaks_off_looks_like_none_and_takes_none_away() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("hub-20000101T000000Z.dump"), "old").unwrap();
        assert!(!run(folder.path(), "exit 1"));
        assert_eq!(dumps(folder.path()), ["hub-20000101T000000Z.dump"]);
    }
}
