use crate::section::section;
use crate::value::{HttpUrl, RepositoryClass, SecretValue, Written};

section! {
    /// The repositories, by type of package.
    pub struct ArtifactoryRepositories {
        /// Images.
        core docker: ArtifactoryPackageRepositories;
        /// Maven.
        core maven: ArtifactoryPackageRepositories;
        /// npm.
        core npm: ArtifactoryPackageRepositories;
        /// Charts of Helm.
        core helm: ArtifactoryPackageRepositories;
        /// Files of any kind.
        core generic: ArtifactoryPackageRepositories;
        /// More repositories, one by one.
        extension custom: Vec<ArtifactoryRepository>;
    }
}

section! {
    /// Repositories of one type of package.
    pub struct ArtifactoryPackageRepositories {
        /// Whether there is one that is deployed to.
        core local: bool = true;
        /// Whether there is one that caches an upstream.
        core remote: bool = true;
        /// Whether there is one that joins the others.
        core virtual_ as "virtual": bool = true;
        /// The upstream of the remote one.
        extension remote_url as "remoteUrl": Option<Written<HttpUrl>>;
        /// The user at the upstream.
        extension remote_username as "remoteUsername": Option<String>;
        /// The password at the upstream.
        extension remote_password as "remotePassword": Option<SecretValue>;
        /// How many tags of an image are kept.
        extension max_unique_tags as "maxUniqueTags": Option<i64>, range 0 to 1_000_000;
    }
}

section! {
    /// One repository.
    pub struct ArtifactoryRepository {
        /// Its key.
        extension key: String;
        /// Its class: local, remote or virtual.
        extension rclass: Written<RepositoryClass>;
        /// The type of its packages.
        extension package_type as "packageType": String;
        /// The upstream of a remote one.
        extension url: Option<Written<HttpUrl>>;
        /// The members of a virtual one.
        extension repositories: Vec<String>;
        /// The member that is deployed to.
        extension default_deployment_repo as "defaultDeploymentRepo": Option<String>;
        /// What it is for.
        extension description: Option<String>;
    }
}
