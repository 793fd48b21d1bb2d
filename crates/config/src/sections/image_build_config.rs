//! ImageBuildConfig: how an image is built.

use indexmap::IndexMap;

use crate::section::section;
use crate::sections::ComponentResources;
use crate::value::{
    BuildSystem, CacheType, ContextSource, CronSchedule, ImageReference, KubernetesLabel,
    KubernetesSubdomain, Private, Quantity, SecretValue, Written,
};

section! {
    /// How an image is built.
    pub struct ImageBuildConfig {
        /// The name of the document.
        core name: String = "image-build";
        /// The program that builds: docker, buildkit, kaniko or buildah.
        core build_system as "buildSystem": Written<BuildSystem> = "docker";
        /// What is kept between builds.
        core cache: BuildCache;
        /// The files that are built from.
        core context: BuildContext;
        /// What the build may sign in with.
        core credentials: BuildCredentials;
        /// What becomes of it.
        extension output: Option<BuildOutput>;
        /// The builder.
        extension builder: Option<Builder>;
        /// The Dockerfile within the context.
        extension dockerfile: Option<String>;
        /// The stage to build.
        extension target: Option<String>;
        /// Arguments of the Dockerfile; no secrets.
        extension args: IndexMap<String, Private>;
        /// Secrets that the Dockerfile mounts.
        extension secrets: IndexMap<String, SecretValue>;
        /// When it is built again.
        extension schedule: Option<Written<CronSchedule>>;
        /// The time zone of the schedule.
        extension time_zone as "timeZone": Option<String>;
        /// The namespace it is built in.
        extension namespace: Option<Written<KubernetesLabel>>, code "K-002";
        /// The account it is built under.
        extension service_account as "serviceAccount": Option<Written<KubernetesSubdomain>>;
        /// The registries of this installation it is for; all without it.
        extension registries: Vec<String>;
    }
}

section! {
    /// What is kept between builds.
    pub struct BuildCache {
        /// Whether anything is.
        core enabled: bool = true;
        /// Where: registry, local or inline.
        core kind as "type": Written<CacheType> = "registry";
        /// How much at most.
        core max_size as "maxSize": Written<Quantity> = "10Gi";
        /// The image that holds it.
        extension image: Option<Written<ImageReference>>;
        /// What is kept: min or max.
        extension mode: Option<String>;
    }
}

section! {
    /// The files that are built from.
    pub struct BuildContext {
        /// Where they come from: git, local or http.
        core source: Written<ContextSource> = "git";
        /// The repository.
        core repository: String;
        /// The branch.
        core branch: String = "main";
        /// The commit, in place of the branch's newest.
        extension commit: Option<String>;
        /// The folder in the repository.
        extension path: Option<String>;
        /// Whether submodules are fetched.
        extension submodules: Option<bool>;
    }
}

section! {
    /// What the build may sign in with.
    pub struct BuildCredentials {
        /// The Secret for the registry.
        core registry_secret as "registrySecret": Written<KubernetesSubdomain>;
        /// The Secret for git.
        core git_secret as "gitSecret": Written<KubernetesSubdomain>;
    }
}

section! {
    /// What becomes of the image.
    pub struct BuildOutput {
        /// Its name.
        extension image: Written<ImageReference>;
        /// More tags.
        extension tags: Vec<String>;
        /// Whether it is pushed.
        extension push: bool = true;
        /// The platforms it is built for, such as `linux/amd64`.
        extension platforms: Vec<String>;
        /// Whether where it comes from is written down.
        extension provenance: Option<bool>;
        /// Whether what it consists of is written down.
        extension sbom: Option<bool>;
    }
}

section! {
    /// The builder.
    pub struct Builder {
        /// Its image.
        extension image: Option<Written<ImageReference>>;
        /// What it may use.
        extension resources: Option<ComponentResources>;
        /// Whether it runs without root.
        extension rootless: Option<bool>;
    }
}
