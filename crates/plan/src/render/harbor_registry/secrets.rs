use berth_config::sections::HarborRegistry;
use berth_config::value::SecretValue;

use crate::object::{EnvVar, KeySelector, SecretText};
use crate::render::registry::Registry;
use crate::render::secret_parts::SecretParts;
use crate::render::{Recipe, Rendering};

/// The secrets that the document gives.
pub(super) struct Given<'a> {
    pub(super) parts: SecretParts<'a>,
}

/// The secrets that Harbor's programs share, wherever they lie.
pub(super) struct Secrets {
    /// Protects what the database holds; it may never change.
    pub(super) secret_key: KeySelector,
    pub(super) core: KeySelector,
    pub(super) jobservice: KeySelector,
    pub(super) csrf: KeySelector,
    pub(super) http: KeySelector,
    pub(super) admin_password: KeySelector,
    /// What core signs in to the registry with, and its line of htpasswd.
    pub(super) registry_password: KeySelector,
    pub(super) registry_htpasswd: KeySelector,
    /// The RSA key that signs tokens.
    pub(super) token_key: KeySelector,
    /// Settings that can't be changed through the API.
    pub(super) config_overwrite: Option<KeySelector>,
    /// What the scanner shows GitHub.
    pub(super) github_token: Option<KeySelector>,
}

/// What core signs in to the registry as.
pub(super) const REGISTRY_USER: &str = "harbor_registry_user";

/// Lengths that Harbor's code asks for.
const KEY: usize = 16;
const CSRF: usize = 32;
/// 32 letters and digits are 190 bits.
const PASSWORD: usize = 32;

impl<'a> Given<'a> {
    /// None yet.
    pub(super) fn new(registry: &'a Registry<'a>) -> Self {
        Self {
            parts: SecretParts::credentials(registry),
        }
    }

    /// Where pods find a secret, where the document gives it; `path` is its field.
    pub(super) fn given(
        &mut self,
        key: &str,
        path: &str,
        secret: Option<&SecretValue>,
        rendering: &mut Rendering<'_>,
    ) -> Option<KeySelector> {
        self.parts.place(key, path, secret?, rendering)
    }

    /// A secret as a variable of the environment, where the document gives it.
    pub(super) fn variable(
        &mut self,
        name: &str,
        (key, path): (&str, &str),
        secret: &SecretValue,
        rendering: &mut Rendering<'_>,
    ) -> Option<EnvVar> {
        let at = self.given(key, path, Some(secret), rendering)?;
        Some(EnvVar::secret(name, at))
    }
}

impl Secrets {
    /// Those that the document gives, and for the rest those that are made once.
    pub(super) fn of<'a>(
        registry: &'a Registry<'a>,
        spec: &'a HarborRegistry,
        given: &mut Given<'a>,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let jobservice = spec.components.as_ref().and_then(|all| all.jobservice.as_ref());
        let jobservice = jobservice.and_then(|own| own.secret.as_ref());
        let mut text = |key: &str, path: &str, secret: Option<&SecretValue>, length: usize| {
            given
                .given(key, path, secret, rendering)
                .unwrap_or_else(|| rendering.make_once(registry, key, Recipe::Text { length }))
        };
        let secret_key = text("secret-key", "secretKey", spec.secret_key.as_ref(), KEY);
        let core = text("core-secret", "core.secret", spec.core.secret.as_ref(), KEY);
        let csrf = text("csrf-key", "core.xsrfKey", spec.core.xsrf_key.as_ref(), CSRF);
        let path = "components.jobservice.secret";
        let jobservice = text("jobservice-secret", path, jobservice, KEY);
        let password = spec.admin_password.as_ref();
        let admin_password = text("admin-password", "adminPassword", password, PASSWORD);
        Self {
            secret_key,
            core,
            jobservice,
            csrf,
            admin_password,
            http: rendering.make_once(registry, "http-secret", Recipe::Text { length: KEY }),
            registry_password: rendering.make_once(
                registry,
                REGISTRY_PASSWORD,
                Recipe::Text { length: PASSWORD },
            ),
            registry_htpasswd: rendering.make_once(
                registry,
                "registry-htpasswd",
                Recipe::Htpasswd {
                    user: REGISTRY_USER,
                    password_key: REGISTRY_PASSWORD,
                },
            ),
            token_key: token_key(registry, spec, rendering),
            config_overwrite: config_overwrite(spec, given),
            github_token: github_token(spec, given, rendering),
        }
    }
}

const REGISTRY_PASSWORD: &str = "registry-password";

fn token_key(registry: &Registry<'_>, spec: &HarborRegistry, rendering: &mut Rendering<'_>) -> KeySelector {
    match &spec.core.token_secret {
        Some(secret) if !secret.is_empty() => KeySelector::of(secret.text(), "tls.key"),
        _ => rendering.make_once(registry, "token-key", Recipe::RsaKey),
    }
}

fn github_token(
    spec: &HarborRegistry,
    given: &mut Given<'_>,
    rendering: &mut Rendering<'_>,
) -> Option<KeySelector> {
    let path = "trivy.gitHubToken";
    given.given("github-token", path, spec.trivy.github_token.as_ref(), rendering)
}

/// It may hold passwords, so it lies in a Secret as a whole.
fn config_overwrite(spec: &HarborRegistry, given: &mut Given<'_>) -> Option<KeySelector> {
    if spec.config_overwrite.is_empty() {
        return None;
    }
    let settings = spec.config_overwrite.iter();
    let settings = settings.map(|(key, value)| (key.clone(), value.clone()));
    let text = settings.collect::<serde_json::Value>().to_string();
    Some(given.parts.keep("config-overwrite", SecretText::from(text)))
}
