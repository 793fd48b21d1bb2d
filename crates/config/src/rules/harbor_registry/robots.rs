//! Robot accounts, as this declaration wants them.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::rules::harbor_registry::is_plain_name;
use crate::sections::{HarborRegistry, HarborRobot};

pub(super) const HB_063: Rule = Rule::error(
    "HB-063",
    "a robot account is none that Harbor takes",
    "\
A robot's name is lower-case letters and digits with single `.`, `_` or `-` between them (Harbor puts `robot$` in front).
`duration` is days: -1 for ever, and less than 2147483647; 0 falls back to the installation's own duration (a warning). It
needs at least one permission.

    robots: [{name: ci, duration: 90, permissions: [{project: team-a, actions: [pull, push]}]}]
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    for (index, robot) in harbor.robots.iter().enumerate() {
        let at = format!("robots[{index}]");
        hb_063_name(&harbor.robots[..index], robot, &at, out);
        hb_063_rights(robot, &at, out);
        if robot.duration == Some(0) {
            let message = "0 days are as many as `core.robotTokenDuration` says, and not for ever";
            out.at(&format!("{at}.duration"), HB_063, message)
                .level(Level::Warning)
                .help("write the days, or -1 for ever");
        }
    }
}

fn hb_063_name(before: &[HarborRobot], robot: &HarborRobot, at: &str, out: &mut Out<'_, '_>) {
    if robot.name.starts_with("robot$") {
        out.at(
            &format!("{at}.name"),
            HB_063,
            "Harbor puts `robot$` in front of the name itself",
        )
        .help("leave it out");
    } else if !is_plain_name(&robot.name) {
        out.at(
            &format!("{at}.name"),
            HB_063,
            "Harbor doesn't take the name of the robot",
        )
        .help("lower-case letters and digits, with single `.`, `_` or `-` between them");
    } else if before.iter().any(|other| other.name == robot.name) {
        out.at(
            &format!("{at}.name"),
            HB_063,
            format!("there are two robots `{}`", robot.name),
        )
        .help("keep one of them");
    }
}

fn hb_063_rights(robot: &HarborRobot, at: &str, out: &mut Out<'_, '_>) {
    if robot
        .level
        .as_deref()
        .is_some_and(|level| !["system", "project"].contains(&level))
    {
        out.at(
            &format!("{at}.level"),
            HB_063,
            "the level is none that Harbor knows",
        )
        .help("system or project");
    }
    if robot.permissions.is_empty() {
        out.at(&format!("{at}.permissions"), HB_063, "the robot may do nothing")
            .help("such as [{project: team-a, actions: [pull]}]");
    }
    for (index, permission) in robot.permissions.iter().enumerate() {
        if permission.project.is_empty() || permission.actions.is_empty() {
            let message = "a permission names a project and at least one action";
            out.at(&format!("{at}.permissions[{index}]"), HB_063, message)
                .help("such as {project: team-a, actions: [pull]}");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_063_fires_on_a_robot_that_harbor_refuses_and_not_otherwise() {
        let robot =
            |fields: &str| format!("robots: [{{permissions: [{{project: a, actions: [pull]}}], {fields}}}]");
        fires(
            "HB-063",
            &[
                &robot("name: CI"),
                &robot("name: 'robot$ci'"),
                &robot("name: ci, duration: -2"),
                &robot("name: ci, duration: 0"),
                &robot("name: ci, level: cluster"),
                "robots: [{name: ci}]",
                "robots: [{name: ci, permissions: [{project: a}]}]",
            ],
        );
        silent(
            "HB-063",
            &[
                &robot("name: ci, duration: 90, level: project"),
                &robot("name: ci, duration: -1"),
                "{}",
            ],
        );
    }
}
