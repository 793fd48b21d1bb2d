use super::settled::{Settled, Tool};
use crate::render::{Rendering, codes};

/// Tells which fields there is no use for.
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if settled.spec.schedule.is_none() && settled.document.is_set("timeZone") {
        rendering
            .tell(
                settled.document,
                "timeZone",
                codes::RN_005,
                "without a schedule there is no time",
            )
            .help("set `schedule`, or leave it out");
    }
    of_the_tool(settled, rendering);
}

fn of_the_tool(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if settled.tool == Tool::Buildkit {
        return;
    }
    let name = settled.tool.name();
    let mut fields = vec!["output.provenance", "output.sbom", "cache.mode"];
    if settled.tool == Tool::Kaniko {
        fields.push("secrets");
    }
    for path in fields {
        if settled.document.is_set(path) {
            let message = format!("{name} has no such thing");
            rendering
                .tell(settled.document, path, codes::RN_005, message)
                .help("leave it out, or set `buildSystem: buildkit`");
        }
    }
    if settled.tool == Tool::Kaniko && settled.platforms().len() > 1 {
        let message = format!("kaniko builds for one platform: `{}`", settled.platforms()[0]);
        rendering
            .tell(settled.document, "output.platforms", codes::RN_006, message)
            .help("name one, or set `buildSystem: buildkit`");
    }
    let rootless = settled.spec.builder.as_ref().and_then(|builder| builder.rootless);
    if settled.tool == Tool::Kaniko && rootless == Some(true) {
        let message = "kaniko is root in its container; it has no rights of the node";
        rendering
            .tell(settled.document, "builder.rootless", codes::RN_006, message)
            .help("leave it out, or set `buildSystem: buildkit`");
    }
}
