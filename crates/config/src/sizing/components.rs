use crate::Spec;
use crate::sections::{
    ArtifactoryRegistry, ComponentResources, DockerRegistry, HarborComponent, HarborRegistry, NexusRegistry,
    Resources,
};
use crate::value::{Quantity, Written};

/// One component of a registry: how often it runs and what each replica asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    /// Its name.
    pub name: &'static str,
    /// How often it runs.
    pub replicas: u64,
    /// What is kept for one replica.
    pub requests: Amounts,
    /// What one replica may use.
    pub limits: Amounts,
}

/// Cpu and memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Amounts {
    /// Cpu in thousandths of a core.
    pub millicores: u128,
    /// Memory in bytes.
    pub bytes: u128,
}

/// What all components ask for together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sums {
    /// What is kept for them.
    pub requests: Amounts,
    /// What they may use.
    pub limits: Amounts,
}

/// The least memory limit with which Trivy's adapter doesn't die on larger images.
const TRIVY_LIMIT_BYTES: u128 = 1 << 30;

/// The components that a registry consists of; none of what is no registry. A component without
/// resources of its own has those of the registry. An amount that can't be parsed counts as 0.
pub fn components(spec: &Spec) -> Vec<Component> {
    match spec {
        Spec::DockerRegistry(spec) => docker(spec),
        Spec::HarborRegistry(spec) => harbor(spec),
        Spec::NexusRegistry(spec) => nexus(spec),
        Spec::ArtifactoryRegistry(spec) => artifactory(spec),
        _ => Vec::new(),
    }
}

impl Sums {
    /// The sums over components, replicas and all.
    pub fn of(components: &[Component]) -> Self {
        let mut sums = Self::default();
        for component in components {
            sums.requests = sums.requests.plus(component.requests.times(component.replicas));
            sums.limits = sums.limits.plus(component.limits.times(component.replicas));
        }
        sums
    }
}

impl Amounts {
    fn of(cpu: &Written<Quantity>, memory: &Written<Quantity>) -> Self {
        Self {
            millicores: cpu.value().map_or(0, |quantity| quantity.millicores()),
            bytes: memory.value().map_or(0, |quantity| quantity.bytes()),
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            millicores: self.millicores.saturating_add(other.millicores),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    const fn times(self, replicas: u64) -> Self {
        Self {
            millicores: self.millicores.saturating_mul(replicas as u128),
            bytes: self.bytes.saturating_mul(replicas as u128),
        }
    }
}

fn component(name: &'static str, replicas: i64, resources: &Resources) -> Component {
    let Resources { limits, requests } = resources;
    Component {
        name,
        replicas: u64::try_from(replicas).unwrap_or(0),
        requests: Amounts::of(&requests.cpu, &requests.memory),
        limits: Amounts::of(&limits.cpu, &limits.memory),
    }
}

impl Component {
    /// The same with what a component's own resources say in place of the registry's.
    fn with(mut self, own: Option<&ComponentResources>) -> Self {
        let Some(own) = own else {
            return self;
        };
        let put = |slot: &mut u128, own: Option<&Written<Quantity>>, of: fn(Quantity) -> u128| {
            if let Some(quantity) = own.and_then(Written::value) {
                *slot = of(*quantity);
            }
        };
        put(
            &mut self.requests.millicores,
            own.requests.cpu.as_ref(),
            Quantity::millicores,
        );
        put(
            &mut self.requests.bytes,
            own.requests.memory.as_ref(),
            Quantity::bytes,
        );
        put(
            &mut self.limits.millicores,
            own.limits.cpu.as_ref(),
            Quantity::millicores,
        );
        put(
            &mut self.limits.bytes,
            own.limits.memory.as_ref(),
            Quantity::bytes,
        );
        self
    }
}

/// With autoscaling, the sums are those of the most replicas.
fn replicas(fixed: i64, workload: &crate::sections::Workload<'_>) -> i64 {
    match workload.autoscaling {
        Some(autoscaling) if autoscaling.enabled => autoscaling.max_replicas,
        _ => fixed,
    }
}

fn docker(spec: &DockerRegistry) -> Vec<Component> {
    vec![component(
        "registry",
        replicas(spec.replicas, &spec.workload()),
        &spec.resources,
    )]
}

fn nexus(spec: &NexusRegistry) -> Vec<Component> {
    let replicas = replicas(spec.replicas, &spec.workload());
    let mut all = vec![component("nexus", replicas, &spec.resources)];
    if let Some(database) = spec.database.as_ref().filter(|database| database.managed) {
        all.push(component("database", 1, &spec.resources).with(database.resources.as_ref()));
    }
    all
}

fn artifactory(spec: &ArtifactoryRegistry) -> Vec<Component> {
    let replicas = replicas(spec.replicas, &spec.workload());
    let mut all = vec![component("artifactory", replicas, &spec.resources)];
    if let Some(nginx) = spec.nginx.as_ref().filter(|nginx| nginx.enabled) {
        let count = nginx.replicas.unwrap_or(1);
        all.push(component("nginx", count, &spec.resources).with(nginx.resources.as_ref()));
    }
    if spec.database.managed {
        all.push(component("database", 1, &spec.resources).with(spec.database.resources.as_ref()));
    }
    all
}

fn harbor(spec: &HarborRegistry) -> Vec<Component> {
    let own = spec.components.clone().unwrap_or_default();
    let part = |name, count, own: Option<&HarborComponent>| {
        let count = own.and_then(|own| own.replicas).unwrap_or(count);
        component(name, count, &spec.resources).with(own.and_then(|own| own.resources.as_ref()))
    };
    let jobservice = own.jobservice.as_ref().and_then(|own| own.resources.as_ref());
    let mut all = vec![
        part(
            "core",
            replicas(spec.core_replicas, &spec.workload()),
            own.core.as_ref(),
        ),
        part("portal", 1, own.portal.as_ref()),
        component("jobservice", spec.jobservice_replicas, &spec.resources).with(jobservice),
        part("registry", spec.registry_replicas, own.registry.as_ref()),
        part("registryctl", spec.registry_replicas, own.registryctl.as_ref()),
    ];
    if spec.trivy.enabled {
        let mut trivy = component("trivy", spec.trivy.replicas.unwrap_or(1), &spec.resources);
        trivy.limits.bytes = trivy.limits.bytes.max(TRIVY_LIMIT_BYTES);
        all.push(trivy.with(spec.trivy.resources.as_ref()));
    }
    if spec.metrics.as_ref().is_some_and(|metrics| metrics.enabled) {
        all.push(part("exporter", 1, own.exporter.as_ref()));
    }
    if spec.database.managed {
        all.push(part("database", 1, own.database.as_ref()));
    }
    if spec.redis.managed {
        all.push(part("redis", 1, own.redis.as_ref()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_count_every_replica() {
        let spec = DockerRegistry {
            replicas: 3,
            ..DockerRegistry::default()
        };
        let sums = Sums::of(&components(&Spec::DockerRegistry(Box::new(spec))));
        assert_eq!(
            sums.requests,
            Amounts {
                millicores: 300,
                bytes: 3 * (256 << 20)
            }
        );
        assert_eq!(
            sums.limits,
            Amounts {
                millicores: 3000,
                bytes: 3 * (512 << 20)
            }
        );
    }

    #[test]
    fn harbor_has_six_components_and_trivy_a_limit_of_a_gibibyte() {
        let spec = HarborRegistry::default();
        let all = components(&Spec::HarborRegistry(Box::new(spec)));
        let names: Vec<_> = all.iter().map(|component| component.name).collect();
        assert_eq!(
            names,
            ["core", "portal", "jobservice", "registry", "registryctl", "trivy"]
        );
        assert_eq!(Sums::of(&all).requests.millicores, 6 * 500);
        assert_eq!(all[5].limits.bytes, 1 << 30);
    }

    #[test]
    fn a_component_s_own_resources_go_before_the_registry_s() {
        let mut spec = HarborRegistry::default();
        let resources = ComponentResources {
            requests: crate::sections::ComponentAmounts {
                cpu: Some("2".into()),
                ..Default::default()
            },
            ..Default::default()
        };
        spec.components = Some(crate::sections::HarborComponents {
            core: Some(HarborComponent {
                resources: Some(resources),
                ..Default::default()
            }),
            ..Default::default()
        });
        let all = components(&Spec::HarborRegistry(Box::new(spec)));
        assert_eq!(
            all[0].requests,
            Amounts {
                millicores: 2000,
                bytes: 512 << 20
            }
        );
    }
}
