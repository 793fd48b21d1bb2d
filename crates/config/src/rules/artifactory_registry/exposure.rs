//! How clients reach Artifactory.

use berth_finding::Rule;

use crate::artifactory::edition;
use crate::rules::Out;
use crate::sections::{ArtifactoryRegistry, Exposure};
use crate::value::{ArtifactoryEdition, Written};

pub(super) const AF_013: Rule = Rule::error(
    "AF-013",
    "TLS is on and there is no certificate for it",
    "\
`security.ssl.secretName` names a Secret of type kubernetes.io/tls (or `certificate` and `key` are given), or Ingress or Gateway
bring their own. With neither
Artifactory answers plain HTTP, and docker refuses it.

    security: {ssl: {enabled: true, secretName: artifactory-tls}}
",
);

pub(super) const AF_021: Rule = Rule::warning(
    "AF-021",
    "Artifactory doesn't know its own address, or how docker clients reach it",
    "\
Without `externalURL` (Artifactory's custom base URL) links and the redirects of uploads carry whatever host a proxy sent. Docker clients reach a repository by path
(`host/docker-local/image`) or by a host of its own; `dockerAccessMethod` says which, and the proxy's rules follow.

    externalURL: https://artifacts.example.com
    dockerAccessMethod: repositoryPath
",
);

pub(super) const AF_022: Rule = Rule::warning(
    "AF-022",
    "both a load balancer and an Ingress lead to Artifactory",
    "\
With both there are two addresses with two certificates, and one of them is usually forgotten and left open. Artifactory has one
base URL, so the links of one of them are wrong. Keep one.

    exposure: {ingress: {host: artifacts.example.com, tls: {secretName: artifactory-tls}}}
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    af_013_certificate(artifactory, out);
    af_021_address(artifactory, out);
    af_022_two_doors(artifactory, out);
}

fn af_013_certificate(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let ssl = &artifactory.security.ssl;
    if !ssl.enabled || ssl.secret_name.as_ref().is_some_and(|name| !name.is_empty()) {
        return;
    }
    let key = ssl.key.as_ref().is_some_and(|key| !key.is_empty());
    if !ssl.certificate.is_empty() && !key {
        out.at(
            "security.ssl.certificate",
            AF_013,
            "there is a certificate without its key",
        )
        .help("give it in `security.ssl.key`, or both in a Secret that `secretName` names");
    } else if ssl.certificate.is_empty() && !artifactory.exposure.as_ref().is_some_and(ends_tls) {
        out.at(
            "security.ssl.enabled",
            AF_013,
            "`security.ssl` is on, and nothing has a certificate for it",
        )
        .help(
            "name a Secret in `security.ssl.secretName`, or give the Ingress one in `exposure.ingress.tls`",
        );
    }
}

fn ends_tls(exposure: &Exposure) -> bool {
    exposure.ingress.as_ref().is_some_and(|it| it.tls.is_some())
        || exposure.gateway.as_ref().is_some_and(|it| it.tls)
}

fn af_021_address(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    if artifactory.external_url.as_ref().is_none_or(Written::is_empty) {
        out.at(
            "externalURL",
            AF_021,
            "`externalURL` isn't given, so Artifactory doesn't know its own address",
        )
        .help("such as https://artifacts.example.com");
    }
    let docker = &artifactory.repositories.docker;
    let has_docker = docker.local || docker.remote || docker.virtual_;
    if has_docker
        && edition(artifactory) != Some(ArtifactoryEdition::Oss)
        && artifactory.docker_access_method.is_none()
    {
        out.at(
            "dockerAccessMethod",
            AF_021,
            "it isn't said how docker clients reach a repository",
        )
        .help("repositoryPath is the simplest: host/docker-local/image");
    }
}

fn af_022_two_doors(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let Some(exposure) = &artifactory.exposure else {
        return;
    };
    let nginx = artifactory.nginx.as_ref().filter(|nginx| nginx.enabled);
    // LoadBalancer is what the product's own nginx is without a type.
    let balancer = nginx
        .is_some_and(|nginx| ["", "LoadBalancer"].contains(&nginx.service_type.as_deref().unwrap_or("")));
    if exposure.ingress.is_none() && exposure.gateway.is_none() {
        return;
    }
    if exposure.load_balancer.is_some() {
        out.at(
            "exposure.loadBalancer",
            AF_022,
            "both a load balancer and an Ingress or Gateway lead to Artifactory",
        )
        .help("keep one");
    } else if balancer {
        out.at(
            "nginx",
            AF_022,
            "nginx is a load balancer beside the Ingress or Gateway",
        )
        .help("write `nginx: {enabled: false}`, or `serviceType: ClusterIP`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    #[test]
    fn af_013_fires_when_tls_has_no_certificate_and_not_otherwise() {
        fires(
            "AF-013",
            &[
                "{}",
                "security: {ssl: {certificate: ./a.crt}}",
                "exposure: {ingress: {host: a.example.com}}",
            ],
        );
        silent(
            "AF-013",
            &[
                "security: {ssl: {enabled: false}}",
                "security: {ssl: {secretName: tls}}",
                "security: {ssl: {certificate: ./a.crt, key: {file: ./a.key}}}",
                "exposure: {ingress: {host: a.example.com, tls: {secretName: tls}}}",
            ],
        );
    }

    #[test]
    fn af_021_fires_when_the_address_is_not_known_and_not_otherwise() {
        fires(
            "AF-021",
            &["{}", "{externalURL: 'https://a.example.com', edition: pro}"],
        );
        silent(
            "AF-021",
            &[
                "externalURL: https://a.example.com",
                "{externalURL: 'https://a.example.com', edition: pro, dockerAccessMethod: repositoryPath}",
            ],
        );
    }

    #[test]
    fn af_022_fires_when_two_doors_lead_in_and_not_otherwise() {
        fires(
            "AF-022",
            &[
                "exposure: {ingress: {host: a.example.com}, loadBalancer: {}}",
                "{exposure: {ingress: {host: a.example.com}}, nginx: {}}",
            ],
        );
        silent(
            "AF-022",
            &[
                "exposure: {loadBalancer: {}}",
                "{exposure: {ingress: {host: a.example.com}}, nginx: {serviceType: ClusterIP}}",
                "{exposure: {ingress: {host: a.example.com}}, nginx: {enabled: false}}",
            ],
        );
    }
}
