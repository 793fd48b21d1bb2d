//! Which secrets can be made anew, and why others can't.

use std::collections::BTreeSet;
use std::str::FromStr;

use berth_config::Spec;
use berth_config::document::{Document, Documents};

use crate::render::MadeOnce;

/// What is to be made anew, and of which document: `token`, or `token:team`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rotation {
    what: What,
    document: Option<String>,
}

/// What is to be made anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Admin,
    Database,
    Pull,
    Token,
    SecretKey,
}

/// A value that is made anew: where it lies.
pub type Rotated = (String, String, String);

/// Why something can't be made anew, document by document.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct CannotRotate(pub Vec<String>);

const BY_API: &str =
    "the product reads it at its first start alone: change it in the product, by its pages or its API";
const IN_DATABASE: &str =
    "the database keeps it in its data: change it there (`ALTER USER`) and in the document, then apply";
const NEVER: &str =
    "what the product's database holds is encrypted with it: with another one that can't be read any more";
const GIVEN: &str =
    "no such secret was made by Berth: change it where the document takes it from, then apply";

impl FromStr for Rotation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, document) = match text.split_once(':') {
            Some((what, document)) => (what, Some(document.to_owned())),
            None => (text, None),
        };
        let what = match what {
            "admin" => What::Admin,
            "database" => What::Database,
            "pull" => What::Pull,
            "token" => What::Token,
            "secret-key" => What::SecretKey,
            _ => {
                return Err(
                    "name admin, database, pull or token, or one of a document: token:NAME".to_owned(),
                );
            }
        };
        Ok(Self { what, document })
    }
}

/// The values that rotations make anew.
///
/// # Errors
/// A rotation that nothing answers to, or that one of its documents can't have.
pub fn rotated(
    rotations: &[Rotation],
    documents: &Documents,
    made_once: &[MadeOnce],
) -> Result<BTreeSet<Rotated>, CannotRotate> {
    let mut all = BTreeSet::new();
    let mut refused = Vec::new();
    for rotation in rotations {
        let meant = documents
            .documents
            .iter()
            .filter(|document| rotation.means(document));
        let mut found = false;
        for document in meant {
            found = true;
            match of_document(rotation.what, document, made_once) {
                Ok(values) => all.extend(values),
                Err(why) => refused.push(format!("{}: {why}", document.title())),
            }
        }
        if !found {
            refused.push("no document has such a secret".to_owned());
        }
    }
    if refused.is_empty() {
        Ok(all)
    } else {
        Err(CannotRotate(refused))
    }
}

impl Rotation {
    fn means(&self, document: &Document) -> bool {
        let is_named = self
            .document
            .as_ref()
            .is_none_or(|name| document.answers_to(name));
        let is_pull = matches!(document.spec, Spec::ImagePullSecret(_));
        let is_registry = document.spec.workload().is_some();
        is_named
            && if self.what == What::Pull {
                is_pull
            } else {
                is_registry
            }
    }
}

fn of_document(
    what: What,
    document: &Document,
    made_once: &[MadeOnce],
) -> Result<Vec<Rotated>, &'static str> {
    let secret = made_once.iter().find(|secret| {
        let namespace = document.spec.workload().map(|workload| workload.namespace.text());
        namespace == Some(secret.namespace.as_str())
            && secret.name == format!("{}-made-once", document.base_name)
    });
    let keys = keys(what, document)?;
    let Some(secret) = secret else {
        return Err(GIVEN);
    };
    let there = keys.iter().filter(|key| secret.recipes.contains_key(**key));
    let values: Vec<Rotated> = there
        .map(|key| (secret.namespace.clone(), secret.name.clone(), (*key).to_owned()))
        .collect();
    if values.is_empty() { Err(GIVEN) } else { Ok(values) }
}

/// The keys of a product's made-once Secret that a rotation makes anew. Those that must change together do.
const fn keys(what: What, document: &Document) -> Result<&'static [&'static str], &'static str> {
    match (what, &document.spec) {
        (What::Admin, Spec::DockerRegistry(_)) => Ok(&["admin-password", "htpasswd"]),
        (What::Database, _) => Err(IN_DATABASE),
        (What::SecretKey, _) => Err(NEVER),
        (What::Token, Spec::DockerRegistry(_)) => Ok(&["http-secret"]),
        (What::Token, Spec::HarborRegistry(_)) => Ok(&[
            "core-secret",
            "jobservice-secret",
            "csrf-key",
            "http-secret",
            "registry-password",
            "registry-htpasswd",
            "token-key",
        ]),
        (What::Admin | What::Token, _) => Err(BY_API),
        (What::Pull, _) => Err(GIVEN),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use berth_config::document::{Format, Source, read};

    use super::*;
    use crate::render::Recipe;

    fn documents(kind: &str) -> Documents {
        let text = format!(
            "apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: team}}\nspec: {{namespace: n}}\n"
        );
        read(&[Source {
            name: "a.yaml".to_owned(),
            bytes: text.into_bytes(),
            format: Format::Yaml,
        }])
    }

    fn made(keys: &[&str]) -> Vec<MadeOnce> {
        let recipes = keys
            .iter()
            .map(|key| ((*key).to_owned(), Recipe::Text { length: 8 }));
        vec![MadeOnce {
            namespace: "n".to_owned(),
            name: "team-made-once".to_owned(),
            recipes: recipes.collect::<BTreeMap<_, _>>(),
        }]
    }

    fn outcome(what: &str, kind: &str, keys: &[&str]) -> Result<Vec<String>, String> {
        let rotation: Rotation = what.parse().unwrap();
        rotated(&[rotation], &documents(kind), &made(keys))
            .map(|all| all.into_iter().map(|(_, _, key)| key).collect())
            .map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_docker_registrys_password_and_what_is_made_of_it_change_together() {
        let keys = ["admin-password", "htpasswd", "http-secret"];
        let admin = outcome("admin", "DockerRegistry", &keys).unwrap();
        assert_eq!(admin, ["admin-password", "htpasswd"]);
        assert_eq!(
            outcome("token:team", "DockerRegistry", &keys).unwrap(),
            ["http-secret"]
        );
    }

    #[test]
    fn harbors_secrets_change_together_and_its_secret_key_never() {
        let keys = ["core-secret", "secret-key", "token-key"];
        let token = outcome("token", "HarborRegistry", &keys).unwrap();
        assert_eq!(token, ["core-secret", "token-key"]);
        let refused = outcome("secret-key", "HarborRegistry", &keys).unwrap_err();
        assert!(
            refused.starts_with("HarborRegistry/team: ") && refused.contains("encrypted"),
            "{refused}"
        );
    }

    #[test]
    fn what_the_product_keeps_itself_is_refused_with_the_reason() {
        for kind in ["HarborRegistry", "NexusRegistry", "ArtifactoryRegistry"] {
            let refused = outcome("admin", kind, &["admin-password"]).unwrap_err();
            assert!(refused.contains("its API"), "{refused}");
        }
        let refused = outcome("database", "HarborRegistry", &["database-password"]).unwrap_err();
        assert!(refused.contains("ALTER USER"), "{refused}");
    }

    #[test]
    fn what_the_document_gives_and_what_nothing_answers_to_is_refused() {
        assert!(
            outcome("admin", "DockerRegistry", &[])
                .unwrap_err()
                .contains("where the document takes it")
        );
        assert!(
            outcome("token:other", "DockerRegistry", &["http-secret"])
                .unwrap_err()
                .contains("no document")
        );
        assert!(
            outcome("pull", "DockerRegistry", &[])
                .unwrap_err()
                .contains("no document")
        );
        assert!("passwords".parse::<Rotation>().is_err());
    }
}
