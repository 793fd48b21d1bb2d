//! The OCI distribution API over a store: who may do what, what each request does, and what goes back.
//!
//! A request becomes a [`Route`](route::Route) (pure), is let through or not, runs as one operation (one file
//! each, under `pull`, `push`, `delete` and `list`), and its outcome becomes a response in `http`.
//!
//! This crate knows nothing of Berth's documents, of findings, of the process it runs in. Operations know
//! nothing of HTTP: only `http` names hyper, and only `berth_storage` knows where bytes lie.

pub mod access;
pub mod auth;
mod context;
mod delete;
mod error;
mod http;
mod incoming;
mod list;
mod options;
mod ping;
mod pull;
mod push;
mod referrers;
pub mod route;

pub use auth::{Authenticator, Htpasswd, HtpasswdError, PasswordFile};
pub use http::body::ResponseBody;
pub use http::extra_headers::{ExtraHeaderError, ExtraHeaders};
pub use http::server::{Drained, ServerOptions, serve};
pub use http::service::{Answering, Registry};
pub use http::tls::{Pem, PemError, TlsConfig, TlsError, TlsOptions, TlsVersion};
pub use options::RegistryOptions;
