//! What only a cluster, a running Harbor or the rendered objects can show.

use berth_finding::{Phase, Rule};

pub(super) const HB_004: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-004",
        "the core replicas don't share their keys",
        "\
Every replica of core must have the same secretKey, secrets, CSRF key and token key, or logins fail at random. What isn't given is
made once, kept in a Secret, and never made again; a Secret that holds only some of them is refused.

    coreReplicas: 3
    secretKey: {secretKeyRef: {name: harbor-secret-key, key: secretKey}}
",
    )
};

pub(super) const HB_014: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::warning(
        "HB-014",
        "the PostgreSQL server is of a version that Harbor isn't tested with",
        "\
Harbor 2.10 brings PostgreSQL 14, and is tested with it. Before 10 its migrations fail. The version is asked of the server when a
plan is made.

    database: {host: db.example.com}
",
    )
};

pub(super) const HB_020: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-020",
        "a password with reserved characters stands raw in a URL",
        "\
Harbor takes most Redis passwords inside of a URL, where `@`, `/`, `:` and `%` are written as %40, %2F, %3A and %25, and one of
them (REGISTRY_REDIS_PASSWORD) raw. Rendered objects are checked for it; there is nothing to do in a document.

    redis: {passwordSecret: harbor-redis-password}
",
    )
};

pub(super) const HB_037: Rule = Rule {
    phase: Phase::Live,
    ..Rule::error(
        "HB-037",
        "the authentication mode of a Harbor that has users can't be changed",
        "\
Harbor answers `editable: false` for `auth_mode` once there are users besides the administrator. Set it before the first sign-in,
or remove the users first.

    authentication: {mode: oidc_auth}
",
    )
};

pub(super) const HB_055: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-055",
        "the running Harbor can't be brought to this version in one step, or at all",
        "\
Core migrates the database when it starts, from a few versions back and never backwards. Go up one minor version at a time, with a
backup of the database before each.

    version: \"2.10\"
",
    )
};

pub(super) const HB_056: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-056",
        "core's replicas would start while the database is being migrated",
        "\
Two replicas that migrate at once leave the schema `dirty`, and no core starts after that. A Job migrates first, and core is rolled
out when it has ended; there is nothing to do in a document.

    coreReplicas: 3
",
    )
};

pub(super) const HB_067: Rule = Rule {
    phase: Phase::Live,
    ..Rule::warning(
        "HB-067",
        "the exporter still signs in with the old admin password",
        "\
The exporter reads the password when it starts. After a change it gets 401 until its pod is restarted, and locks the account if it
tries often enough.

    metrics: {enabled: true}
",
    )
};

pub(super) const HB_042: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-042",
        "the registry's htpasswd line is not bcrypt, or not of core's password",
        "\
Core signs in to the registry with a user and password, and the registry checks them against a line of htpasswd; it takes bcrypt
alone. Both are made once and kept. A Secret of that name which somebody else made is checked before it is used.

    # nothing to do in a document
",
    )
};

pub(super) const HB_043: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "HB-043",
        "the key that signs tokens is not RSA of 2048 bits or more, or not that of its certificate",
        "\
Core signs the tokens of pulls and pushes with an RSA key, and checks them with its certificate. `core.tokenSecret` names a Secret of
type kubernetes.io/tls with both; left out, they are made once and kept.

    core: {tokenSecret: harbor-token}
",
    )
};
