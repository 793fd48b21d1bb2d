//! Where Trivy's database of vulnerabilities comes from.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::rules::harbor_registry::volume;
use crate::sections::HarborRegistry;

pub(super) const HB_045: Rule = Rule::warning(
    "HB-045",
    "Trivy is told not to update its database, and has none",
    "\
With `skipUpdate` the database must already lie on Trivy's volume; in an emptyDir it never does, and every scan fails. Where
there is no way out to the internet, `offlineScan` and `skipJavaDBUpdate` are needed too, or scans of Java images wait for a
download that can't happen.

    trivy: {skipUpdate: true, skipJavaDBUpdate: true, offlineScan: true, persistence: {enabled: true}}
",
)
.in_prod(Level::Error);

pub(super) const HB_047: Rule = Rule::warning(
    "HB-047",
    "Trivy can't reach its database, or a token is given that doesn't help",
    "\
The database is an OCI artifact in a public registry. A NetworkPolicy without a way out, or a proxy that isn't for Trivy, keeps it
away, and every scan fails. That registry limits anonymous pulls, and `gitHubToken` isn't sent there. Name a mirror with
`dbRepository` and `javaDBRepository`, and keep the database on a volume.

    trivy: {dbRepository: mirror.example.com/trivy-db:2, persistence: {enabled: true}}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    if harbor.trivy.enabled {
        hb_045_no_database(harbor, out);
        hb_047_no_way(harbor, out);
    }
}

fn hb_045_no_database(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let trivy = &harbor.trivy;
    if !trivy.skip_update {
        return;
    }
    if volume(trivy.persistence.as_ref(), harbor).is_none() {
        out.at(
            "trivy.skipUpdate",
            HB_045,
            "the database isn't fetched, and there is no volume that could hold one",
        )
        .help("give Trivy a volume with a database, or let it fetch one");
    } else if trivy.offline_scan != Some(true) || trivy.skip_java_db_update != Some(true) {
        out.at(
            "trivy.skipUpdate",
            HB_045,
            "the database isn't fetched, and scans still ask the internet for Java",
        )
        .level(Level::Warning)
        .help("set `offlineScan` and `skipJavaDBUpdate` too");
    }
}

fn hb_047_no_way(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let trivy = &harbor.trivy;
    if trivy.github_token.as_ref().is_some_and(|it| !it.is_empty()) {
        out.at(
            "trivy.gitHubToken",
            HB_047,
            "the token isn't sent to where the database comes from",
        )
        .help("take it out, and name a mirror in `dbRepository`");
    }
    if trivy.skip_update || trivy.db_repository.is_some() {
        return;
    }
    let proxy = harbor.proxy.as_ref().filter(|proxy| proxy.https_proxy.is_some());
    if proxy.is_some_and(|it| !it.components.is_empty() && !it.components.iter().any(|name| name == "trivy"))
    {
        out.at(
            "proxy.components",
            HB_047,
            "the proxy isn't for Trivy, which fetches its database from the internet",
        )
        .help("add `trivy`, or name a mirror in `trivy.dbRepository`");
    }
    let fenced = harbor
        .network_policy
        .as_ref()
        .is_some_and(|it| it.enabled && it.egress_cidrs.is_empty());
    if fenced && proxy.is_none() {
        out.at(
            "networkPolicy",
            HB_047,
            "Trivy can't reach its database, as the NetworkPolicy has no way out",
        )
        .help("open one in `egressCIDRs`, or name a mirror in `trivy.dbRepository`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_045_fires_when_there_can_be_no_database_and_not_otherwise() {
        fires(
            "HB-045",
            &[
                "trivy: {skipUpdate: true}",
                "trivy: {skipUpdate: true, persistence: {size: 5Gi}}",
            ],
        );
        silent(
            "HB-045",
            &[
                "trivy: {skipUpdate: true, offlineScan: true, skipJavaDBUpdate: true, persistence: {size: 5Gi}}",
                "{}",
            ],
        );
    }

    #[test]
    fn hb_047_fires_when_the_database_is_out_of_reach_and_not_otherwise() {
        fires(
            "HB-047",
            &[
                "trivy: {gitHubToken: {env: T}}",
                "networkPolicy: {enabled: true}",
                "proxy: {httpsProxy: 'http://proxy:3128', components: [core]}",
            ],
        );
        silent(
            "HB-047",
            &[
                "{}",
                "networkPolicy: {egressCIDRs: [0.0.0.0/0]}",
                "{networkPolicy: {}, trivy: {dbRepository: mirror.example.com/trivy-db:2}}",
                "{networkPolicy: {}, proxy: {httpsProxy: 'http://proxy:3128', components: [trivy]}}",
            ],
        );
    }
}
