use berth_finding::{Finding, Location};

use super::{Document, codes};
use crate::Spec;
use crate::sections::Cost;

/// What `mkCostAllocation` gives: who pays for a registry.
#[derive(Debug)]
pub(crate) struct CostAllocation {
    pub(crate) file: String,
    pub(crate) attribute: String,
    pub(crate) cost: Cost,
}

/// Writes each allocation into the registry that it names.
pub(crate) fn allot(costs: Vec<CostAllocation>, documents: &mut [Document]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for CostAllocation {
        file,
        attribute,
        cost,
    } in costs
    {
        let wanted = cost.registry_name.clone().unwrap_or_default();
        let registry = documents.iter_mut().find(|document| {
            document.kind().is_registry() && (document.base_name == wanted || document.name == wanted)
        });
        match registry.and_then(|document| slot(&mut document.spec)) {
            Some(slot) => *slot = Some(cost),
            None => findings.push(
                Finding::new(
                    codes::code("DOC-016"),
                    codes::level("DOC-016"),
                    format!("there is no registry `{wanted}` to allot costs to"),
                )
                .help("`registryName` is the name of a registry of this installation")
                .at(Location::attribute(file, format!("{attribute}.registryName"))),
            ),
        }
    }
    findings
}

fn slot(spec: &mut Spec) -> Option<&mut Option<Cost>> {
    match spec {
        Spec::DockerRegistry(spec) => Some(&mut spec.cost),
        Spec::HarborRegistry(spec) => Some(&mut spec.cost),
        Spec::NexusRegistry(spec) => Some(&mut spec.cost),
        Spec::ArtifactoryRegistry(spec) => Some(&mut spec.cost),
        _ => None,
    }
}
