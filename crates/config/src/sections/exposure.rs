use indexmap::IndexMap;

use crate::section::section;
use crate::value::{Cidr, KubernetesLabel, KubernetesSubdomain, Written};

section! {
    /// How clients outside the cluster reach the registry; without any of it, none do.
    pub struct Exposure {
        /// Through an Ingress.
        extension ingress: Option<IngressExposure>;
        /// Through a Gateway.
        extension gateway: Option<GatewayExposure>;
        /// Through a Service of type LoadBalancer.
        extension load_balancer as "loadBalancer": Option<LoadBalancerExposure>;
        /// Through a port of every node.
        extension node_port as "nodePort": Option<NodePortExposure>;
        /// The addresses that may reach it; all without it.
        extension source_ranges as "sourceRanges": Vec<Written<Cidr>>;
    }
}

section! {
    /// An Ingress.
    pub struct IngressExposure {
        /// The host name.
        extension host: String;
        /// The path; `/` without it.
        extension path: Option<String>;
        /// The IngressClass.
        extension class_name as "className": Option<String>;
        /// The controller behind the class, for the annotations it needs: `nginx`, `traefik`, `haproxy`.
        extension controller: Option<String>;
        /// TLS at the Ingress.
        extension tls: Option<ExposureTls>;
        /// Annotations of the Ingress.
        extension annotations: IndexMap<String, String>;
    }
}

section! {
    /// TLS where the traffic enters the cluster.
    pub struct ExposureTls {
        /// The Secret of type kubernetes.io/tls.
        extension secret_name as "secretName": Written<KubernetesSubdomain>;
        /// The Issuer of cert-manager that fills the Secret.
        extension issuer: Option<String>;
        /// The ClusterIssuer of cert-manager that fills the Secret.
        extension cluster_issuer as "clusterIssuer": Option<String>;
    }
}

section! {
    /// A route on a Gateway.
    pub struct GatewayExposure {
        /// The Gateway.
        extension name: Written<KubernetesSubdomain>;
        /// The namespace of the Gateway; the registry's without it.
        extension namespace: Option<Written<KubernetesLabel>>;
        /// The listener of the Gateway.
        extension section_name as "sectionName": Option<String>;
        /// The host name.
        extension host: String;
        /// Whether the listener ends TLS.
        extension tls: bool = true;
    }
}

section! {
    /// A Service of type LoadBalancer.
    pub struct LoadBalancerExposure {
        /// The address to ask for.
        extension ip: Option<String>;
        /// The port.
        extension port: Option<i64>, range 1 to 65535, code "K-025";
        /// The class of load balancer.
        extension class as "loadBalancerClass": Option<String>;
        /// Annotations of the Service.
        extension annotations: IndexMap<String, String>;
    }
}

section! {
    /// A Service of type NodePort.
    pub struct NodePortExposure {
        /// The port of the nodes; Kubernetes chooses without it.
        extension port: Option<i64>, range 30000 to 32767, code "K-025";
    }
}
