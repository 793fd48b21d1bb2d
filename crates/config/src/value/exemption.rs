use serde_json::{Map, Value as Json};

use crate::document::{Node, Tree};
use crate::section::{Decoder, Field, Value, ValueType};

/// What a scan policy lets pass: a vulnerability or an image, for a time, for a reason. A bare string
/// is one or the other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exemption {
    /// The vulnerability, such as `CVE-2024-3094`.
    pub cve: Option<String>,
    /// The image, or a pattern of images.
    pub image: Option<String>,
    /// The day after which it counts no more, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether it was written as a bare string.
    pub short: bool,
}

const FORMS: &str = "a string, or {cve or image, expires, reason}";

impl Value for Exemption {
    const TYPE: ValueType = ValueType::Exemption;

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        match &node.tree {
            Tree::Text(text) => Some(from_text(text)),
            Tree::Map(_) => from_map(node, decoder),
            _ => {
                decoder.wrong_type(node, FORMS);
                None
            }
        }
    }

    fn write(&self) -> Json {
        if self.short {
            return self
                .cve
                .as_deref()
                .or(self.image.as_deref())
                .unwrap_or_default()
                .into();
        }
        let mut map = Map::new();
        for (key, value) in [
            ("cve", &self.cve),
            ("image", &self.image),
            ("expires", &self.expires),
            ("reason", &self.reason),
        ] {
            if let Some(value) = value {
                map.insert(key.to_owned(), value.as_str().into());
            }
        }
        Json::Object(map)
    }
}

fn from_text(text: &str) -> Exemption {
    let upper = text.to_ascii_uppercase();
    let text = Some(text.to_owned());
    if upper.starts_with("CVE-") || upper.starts_with("GHSA-") {
        Exemption {
            cve: text,
            short: true,
            ..Exemption::default()
        }
    } else {
        Exemption {
            image: text,
            short: true,
            ..Exemption::default()
        }
    }
}

fn from_map(node: &Node, decoder: &mut Decoder) -> Option<Exemption> {
    let mut exemption = Exemption::default();
    for entry in decoder.known_entries(node, &["cve", "image", "expires", "reason"]) {
        let Some(text) = entry.value.text() else {
            if !matches!(entry.value.tree, Tree::Null) {
                decoder.at_key(&entry.key, |decoder| decoder.wrong_type(&entry.value, "text"));
            }
            continue;
        };
        let slot = match entry.key.as_str() {
            "cve" => &mut exemption.cve,
            "image" => &mut exemption.image,
            "expires" => &mut exemption.expires,
            _ => &mut exemption.reason,
        };
        if entry.key == "expires" && text.parse::<jiff::civil::Date>().is_err() {
            let refused = crate::value::Refused::new(format!("`{text}` is not a day"))
                .help("year, month and day, such as 2026-12-31");
            decoder.at_key("expires", |decoder| {
                decoder.refuse(&entry.value, "DOC-012", refused);
            });
        }
        *slot = Some(text.to_owned());
    }
    if exemption.cve.is_some() == exemption.image.is_some() {
        decoder.wrong_type(node, "either `cve` or `image`");
        return None;
    }
    Some(exemption)
}
