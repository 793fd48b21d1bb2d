//! Values out of a short list. A product's other spelling of a value gets a hint.

#![expect(
    clippy::doc_markdown,
    reason = "products' names stand bare, as in the sections"
)]

mod artifactory;
mod cluster;
mod docker;
mod harbor;
mod nexus;
mod policy;

use crate::value::Refused;

pub use artifactory::*;
pub use cluster::*;
pub use docker::*;
pub use harbor::*;
pub use nexus::*;
pub use policy::*;

/// Declares values out of a list: each variant with its spellings, the first of them Berth's own,
/// and hints for what users write in their place.
macro_rules! choice {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $what:literal $code:literal {
            $( $(#[doc = $variant_doc:literal])* $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)?
        }
        $(=> hints { $($wrong:literal => $right:literal),+ $(,)? })?
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $( $(#[doc = $variant_doc])* $variant, )+
        }

        impl $name {
            /// The spelling that Berth uses.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }

        impl $crate::value::Parse for $name {
            const WHAT: &'static str = $what;
            const CODE: &'static str = $code;
            const CHOICES: &'static [&'static str] = &[$($text),+];
            const EXAMPLES: &'static [&'static str] = Self::CHOICES;
            const EMPTY: bool = false;

            fn parse(text: &str) -> Result<Self, $crate::value::Refused> {
                match text {
                    $( $text $(| $alias)* => Ok(Self::$variant), )+
                    _ => Err($crate::value::choice::refused(text, $what, Self::CHOICES, &[$($(($wrong, $right)),+)?])),
                }
            }
        }
    )+};
}

use choice;

fn refused(text: &str, what: &str, choices: &[&str], hints: &[(&str, &str)]) -> Refused {
    let lower = text.to_ascii_lowercase();
    let hint = hints
        .iter()
        .find(|(wrong, _)| *wrong == lower)
        .map(|(_, right)| *right);
    let near = hint.or_else(|| crate::document::nearest(&lower, choices.iter().copied()));
    let all = choices.join(", ");
    Refused::new(format!("`{text}` is not {what}")).help(match near {
        Some(near) => format!("did you mean `{near}`? It is one of {all}"),
        None => format!("it is one of {all}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Parse;

    #[test]
    fn another_products_word_gets_the_right_one() {
        let refused = LogLevel::parse("warning").unwrap_err();
        assert_eq!(
            refused.help.unwrap(),
            "did you mean `warn`? It is one of error, warn, info, debug"
        );
        let refused = StorageDriver::parse("filesytem").unwrap_err();
        assert!(refused.help.unwrap().starts_with("did you mean `filesystem`?"));
    }

    #[test]
    fn an_alias_is_the_same_value() {
        assert_eq!(StorageDriver::parse("s3aws"), Ok(StorageDriver::S3));
        assert_eq!(StorageDriver::S3.as_str(), "s3");
    }
}
