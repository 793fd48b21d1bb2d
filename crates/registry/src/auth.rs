//! Who is asking: nobody in particular, or a user of a password file.

mod basic;
mod htpasswd;
mod remembered;
mod verifier;

use crate::access::Principal;

pub use htpasswd::{Htpasswd, HtpasswdError};
pub use verifier::PasswordFile;

/// How requests prove who they come from.
#[derive(Clone)]
pub enum Authenticator {
    /// Nobody has to; what they send along is not looked at.
    Anonymous,
    /// User and password (RFC 7617) from a file in the format of Apache's htpasswd.
    Htpasswd(PasswordFile),
}

/// Why a request was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No credentials, unreadable ones, an unknown user, a wrong password: one answer for all of them.
    #[error("log in with a user and a password of this registry")]
    Credentials,
    /// Too many passwords wait to be checked.
    #[error("too many logins at once; try again")]
    Busy,
}

impl Authenticator {
    /// Tells the principal from the `Authorization` header.
    pub async fn authenticate(&self, authorization: Option<&str>) -> Result<Principal, Refusal> {
        match self {
            Self::Anonymous => Ok(Principal::Anonymous),
            Self::Htpasswd(passwords) => {
                let given = authorization.and_then(basic::parse).ok_or(Refusal::Credentials)?;
                passwords.verify(given).await.map(Principal::User)
            }
        }
    }
}
