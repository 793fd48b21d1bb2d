use std::borrow::Cow;

use berth_oci::{Digest, TagOrDigest, TagOrDigestError};

use super::error::RouteError;
use super::query::decode;

pub(super) const UPLOAD_ALLOW: &str = "GET, HEAD, PATCH, PUT, DELETE";

/// Where a path leads.
pub(super) enum Place<'a> {
    Root,
    Health,
    Catalog,
    In { name: Cow<'a, str>, place: PlaceIn<'a> },
}

/// Where a path leads below a repository's name; what varies is still as it came.
#[derive(Clone, Copy)]
pub(super) enum PlaceIn<'a> {
    Tags,
    Manifest(&'a str),
    Blob(&'a str),
    Uploads,
    Upload(&'a str),
    Referrers(&'a str),
}

impl<'a> Place<'a> {
    pub(super) fn parse(path: &'a str) -> Result<Self, RouteError> {
        match path {
            "/healthz" => return Ok(Self::Health),
            "/v2" | "/v2/" => return Ok(Self::Root),
            "/v2/_catalog" => return Ok(Self::Catalog),
            _ => {}
        }
        let rest = path.strip_prefix("/v2/").ok_or(RouteError::NotFound)?;
        let (name, place) = PlaceIn::parse(rest).ok_or(RouteError::NotFound)?;
        Ok(Self::In {
            name: decode(name),
            place,
        })
    }

    /// The methods that lead somewhere from here, as the `Allow` header writes them.
    pub(super) const fn allow(&self) -> &'static str {
        match self {
            Self::Root | Self::Health | Self::Catalog => "GET, HEAD",
            Self::In { place, .. } => place.allow(),
        }
    }
}

impl<'a> PlaceIn<'a> {
    /// The repository's name, and the place: the last two or three components decide.
    fn parse(path: &'a str) -> Option<(&'a str, Self)> {
        // Without its closing slash it is as clear: no digest is called `uploads`.
        if let Some(name) = path
            .strip_suffix('/')
            .unwrap_or(path)
            .strip_suffix("/blobs/uploads")
        {
            return Some((name, Self::Uploads));
        }
        let (rest, last) = path.rsplit_once('/')?;
        let (name, kind) = rest.rsplit_once('/')?;
        match kind {
            "tags" if last == "list" => Some((name, Self::Tags)),
            "manifests" => Some((name, Self::Manifest(last))),
            "referrers" => Some((name, Self::Referrers(last))),
            "blobs" => Some((name, Self::Blob(last))),
            "uploads" => Some((name.strip_suffix("/blobs")?, Self::Upload(last))),
            _ => None,
        }
    }

    pub(super) const fn allow(&self) -> &'static str {
        match self {
            Self::Tags | Self::Referrers(_) => "GET, HEAD",
            Self::Manifest(_) => "GET, HEAD, PUT, DELETE",
            Self::Blob(_) => "GET, HEAD, DELETE",
            Self::Uploads => "POST",
            Self::Upload(_) => UPLOAD_ALLOW,
        }
    }
}

pub(super) fn digest(text: &str) -> Result<Digest, RouteError> {
    Ok(decode(text).parse()?)
}

/// The reference of a manifest that is to be there already: a tag that can't exist is one that isn't found.
pub(super) fn known_reference(text: &str) -> Result<TagOrDigest, RouteError> {
    new_reference(text).map_err(|error| match error {
        RouteError::Tag(_) => RouteError::ImpossibleTag,
        other => other,
    })
}

pub(super) fn new_reference(text: &str) -> Result<TagOrDigest, RouteError> {
    decode(text).parse().map_err(|error| match error {
        TagOrDigestError::Tag(error) => RouteError::Tag(error),
        TagOrDigestError::Digest(error) => RouteError::Digest(error),
    })
}
