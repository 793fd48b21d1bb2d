//! Kubeconfigs that are broken: each says which file, what is wrong, and what to do.

use std::error::Error;
use std::path::Path;

use berth_cluster::{Cluster, ConnectOptions};
use tempfile::TempDir;

use crate::scripted::kubeconfig_of;

/// What connecting says, with what lies beneath.
async fn fails(kubeconfig: &Path, context: Option<&str>) -> String {
    let options = ConnectOptions {
        kubeconfig: Some(kubeconfig.to_owned()),
        context: context.map(str::to_owned),
        call_timeout: None,
    };
    let Err(error) = Cluster::connect(&options).await else {
        panic!("it connects");
    };
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        said = format!("{said}: {error}");
        source = error.source();
    }
    said
}

#[tokio::test]
async fn a_kubeconfig_that_is_broken_is_named_with_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let good = kubeconfig_of("https://127.0.0.1:1");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let broken = [
        (folder.path().join("nowhere"), None, "No such file"),
        (write("no-yaml", "apiVersion: [v1"), None, "parse"),
        (
            write(
                "no-context",
                &good.replace("current-context: c", "current-context: d"),
            ),
            None,
            "context",
        ),
        (
            write(
                "no-cluster",
                &good.replace("clusters: [{name: c", "clusters: [{name: d"),
            ),
            None,
            "cluster",
        ),
        (
            write("no-user", &good.replace("users: [{name: u", "users: [{name: v")),
            None,
            "no user \"u\"",
        ),
        (write("good", &good), Some("staging"), "staging"),
        (
            write(
                "no-certificate",
                &good.replace("server:", "certificate-authority: /nowhere/ca.crt, server:"),
            ),
            None,
            "/nowhere/ca.crt",
        ),
    ];
    for (file, context, what) in broken {
        let said = fails(&file, context).await;
        assert!(said.contains(&file.display().to_string()), "{said}");
        assert!(said.contains(what), "{what}: {said}");
        assert!(said.contains("check it with `kubectl config view`"), "{said}");
    }
}

#[tokio::test]
async fn certificates_that_are_none_are_told_before_anything_is_sent() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("kubeconfig");
    let good = kubeconfig_of("https://127.0.0.1:1");
    std::fs::write(
        &file,
        good.replace("server:", "certificate-authority-data: bm9uZQ==, server:"),
    )
    .unwrap();
    let said = fails(&file, None).await;
    assert!(
        said.contains("127.0.0.1:1") && said.contains("holds no certificate"),
        "{said}"
    );
}

#[tokio::test]
async fn a_program_for_credentials_that_is_missing_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("kubeconfig");
    let exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-login, interactiveMode: Never}";
    std::fs::write(
        &file,
        kubeconfig_of("https://127.0.0.1:1").replace("token: t", exec),
    )
    .unwrap();
    let said = fails(&file, None).await;
    assert!(said.contains("no-such-login"), "{said}");
}
