use std::collections::BTreeMap;

use berth_config::document::Document;

use super::{Rendering, codes};
use crate::object::{KeySelector, Metadata, Object, Secret, SecretText};
use crate::render::registry::Registry;

/// A Secret whose values nobody gave: made once, kept, never overwritten and never pruned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeOnce {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// How each value is made.
    pub recipes: BTreeMap<String, Recipe>,
}

/// How a value is made from randomness.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recipe {
    /// Letters and digits, so many of them.
    Text {
        /// How many.
        length: usize,
    },
    /// Hexadecimal digits, so many of them.
    Hexadecimal {
        /// How many: an even number.
        digits: usize,
    },
    /// A line of an htpasswd file, with bcrypt.
    Htpasswd {
        /// The user.
        user: &'static str,
        /// The key, in the same Secret, of the password.
        password_key: &'static str,
    },
    /// An RSA key of 2048 bits, PKCS #1 in PEM.
    RsaKey,
    /// A key of the curve P-256, PKCS #8 in PEM.
    EcKey,
    /// The certificate of an authority of a registry's own, in PEM, good for ten years.
    Authority {
        /// Its name.
        name: String,
        /// The key, in the same Secret, of its [`Recipe::EcKey`].
        key: &'static str,
    },
    /// A certificate that such an authority signs, in PEM, good for ten years.
    Certificate {
        /// The key, in the same Secret, of its [`Recipe::EcKey`].
        key: String,
        /// The authority's name.
        authority: String,
        /// The key, in the same Secret, of the authority's own.
        authority_key: &'static str,
        /// The names and addresses that it is for.
        hosts: Vec<String>,
    },
}

impl Recipe {
    /// Which others are made before it: those of a lower rank.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Text { .. } | Self::Hexadecimal { .. } | Self::RsaKey | Self::EcKey => 0,
            Self::Htpasswd { .. } | Self::Authority { .. } | Self::Certificate { .. } => 1,
        }
    }
}

/// Says of an object that its values were made once.
const ANNOTATION: (&str, &str) = ("berth.dev/made-once", "true");

/// The key of the secret that digests of secrets are keyed with.
pub(crate) const CHECKSUM_KEY: (&str, Recipe) = ("checksum-key", Recipe::Text { length: 32 });

impl Rendering<'_> {
    /// Asks for a made-once value of a registry, and says where pods find it.
    pub(crate) fn make_once(&mut self, registry: &Registry<'_>, key: &str, recipe: Recipe) -> KeySelector {
        self.make_once_in(
            registry.namespace,
            &registry.object_name("made-once"),
            key,
            recipe,
        )
    }

    /// The same in any Secret.
    pub(crate) fn make_once_in(
        &mut self,
        namespace: &str,
        name: &str,
        key: &str,
        recipe: Recipe,
    ) -> KeySelector {
        let at = (namespace.to_owned(), name.to_owned());
        let secret = self.made_once.entry(at).or_insert_with(|| MadeOnce {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            recipes: BTreeMap::new(),
        });
        secret.recipes.insert(key.to_owned(), recipe);
        KeySelector::of(name, key)
    }

    /// The key that digests of a registry's secrets are made with, where it is known already.
    pub(crate) fn checksum_key(&mut self, registry: &Registry<'_>) -> Option<SecretText> {
        let at = self.make_once(registry, CHECKSUM_KEY.0, CHECKSUM_KEY.1);
        self.secrets.made_once(registry.namespace, &at.name, &at.key)
    }

    /// Renders the made-once Secret of a registry where all its values are known; else a finding says who makes it.
    pub(crate) fn add_made_once(&mut self, document: &Document, registry: &Registry<'_>) {
        self.add_made_once_in(document, registry.metadata("made-once"));
    }

    /// The same of any Secret.
    pub(crate) fn add_made_once_in(&mut self, document: &Document, metadata: Metadata) {
        let name = metadata.name.clone();
        let namespace = metadata.namespace.clone().unwrap_or_default();
        let at = (namespace.clone(), name.clone());
        let Some(wanted) = self.made_once.get(&at) else {
            return;
        };
        let known = wanted.recipes.keys().map(|key| {
            let value = self.secrets.made_once(&namespace, &name, key)?;
            Some((key.clone(), value))
        });
        if let Some(values) = known.collect::<Option<Vec<_>>>() {
            let metadata = metadata.annotated([ANNOTATION]);
            self.add(document, Object::new(metadata, &Secret::opaque(values)));
            return;
        }
        let message = format!("the Secret `{name}` is not among the objects: its values are made once");
        self.tell(document, "metadata.name", codes::RN_001, message)
            .help("`berth render --secrets FILE` makes them, keeps them in FILE, and renders them");
    }
}
