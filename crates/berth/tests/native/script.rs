//! Requests one after the other, and all that is to be seen of their answers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_drive::{Body, Client, Image, MANIFEST_TYPE, sha256};

/// Fields of an answer that mean something; those that name an upload or a time differ from run to run.
const FIELDS: [&str; 11] = [
    "allow",
    "content-length",
    "content-range",
    "content-type",
    "docker-content-digest",
    "docker-distribution-api-version",
    "etag",
    "location",
    "range",
    "www-authenticate",
    "x-place",
];

/// Sends the whole script as a user or as a stranger; what came back, request by request.
pub(crate) fn run(client: &mut Client, user: Option<(&str, &str)>) -> Vec<String> {
    let authorization =
        user.map(|(name, password)| format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))));
    let mut script = Script {
        client,
        authorization,
        said: Vec::new(),
    };
    script.whole();
    script.said
}

struct Script<'a> {
    client: &'a mut Client,
    authorization: Option<String>,
    said: Vec<String>,
}

impl Script<'_> {
    fn whole(&mut self) {
        let image = Image::tiny(7);
        let manifest = image.manifest.as_slice();
        let digest = image.digest();
        self.ask("GET", "/v2/", &[], b"");
        self.ask("GET", "/v2/_catalog", &[], b"");
        self.ask("GET", "/v2/a/app/tags/list", &[], b"");
        self.ask(
            "PUT",
            "/v2/a/app/manifests/early",
            &[("content-type", MANIFEST_TYPE)],
            manifest,
        );
        for blob in image.blobs() {
            self.upload("a/app", blob, &sha256(blob));
        }
        self.upload("a/app", b"bytes", &sha256(b"other bytes"));
        self.upload("A/Wrong", b"bytes", &sha256(b"bytes"));
        self.ask(
            "PUT",
            "/v2/a/app/manifests/v1",
            &[("content-type", MANIFEST_TYPE)],
            manifest,
        );
        self.ask(
            "PUT",
            "/v2/a/app/manifests/v2",
            &[("content-type", MANIFEST_TYPE)],
            manifest,
        );
        self.ask(
            "PUT",
            "/v2/a/app/manifests/-no",
            &[("content-type", MANIFEST_TYPE)],
            manifest,
        );
        self.ask(
            "PUT",
            "/v2/a/app/manifests/bad",
            &[("content-type", MANIFEST_TYPE)],
            b"{",
        );
        for method in ["HEAD", "GET"] {
            self.ask(
                method,
                "/v2/a/app/manifests/v1",
                &[("accept", MANIFEST_TYPE)],
                b"",
            );
            self.ask(method, &format!("/v2/a/app/manifests/{digest}"), &[], b"");
            self.ask(method, "/v2/a/app/manifests/none", &[], b"");
        }
        for blob in image.blobs() {
            let path = format!("/v2/a/app/blobs/{}", sha256(blob));
            self.ask("GET", &path, &[], b"");
            self.ask("GET", &path, &[("range", "bytes=1-3")], b"");
            let mount = format!("/v2/b/app/blobs/uploads/?mount={}&from=a/app", sha256(blob));
            self.ask("POST", &mount, &[], b"");
        }
        self.ask("GET", "/v2/a/app/tags/list?n=1", &[], b"");
        self.ask("GET", &format!("/v2/a/app/referrers/{digest}"), &[], b"");
        self.ask("DELETE", "/v2/a/app/manifests/v2", &[], b"");
        self.ask("PATCH", "/v2/a/app/blobs/uploads/nothing", &[], b"bytes");
        self.ask("GET", "/v2/_catalog", &[], b"");
        self.ask("GET", "/nothing", &[], b"");
    }

    fn upload(&mut self, repository: &str, blob: &[u8], digest: &str) {
        let start = format!("/v2/{repository}/blobs/uploads/");
        let Some(path) = self.ask("POST", &start, &[], b"") else {
            return;
        };
        let mark = if path.contains('?') { '&' } else { '?' };
        let fields = [("content-type", "application/octet-stream")];
        self.ask("PUT", &format!("{path}{mark}digest={digest}"), &fields, blob);
    }

    /// Asks, notes the answer, and gives the Location.
    fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)], body: &[u8]) -> Option<String> {
        let mut fields = fields.to_vec();
        fields.extend(
            self.authorization
                .as_deref()
                .map(|value| ("authorization", value)),
        );
        let (head, bytes) = self
            .client
            .send(method, path, &fields, Body::Bytes(body))
            .unwrap();
        let seen: Vec<String> = FIELDS
            .iter()
            .filter_map(|name| Some(format!("{name}: {}", nameless(head.field(name)?))))
            .collect();
        self.said.push(format!(
            "{method} {} -> {} {seen:?} {}",
            nameless(path),
            head.status,
            nameless(&String::from_utf8_lossy(&bytes))
        ));
        head.location().map(str::to_owned)
    }
}

/// The text without what names an upload.
fn nameless(text: &str) -> String {
    let text = match text.split_once("/blobs/uploads/") {
        Some((before, rest)) if !rest.is_empty() && !rest.starts_with('?') => {
            let end = rest.find(['"', ' ']).map_or("", |end| &rest[end..]);
            format!("{before}/blobs/uploads/UPLOAD{end}")
        }
        _ => text.to_owned(),
    };
    match text.split_once("://127.0.0.1:") {
        Some((before, rest)) => {
            let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
            format!("{before}://HERE{rest}")
        }
        None => text,
    }
}

/// All files of the registry's layout, and what they hold.
pub(crate) fn stored(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.join("docker")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("_uploads") {
                folders.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}
