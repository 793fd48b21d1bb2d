use crate::section::section;
use crate::value::{HttpUrl, KubernetesSubdomain, OauthType, SecretValue, Written};

section! {
    /// How users sign in.
    pub struct ArtifactoryAuthentication {
        /// Whether anybody must; without it those who don't may read.
        core enabled: bool = true;
        /// SAML.
        core saml: ArtifactorySaml;
        /// OAuth.
        core oauth: ArtifactoryOauth;
    }
}

section! {
    /// SAML.
    pub struct ArtifactorySaml {
        /// Whether it is used.
        core enabled: bool = false;
        /// Where users sign in.
        core login_url as "loginUrl": Written<HttpUrl>, code "AF-025";
        /// Where they sign out.
        extension logout_url as "logoutUrl": Option<Written<HttpUrl>>, code "AF-025";
        /// The certificate of the identity provider.
        extension certificate: Option<String>;
        /// The name of Artifactory there.
        extension service_provider_name as "serviceProviderName": Option<String>;
        /// Whether users are made when they first sign in.
        extension auto_create_user as "autoCreateUser": Option<bool>;
        /// The attribute that lists groups.
        extension group_attribute as "groupAttribute": Option<String>;
    }
}

section! {
    /// OAuth.
    pub struct ArtifactoryOauth {
        /// Whether it is used.
        core enabled: bool = false;
        /// The type of provider: github, google, openid or cloudfoundry.
        core kind as "type": Written<OauthType> = "oauth2";
        /// The providers.
        extension providers: Vec<ArtifactoryOauthProvider>;
    }
}

section! {
    /// A provider of OAuth.
    pub struct ArtifactoryOauthProvider {
        /// Its name.
        extension name: String;
        /// Its type.
        extension kind as "type": Written<OauthType>;
        /// The client.
        extension id: String;
        /// The secret of the client.
        extension secret: Option<SecretValue>;
        /// The URL of its API.
        extension api_url as "apiUrl": Option<Written<HttpUrl>>;
        /// Where users sign in.
        extension auth_url as "authUrl": Option<Written<HttpUrl>>;
        /// Where tokens are fetched.
        extension token_url as "tokenUrl": Option<Written<HttpUrl>>;
    }
}

section! {
    /// TLS and encryption.
    pub struct ArtifactorySecurity {
        /// TLS.
        core ssl: ArtifactorySsl;
        /// Encryption of what is stored.
        core encryption: ArtifactoryEncryption;
    }
}

section! {
    /// TLS.
    pub struct ArtifactorySsl {
        /// Whether it is spoken.
        core enabled: bool = true;
        /// The certificate: a file, or PEM.
        core certificate: String;
        /// Its key.
        extension key: Option<SecretValue>;
        /// A Secret of type kubernetes.io/tls with certificate and key.
        extension secret_name as "secretName": Option<Written<KubernetesSubdomain>>;
    }
}

section! {
    /// Encryption of what is stored.
    pub struct ArtifactoryEncryption {
        /// Whether there is any; it can't be switched off.
        core enabled: bool = true;
        /// The algorithm, which follows from the length of the master key: AES128 or AES256.
        core algorithm: String = "AES256";
    }
}
