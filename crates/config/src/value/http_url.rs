use http::Uri;

use crate::value::{Parse, Refused};

/// An absolute URL of http or https, without credentials in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HttpUrl {
    uri: Uri,
}

impl HttpUrl {
    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// The host, without brackets where it is an IPv6 address.
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default().trim_matches(['[', ']'])
    }

    /// The port where it is written, else that of the scheme.
    pub fn port(&self) -> u16 {
        self.uri
            .port_u16()
            .unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// The port where it is written.
    pub fn explicit_port(&self) -> Option<u16> {
        self.uri.port_u16()
    }

    /// The path; `/` where none is written.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query, where there is one.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.host() == "localhost"
            || self
                .host()
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Whether the host is a service inside a cluster.
    pub fn is_in_cluster(&self) -> bool {
        let host = self.host();
        let mut labels = host.rsplit('.');
        let last = labels.next();
        last == Some("svc") || (last == Some("local") && labels.next() == Some("cluster"))
    }
}

impl Parse for HttpUrl {
    const WHAT: &'static str = "an http or https URL";
    const CODE: &'static str = "K-020";
    const EXAMPLES: &'static [&'static str] =
        &["https://registry.example.com", "https://other.example.com/path"];
    const EMPTY: bool = true;

    // The messages never hold the text: a URL may carry a password.
    fn parse(text: &str) -> Result<Self, Refused> {
        if text.chars().any(char::is_whitespace) {
            return Err(Refused::new("the URL has a space in it").help("take it out, or write %20"));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(Refused::new("the URL has no scheme").help("begin it with https://"));
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(Refused::new("the URL has credentials in it")
                .help("take them out, and use the fields for user name and password"));
        }
        if !["http", "https"].contains(&scheme) {
            return Err(
                Refused::new("the scheme of the URL is not http or https").help("begin it with https://")
            );
        }
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let port = authority
            .rsplit_once(':')
            .map(|(_, port)| port)
            .filter(|port| !port.ends_with(']'));
        if uri.host().is_none_or(str::is_empty) || (port.is_some() && uri.port_u16().is_none()) {
            return Err(wrong());
        }
        Ok(Self { uri })
    }
}

fn wrong() -> Refused {
    Refused::new("the URL can't be parsed").help("such as https://registry.example.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_at_hand() {
        let url = HttpUrl::parse("https://auth.docker.io/v2/token").unwrap();
        assert!(url.is_https());
        assert_eq!(
            (url.host(), url.port(), url.path()),
            ("auth.docker.io", 443, "/v2/token")
        );
        assert!(
            HttpUrl::parse("http://minio.storage.svc:9000")
                .unwrap()
                .is_in_cluster()
        );
        assert!(HttpUrl::parse("http://[::1]:9000").unwrap().is_loopback());
    }

    #[test]
    fn credentials_are_refused_and_not_repeated() {
        let refused = HttpUrl::parse("https://me:hunter2@example.com/").unwrap_err();
        assert!(!format!("{refused:?}").contains("hunter2"));
        for wrong in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a b",
            "https://a:b",
            "https://a:",
        ] {
            assert!(HttpUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
