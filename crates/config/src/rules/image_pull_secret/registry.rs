//! The registry that the secret is for, and the user it names.

use berth_finding::{Level, Rule};

use crate::rules::{Out, RuleContext, Sink};
use crate::sections::{ImagePullSecret, PullSecretRegistry};

pub(super) const PS_001: Rule = Rule::error(
    "PS-001",
    "the server is missing, or has a path",
    "\
The entry is looked up by the host (and port) in front of the image's name. With a path behind it, Kubernetes uses the
entry only for images whose name begins with that path, and docker never: a warning. Docker Hub's own entry,
https://index.docker.io/v1/, is the one that has a path.

    registry: {server: \"registry.example.com:5000\"}
",
);

pub(super) const PS_002: Rule = Rule::info(
    "PS-002",
    "docker.io is written into the secret as https://index.docker.io/v1/",
    "\
Docker Hub's entry has this name for historical reasons, and images without a registry in their name are looked up
under it.

    registry: {server: docker.io}
",
);

pub(super) const PS_003: Rule = Rule::error(
    "PS-003",
    "the user name or the password is missing",
    "\
With one of the two alone the registry refuses every pull. With neither there is nothing to put into the secret: a
warning, because both can still come from elsewhere.

    registry:
      username: puller
      password: {env: PULL_PASSWORD}
",
);

pub(super) const PS_004: Rule = Rule::info(
    "PS-004",
    "the email address has no effect",
    "\
It is written into the secret, where old versions of docker expected one; nothing reads it today.
",
);

pub(super) const PS_007: Rule = Rule::error(
    "PS-007",
    "the user name has a colon",
    "\
User and password travel as user:password, so what stands after the first colon of the name is taken for the start of
the password.

    registry: {username: puller}
",
);

pub(super) const PS_008: Rule = Rule::warning(
    "PS-008",
    "the password stands in the document",
    "\
It ends in version control and in every copy of the document, and all who can read those can pull. Name its place
instead. Under `--profile prod` this is an error.

    registry: {password: {env: PULL_PASSWORD}}
",
)
.in_prod(Level::Error);

pub(super) const PS_009: Rule = Rule::warning(
    "PS-009",
    "the user name has a dollar sign, which shells and templates may replace",
    "\
Harbor's robots are called robot$name. Written into the secret the name is safe; pasted into a shell, a compose file or
a variable of the environment, $name is taken for a variable and the login fails. Quote it with ', or name the robot
alone, and its name and secret are filled in.

    robot: puller
",
);

/// Docker Hub's entry, without its scheme.
const DOCKER_HUB_ENTRY: &str = "index.docker.io/v1";

/// Names of Docker Hub that stand for its entry.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, secret) in context.pull_secrets() {
        let out = &mut sink.on(document);
        server(&secret.registry, out);
        credentials(secret, out);
        username(&secret.registry, out);
        if !secret.registry.email.is_empty() {
            out.at("registry.email", PS_004, "nothing reads the email address")
                .help("take it out");
        }
    }
}

fn server(registry: &PullSecretRegistry, out: &mut Out<'_, '_>) {
    let path = "registry.server";
    let server = registry.server.as_str();
    let rest = server
        .split_once("://")
        .map_or(server, |(_, rest)| rest)
        .trim_end_matches('/');
    if rest.is_empty() || server.contains(char::is_whitespace) || rest.contains('@') {
        out.at(path, PS_001, "the server is missing or malformed")
            .help("host or host:port, such as registry.example.com");
    } else if DOCKER_HUB.contains(&rest) {
        out.at(
            path,
            PS_002,
            format!("`{server}` is written as https://index.docker.io/v1/"),
        )
        .help("nothing to do");
    } else if rest.contains('/') && rest != DOCKER_HUB_ENTRY {
        out.at(
            path,
            PS_001,
            "the server has a path, so the entry is for images below it alone, and never for docker",
        )
        .level(Level::Warning)
        .help("write host or host:port");
    }
}

fn credentials(secret: &ImagePullSecret, out: &mut Out<'_, '_>) {
    if secret.robot.is_some() {
        return;
    }
    let registry = &secret.registry;
    let (path, message, level) = match (registry.username.is_empty(), registry.password.is_empty()) {
        (false, false) => return,
        (true, true) => (
            "registry",
            "there are no credentials to put into the secret",
            Level::Warning,
        ),
        (true, false) => (
            "registry.username",
            "there is a password, but no user name",
            Level::Error,
        ),
        (false, true) => (
            "registry.password",
            "there is a user name, but no password",
            Level::Error,
        ),
    };
    out.at(path, PS_003, message)
        .level(level)
        .help("set `registry.username` and `registry.password`");
}

fn username(registry: &PullSecretRegistry, out: &mut Out<'_, '_>) {
    if registry.username.contains(':') {
        out.at(
            "registry.username",
            PS_007,
            "the user name has a colon, where the password would begin",
        )
        .help("take the colon out");
    }
    if registry.username.contains('$') {
        out.at(
            "registry.username",
            PS_009,
            "a shell takes what follows the dollar sign for a variable",
        )
        .help("quote the name with ' wherever it is typed or templated");
    }
    if registry.password.is_plain() {
        out.at("registry.password", PS_008, "the password stands in the document")
            .help("write {env: NAME}, {file: PATH} or {secretKeyRef: {name: NAME, key: KEY}} in its place");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy};

    fn secret(registry: &str) -> String {
        policy("ImagePullSecret", &format!("registry: {{{registry}}}"))
    }

    #[test]
    fn ps_001_fires_on_servers_that_are_never_matched_and_not_on_hosts() {
        for wrong in [
            "''",
            "'https://'",
            "'registry example'",
            "'me@registry.example.com'",
        ] {
            assert_eq!(
                level_of("PS-001", &secret(&format!("server: {wrong}"))),
                ["error", "error"],
                "{wrong}"
            );
        }
        assert_eq!(
            level_of("PS-001", &secret("server: registry.example.com/team")),
            ["warning", "warning"]
        );
        for right in [
            "registry.example.com:5000",
            "https://registry.example.com/",
            "https://index.docker.io/v1/",
        ] {
            assert!(
                !fires("PS-001", &secret(&format!("server: '{right}'"))),
                "{right}"
            );
        }
    }

    #[test]
    fn ps_002_fires_on_docker_hub_s_short_name_and_not_on_others() {
        assert!(fires("PS-002", &secret("server: docker.io")));
        assert!(!fires("PS-002", &secret("server: ghcr.io")));
    }

    #[test]
    fn ps_003_fires_on_half_and_on_no_credentials_and_not_on_whole_ones() {
        assert_eq!(
            level_of("PS-003", &secret("username: puller")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("PS-003", &secret("password: {env: P}")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("PS-003", &secret("server: ghcr.io")),
            ["warning", "warning"]
        );
        assert!(!fires("PS-003", &secret("username: puller, password: {env: P}")));
        assert!(!fires("PS-003", &policy("ImagePullSecret", "robot: puller")));
    }

    #[test]
    fn ps_004_fires_on_an_email_address_and_not_without() {
        assert!(fires("PS-004", &secret("email: puller@example.com")));
        assert!(!fires("PS-004", &secret("server: ghcr.io")));
    }

    #[test]
    fn ps_007_fires_on_a_colon_in_the_user_name_and_not_without() {
        assert!(fires("PS-007", &secret("username: 'pull:er'")));
        assert!(!fires("PS-007", &secret("username: puller")));
    }

    #[test]
    fn ps_008_warns_of_a_password_in_the_document_and_refuses_it_in_prod() {
        assert_eq!(
            level_of("PS-008", &secret("password: hunter2")),
            ["warning", "error"]
        );
        assert!(!fires("PS-008", &secret("password: {file: ./password}")));
        assert!(!fires("K-012", &secret("password: hunter2")));
    }

    #[test]
    fn ps_009_fires_on_a_dollar_sign_and_not_without() {
        assert!(fires("PS-009", &secret("username: 'robot$puller'")));
        assert!(!fires("PS-009", &secret("username: robot")));
    }
}
