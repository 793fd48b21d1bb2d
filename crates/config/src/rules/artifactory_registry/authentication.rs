//! Who may come in.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::ArtifactoryRegistry;
use crate::value::OauthType;

pub(super) const AF_023: Rule = Rule::warning(
    "AF-023",
    "authentication can't be turned off; anonymous users get to read",
    "\
Artifactory always has users. `authentication.enabled: false` becomes anonymous access: strangers read what the permission target
`Anything` allows, and writing still needs a user.

    authentication: {enabled: true}
",
);

pub(super) const AF_024: Rule = Rule::warning(
    "AF-024",
    "the type of the OAuth provider is none that Artifactory knows",
    "\
OAuth providers are of type github, google, openid or cloudfoundry; `oauth2` is the protocol of all of them. Most others speak
openid.

    authentication: {oauth: {enabled: true, type: openid}}
",
);

pub(super) const AF_025: Rule = Rule::error(
    "AF-025",
    "SAML lacks its login address, certificate or service provider name",
    "\
Artifactory sends users to loginUrl, names itself with `serviceProviderName`, and checks the answers with the
provider's certificate. Without one of them signing in fails, or would have to believe anybody.

    authentication:
      saml:
        enabled: true
        loginUrl: https://login.example.com/saml
        serviceProviderName: artifactory
        certificate: \"-----BEGIN CERTIFICATE-----…\"
",
);

pub(super) fn check(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    if !artifactory.authentication.enabled {
        out.at(
            "authentication.enabled",
            AF_023,
            "authentication can't be turned off; strangers get to read",
        )
        .help("leave it on, unless everybody may read");
    }
    af_024_provider(artifactory, out);
    af_025_saml(artifactory, out);
}

fn af_024_provider(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let oauth = &artifactory.authentication.oauth;
    if !oauth.enabled {
        return;
    }
    let own = ("authentication.oauth.type".to_owned(), &oauth.kind);
    let others = oauth.providers.iter().enumerate();
    let others =
        others.map(|(index, it)| (format!("authentication.oauth.providers[{index}].type"), &it.kind));
    for (path, kind) in std::iter::once(own).chain(others) {
        if kind.value() == Some(&OauthType::Oauth2) {
            out.at(&path, AF_024, "oauth2 is the protocol, and no type of provider")
                .help("github, google, openid or cloudfoundry; most speak openid");
        }
    }
}

fn af_025_saml(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let saml = &artifactory.authentication.saml;
    if !saml.enabled {
        return;
    }
    let empty = |text: Option<&str>| text.is_none_or(str::is_empty);
    for (missing, field, message) in [
        (
            saml.login_url.is_empty(),
            "loginUrl",
            "the address to sign in at isn't given",
        ),
        (
            empty(saml.certificate.as_deref()),
            "certificate",
            "the certificate of the identity provider isn't given",
        ),
        (
            empty(saml.service_provider_name.as_deref()),
            "serviceProviderName",
            "the name of Artifactory at the provider isn't given",
        ),
    ] {
        if missing {
            out.at(&format!("authentication.saml.{field}"), AF_025, message)
                .help("the identity provider tells it");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::artifactory_registry::trial::{fires, silent};

    #[test]
    fn af_023_fires_when_authentication_is_off_and_not_otherwise() {
        fires("AF-023", &["authentication: {enabled: false}"]);
        silent("AF-023", &["authentication: {enabled: true}", "{}"]);
    }

    #[test]
    fn af_024_fires_on_a_type_that_is_none_and_not_otherwise() {
        fires(
            "AF-024",
            &[
                "authentication: {oauth: {enabled: true}}",
                "authentication: {oauth: {enabled: true, type: openid, providers: [{name: a, type: oauth2}]}}",
                "authentication: {oauth: {type: facebook}}",
            ],
        );
        silent(
            "AF-024",
            &[
                "{}",
                "authentication: {oauth: {enabled: true, type: openid}}",
                "authentication: {oauth: {type: oauth2}}",
            ],
        );
    }

    #[test]
    fn af_025_fires_when_saml_lacks_something_and_not_otherwise() {
        let whole = "authentication: {saml: {enabled: true, loginUrl: 'https://l.example.com', certificate: c, serviceProviderName: a}}";
        fires(
            "AF-025",
            &[
                &whole.replace("loginUrl: 'https://l.example.com', ", ""),
                &whole.replace("certificate: c, ", ""),
                &whole.replace("Name: a", "Name: ''"),
            ],
        );
        silent("AF-025", &[whole, "{}"]);
    }
}
