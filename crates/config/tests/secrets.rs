//! No output shows a secret: canaries stand in secrets of every kind, also misspelt, wrongly typed and
//! over several lines, and every output is read.

use berth_config::document::{Documents, Format, Source, read};
use berth_config::rules::{Profile, Target, catalog, check};
use berth_config::serve::{ServeOptions, ServePlan, plan};
use berth_config::show::{show, to_yaml};
use berth_finding::{Report, to_json, to_sarif, to_text};

const CANARY: &str = "canary-4f9d";

fn source(text: &str, format: Format) -> Source {
    Source {
        name: "berth.yaml".to_owned(),
        bytes: text.into(),
        format,
    }
}

/// All that Berth can say about the sources, in one text.
fn outputs(documents: &Documents) -> String {
    use std::fmt::Write;
    let mut all = format!("{documents:?}");
    for profile in [Profile::Dev, Profile::Prod] {
        for target in [
            Target::Local,
            Target::Cluster {
                kubernetes: Some("1.29".to_owned()),
            },
        ] {
            let report = check(documents, profile, &target);
            let _ = write!(
                all,
                "{}{}{}{}{report:?}",
                to_text(&report, false),
                to_text(&report, true),
                to_json(&report),
                to_sarif(&report, &catalog(), "0"),
            );
        }
    }
    for document in &documents.documents {
        let shown = show(document);
        let _ = write!(all, "{}{shown}{}", document.spec.write(), to_yaml(&shown));
    }
    let (plan, findings) = plan(documents, &ServeOptions::default());
    let honours = plan.as_ref().map(ServePlan::honours);
    let _ = write!(
        all,
        "{plan:?}{honours:?}{}",
        to_text(&Report::new(findings), false)
    );
    all
}

fn assert_hidden(text: &str, format: Format) {
    let documents = read(&[source(text, format)]);
    let all = outputs(&documents);
    for part in ["canary", "4f9d"] {
        if let Some(at) = all.find(part) {
            panic!("a canary is seen: {}", &all[at.saturating_sub(300)..at + 20]);
        }
    }
    assert!(!documents.findings.is_empty(), "nothing was marked in {text}");
}

/// A document of a kind; a mistake in the same line makes its source line be shown.
fn document(kind: &str, spec: &str) -> String {
    format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n")
        .replace("CANARY", CANARY)
}

#[test]
fn a_secret_on_a_marked_line_is_masked() {
    for spec in [
        "{replicas: x, storage: {s3: {accesskey: CANARY, secretkey: 'CANARY'}}}",
        "{replicas: x, storage: {azure: {accountkey: \"CANARY\"}}}",
        "{replicas: x, http: {secret: CANARY, tlskey: CANARY}}",
        "{replicas: x, auth: {htpasswd: {users: {me: CANARY}}}}",
        "{replicas: x, notifications: {endpoints: [{headers: {Authorization: [CANARY, CANARY]}}]}}",
        "{replicas: x, extraEnv: {PASSWORD: CANARY}}",
        "{replicas: x, proxy: {remoteurl: \"https://me:CANARY@example.com\", password: CANARY}}",
        "{replicas: x, storage: {s3: {regionendpoint: \"https://me:CANARY@example.com\"}}}",
    ] {
        assert_hidden(&document("DockerRegistry", spec), Format::Yaml);
    }
    let harbor = "{coreReplicas: x, configOverwriteJson: {oidc_client_secret: CANARY}, robots: \
                  [{secret: CANARY}], database: {password: CANARY}}";
    assert_hidden(&document("HarborRegistry", harbor), Format::Yaml);
    let artifactory = "{replicas: x, database: {url: \"jdbc:postgresql://h/d?user=a&password=CANARY\"}, \
                       masterKey: CANARY, licenses: [CANARY]}";
    assert_hidden(&document("ArtifactoryRegistry", artifactory), Format::Yaml);
}

#[test]
fn a_misspelt_secret_is_masked() {
    for spec in [
        "{storage: {s3: {secretky: CANARY}}}",
        "{storage: {s3: {secretky: {value: CANARY}}}}",
        "{storage: {s3: {secretky: [CANARY, {CANARY: x}]}}}",
        "{pasword: CANARY}",
        "{storge: {s3: {secretkey: CANARY}}}",
        "\n  storage:\n    s3:\n      secretky: |\n        CANARY\n        CANARY: x\n      regin: x",
    ] {
        assert_hidden(&document("DockerRegistry", spec), Format::Yaml);
    }
    let outside = document("DockerRegistry", "{}") + &format!("pasword: {CANARY}\n");
    assert_hidden(&outside, Format::Yaml);
    assert_hidden(
        &document("DockerRegistri", "{http: {secret: CANARY}}"),
        Format::Yaml,
    );
}

#[test]
fn a_wrongly_typed_secret_is_masked() {
    for spec in [
        "{storage: {s3: {secretkey: [CANARY]}}}",
        "{storage: {s3: {secretkey: {CANARY: x}}}}",
        "{storage: {s3: {secretkey: {value: CANARY}}}}",
        "{storage: {s3: {secretkey: {env: [CANARY]}}}}",
        "{storage: {s3: {secretkey: {secretKeyRef: CANARY}}}}",
        "{storage: {s3: {secretkey: {secretKeyRef: {name: CANARY}}}}}",
        "{storage: {s3: [CANARY]}}",
        "{storage: CANARY}",
        "CANARY",
        "[{http: {secret: CANARY}}]",
    ] {
        assert_hidden(&document("DockerRegistry", spec), Format::Yaml);
    }
}

#[test]
fn a_secret_over_several_lines_is_masked() {
    for spec in [
        "\n  replicas: x\n  http:\n    tlskey: |\n      -----BEGIN-----\n      CANARY: x\n      -----END-----\n    adr: x",
        "\n  http: {tlskey: \"a\n    CANARY\n    b\", adr: x}",
        "\n  http: {tlskey: [\n    CANARY,\n    CANARY], adr: x}",
    ] {
        assert_hidden(&document("DockerRegistry", spec), Format::Yaml);
    }
}

#[test]
fn a_secret_in_a_file_that_is_not_yaml_is_masked() {
    for text in [
        "password: CANARY\nb: [",
        "password: \"CANARY",
        "password: CANARY: b",
        "a: |\n  CANARY\n b: x\n",
        "\tpassword: CANARY",
        "password: *CANARY",
        "&CANARY a: {",
        "!CANARY x",
        "? {a: CANARY}\n: b",
        "# CANARY\na: [",
    ] {
        assert_hidden(&text.replace("CANARY", CANARY), Format::Yaml);
        assert_hidden(&text.replace("CANARY", CANARY), Format::Json);
    }
}

#[test]
fn a_secret_in_an_evaluated_source_is_never_told() {
    let result = r#"{"framework": "docker-registry", "baseName": "a", "storage": {"s3": {"secretkey":
        {"CANARY": 1}, "secretky": "CANARY"}}, "replicas": "x", "http": "CANARY"}"#;
    assert_hidden(&result.replace("CANARY", CANARY), Format::EvaluatedNix);
    assert_hidden(
        &format!("[\"{CANARY}\", 1, {{\"a\": \"{CANARY}\"}}]"),
        Format::EvaluatedNix,
    );
}

#[test]
fn a_comment_on_a_marked_line_is_one_mask() {
    let text = document(
        "DockerRegistry",
        "\n  replicas: x   # the password: CANARY, [a] and more\n",
    );
    assert_hidden(&text, Format::Yaml);
    let report = check(
        &read(&[source(&text, Format::Yaml)]),
        Profile::Dev,
        &Target::Local,
    );
    let shown = to_text(&report, false);
    assert!(shown.contains("  replicas: x   ***\n"), "{shown}");
}

#[test]
fn the_mask_tells_no_length_and_hides_punctuation() {
    for secret in ["a", "aaaaaaaaaaaaaaaaaaaa", "{}: [],", "- - -"] {
        let text = document(
            "DockerRegistry",
            &format!("{{replcas: 1, http: {{secret: '{secret}'}}}}"),
        );
        let report = check(
            &read(&[source(&text, Format::Yaml)]),
            Profile::Dev,
            &Target::Local,
        );
        let shown = to_text(&report, false);
        assert!(
            shown.contains("spec: {replcas: ***, http: {secret: ***}}"),
            "{shown}"
        );
    }
}
