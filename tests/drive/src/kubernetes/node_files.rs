//! What the parts of a real node read at start.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::Result;
use serde_json::json;

use super::components::free_addresses;

/// The node's name in the cluster.
pub(crate) const NAME: &str = "node";
/// The bridge that pods hang on.
pub(crate) const BRIDGE: &str = "berth0";
/// The bridge's own address: the node's, the API server's and the name server's.
pub(crate) const HOST: Ipv4Addr = Ipv4Addr::new(10, 244, 0, 1);
/// What pods get their addresses from.
const PODS: &str = "10.244.0.0/24";
/// The image of the process that holds a pod's namespaces.
pub(crate) const SANDBOX: &str = "berth.test/pause:1";

/// Ports that were free a moment ago.
#[derive(Debug)]
pub(crate) struct Ports {
    kubelet: SocketAddr,
    kubelet_health: SocketAddr,
    proxy_health: SocketAddr,
    proxy_metrics: SocketAddr,
}

impl Ports {
    pub(crate) fn find() -> Result<Self> {
        let [kubelet, kubelet_health, proxy_health, proxy_metrics] = free_addresses()?;
        Ok(Self {
            kubelet,
            kubelet_health,
            proxy_health,
            proxy_metrics,
        })
    }
}

/// Writes all of them into the node's folder.
pub(crate) fn write(folder: &Path, ports: &Ports) -> Result<()> {
    for name in ["cni", "hosts", "containerd"] {
        fs::create_dir_all(folder.join(name))?;
    }
    fs::write(folder.join("containerd.toml"), containerd(folder))?;
    fs::write(folder.join("cni/10-berth.conflist"), network(folder))?;
    fs::write(folder.join("kubelet.yaml"), kubelet(folder, ports))?;
    fs::write(folder.join("kube-proxy.yaml"), proxy(folder, ports))?;
    fs::write(folder.join("Corefile"), names(folder))?;
    // Pods ask the cluster's name server alone.
    fs::write(folder.join("resolv.conf"), format!("nameserver {HOST}\n"))?;
    Ok(())
}

fn containerd(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "version = 2\n\
         root = \"{folder}/containerd/root\"\n\
         state = \"{folder}/containerd/state\"\n\
         oom_score = 0\n\
         [grpc]\n  address = \"{folder}/containerd.sock\"\n\
         [plugins.\"io.containerd.grpc.v1.cri\"]\n  \
           sandbox_image = \"{SANDBOX}\"\n  \
           # Without it runc dies on machines whose root lacks CAP_SYS_RESOURCE.\n  \
           restrict_oom_score_adj = true\n\
         [plugins.\"io.containerd.grpc.v1.cri\".cni]\n  \
           bin_dir = \"/usr/lib/cni\"\n  \
           conf_dir = \"{folder}/cni\"\n\
         [plugins.\"io.containerd.grpc.v1.cri\".registry]\n  \
           config_path = \"{folder}/hosts\"\n\
         [plugins.\"io.containerd.internal.v1.opt\"]\n  \
           path = \"{folder}/containerd/opt\"\n"
    )
}

fn network(folder: &Path) -> String {
    let bridge = json!({
        "type": "bridge",
        "bridge": BRIDGE,
        "isGateway": true,
        "hairpinMode": true,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": PODS}]],
            "routes": [{"dst": "0.0.0.0/0"}],
            "dataDir": folder.join("addresses"),
        },
    });
    let ports = json!({"type": "portmap", "capabilities": {"portMappings": true}});
    json!({"cniVersion": "0.4.0", "name": "berth", "plugins": [bridge, ports]}).to_string()
}

fn kubelet(folder: &Path, ports: &Ports) -> String {
    json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": HOST,
        "port": ports.kubelet.port(),
        "readOnlyPort": 0,
        "healthzBindAddress": "127.0.0.1",
        "healthzPort": ports.kubelet_health.port(),
        "authentication": {"anonymous": {"enabled": true}, "webhook": {"enabled": false}},
        "authorization": {"mode": "AlwaysAllow"},
        "containerRuntimeEndpoint": format!("unix://{}", folder.join("containerd.sock").display()),
        "cgroupDriver": "cgroupfs",
        "cgroupsPerQOS": true,
        "enforceNodeAllocatable": [],
        "failSwapOn": false,
        "oomScoreAdj": 0,
        "makeIPTablesUtilChains": false,
        "evictionHard": {
            "memory.available": "1Mi",
            "nodefs.available": "0.1%",
            "nodefs.inodesFree": "0.1%",
            "imagefs.available": "0.1%",
        },
        "imageGCHighThresholdPercent": 100,
        "clusterDNS": [HOST],
        "clusterDomain": "cluster.local",
        "resolvConf": folder.join("resolv.conf"),
        "podLogsDir": folder.join("pods"),
        "volumePluginDir": folder.join("volume-plugins"),
        "registryPullQPS": 0,
        "eventRecordQPS": 0,
    })
    .to_string()
}

fn proxy(folder: &Path, ports: &Ports) -> String {
    json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": folder.join("kubeconfig")},
        "clusterCIDR": PODS,
        "hostnameOverride": NAME,
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
        "healthzBindAddress": ports.proxy_health,
        "metricsBindAddress": ports.proxy_metrics,
        "nodePortAddresses": [PODS],
        "oomScoreAdj": 0,
    })
    .to_string()
}

fn names(folder: &Path) -> String {
    let kubeconfig = folder.join("kubeconfig");
    format!(
        ".:53 {{\n    bind {HOST}\n    errors\n    kubernetes cluster.local in-addr.arpa {{\n        \
         kubeconfig {} admin\n    }}\n}}\n",
        kubeconfig.display()
    )
}
