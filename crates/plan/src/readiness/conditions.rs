use serde_json::Value as Json;

/// The conditions of an object's status.
pub(super) struct Conditions<'a>(&'a [Json]);

impl<'a> Conditions<'a> {
    pub(super) fn of(object: &'a Json) -> Self {
        let found = object.pointer("/status/conditions").and_then(Json::as_array);
        Self(found.map_or(&[], Vec::as_slice))
    }

    /// Why a condition is true; `None` where it isn't.
    pub(super) fn holds(&self, kind: &str) -> Option<String> {
        self.why(kind, "True")
    }

    /// Why a condition is false or unknown; `None` where it is true, or missing.
    pub(super) fn denies(&self, kind: &str) -> Option<String> {
        self.why(kind, "False").or_else(|| self.why(kind, "Unknown"))
    }

    /// The reason that a condition gives.
    pub(super) fn reason(&self, kind: &str) -> Option<&'a str> {
        self.find(kind)?["reason"].as_str()
    }

    fn why(&self, kind: &str, status: &str) -> Option<String> {
        let condition = self.find(kind).filter(|it| it["status"] == status)?;
        let said = |field: &str| condition[field].as_str().filter(|it| !it.is_empty());
        let why = said("message").or_else(|| said("reason")).unwrap_or(kind);
        Some(why.to_owned())
    }

    fn find(&self, kind: &str) -> Option<&'a Json> {
        self.0.iter().find(|it| it["type"] == kind)
    }
}
