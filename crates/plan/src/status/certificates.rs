use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

use crate::certificate::ends;
use crate::change::is_made_once;
use crate::object::{Object, ObjectKey};

/// From how many days before its end a certificate is told of.
const SOON: i64 = 30;
/// The same of one that was made once: nothing renews it by itself.
const MADE_ONCE_SOON: i64 = 90;

/// A certificate that runs out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The Secret or ConfigMap, and the key in it.
    pub place: String,
    /// When it ends, RFC 3339.
    pub not_after: String,
    /// How many days that is from now; negative: it was so long ago.
    pub days_left: i64,
}

/// The certificates among a document's Secrets and ConfigMaps, and among the Secrets that it mounts, that end soon.
pub(super) fn of(own: &[&Object], live: &BTreeMap<ObjectKey, Json>, now: Timestamp) -> Vec<Certificate> {
    let mut soon = Vec::new();
    for object in own {
        let Some(live) = live.get(&object.key()) else {
            continue;
        };
        let is_secret = object.is_secret();
        let soon_days = if is_made_once(live) { MADE_ONCE_SOON } else { SOON };
        if !is_secret && object.kind() != "ConfigMap" {
            continue;
        }
        for (name, value) in live["data"].as_object().into_iter().flatten() {
            let Some(text) = value.as_str() else { continue };
            let decoded = is_secret.then(|| STANDARD.decode(text).unwrap_or_default());
            let bytes = decoded.as_deref().unwrap_or(text.as_bytes());
            let place = format!("{}: {name}", object.key());
            soon.extend(
                ends(bytes)
                    .into_iter()
                    .filter_map(|end| told(&place, Timestamp::from_second(end).ok()?, soon_days, now)),
            );
        }
    }
    soon
}

fn told(place: &str, end: Timestamp, soon_days: i64, now: Timestamp) -> Option<Certificate> {
    let days_left = (end.as_second() - now.as_second()).div_euclid(86_400);
    (days_left <= soon_days).then(|| Certificate {
        place: place.to_owned(),
        not_after: end.to_string(),
        days_left,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_told_of_a_month_before_its_end() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let after = |days: i64| Timestamp::from_second(1_700_000_000 + days * 86_400).unwrap();
        assert_eq!(told("s", after(31), SOON, now), None);
        assert_eq!(told("s", after(30), SOON, now).unwrap().days_left, 30);
        assert!(told("s", after(89), MADE_ONCE_SOON, now).is_some());
        assert_eq!(told("s", after(-2), SOON, now).unwrap().days_left, -2);
    }
}
