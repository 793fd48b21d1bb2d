use std::fmt;
use std::str::FromStr;

/// A version of Kubernetes: 1 and a minor number. Patches don't change what objects may hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubernetesVersion {
    minor: u32,
}

/// Why a text is no version that can be rendered for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnknownVersion {
    /// It isn't of the form.
    #[error("`{0}` is no version of Kubernetes; write 1.31 or v1.31.1")]
    Form(String),
    /// The API lacks what every object relies on.
    #[error("Kubernetes 1.{0} is too old: objects are rendered for 1.26 and later")]
    TooOld(u32),
}

/// The oldest version that objects are rendered for.
const OLDEST: u32 = 26;

impl KubernetesVersion {
    /// 1 and a minor number; older ones than 1.26 count as 1.26.
    pub const fn minor(minor: u32) -> Self {
        Self {
            minor: if minor < OLDEST { OLDEST } else { minor },
        }
    }

    /// Whether it is 1.`minor` or later.
    pub const fn is_at_least(self, minor: u32) -> bool {
        self.minor >= minor
    }
}

impl FromStr for KubernetesVersion {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let number = |text: &str| text.parse::<u32>().ok();
        let version = text.strip_prefix('v').unwrap_or(text);
        let minor = version
            .strip_prefix("1.")
            .and_then(|rest| number(rest.split(['.', '-', '+']).next()?))
            .ok_or_else(|| UnknownVersion::Form(text.to_owned()))?;
        if minor < OLDEST {
            return Err(UnknownVersion::TooOld(minor));
        }
        Ok(Self { minor })
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_any_spelling_and_an_old_one_is_refused() {
        for (text, minor) in [("1.26", 26), ("v1.31.1", 31), ("1.29-eks", 29), ("1.37+", 37)] {
            assert_eq!(text.parse(), Ok(KubernetesVersion { minor }), "{text}");
        }
        assert_eq!(
            "1.25.3".parse::<KubernetesVersion>(),
            Err(UnknownVersion::TooOld(25))
        );
        for wrong in ["2.0", "latest", "", "1.x"] {
            assert!(wrong.parse::<KubernetesVersion>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn gates_open_with_their_version() {
        let version = KubernetesVersion::minor(27);
        assert!(version.is_at_least(26) && version.is_at_least(27) && !version.is_at_least(28));
    }
}
