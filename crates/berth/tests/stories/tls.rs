//! Berth with a certificate of its own, and a client that checks it.

use std::fs;
use std::path::Path;

use berth_drive::{Image, Server, needed, quickstart, write_layout};

use crate::program::run;
use crate::start::{berth_program, folder};

#[test]
fn skopeo_pushes_over_tls_to_a_certificate_that_it_trusts() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, image) = (folder(), Image::tiny(90));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (scene.path().join("tls.crt"), scene.path().join("tls.key"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let document = with_tls(scene.path(), &certificate, &key);
    let server = Server::berth(berth_program(), scene.path(), &document).unwrap();

    write_layout(&scene.path().join("in"), "v1", &image).unwrap();
    let trusted = scene.path().join("trusted");
    fs::create_dir(&trusted).unwrap();
    fs::copy(&certificate, trusted.join("berth.crt")).unwrap();
    let (from, to) = (
        format!("oci:{}:v1", scene.path().join("in").display()),
        server.address().to_string(),
    );
    let to = format!("docker://{to}/story/tls:v1");
    let trust = ["--dest-cert-dir", trusted.to_str().unwrap()];
    run(
        &skopeo,
        ["--insecure-policy", "copy", "--quiet"]
            .iter()
            .chain(&trust)
            .chain(&[from.as_str(), &to]),
    );
    let trust = ["--cert-dir", trusted.to_str().unwrap()];
    let raw = run(
        &skopeo,
        ["inspect", "--raw"].iter().chain(&trust).chain(&[to.as_str()]),
    );
    assert_eq!(raw.as_bytes(), image.manifest);
}

/// The quickstart document with this certificate and key.
pub(crate) fn with_tls(folder: &Path, certificate: &Path, key: &Path) -> String {
    let tls = format!(
        "tlsenabled: true, tlscertificate: {}, tlskey: {}",
        certificate.display(),
        key.display()
    );
    quickstart(&folder.join("data")).replace("http: {", &format!("http: {{{tls}, "))
}
