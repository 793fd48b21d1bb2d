//! What is built.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::ImageBuildConfig;
use crate::value::ContextSource;

pub(super) const IB_004: Rule = Rule::error(
    "IB-004",
    "the source of the build can't be fetched",
    "A build from git needs a repository and a branch, tag or commit. An address that goes over SSH also needs \
     `credentials.gitSecret`, a Secret of type `kubernetes.io/ssh-auth`.\n\n\
     Example:\n\n    \
     context: {source: git, repository: \"https://git.example.com/team/app.git\", branch: main}",
);

pub(super) const IB_008: Rule = Rule::warning(
    "IB-008",
    "the build follows a branch, so two runs may build different things",
    "A branch moves. The image can't be built again as it was, and whoever may push to the branch decides what is run.\n\n\
     Name a commit where it matters:\n\n    \
     context: {source: git, repository: \"https://git.example.com/team/app.git\", commit: 4f2e9c1}",
);

pub(super) fn check(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    if build.context.source.value() == Some(&ContextSource::Git) {
        ib_004(build, out);
        ib_008(build, out);
    }
}

fn ib_004(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    let context = &build.context;
    if context.repository.is_empty() {
        out.at(
            "context.repository",
            IB_004,
            "there is no git repository to build from",
        )
        .help("such as `https://git.example.com/team/app.git`");
    } else if is_ssh(&context.repository) && build.credentials.git_secret.is_empty() {
        out.at(
            "credentials.gitSecret",
            IB_004,
            "the repository is reached over SSH, and there is no key for it",
        )
        .help("name a Secret of type kubernetes.io/ssh-auth");
    }
    if context.branch.is_empty() && !has_commit(build) {
        out.at("context.branch", IB_004, "neither a branch nor a commit is given")
            .help("such as `main`");
    }
}

/// `ssh://git@host/path`, or git's short form `git@host:path`.
fn is_ssh(repository: &str) -> bool {
    match repository.split_once("://") {
        Some((scheme, _)) => scheme == "ssh" || scheme == "git+ssh",
        None => repository
            .split('/')
            .next()
            .is_some_and(|place| place.contains(':')),
    }
}

fn has_commit(build: &ImageBuildConfig) -> bool {
    build
        .context
        .commit
        .as_deref()
        .is_some_and(|commit| !commit.is_empty())
}

fn ib_008(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    let context = &build.context;
    if !context.repository.is_empty() && !context.branch.is_empty() && !has_commit(build) {
        out.at(
            "context.branch",
            IB_008,
            "a branch moves, so two builds may differ",
        )
        .help("name a `commit` where it matters");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    const KIND: &str = "ImageBuildConfig";

    fn context(fields: &str) -> String {
        format!("context: {{{fields}}}")
    }

    #[test]
    fn ib_004_fires_when_the_source_can_not_be_fetched_and_not_otherwise() {
        assert!(fires("IB-004", KIND, "{}"));
        assert!(fires(
            "IB-004",
            KIND,
            &context("repository: 'git@git.example.com:team/app.git'")
        ));
        assert!(fires(
            "IB-004",
            KIND,
            &context("repository: 'ssh://git.example.com/team/app.git'")
        ));
        assert!(fires(
            "IB-004",
            KIND,
            &context("repository: 'https://git.example.com/a.git', branch: ''")
        ));
        assert!(!fires(
            "IB-004",
            KIND,
            &context("repository: 'https://git.example.com/a.git'")
        ));
        let ssh = context("repository: 'git@git.example.com:team/app.git'");
        assert!(!fires(
            "IB-004",
            KIND,
            &format!("{ssh}\ncredentials: {{gitSecret: deploy-key}}")
        ));
        assert!(!fires("IB-004", KIND, &context("source: local")));
    }

    #[test]
    fn ib_008_fires_when_a_branch_is_followed_and_not_otherwise() {
        assert!(fires(
            "IB-008",
            KIND,
            &context("repository: 'https://git.example.com/a.git'")
        ));
        assert!(!fires(
            "IB-008",
            KIND,
            &context("repository: 'https://git.example.com/a.git', commit: 4f2e9c1")
        ));
        assert!(!fires("IB-008", KIND, "{}"));
    }
}
