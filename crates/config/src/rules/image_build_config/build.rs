//! How the image is built and where it goes.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::ImageBuildConfig;
use crate::value::BuildSystem;

pub(super) const IB_001: Rule = Rule::error(
    "IB-001",
    "building with Docker needs a privileged pod",
    "Docker builds through its daemon: either the node's own, which hands the whole node to the build, or one in a privileged \
     pod. Namespaces with Pod Security `baseline` or `restricted` refuse both. BuildKit and Buildah build the same \
     Dockerfile without either.\n\n\
     Example:\n\n    \
     buildSystem: buildkit",
);

pub(super) const IB_005: Rule = Rule::error(
    "IB-005",
    "there is no Secret to push the image with",
    "A build ends with a push, and a push needs a user. `credentials.registrySecret` names a Secret of type \
     `kubernetes.io/dockerconfigjson` in the namespace of the build.\n\n\
     Name one, or let an ImagePullSecret document make it:\n\n    \
     credentials: {registrySecret: docker-registry-secret}",
);

pub(super) const IB_006: Rule = Rule::error(
    "IB-006",
    "nothing says what the built image is called",
    "Without a name the image is built and thrown away.\n\n\
     Name it, with its registry and a tag:\n\n    \
     output: {image: \"registry.example.com/team/app:1.0\"}",
);

pub(super) fn check(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    ib_001(build, out);
    ib_005(build, out);
    ib_006(build, out);
}

fn ib_001(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    if build.build_system.value() == Some(&BuildSystem::Docker) {
        out.at(
            "buildSystem",
            IB_001,
            "Docker builds in a privileged pod; BuildKit is used instead",
        )
        .help("set `buildSystem: buildkit`");
    }
}

fn ib_005(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    let pushes = build.output.as_ref().is_none_or(|output| output.push);
    if pushes && build.credentials.registry_secret.is_empty() {
        out.at(
            "credentials.registrySecret",
            IB_005,
            "no Secret to push the image with",
        )
        .help("name a Secret of type kubernetes.io/dockerconfigjson");
    }
}

fn ib_006(build: &ImageBuildConfig, out: &mut Out<'_, '_>) {
    if build.output.as_ref().is_none_or(|output| output.image.is_empty()) {
        out.at("output.image", IB_006, "the built image has no name")
            .help("such as `registry.example.com/team/app:1.0`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    const KIND: &str = "ImageBuildConfig";

    #[test]
    fn ib_001_fires_when_docker_builds_and_not_otherwise() {
        assert!(fires("IB-001", KIND, "{}"));
        assert!(!fires("IB-001", KIND, "buildSystem: buildkit"));
    }

    #[test]
    fn ib_005_fires_when_a_push_has_no_secret_and_not_otherwise() {
        assert!(fires("IB-005", KIND, "{}"));
        assert!(!fires("IB-005", KIND, "credentials: {registrySecret: push}"));
        assert!(!fires(
            "IB-005",
            KIND,
            "output: {image: 'a.example.com/b:1', push: false}"
        ));
    }

    #[test]
    fn ib_006_fires_when_the_image_has_no_name_and_not_otherwise() {
        assert!(fires("IB-006", KIND, "{}"));
        assert!(fires("IB-006", KIND, "output: {push: true}"));
        assert!(!fires("IB-006", KIND, "output: {image: 'a.example.com/b:1'}"));
    }
}
