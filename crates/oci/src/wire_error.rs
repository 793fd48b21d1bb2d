use serde_json::json;

/// The error codes of the distribution specification ("Error Codes"): the only ones that may stand in an
/// error's body. Code, status and words live in this one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireCode {
    BlobUnknown,
    BlobUploadInvalid,
    BlobUploadUnknown,
    DigestInvalid,
    ManifestBlobUnknown,
    ManifestInvalid,
    ManifestUnknown,
    NameInvalid,
    NameUnknown,
    SizeInvalid,
    Unauthorized,
    Denied,
    Unsupported,
    TooManyRequests,
    /// Not of the specification, which names none for the server's own failures: Docker's registry says this.
    /// Never in the body of a 4xx.
    Unknown,
}

impl WireCode {
    /// The code as the body spells it.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status that goes with it when nothing more exact is known.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// One sentence for people.
    pub const fn message(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::BlobUnknown => ("BLOB_UNKNOWN", 404, "the blob is not in this repository"),
            Self::BlobUploadInvalid => ("BLOB_UPLOAD_INVALID", 400, "the upload can't go on like this"),
            Self::BlobUploadUnknown => (
                "BLOB_UPLOAD_UNKNOWN",
                404,
                "there is no such upload in this repository",
            ),
            Self::DigestInvalid => (
                "DIGEST_INVALID",
                400,
                "the digest is malformed or is not that of the content",
            ),
            Self::ManifestBlobUnknown => (
                "MANIFEST_BLOB_UNKNOWN",
                404,
                "the manifest refers to content that is not here",
            ),
            Self::ManifestInvalid => ("MANIFEST_INVALID", 400, "the manifest can't be accepted"),
            Self::ManifestUnknown => ("MANIFEST_UNKNOWN", 404, "the manifest is not in this repository"),
            Self::NameInvalid => ("NAME_INVALID", 400, "that is no name of a repository or a tag"),
            Self::NameUnknown => ("NAME_UNKNOWN", 404, "there is no such repository"),
            Self::SizeInvalid => (
                "SIZE_INVALID",
                400,
                "the content's length is not the one announced",
            ),
            Self::Unauthorized => ("UNAUTHORIZED", 401, "log in first"),
            Self::Denied => ("DENIED", 403, "this is not allowed to you"),
            Self::Unsupported => ("UNSUPPORTED", 405, "the operation is not supported here"),
            Self::TooManyRequests => ("TOOMANYREQUESTS", 429, "too many requests"),
            Self::Unknown => ("UNKNOWN", 500, "the registry could not do this"),
        }
    }
}

/// The body of an error: `{"errors": [{"code", "message", "detail"}]}`.
pub fn wire_body(code: WireCode, message: &str, detail: Option<&str>) -> String {
    let mut error = json!({"code": code.name(), "message": message});
    if let Some(detail) = detail {
        error["detail"] = detail.into();
    }
    json!({"errors": [error]}).to_string()
}
