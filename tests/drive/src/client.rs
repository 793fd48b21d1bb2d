//! The registry's operations, each as few requests as the specification allows.

use std::io::{Read, Write, sink};
use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::connection::{Body, Connection, Head, Unexpected};
use crate::image::{INDEX_TYPE, Image, Index, MANIFEST_TYPE, sha256};
use crate::stream::Trust;

const DOCKER_MANIFEST_TYPE: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST_TYPE: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// A client of one registry over one connection, opened when needed.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    connection: Option<Connection>,
    authorization: Option<String>,
    trust: Option<Trust>,
}

/// A manifest or index as a registry gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledManifest {
    /// The Content-Type.
    pub media_type: String,
    /// The Docker-Content-Digest.
    pub digest: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Client {
    /// A client of the registry that listens there.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            connection: None,
            authorization: None,
            trust: None,
        }
    }

    /// The same, with this `Authorization` on every request.
    #[must_use]
    pub fn authorized(mut self, authorization: &str) -> Self {
        self.authorization = Some(authorization.to_owned());
        self
    }

    /// The same over TLS, where the server's certificate must be among these in PEM, or be signed by one.
    pub fn trusting(mut self, certificates: &str) -> Result<Self> {
        self.trust = Some(Trust::in_certificates(certificates)?);
        Ok(self)
    }

    /// Sends a request and gives the answer's head and body, whatever the status.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<(Head, Vec<u8>)> {
        let mut answer = Vec::new();
        let head = self.exchange(method, path, fields, body, &mut answer)?;
        Ok((head, answer))
    }

    /// Pushes a blob in one POST and one PUT, and gives its digest.
    pub fn push_blob(&mut self, repository: &str, bytes: &[u8]) -> Result<String> {
        let digest = sha256(bytes);
        self.push_blob_from(repository, &digest, bytes.len() as u64, &mut &bytes[..])?;
        Ok(digest)
    }

    /// Pushes a blob that is read on the way.
    pub fn push_blob_from(
        &mut self,
        repository: &str,
        digest: &str,
        length: u64,
        from: &mut dyn Read,
    ) -> Result<()> {
        let start = format!("/v2/{repository}/blobs/uploads/");
        let head = self.expect(202, "POST", &start, &[], Body::Empty, &mut sink())?;
        let path = head.location().context("an upload without Location")?;
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}digest={digest}");
        let fields = [("content-type", "application/octet-stream")];
        self.expect(
            201,
            "PUT",
            &path,
            &fields,
            Body::Stream(length, from),
            &mut sink(),
        )?;
        Ok(())
    }

    /// Whether the repository has the blob.
    pub fn has_blob(&mut self, repository: &str, digest: &str) -> Result<bool> {
        let path = format!("/v2/{repository}/blobs/{digest}");
        Ok(self
            .exchange("HEAD", &path, &[], Body::Empty, &mut sink())?
            .status
            == 200)
    }

    /// The bytes of a blob.
    pub fn pull_blob(&mut self, repository: &str, digest: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.pull_blob_to(repository, digest, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the bytes of a blob to `to`.
    pub fn pull_blob_to(&mut self, repository: &str, digest: &str, to: &mut dyn Write) -> Result<()> {
        self.expect(
            200,
            "GET",
            &format!("/v2/{repository}/blobs/{digest}"),
            &[],
            Body::Empty,
            to,
        )?;
        Ok(())
    }

    /// Pushes a manifest or index under a tag or its digest.
    pub fn push_manifest(
        &mut self,
        repository: &str,
        reference: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<()> {
        let path = format!("/v2/{repository}/manifests/{reference}");
        self.expect(
            201,
            "PUT",
            &path,
            &[("content-type", media_type)],
            Body::Bytes(bytes),
            &mut sink(),
        )?;
        Ok(())
    }

    /// A manifest or index by tag or digest.
    pub fn pull_manifest(&mut self, repository: &str, reference: &str) -> Result<PulledManifest> {
        let accept = [MANIFEST_TYPE, INDEX_TYPE, DOCKER_MANIFEST_TYPE, DOCKER_LIST_TYPE].join(", ");
        let path = format!("/v2/{repository}/manifests/{reference}");
        let mut bytes = Vec::new();
        let head = self.expect(200, "GET", &path, &[("accept", &accept)], Body::Empty, &mut bytes)?;
        let field = |name: &str| {
            head.field(name)
                .map(str::to_owned)
                .with_context(|| format!("no {name} on {path}"))
        };
        Ok(PulledManifest {
            media_type: field("content-type")?,
            digest: field("docker-content-digest")?,
            bytes,
        })
    }

    /// The tags of a repository, in the order given.
    pub fn tags(&mut self, repository: &str) -> Result<Vec<String>> {
        let mut bytes = Vec::new();
        self.expect(
            200,
            "GET",
            &format!("/v2/{repository}/tags/list"),
            &[],
            Body::Empty,
            &mut bytes,
        )?;
        let answer: Value = serde_json::from_slice(&bytes).context("reading a tags list")?;
        let tags = answer["tags"].as_array().context("a tags list without tags")?;
        Ok(tags.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Pushes what an image needs, then the image.
    pub fn push_image(&mut self, repository: &str, tag: &str, image: &Image) -> Result<()> {
        for blob in image.blobs() {
            self.push_blob(repository, blob)?;
        }
        self.push_manifest(repository, tag, MANIFEST_TYPE, &image.manifest)
    }

    /// Pushes the images of an index by digest, then the index.
    pub fn push_index(&mut self, repository: &str, tag: &str, index: &Index) -> Result<()> {
        for image in &index.images {
            self.push_image(repository, &image.digest(), image)?;
        }
        self.push_manifest(repository, tag, INDEX_TYPE, &index.index)
    }

    /// Sends a request, and fails on any status but the one given.
    pub fn expect(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Body<'_>,
        to: &mut dyn Write,
    ) -> Result<Head> {
        let head = self.exchange(method, path, fields, body, to)?;
        if head.status != status {
            let detail = format!("{method} {path}");
            return Err(Unexpected {
                status: head.status,
                detail,
            }
            .into());
        }
        Ok(head)
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: Body<'_>,
        to: &mut dyn Write,
    ) -> Result<Head> {
        let kept = self.connection.take().filter(Connection::is_open);
        let mut connection =
            kept.map_or_else(|| Connection::open_over(self.address, self.trust.as_ref()), Ok)?;
        let mut fields = fields.to_vec();
        fields.extend(
            self.authorization
                .as_deref()
                .map(|value| ("authorization", value)),
        );
        let head = connection.exchange(method, path, &fields, body, to)?;
        self.connection = Some(connection);
        Ok(head)
    }
}
