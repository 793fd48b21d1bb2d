//! TLS on the registry itself.

use berth_finding::{Level, Rule};

use super::Place;
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::TlsVersion;

pub(super) const DR_026: Rule = Rule::error(
    "DR-026",
    "TLS is on, but the certificate or its key is missing",
    "\
`http.tlsenabled` needs both `tlscertificate` and `tlskey`, each a path or PEM text. With one of them alone the registry
would start without TLS or not at all.

    http:
      tlsenabled: true
      tlscertificate: /etc/registry/tls.crt
      tlskey: {file: /etc/registry/tls.key}
",
);

pub(super) const DR_027: Rule = Rule::warning(
    "DR-027",
    "a certificate is given, but TLS is off",
    "\
The certificate and key have no effect while `http.tlsenabled` is false: the registry speaks plain HTTP. Switch TLS on,
or take the two out.

    http: {tlsenabled: true}
",
);

pub(super) const DR_028: Rule = Rule::error(
    "DR-028",
    "the TLS key stands in the document",
    "\
PEM text of a private key in a document ends in version control and in every copy of it. Under `--profile prod` it is
an error; elsewhere a warning.

    http:
      tlskey: {file: /etc/registry/tls.key}
",
);

pub(super) const DR_031: Rule = Rule::error(
    "DR-031",
    "the lowest TLS version is unknown or too old",
    "\
`http.minimumtls` is tls1.0, tls1.1, tls1.2 (the default) or tls1.3; another word stops the registry at start. The first
two are broken protocols: a warning.

    http: {tls: {minimumtls: tls1.2}}
",
);

pub(super) const DR_032: Rule = Rule::error(
    "DR-032",
    "letsencrypt can't supply the certificate",
    "\
The registry refuses a certificate together with letsencrypt. On its own letsencrypt is a warning: the client in version
2.8 speaks the first ACME protocol, which no longer works. Let cert-manager, or the ingress, get the certificate.

    http: {tlsenabled: true, tlscertificate: /etc/registry/tls.crt, tlskey: {file: /etc/registry/tls.key}}
",
);

const DR_028_KEPT: Rule = Rule {
    level: Level::Warning,
    ..DR_028
};
const DR_031_OLD: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_031
};
const DR_032_ALONE: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_032
};

pub(super) fn check(registry: &DockerRegistry, _: &Place<'_>, out: &mut Out<'_, '_>) {
    pair(registry, out);
    key_in_document(registry, out);
    version(registry, out);
    letsencrypt(registry, out);
}

fn pair(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let http = &registry.http;
    let elsewhere = http
        .tls
        .as_ref()
        .is_some_and(|tls| tls.secret_name.is_some() || tls.letsencrypt.is_some());
    let (certificate, key) = (!http.tlscertificate.is_empty(), !http.tlskey.is_empty());
    if !http.tlsenabled {
        if certificate || key || elsewhere {
            out.at(
                "http.tlsenabled",
                DR_027,
                "a certificate is given, but TLS is off",
            )
            .help("set `http.tlsenabled` to true, or take the certificate out");
        }
        return;
    }
    if elsewhere && !certificate && !key {
        return;
    }
    for (path, given) in [("http.tlscertificate", certificate), ("http.tlskey", key)] {
        if !given {
            out.at(path, DR_026, format!("TLS is on, but `{path}` is missing"))
                .help("give the path of a file, or name a Secret in `http.tls.secretName`");
        }
    }
}

fn key_in_document(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if is_pem(&registry.http.tlscertificate) && registry.http.tlscertificate.contains("PRIVATE KEY") {
        out.at(
            "http.tlscertificate",
            DR_028,
            "a private key stands where the certificate belongs",
        )
        .help("move it to a file, and name the file in `http.tlskey`");
    }
    let Some(key) = registry.http.tlskey.reveal().filter(|key| is_pem(key)) else {
        return;
    };
    if key.contains("PRIVATE KEY") {
        out.at(
            "http.tlskey",
            DR_028_KEPT,
            "the private key stands in the document",
        )
        .help("write `http.tlskey: {file: PATH}`, or name a Secret in `http.tls.secretName`");
    } else {
        out.at("http.tlskey", DR_028, "this is PEM, but no private key")
            .help("give the key of the certificate");
    }
}

fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

fn version(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let lowest = registry.http.tls.as_ref().and_then(|tls| tls.minimumtls.as_ref());
    if let Some(old @ (TlsVersion::Tls10 | TlsVersion::Tls11)) = lowest.and_then(|lowest| lowest.value()) {
        out.at(
            "http.tls.minimumtls",
            DR_031_OLD,
            format!("{} is broken", old.as_str()),
        )
        .help("write tls1.2");
    }
}

fn letsencrypt(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let http = &registry.http;
    let Some(tls) = http.tls.as_ref().filter(|tls| tls.letsencrypt.is_some()) else {
        return;
    };
    let path = "http.tls.letsencrypt";
    if !http.tlscertificate.is_empty() || !http.tlskey.is_empty() || tls.secret_name.is_some() {
        out.at(path, DR_032, "letsencrypt and a certificate exclude each other")
            .help("take letsencrypt out");
    } else {
        out.at(
            path,
            DR_032_ALONE,
            "letsencrypt of version 2.8 speaks a protocol that no longer works",
        )
        .help("let cert-manager fill `http.tls.secretName`, or end TLS at the ingress");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};

    fn http(fields: &str) -> String {
        registry(&format!("http: {{{fields}}}"))
    }

    const PAIR: &str = "tlsenabled: true, tlscertificate: /tls.crt, tlskey: {file: /tls.key}";

    #[test]
    fn dr_026_fires_on_half_a_pair_and_not_on_a_whole_one() {
        assert!(fires("DR-026", &http("tlsenabled: true")));
        assert!(fires(
            "DR-026",
            &http("tlsenabled: true, tlscertificate: /tls.crt")
        ));
        assert!(!fires("DR-026", &http(PAIR)));
        assert!(!fires(
            "DR-026",
            &http("tlsenabled: true, tls: {secretName: registry-tls}")
        ));
        assert!(!fires("DR-026", &http("tlsenabled: false")));
    }

    #[test]
    fn dr_027_fires_on_a_certificate_without_tls_and_not_with() {
        assert!(fires("DR-027", &http("tlscertificate: /tls.crt")));
        assert!(!fires("DR-027", &http(PAIR)));
        assert!(!fires("DR-027", &http("tlsenabled: false")));
    }

    #[test]
    fn dr_028_warns_of_a_key_in_the_document_and_refuses_it_in_prod() {
        let key = http("tlsenabled: true, tlskey: '-----BEGIN PRIVATE KEY-----'");
        assert_eq!(level_of("DR-028", &key), ["warning", "error"]);
        let swapped = http("tlskey: {file: /k}, tlscertificate: '-----BEGIN RSA PRIVATE KEY-----'");
        assert_eq!(level_of("DR-028", &swapped), ["error", "error"]);
        assert_eq!(
            level_of("DR-028", &http("tlskey: '-----BEGIN CERTIFICATE-----'")),
            ["error", "error"]
        );
        assert!(!fires("DR-028", &http(PAIR)));
    }

    #[test]
    fn dr_031_fires_on_old_and_unknown_versions_and_not_on_new_ones() {
        assert_eq!(
            level_of("DR-031", &http("tls: {minimumtls: tls1.0}")),
            ["warning", "warning"]
        );
        assert_eq!(
            level_of("DR-031", &http("tls: {minimumtls: tls2}")),
            ["error", "error"]
        );
        assert!(!fires("DR-031", &http("tls: {minimumtls: tls1.3}")));
    }

    #[test]
    fn dr_032_fires_on_letsencrypt_and_not_without_it() {
        let alone = http("tlsenabled: true, tls: {letsencrypt: {email: a@example.com}}");
        assert_eq!(level_of("DR-032", &alone), ["warning", "warning"]);
        assert_eq!(
            level_of("DR-032", &http(&format!("{PAIR}, tls: {{letsencrypt: {{}}}}"))),
            ["error", "error"]
        );
        assert!(!fires("DR-032", &http(PAIR)));
    }
}
