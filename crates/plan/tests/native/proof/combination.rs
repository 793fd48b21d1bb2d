use std::fmt;
use std::net::SocketAddr;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_drive::Client;

use super::parts::{PASSWORD, Parts, USER};
use super::tokens::Signer;

/// Where the images go.
pub(crate) const REPOSITORY: &str = "team/app";
/// Who tokens are for.
const SERVICE: &str = "registry.example.com";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Storage {
    Filesystem,
    S3,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Authentication {
    None,
    Htpasswd,
    Bearer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cache {
    Inmemory,
    Redis,
}

/// One way to put the parts of a registry together.
pub(crate) struct Combination {
    pub(crate) storage: Storage,
    pub(crate) tls: bool,
    pub(crate) authentication: Authentication,
    pub(crate) notifications: bool,
    pub(crate) cache: Cache,
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "storage {:?}, TLS {}, authentication {:?}, notifications {}, cache {:?}",
            self.storage, self.tls, self.authentication, self.notifications, self.cache
        )
    }
}

impl Combination {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for storage in [Storage::Filesystem, Storage::S3] {
            for tls in [false, true] {
                for authentication in [
                    Authentication::None,
                    Authentication::Htpasswd,
                    Authentication::Bearer,
                ] {
                    for notifications in [false, true] {
                        for cache in [Cache::Inmemory, Cache::Redis] {
                            all.push(Self {
                                storage,
                                tls,
                                authentication,
                                notifications,
                                cache,
                            });
                        }
                    }
                }
            }
        }
        all
    }

    /// The document that declares it.
    pub(crate) fn document(&self, parts: &Parts, folder: &Path, address: SocketAddr) -> String {
        let storage = match self.storage {
            Storage::Filesystem => format!(
                "driver: filesystem, filesystem: {{rootdirectory: {}}}",
                folder.join("images").display()
            ),
            Storage::S3 => format!(
                "driver: s3, s3: {{enabled: true, region: us-east-1, bucket: images, encrypt: false, secure: false, \
                 regionendpoint: 'http://{}', accesskey: {{env: S3_ACCESS}}, secretkey: {{env: S3_SECRET}}}}",
                parts.gateway
            ),
        };
        let cache = match self.cache {
            Cache::Inmemory => "inmemory",
            Cache::Redis => "redis",
        };
        let tls = if self.tls {
            format!(
                ", tlsenabled: true, tlscertificate: {}, tlskey: {{file: {}}}",
                parts.certificate.display(),
                parts.key.display()
            )
        } else {
            String::new()
        };
        let auth = match self.authentication {
            Authentication::None => "enabled: false".to_owned(),
            Authentication::Htpasswd => {
                format!("scheme: basic, htpasswd: {{realm: Place, users: {{{USER}: {{env: HASH}}}}}}")
            }
            Authentication::Bearer => format!(
                "scheme: bearer, token: {{realm: 'https://auth.example.com/token', service: {SERVICE}, issuer: {}, \
                 rootcertbundle: {}}}",
                super::tokens::ISSUER,
                parts.bundle.display()
            ),
        };
        let notifications = if self.notifications {
            format!(
                "endpoints: [{{name: hook, url: 'http://{}/events', timeout: 2s, threshold: 3, backoff: 1s, \
                 headers: {{Authorization: [{{env: HOOK}}]}}}}]",
                parts.listener.address
            )
        } else {
            String::new()
        };
        format!(
            "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: team}}\nspec:\n  \
             storage: {{{storage}, cache: {{blobdescriptor: {cache}}}}}\n  \
             http: {{addr: '{address}'{tls}}}\n  auth: {{{auth}}}\n  notifications: {{{notifications}}}\n  \
             redis: {{addr: '{}', db: 1}}\n",
            parts.redis
        )
    }

    /// A client, who shows what this registry asks for where there is somebody to sign it.
    pub(crate) fn client(&self, parts: &Parts, address: SocketAddr, signer: Option<&Signer>) -> Client {
        let mut client = Client::new(address);
        if self.tls {
            client = client.trusting(&parts.pem).unwrap();
        }
        match (self.authentication, signer) {
            (Authentication::None, _) | (_, None) => client,
            (Authentication::Htpasswd, Some(_)) => client.authorized(&format!(
                "Basic {}",
                STANDARD.encode(format!("{USER}:{PASSWORD}"))
            )),
            (Authentication::Bearer, Some(signer)) => {
                client.authorized(&format!("Bearer {}", signer.token(SERVICE, REPOSITORY)))
            }
        }
    }
}
