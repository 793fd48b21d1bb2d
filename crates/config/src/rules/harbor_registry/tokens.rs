//! How long tokens live, and in which unit.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::HarborRegistry;

pub(super) const HB_029: Rule = Rule::error(
    "HB-029",
    "tokenExpiration is days here and minutes in Harbor, and may be too long",
    "\
Harbor's `token_expiration` is minutes (30 by default); `core.tokenExpiration` is days, and is multiplied by 1440. A token
can't be taken back: whoever holds one keeps its rights until it expires, whatever happens to the account. More than a day is
a warning; more than 30 days, or less than one, is an error.

    core: {tokenExpiration: 1}
",
);

pub(super) const HB_030: Rule = Rule::warning(
    "HB-030",
    "not applied: Harbor has no setting for jobServiceTokenExpiration",
    "\
Jobservice signs its requests with a shared secret that doesn't expire. The nearest setting is how many days a robot's secret
lives, `core.robotTokenDuration`, which is not taken from this field as it would change other things than were asked.

    core: {robotTokenDuration: 30}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_029_unit(harbor, out);
    hb_030_jobservice(out);
}

fn hb_029_unit(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let days = harbor.core.token_expiration;
    let level = match days {
        // Less is out of range, and reported as that.
        ..1 => return,
        1 => Level::Info,
        2..=30 => Level::Warning,
        31.. => Level::Error,
    };
    let message = format!(
        "`core.tokenExpiration`: {days} days become {} minutes, the unit of Harbor",
        days.saturating_mul(24 * 60)
    );
    out.at("core.tokenExpiration", HB_029, message)
        .level(level)
        .help("a token can't be taken back: 1 is enough for most");
}

fn hb_030_jobservice(out: &mut Out<'_, '_>) {
    if out.is_set("core.jobServiceTokenExpiration") {
        out.at(
            "core.jobServiceTokenExpiration",
            HB_030,
            "not applied: Harbor has no such setting",
        )
        .level(Level::Warning)
        .help("for robot accounts there is `core.robotTokenDuration`, in days");
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::harbor_registry::trial::{fires, level_of, silent};

    #[test]
    fn hb_029_fires_with_the_weight_of_the_days() {
        for (days, level) in [
            (0, Level::Error),
            (1, Level::Info),
            (30, Level::Warning),
            (31, Level::Error),
        ] {
            assert_eq!(
                level_of("HB-029", &format!("core: {{tokenExpiration: {days}}}")),
                Some(level),
                "{days}"
            );
        }
        assert_eq!(level_of("HB-029", "{}"), Some(Level::Warning));
    }

    #[test]
    fn hb_030_fires_when_it_is_set_and_not_otherwise() {
        fires("HB-030", &["core: {jobServiceTokenExpiration: 7}"]);
        silent("HB-030", &["{}", "core: {jobServiceTokenExpiration: 30}"]);
    }
}
