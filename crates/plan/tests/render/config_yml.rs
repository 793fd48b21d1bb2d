//! The rendered `config.yml` is what Docker's registry reads: it starts on it, and does what the document says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_config::value::SecretValue;
use berth_drive::{Body, Client, Image, needed};
use berth_plan::object::SecretText;
use berth_plan::render::{SecretSource, SecretUnavailable};

use crate::kubelet::{Pod, mount};
use crate::scene::{documents, registry, rendered_with};

/// Passwords that are right.
struct Secrets;

/// The password of all users.
const PASSWORD: &str = "correct horse";

impl SecretSource for Secrets {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        match secret {
            SecretValue::Plain(text) => Ok(text.as_str().into()),
            SecretValue::Env(name) if name == "ANNA" => Ok(bcrypt::hash(PASSWORD, 4).unwrap().into()),
            _ => Ok("something".into()),
        }
    }

    fn made_once(&self, _: &str, _: &str, key: &str) -> Option<SecretText> {
        Some(match key {
            "htpasswd" => format!("admin:{}\n", bcrypt::hash(PASSWORD, 4).unwrap()).into(),
            _ => "made-once".into(),
        })
    }
}

/// Docker's registry as a Deployment of these fields would run it, where the program is installed.
fn run(fields: &str, folder: &tempfile::TempDir) -> Option<Pod> {
    let program = needed("docker-registry")?;
    let rendered = rendered_with(&documents(&registry(fields)), 31, &Secrets);
    Some(mount(&rendered.objects, "team", folder.path()).start(&program, 5000))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The status of a request, with a user and a password where there are any.
fn status(pod: &Pod, method: &str, path: &str, user: Option<(&str, &str)>) -> u16 {
    let basic =
        user.map(|(user, password)| format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))));
    let fields: Vec<_> = basic
        .iter()
        .map(|basic| ("authorization", basic.as_str()))
        .collect();
    let (head, _) = Client::new(pod.address)
        .send(method, path, &fields, Body::Empty)
        .unwrap();
    head.status
}

#[test]
fn a_registry_without_login_takes_and_gives_images_and_keeps_them_on_its_volume() {
    let folder = folder();
    let Some(pod) = run(
        "{auth: {enabled: false}, storage: {filesystem: {rootdirectory: ./data}}}",
        &folder,
    ) else {
        return;
    };
    let image = Image::tiny(1);
    let mut client = Client::new(pod.address);
    client.push_image("flat", "v1", &image).unwrap();
    assert_eq!(client.pull_manifest("flat", "v1").unwrap().bytes, image.manifest);
    assert!(
        folder
            .path()
            .join("var/lib/registry/docker/registry/v2/repositories/flat")
            .is_dir()
    );
}

#[test]
fn users_of_the_document_are_let_in_and_no_one_else() {
    let folder = folder();
    let users = "{auth: {scheme: basic, htpasswd: {realm: Place, users: {anna: {env: ANNA}}}}}";
    let Some(pod) = run(users, &folder) else { return };
    assert_eq!(status(&pod, "GET", "/v2/", None), 401);
    assert_eq!(status(&pod, "GET", "/v2/", Some(("anna", "wrong"))), 401);
    assert_eq!(status(&pod, "GET", "/v2/", Some(("admin", PASSWORD))), 401);
    assert_eq!(status(&pod, "GET", "/v2/", Some(("anna", PASSWORD))), 200);
}

#[test]
fn the_default_realm_lets_in_the_admin_that_is_made_once() {
    let folder = folder();
    let Some(pod) = run("{}", &folder) else { return };
    assert_eq!(status(&pod, "GET", "/v2/", None), 401);
    assert_eq!(status(&pod, "GET", "/v2/", Some(("admin", PASSWORD))), 200);
}

#[test]
fn all_that_can_be_said_of_a_folder_is_taken() {
    let folder = folder();
    let fields = "{
        auth: {enabled: false},
        log: {level: debug, format: text, accesslog: {disabled: true}, fields: {place: here}},
        storage: {delete: {enabled: true}, redirect: {disable: true}, cache: {blobdescriptor: inmemory},
            maintenance: {uploadpurging: {age: 48h}}},
        http: {relativeurls: true, headers: {X-Place: [here]}, http2: {disabled: true}},
        health: {storagedriver: {interval: 1s}, tcp: [{addr: 'localhost:1', interval: 1h, threshold: 3}]},
        notifications: {endpoints: [{name: hook, url: 'http://127.0.0.1:9/', headers: {Authorization: [{env: HOOK}]},
            timeout: 1s, threshold: 1, backoff: 1s, ignore: {actions: [pull]}}], events: {includereferences: true}},
        validation: {manifests: {urls: {allow: ['^https://example.com/']}}}}";
    let Some(pod) = run(fields, &folder) else { return };
    let (head, _) = Client::new(pod.address)
        .send("GET", "/v2/", &[], Body::Empty)
        .unwrap();
    assert_eq!((head.status, head.field("x-place")), (200, Some("here")));
    assert!(
        pod.log()
            .contains("configuring endpoint hook (http://127.0.0.1:9/)"),
        "{}",
        pod.log()
    );
    assert!(!pod.log().contains("unknown"), "{}", pod.log());
}

#[test]
fn the_variable_that_garbage_collection_sets_makes_a_registry_refuse_writes() {
    let folder = folder();
    let fields = "{auth: {enabled: false}, storage: {maintenance: {uploadpurging: {age: 48h}}},
        extraEnv: {REGISTRY_STORAGE_MAINTENANCE_READONLY: '{\"enabled\":true}'}}";
    let Some(pod) = run(fields, &folder) else { return };
    assert_eq!(status(&pod, "GET", "/v2/", None), 200);
    assert_eq!(status(&pod, "POST", "/v2/flat/blobs/uploads/", None), 405);
}
