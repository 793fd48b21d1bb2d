//! What the control planes promise to the other tests.

use std::time::Duration;

use berth_drive::kubernetes::{ControlPlane, Version};

/// A `Deployment` and a `StatefulSet` with a claim.
const WORKLOADS: &str = r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example.test/web:1}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: store, image: example.test/store:1}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
";

#[test]
fn a_plane_with_kwok_makes_a_deployment_ready() {
    for version in Version::asked() {
        let Some(plane) = ControlPlane::shared(version) else {
            continue;
        };
        let kubectl = plane.kubectl();
        let told = kubectl.json(["version"]).unwrap();
        assert_eq!(told["serverVersion"]["gitVersion"], format!("v{version}"));
        let namespace = plane.namespace("workloads").unwrap();
        plane.volumes(1).unwrap();
        kubectl.apply_in(&namespace, WORKLOADS).unwrap();
        for workload in ["deployment/web", "statefulset/store"] {
            plane
                .rollout(&namespace, workload, Duration::from_secs(120))
                .unwrap();
        }
    }
}

#[test]
fn an_api_server_that_was_killed_comes_back_with_what_it_acknowledged() {
    let Some(mut plane) = ControlPlane::start(Version::V1_31) else {
        return;
    };
    let namespace = plane.namespace("kept").unwrap();
    plane.kill_apiserver().unwrap();
    assert!(plane.kubectl().run(["get", "namespace", &namespace]).is_err());
    plane.start_apiserver().unwrap();
    plane.kubectl().run(["get", "namespace", &namespace]).unwrap();
}
