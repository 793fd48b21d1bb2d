use crate::value::{Parse, Refused};

/// An address to listen on or to reach: `host:port`, `:port`, `[::1]:port`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    /// A host, without brackets, and a port.
    pub fn of(host: &str, port: u16) -> Self {
        Self {
            host: host.to_owned(),
            port,
        }
    }

    /// The same host at another port.
    #[must_use]
    pub fn at(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The host without brackets; empty for every address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; 0 lets the system choose.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The host with brackets where it is an IPv6 address, and the port.
    pub fn authority(&self) -> String {
        let brackets = self.host.contains(':');
        let (open, close) = if brackets { ("[", "]") } else { ("", "") };
        format!("{open}{}{close}:{}", self.host, self.port)
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Whether it listens on every address.
    pub fn is_any(&self) -> bool {
        self.host.is_empty()
            || self
                .host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_unspecified())
    }
}

/// Every address, at the port of Docker's registry.
impl Default for HostPort {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 5000,
        }
    }
}

impl Parse for HostPort {
    const WHAT: &'static str = "an address such as :5000 or 127.0.0.1:5000";
    const CODE: &'static str = "DOC-012";
    const EXAMPLES: &'static [&'static str] = &["127.0.0.1:5001", "[::1]:5002"];
    const EMPTY: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        let refused = || {
            let refused = Refused::new(format!("`{text}` is not an address"));
            if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
                refused.help(format!("did you mean `:{text}`?"))
            } else {
                refused.help("host:port or :port; IPv6 in brackets, such as [::1]:5000")
            }
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(refused)?;
        let port = port
            .parse()
            .ok()
            .filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or_else(refused)?;
        let host = match host.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
            Some(Some(host)) if host.parse::<std::net::Ipv6Addr>().is_ok() => host,
            None if host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) =>
            {
                host
            }
            _ => return Err(refused()),
        };
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_every_address_are_told_apart() {
        for (text, loopback, any) in [
            (":5000", false, true),
            ("0.0.0.0:5000", false, true),
            ("[::]:5000", false, true),
            ("127.0.0.1:5000", true, false),
            ("[::1]:0", true, false),
            ("localhost:5000", true, false),
            ("10.0.0.1:5000", false, false),
        ] {
            let address = HostPort::parse(text).unwrap();
            assert_eq!(
                (address.is_loopback(), address.is_any()),
                (loopback, any),
                "{text}"
            );
        }
    }

    #[test]
    fn a_bare_port_gets_a_hint() {
        assert_eq!(
            HostPort::parse("5000").unwrap_err().help.unwrap(),
            "did you mean `:5000`?"
        );
        for wrong in [
            "host",
            "host:",
            "a:b:1",
            ":70000",
            ":+1",
            "[::1:5000",
            "http://a:5000",
            "a b:1",
        ] {
            assert!(HostPort::parse(wrong).is_err(), "{wrong}");
        }
    }
}
