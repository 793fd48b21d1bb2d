//! The kinds of documents: name, marker in a builder's result, fields.

use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::document::Node;
use crate::section::{Decoder, Section, Shape, Value, read_section};
use crate::sections;

/// What marks the result of a builder, beside the configuration itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marker {
    /// The attribute.
    pub key: &'static str,
    /// Its value.
    pub value: &'static str,
}

/// Declares the kinds: from each line come a [`Kind`], a [`Spec`] and what leads from one to the
/// other.
macro_rules! kinds {
    ($($name:ident $($key:literal = $value:literal)? ;)+) => {
        /// A kind of document.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Kind {
            $(
                #[doc = concat!("[`", stringify!($name), "`](sections::", stringify!($name), ")")]
                $name,
            )+
        }

        /// The fields of a document, by its kind.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Spec {
            $(
                #[doc = concat!("Of a `", stringify!($name), "`.")]
                $name(Box<sections::$name>),
            )+
        }

        impl Kind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name as documents write it.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )+ }
            }

            /// What marks the result of its builder, where there is a builder.
            pub const fn marker(self) -> Option<Marker> {
                match self {
                    $( Self::$name => marker_of!($($key $value)?), )+
                }
            }

            /// The fields of its `spec`.
            pub const fn shape(self) -> &'static Shape {
                match self { $( Self::$name => const { &<sections::$name as Section>::SHAPE }, )+ }
            }

            /// Reads a `spec`; what is wrong goes to the decoder.
            pub fn read(self, node: &Node, decoder: &mut Decoder) -> Spec {
                match self {
                    $( Self::$name => Spec::$name(Box::new(read_section(node, decoder))), )+
                }
            }

            /// The core fields with their defaults, as the builder fills them in.
            pub fn defaults(self) -> &'static Json {
                match self {
                    $( Self::$name => {
                        // Asked for each field that a rule looks at, and never another.
                        static DEFAULTS: LazyLock<Json> = LazyLock::new(|| sections::$name::default().write());
                        &DEFAULTS
                    } )+
                }
            }
        }

        impl Spec {
            /// The kind of document it is of.
            pub const fn kind(&self) -> Kind {
                match self { $( Self::$name(_) => Kind::$name, )+ }
            }

            /// The fields as JSON, secrets redacted; extension fields where they are away from
            /// their defaults.
            pub fn write(&self) -> Json {
                match self { $( Self::$name(spec) => spec.write(), )+ }
            }
        }
    };
}

macro_rules! marker_of {
    () => {
        None
    };
    ($key:literal $value:literal) => {
        Some(Marker {
            key: $key,
            value: $value,
        })
    };
}

kinds! {
    DockerRegistry "framework" = "docker-registry";
    HarborRegistry "framework" = "harbor";
    NexusRegistry "framework" = "nexus";
    ArtifactoryRegistry "framework" = "artifactory";
    ImagePullSecret "secretType" = "image-pull";
    ImageScanPolicy "policyType" = "image-scan";
    ImageRetentionPolicy "policyType" = "image-retention";
    ImageReplicationPolicy "policyType" = "image-replication";
    ImageBuildConfig "configType" = "image-build";
    RegistryAccess;
}

impl Kind {
    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// Whether it is one of the four registries.
    pub const fn is_registry(self) -> bool {
        matches!(
            self,
            Self::DockerRegistry | Self::HarborRegistry | Self::NexusRegistry | Self::ArtifactoryRegistry
        )
    }
}

impl Spec {
    /// What all registries have, when it is of a registry.
    pub fn workload(&self) -> Option<sections::Workload<'_>> {
        match self {
            Self::DockerRegistry(spec) => Some(spec.workload()),
            Self::HarborRegistry(spec) => Some(spec.workload()),
            Self::NexusRegistry(spec) => Some(spec.workload()),
            Self::ArtifactoryRegistry(spec) => Some(spec.workload()),
            _ => None,
        }
    }

    /// The registries that a policy names; `None` where it is a registry itself.
    pub fn registries(&self) -> Option<&[String]> {
        match self {
            Self::ImagePullSecret(spec) => Some(&spec.registries),
            Self::ImageScanPolicy(spec) => Some(&spec.registries),
            Self::ImageRetentionPolicy(spec) => Some(&spec.registries),
            Self::ImageReplicationPolicy(spec) => Some(&spec.registries),
            Self::ImageBuildConfig(spec) => Some(&spec.registries),
            Self::RegistryAccess(spec) => Some(&spec.registries),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name_and_has_defaults() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
            assert!(
                kind.defaults()
                    .as_object()
                    .is_some_and(|fields| !fields.is_empty())
            );
        }
    }
}
