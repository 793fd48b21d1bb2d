use berth_config::value::{ArtifactoryDatabaseType, JdbcUrl};

use super::secrets::FOLDER;
use super::settled::Settled;
use super::{database, filestore};
use crate::object::{Container, EnvVar, VolumeMount};
use crate::render::workload::POSTGRESQL_PORT;

/// The folder of all that Artifactory keeps.
pub(super) const DATA: &str = "/var/opt/jfrog/artifactory";
/// Where the files of the ConfigMap lie.
pub(super) const CONFIG: &str = "/etc/artifactory";

/// Files of secrets that the script puts together.
pub(super) const ADMIN_PASSWORD: &str = "admin-password";
pub(super) const IDENTITY: &str = "filestore-identity";
pub(super) const CREDENTIAL: &str = "filestore-credential";

/// Puts settings and keys where Artifactory looks for them, and waits for its database. Properties of a database that
/// an older version left would win over the settings.
const SCRIPT: &str = r#"set -eu
umask 077
etc="$DATA/etc"
mkdir -p "$etc/artifactory" "$etc/access" "$etc/security" "$DATA/bootstrap/access/etc/security"
rm -f "$etc/db.properties"
cat "$CONFIG/system.yaml" > "$etc/system.yaml"
cat "$SECRETS/master.key" > "$etc/security/master.key"
cat "$SECRETS/join.key" > "$DATA/bootstrap/access/etc/security/join.key"
printf 'admin@127.0.0.1=%s\n' "$(cat "$SECRETS/admin-password")" > "$etc/access/bootstrap.creds"
if [ -f "$CONFIG/binarystore.xml" ]; then
  xml="$(cat "$CONFIG/binarystore.xml")"
  for name in IDENTITY CREDENTIAL; do
    file="$SECRETS/filestore-$(echo "$name" | tr 'A-Z' 'a-z')"
    if [ -f "$file" ]; then
      value="$(sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' "$file")"
      xml="${xml%%@"$name"@*}$value${xml#*@"$name"@}"
    fi
  done
  printf '%s\n' "$xml" > "$etc/artifactory/binarystore.xml"
fi
if [ -f "$SECRETS/license-0" ]; then
  rm -f "$etc/artifactory/artifactory.lic" "$etc/artifactory/artifactory.cluster.license"
  for file in "$SECRETS"/license-*; do cat "$file"; printf '\n\n'; done > "$etc/artifactory/$LICENSE"
fi
if [ -n "${DATABASE_HOST:-}" ]; then
  until (echo > "/dev/tcp/$DATABASE_HOST/$DATABASE_PORT") 2> /dev/null; do
    echo "waiting for the database at $DATABASE_HOST:$DATABASE_PORT"
    sleep 2
  done
fi
"#;

/// What runs before Artifactory.
pub(super) fn prepare(main: &Container, settled: &Settled<'_>) -> Container {
    let license = license(settled);
    let mut env: Vec<EnvVar> = [
        ("DATA", DATA),
        ("CONFIG", CONFIG),
        ("SECRETS", FOLDER),
        ("LICENSE", license),
    ]
    .map(|(name, value)| EnvVar::plain(name, value))
    .to_vec();
    if let Some((host, port)) = database_address(settled) {
        env.push(EnvVar::plain("DATABASE_HOST", host));
        env.push(EnvVar::plain("DATABASE_PORT", port.to_string()));
    }
    let mut volume_mounts = main.volume_mounts.clone();
    volume_mounts.push(VolumeMount::read_only("config", CONFIG));
    volume_mounts.push(VolumeMount::read_only("secrets", FOLDER));
    debug_assert!(filestore::IDENTITY == "@IDENTITY@" && filestore::CREDENTIAL == "@CREDENTIAL@");
    Container {
        name: "prepare".to_owned(),
        image: main.image.clone(),
        image_pull_policy: main.image_pull_policy,
        command: ["bash", "-c", SCRIPT].map(str::to_owned).to_vec(),
        env,
        resources: main.resources.clone(),
        security_context: main.security_context.clone(),
        volume_mounts,
        ..Container::default()
    }
}

/// The file of the licences.
pub(super) const fn license(settled: &Settled<'_>) -> &'static str {
    if settled.is_clustered {
        "artifactory.cluster.license"
    } else {
        "artifactory.lic"
    }
}

/// Where the database answers, as far as its URL tells.
pub(super) fn database_address(settled: &Settled<'_>) -> Option<(String, u16)> {
    if settled.database == ArtifactoryDatabaseType::Derby {
        return None;
    }
    if let Some(own) = database::own(settled) {
        return Some((own.host(), POSTGRESQL_PORT));
    }
    let url = JdbcUrl::parse(&settled.spec.database.url)?;
    Some((url.host?.to_owned(), url.port?))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Runs the script in folders of its own, and gives back the data folder.
    fn run(config: &[(&str, &str)], secrets: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let folder = |name: &str, files: &[(&str, &str)]| {
            let path = root.path().join(name);
            std::fs::create_dir(&path).unwrap();
            for (file, text) in files {
                std::fs::write(path.join(file), text).unwrap();
            }
            path
        };
        let mut command = Command::new("bash");
        command.args(["-c", SCRIPT]).env("LICENSE", "artifactory.lic");
        command.env("DATA", folder("data", &[]));
        command
            .env("CONFIG", folder("config", config))
            .env("SECRETS", folder("secrets", secrets));
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        root
    }

    const SECRETS: [(&str, &str); 3] = [("master.key", "m"), ("join.key", "j"), ("admin-password", "p\n")];

    #[test]
    fn keys_and_the_first_password_come_to_their_places() {
        let root = run(&[("system.yaml", "configVersion: 1\n")], &SECRETS);
        let read = |path: &str| std::fs::read_to_string(root.path().join("data").join(path)).unwrap();
        assert_eq!(read("etc/security/master.key"), "m");
        assert_eq!(read("bootstrap/access/etc/security/join.key"), "j");
        assert_eq!(read("etc/access/bootstrap.creds"), "admin@127.0.0.1=p\n");
        assert_eq!(read("etc/system.yaml"), "configVersion: 1\n");
        assert!(!root.path().join("data/etc/artifactory/binarystore.xml").exists());
    }

    #[test]
    fn the_keys_of_object_storage_are_put_in_whatever_they_are() {
        let xml = "<a>@IDENTITY@</a>\n<b>@CREDENTIAL@</b>\n";
        let mut secrets = SECRETS.to_vec();
        secrets.extend([
            ("filestore-identity", "id/+&"),
            ("filestore-credential", "a\\b*$c<\"'"),
        ]);
        let root = run(&[("system.yaml", ""), ("binarystore.xml", xml)], &secrets);
        let written =
            std::fs::read_to_string(root.path().join("data/etc/artifactory/binarystore.xml")).unwrap();
        assert_eq!(written, "<a>id/+&amp;</a>\n<b>a\\b*$c&lt;\"'</b>\n");
    }

    #[test]
    fn licences_stand_one_after_the_other_in_one_file() {
        let mut secrets = SECRETS.to_vec();
        secrets.extend([("license-0", "one"), ("license-1", "two")]);
        let root = run(&[("system.yaml", "")], &secrets);
        let written =
            std::fs::read_to_string(root.path().join("data/etc/artifactory/artifactory.lic")).unwrap();
        assert_eq!(written, "one\n\ntwo\n\n");
    }
}
