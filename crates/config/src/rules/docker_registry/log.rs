//! The log's level and format.

use berth_finding::Rule;

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::LogFormat;

pub(super) const DR_044: Rule = Rule::error(
    "DR-044",
    "the log level is not one of error, warn, info and debug",
    "\
Docker's registry refuses its configuration with any other word, `warning` included.

    log: {level: warn}
",
);

pub(super) const DR_045: Rule = Rule::error(
    "DR-045",
    "the log format is not one of text, json and logstash",
    "\
It reaches the product as `log.formatter`; another word stops the registry at start.

    log: {format: json}
",
);

pub(super) const DR_046: Rule = Rule::info(
    "DR-046",
    "the access log stays plain text beside the JSON log",
    "\
Docker's registry writes its access log in Apache's format to the standard output, whatever the formatter. A log
collector that expects JSON alone should not get it.

    log: {format: json, accesslog: {disabled: true}}
",
);

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let silent = registry
        .log
        .accesslog
        .as_ref()
        .is_some_and(|accesslog| accesslog.disabled);
    let json = registry.log.format.value() == Some(&LogFormat::Json);
    if place.is_cluster() && json && !silent && facts::is_distribution(registry) {
        out.at("log.format", DR_046, "the access log stays plain text")
            .help("set `log.accesslog.disabled` to true where JSON alone is expected");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, registry};

    #[test]
    fn dr_044_fires_on_an_unknown_level_and_not_on_a_known_one() {
        assert!(fires("DR-044", &registry("log: {level: warning}")));
        assert!(!fires("DR-044", &registry("log: {level: warn}")));
    }

    #[test]
    fn dr_045_fires_on_an_unknown_format_and_not_on_a_known_one() {
        assert!(fires("DR-045", &registry("log: {format: xml}")));
        assert!(!fires("DR-045", &registry("log: {format: logstash}")));
    }

    #[test]
    fn dr_046_fires_on_json_beside_an_access_log_and_not_without_one() {
        assert!(fires("DR-046", &registry("{}")));
        assert!(!fires_here("DR-046", &registry("{}")));
        assert!(!fires("DR-046", &registry("log: {accesslog: {disabled: true}}")));
        assert!(!fires("DR-046", &registry("log: {format: text}")));
    }
}
