//! One document, laptop and cluster: Berth in its pod refuses, serves and stores exactly as `berth serve` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_drive::{Body, Client, Image, MANIFEST_TYPE, Server, sha256};

use super::scene::{ANN, PASSWORD, Scene, berth_image};

/// The address is loopback's and the folder a relative one: on the cluster these become the pod's.
const DOCUMENT: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: "@"
  engine: berth
  storage: {driver: filesystem, filesystem: {rootdirectory: ./data}, delete: {enabled: true}}
  persistence: {size: 1Gi}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
  http: {addr: "127.0.0.1:5000", headers: {X-Note: [kept]}}
  auth: {scheme: basic, htpasswd: {realm: team, users: {ann: {file: ANN}}}}
"#;
/// What it asks for is no registry that Berth can be.
const REFUSED: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: mirror}
spec:
  namespace: "@"
  engine: berth
  storage: {driver: filesystem, filesystem: {rootdirectory: ./data}}
  persistence: {size: 1Gi}
  auth: {enabled: false}
  proxy: {remoteurl: "https://registry.example.com"}
  validation: {disabled: false, manifests: {urls: {allow: ["^https://example.com/"]}}}
"#;
/// Fields of answers that are a promise; the others are of the day, the address or the upload.
const FIELDS: &[&str] = &[
    "accept-ranges",
    "allow",
    "content-length",
    "content-range",
    "content-type",
    "docker-content-digest",
    "docker-distribution-api-version",
    "etag",
    "link",
    "oci-subject",
    "range",
    "www-authenticate",
    "x-content-type-options",
    "x-note",
];

#[test]
fn one_document_refuses_serves_and_stores_alike_on_a_laptop_and_in_a_pod() {
    let Some(scene) = Scene::new(&[berth_image]) else {
        return;
    };
    let ann = scene.folder().join("ann");
    fs::write(&ann, bcrypt::hash(PASSWORD, 4).unwrap()).unwrap();
    let document = DOCUMENT.replace("ANN", &ann.display().to_string());
    let laptop = scene.folder().join("laptop");
    fs::create_dir(&laptop).unwrap();
    let text = document.replace('@', &scene.namespace);
    let server = Server::berth(Path::new(env!("CARGO_BIN_EXE_berth")), &laptop, &text).unwrap();
    scene.node.volumes(1).unwrap();
    scene.apply(&document);

    let here = conversation(&mut server.client());
    let there = conversation(&mut scene.client("team"));
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here, there);
    }
    assert_eq!(here.len(), there.len());
    let volume = scene.object("persistentvolumeclaim", "team");
    let volume = volume["spec"]["volumeName"].as_str().unwrap().to_owned();
    let volume = scene.object("persistentvolume", &volume);
    let folder = Path::new(volume["spec"]["hostPath"]["path"].as_str().unwrap());
    let (stored_here, stored_there) = (stored(&laptop.join("data")), stored(folder));
    assert!(stored_here.len() >= 8, "{:?}", stored_here.keys());
    assert_eq!(
        stored_here.keys().collect::<Vec<_>>(),
        stored_there.keys().collect::<Vec<_>>()
    );
    assert!(stored_here == stored_there, "the same files with other bytes");
}

#[test]
fn what_a_laptop_refuses_is_refused_on_the_way_to_a_cluster() {
    let Some(scene) = Scene::new(&[]) else { return };
    let file = scene.write("refused.yaml", REFUSED);
    let serve = Command::new(env!("CARGO_BIN_EXE_berth"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .arg(file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&serve.stderr).into_owned();
    assert_eq!(serve.status.code(), Some(4), "{said}");
    let (code, planned) = scene.berth(REFUSED, &["plan"]);
    assert_eq!(code, Some(4), "{planned}");
    let (here, there) = (refusals(&said), refusals(&planned));
    assert!(!here.is_empty(), "{said}");
    assert_eq!(here, there, "{planned}");
}

/// What `serve` says that it can't do.
fn refusals(said: &str) -> BTreeSet<String> {
    let lines = said.lines().filter(|line| line.starts_with("error[SV-"));
    lines.map(str::to_owned).collect()
}

/// A client that does right and wrong things, and what it was answered.
fn conversation(client: &mut Client) -> Vec<String> {
    let image = Image::tiny(51);
    let mut talk = Talk {
        client,
        login: login(PASSWORD),
        heard: Vec::new(),
    };
    talk.logins();
    talk.say("GET", "/v2/team/app/manifests/v1", b"");
    talk.put_manifest("team/app", "v1", &image.manifest);
    talk.upload("team/app", &image.config, &sha256(b"something else"));
    for blob in image.blobs() {
        talk.upload("team/app", blob, &sha256(blob));
    }
    talk.put_manifest("team/app", "v1", &image.manifest);
    talk.put_manifest("team/app", "v2", &image.manifest);
    talk.put_manifest("team/app", "broken", b"{\"schemaVersion\": 2");
    let layer = sha256(&image.layers[0]);
    for path in [
        "/v2/team/app/manifests/v1".to_owned(),
        format!("/v2/team/app/manifests/{}", image.digest()),
        format!("/v2/team/app/blobs/{layer}"),
        "/v2/team/app/tags/list".to_owned(),
        "/v2/team/app/tags/list?n=1".to_owned(),
        "/v2/nothing/here/tags/list".to_owned(),
        "/v2/Not/A/Name/tags/list".to_owned(),
        "/v2/_catalog".to_owned(),
        format!("/v2/team/app/referrers/{}", image.digest()),
    ] {
        talk.say("GET", &path, b"");
        talk.say("HEAD", &path, b"");
    }
    talk.say("DELETE", "/v2/team/app/manifests/v2", b"");
    talk.put_manifest("team/gone", "v1", &image.manifest);
    talk.upload("team/gone", &image.config, &sha256(&image.config));
    talk.upload("team/gone", &image.layers[0], &layer);
    talk.put_manifest("team/gone", "v1", &image.manifest);
    talk.say(
        "DELETE",
        &format!("/v2/team/gone/manifests/{}", image.digest()),
        b"",
    );
    talk.say("GET", "/v2/team/gone/manifests/v1", b"");
    talk.say("PATCH", "/v2/team/app/manifests/v1", b"");
    talk.heard
}

struct Talk<'a> {
    client: &'a mut Client,
    login: String,
    heard: Vec<String>,
}

impl Talk<'_> {
    fn logins(&mut self) {
        let ann = std::mem::take(&mut self.login);
        for login in [String::new(), login("wrong"), ann] {
            self.login = login;
            self.say("GET", "/v2/", b"");
            self.say("POST", "/v2/team/app/blobs/uploads/?digest=nonsense", b"");
        }
    }

    fn put_manifest(&mut self, repository: &str, tag: &str, manifest: &[u8]) {
        self.say("PUT", &format!("/v2/{repository}/manifests/{tag}"), manifest);
    }

    /// An upload in one POST and one PUT, under a digest that may be wrong.
    fn upload(&mut self, repository: &str, blob: &[u8], digest: &str) {
        let fields = [("authorization", self.login.as_str())];
        let path = format!("/v2/{repository}/blobs/uploads/");
        let started = self.client.send("POST", &path, &fields, Body::Empty);
        let (head, body) = started.unwrap();
        let said = String::from_utf8_lossy(&body);
        self.heard.push(format!("POST {path}: {} {said}", head.status));
        let Some(place) = head.location() else {
            panic!("an upload that did not start: {:#?}", self.heard);
        };
        let mark = if place.contains('?') { '&' } else { '?' };
        let fields = [fields[0], ("content-type", "application/octet-stream")];
        let closing = format!("{place}{mark}digest={digest}");
        let (head, body) = self
            .client
            .send("PUT", &closing, &fields, Body::Bytes(blob))
            .unwrap();
        let body = String::from_utf8_lossy(&body);
        let digest = head.field("docker-content-digest");
        self.heard
            .push(format!("PUT an upload: {} {digest:?} {body}", head.status));
    }

    /// A request, and all of its answer that is a promise.
    fn say(&mut self, method: &str, path: &str, body: &[u8]) {
        let mut fields = vec![("accept", MANIFEST_TYPE)];
        if !self.login.is_empty() {
            fields.push(("authorization", &self.login));
        }
        if !body.is_empty() {
            fields.push(("content-type", MANIFEST_TYPE));
        }
        let sent = match body {
            [] => Body::Empty,
            body => Body::Bytes(body),
        };
        let (head, body) = self.client.send(method, path, &fields, sent).unwrap();
        let promised = FIELDS.iter().filter_map(|name| Some((name, head.field(name)?)));
        self.heard.push(format!(
            "{method} {path}: {} {:?} {}",
            head.status,
            promised.collect::<Vec<_>>(),
            String::from_utf8_lossy(&body)
        ));
    }
}

fn login(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{ANN}:{password}")))
}

/// Every file of the layout and its bytes; what is open belongs to no image.
fn stored(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let layout = folder.join("docker");
    let mut folders = vec![layout.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.ends_with("_uploads") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let place = path.strip_prefix(&layout).unwrap().display().to_string();
                files.insert(place, fs::read(&path).unwrap());
            }
        }
    }
    files
}
