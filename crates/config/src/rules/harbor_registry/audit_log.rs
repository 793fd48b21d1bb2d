//! The audit log: where it is kept.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::HarborRegistry;
use crate::value::{HostPort, Parse};

pub(super) const HB_070: Rule = Rule::warning(
    "HB-070",
    "audit logs are forwarded to an address that Harbor can't dial, or are kept nowhere",
    "\
Harbor dials `auditLogForwardEndpoint` (`host:port`, of a syslog server) while the setting is saved, and refuses it with 400 when
nobody answers. `skipAuditLogDatabase` without such an address is refused as well: the log would be kept nowhere.

    configuration: {auditLogForwardEndpoint: \"syslog.example.com:514\", skipAuditLogDatabase: true}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(configuration) = &harbor.configuration else {
        return;
    };
    let endpoint = configuration
        .audit_log_forward_endpoint
        .as_deref()
        .unwrap_or_default();
    if endpoint.is_empty() {
        if configuration.skip_audit_log_database == Some(true) {
            out.at(
                "configuration.skipAuditLogDatabase",
                HB_070,
                "the audit log would be kept nowhere",
            )
            .help("name a syslog server in `auditLogForwardEndpoint`, or leave it out");
        }
    } else if !HostPort::parse(endpoint).is_ok_and(|address| !address.host().is_empty()) {
        out.at(
            "configuration.auditLogForwardEndpoint",
            HB_070,
            "the address is not a host and a port",
        )
        .help("such as syslog.example.com:514");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_070_fires_when_the_audit_log_has_no_place_and_not_otherwise() {
        fires(
            "HB-070",
            &[
                "configuration: {skipAuditLogDatabase: true}",
                "configuration: {auditLogForwardEndpoint: 'https://syslog.example.com'}",
            ],
        );
        silent(
            "HB-070",
            &[
                "configuration: {skipAuditLogDatabase: true, auditLogForwardEndpoint: 'syslog.example.com:514'}",
                "configuration: {skipAuditLogDatabase: false}",
                "{}",
            ],
        );
    }
}
