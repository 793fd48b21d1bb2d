//! What a section of a document is: named fields with types, defaults and a sentence each.
//!
//! Rust is the single source. `section!` takes the fields once and derives from them the struct,
//! its defaults, the decoder (which collects **all** faults), the encoder of the builder's result and
//! a [`Shape`] from which the JSON Schema, the defaults for Nix, the table of extension fields, the
//! masking of secrets and the mutation test are made.
//!
//! ```text
//! section! {
//!     /// What the section is.
//!     pub struct Filesystem {
//!         /// What the field means.
//!         core rootdirectory: String = "/var/lib/registry";
//!         /// How many at once.
//!         core maxthreads: i64 = 100, range 0 to 10000, code "DR-019";
//!         /// A field whose Rust name differs from how it is written.
//!         extension storage_class as "storageClass": Option<String>;
//!     }
//! }
//! ```
//!
//! # Who judges a value
//!
//! - A **wrong type** (a number where text belongs) is `K-014`, reported by the decoder; the field
//!   keeps its default.
//! - A **text that doesn't parse** as the type of a `Written<T>` field (a quantity, a cron schedule,
//!   a value out of a list) is reported by the decoder with the field's `code`, else the type's
//!   `Parse::CODE`. The field keeps the text, and `value()` is `None`. A rule must not report it
//!   again: it reads `value()` and passes over `None`. So the rule `DR-001` has an entry in the
//!   catalog, and nothing in `check`.
//! - A **number out of `range`** is reported by the decoder with the field's `code`, else `DOC-011`.
//!   The field keeps the number.
//! - All else is the rules'. The level of a decoder's finding is that of its code in the catalog.
//! - `null` is the same as not given. An empty text is "not given" for types with `Parse::EMPTY`.
//! - A rule that asks "was it set on purpose" asks `document.is_set("path")`: a value equal to its
//!   default counts as not set.

mod decoder;
mod scalar;
mod shape;

pub(crate) use decoder::shorten;
pub use decoder::{Complaint, Decoder};
pub(crate) use scalar::{NOT_SHOWN, redact};
pub use shape::{Field, Layer, Shape, ValueType};

use serde_json::{Map, Value as Json};

use crate::document::Node;

/// A type that a field can have.
pub trait Value: Sized + Clone + PartialEq + std::fmt::Debug {
    /// What it looks like.
    const TYPE: ValueType;

    /// Reads it; what is wrong goes to the decoder. `base` holds the defaults, which a map keeps for
    /// the keys that aren't given. `None` when it can't be read at all.
    fn read(node: &Node, base: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self>;

    /// The value as the builder's result shows it; secrets are redacted.
    fn write(&self) -> Json;
}

/// A type made by `section!`.
pub trait Section: Value + Default {
    /// Its fields.
    const SHAPE: Shape;

    /// Reads the fields of a map over `self`.
    fn fill(&mut self, node: &Node, decoder: &mut Decoder);
}

/// Reads a section on its own, as the `spec` of a document.
pub fn read_section<S: Section>(node: &Node, decoder: &mut Decoder) -> S {
    let mut section = S::default();
    section.fill(node, decoder);
    section
}

/// Puts a field into a builder's result: a core field always, an extension field when it is away from
/// its default.
pub(crate) fn put<T: Value>(map: &mut Map<String, Json>, field: &Field, value: &T, default: &T) {
    if field.layer == Layer::Core || value != default {
        map.insert(field.name.to_owned(), value.write());
    }
}

/// Declares a section; see the head of this file.
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $layer:ident $field:ident $(as $wire:literal)? : $ty:ty
                    $(= $default:expr)? $(, range $min:literal to $max:literal)? $(, code $code:literal)? ;
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $crate::section::default_of!($($default)?), )* }
            }
        }

        /// The fields as the builder's result shows them: secrets are redacted.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let fields = $crate::section::Value::write(self);
                write!(f, concat!(stringify!($name), "{}"), fields)
            }
        }

        impl $crate::section::Section for $name {
            const SHAPE: $crate::section::Shape = $crate::section::Shape {
                name: stringify!($name),
                doc: concat!("", $($doc, "\n",)*),
                fields: &[$(
                    $crate::section::Field {
                        name: $crate::section::wire_of!($field $($wire)?),
                        doc: concat!("", $($field_doc, "\n",)*),
                        layer: $crate::section::layer_of!($layer),
                        value: <$ty as $crate::section::Value>::TYPE,
                        range: $crate::section::range_of!($($min, $max)?),
                        code: $crate::section::code_of!($($code)?),
                    },
                )*],
            };

            fn fill(
                &mut self,
                node: &$crate::document::Node,
                decoder: &mut $crate::section::Decoder,
            ) {
                const SHAPE: &$crate::section::Shape =
                    &<$name as $crate::section::Section>::SHAPE;
                if !decoder.enter(node, SHAPE) {
                    return;
                }
                $( decoder.field(
                    node,
                    SHAPE.field($crate::section::wire_of!($field $($wire)?)),
                    &mut self.$field,
                ); )*
            }
        }

        impl $crate::section::Value for $name {
            const TYPE: $crate::section::ValueType =
                $crate::section::ValueType::Section(&<Self as $crate::section::Section>::SHAPE);

            fn read(
                node: &$crate::document::Node,
                base: Option<&Self>,
                _: &'static $crate::section::Field,
                decoder: &mut $crate::section::Decoder,
            ) -> Option<Self> {
                let mut section = base.cloned().unwrap_or_default();
                $crate::section::Section::fill(&mut section, node, decoder);
                Some(section)
            }

            fn write(&self) -> serde_json::Value {
                const SHAPE: $crate::section::Shape =
                    <$name as $crate::section::Section>::SHAPE;
                let default = Self::default();
                let mut map = serde_json::Map::new();
                $( $crate::section::put(
                    &mut map,
                    SHAPE.field($crate::section::wire_of!($field $($wire)?)),
                    &self.$field,
                    &default.$field,
                ); )*
                serde_json::Value::Object(map)
            }
        }
    };
}

macro_rules! default_of {
    () => {
        Default::default()
    };
    ($default:expr) => {
        Into::into($default)
    };
}

macro_rules! wire_of {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

macro_rules! layer_of {
    (core) => {
        $crate::section::Layer::Core
    };
    (extension) => {
        $crate::section::Layer::Extension
    };
}

macro_rules! range_of {
    () => {
        None
    };
    ($min:literal, $max:literal) => {
        Some(($min, $max))
    };
}

macro_rules! code_of {
    () => {
        None
    };
    ($code:literal) => {
        Some($code)
    };
}

pub(crate) use {code_of, default_of, layer_of, range_of, section, wire_of};

#[cfg(test)]
mod tests;
