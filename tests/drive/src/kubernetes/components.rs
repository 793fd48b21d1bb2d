//! The command lines of a control plane's parts, each in a folder and on ports of its own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Version;
use crate::needed::needed;
use crate::programs::program;

/// Who holds this token may do everything: the cluster is on loopback and lives as long as a test.
pub(crate) const TOKEN: &str = "a-cluster-of-a-test";
/// What Services get their addresses from.
pub(crate) const SERVICES: &str = "10.0.0.0/24";
/// What fake pods get their addresses from.
const FAKE_PODS: &str = "10.200.0.0/16";

/// The programs of a control plane.
#[derive(Debug)]
pub(crate) struct Programs {
    etcd: PathBuf,
    apiserver: PathBuf,
    controllers: PathBuf,
    scheduler: PathBuf,
    kwok: Option<PathBuf>,
    /// The client that reads every version's answers.
    pub(crate) kubectl: PathBuf,
}

impl Programs {
    /// All of them, or none, and then the test was said to be skipped.
    pub(crate) fn find(version: Version, kwok: bool) -> Option<Self> {
        let recipe = version.recipe();
        Some(Self {
            etcd: needed("etcd")?,
            apiserver: program(&recipe, "kube-apiserver")?,
            controllers: program(&recipe, "kube-controller-manager")?,
            scheduler: program(&recipe, "kube-scheduler")?,
            kwok: if kwok {
                Some(program("kwok", "kwok")?)
            } else {
                None
            },
            kubectl: program(&Version::V1_31.recipe(), "kubectl")?,
        })
    }
}

/// Where each part listens: ports that were free a moment ago.
#[derive(Debug)]
pub(crate) struct Ports {
    etcd: SocketAddr,
    peers: SocketAddr,
    pub(crate) apiserver: SocketAddr,
    controllers: SocketAddr,
    scheduler: SocketAddr,
    kwok: SocketAddr,
}

impl Ports {
    /// The API server listens on this address of the machine, all others on loopback.
    pub(crate) fn find(host: Ipv4Addr) -> Result<Self> {
        let [etcd, peers, apiserver, controllers, scheduler, kwok] = free_addresses()?;
        Ok(Self {
            etcd,
            peers,
            apiserver: SocketAddr::from((host, apiserver.port())),
            controllers,
            scheduler,
            kwok,
        })
    }
}

/// Addresses on loopback that differ from each other and that nobody listened on a moment ago.
pub(crate) fn free_addresses<const N: usize>() -> Result<[SocketAddr; N]> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port");
    let listeners = (0..N).map(|_| bind()).collect::<Result<Vec<_>>>()?;
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for (address, listener) in addresses.iter_mut().zip(&listeners) {
        *address = listener.local_addr()?;
    }
    Ok(addresses)
}

/// A control plane's parts, told where they live.
#[derive(Debug)]
pub(crate) struct Components<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) programs: &'a Programs,
    pub(crate) ports: &'a Ports,
}

impl Components<'_> {
    /// Writes what the parts read at start: who may come in, and the key that service accounts' tokens are signed with.
    pub(crate) fn write_files(&self) -> Result<()> {
        fs::write(
            self.folder.join("tokens.csv"),
            format!("{TOKEN},admin,1,\"system:masters\"\n"),
        )?;
        let (private, public) = key_pair()?;
        fs::write(self.folder.join("accounts.pem"), private)?;
        fs::write(self.folder.join("accounts.pub"), public)?;
        Ok(())
    }

    pub(crate) fn etcd(&self) -> Command {
        let mut command = Command::new(&self.programs.etcd);
        let (clients, peers) = (self.ports.etcd, self.ports.peers);
        command
            .arg(format!("--data-dir={}", self.folder.join("etcd").display()))
            .arg(format!("--listen-client-urls=http://{clients}"))
            .arg(format!("--advertise-client-urls=http://{clients}"))
            .arg(format!("--listen-peer-urls=http://{peers}"))
            .arg(format!("--initial-advertise-peer-urls=http://{peers}"))
            .arg(format!("--initial-cluster=default=http://{peers}"));
        command
    }

    pub(crate) fn apiserver(&self) -> Command {
        let mut command = Command::new(&self.programs.apiserver);
        command
            .arg(format!("--etcd-servers=http://{}", self.ports.etcd))
            .arg(format!("--bind-address={}", self.ports.apiserver.ip()))
            .arg(format!("--advertise-address={}", self.ports.apiserver.ip()))
            .arg(format!("--secure-port={}", self.ports.apiserver.port()))
            .arg(format!("--cert-dir={}", self.path("certificates")))
            .arg(format!(
                "--service-account-key-file={}",
                self.path("accounts.pub")
            ))
            .arg(format!(
                "--service-account-signing-key-file={}",
                self.path("accounts.pem")
            ))
            .arg("--service-account-issuer=https://kubernetes.default.svc")
            .arg(format!("--token-auth-file={}", self.path("tokens.csv")))
            .arg("--authorization-mode=RBAC")
            .arg(format!("--service-cluster-ip-range={SERVICES}"))
            .arg("--kubelet-preferred-address-types=InternalIP")
            .arg("--allow-privileged=true");
        if self.ports.apiserver.ip().is_loopback() {
            // No reconciler takes such an address for one that pods could reach.
            command.arg("--endpoint-reconciler-type=none");
        }
        command
    }

    pub(crate) fn controllers(&self) -> Command {
        let mut command = Command::new(&self.programs.controllers);
        self.kubeconfigs(&mut command, self.ports.controllers);
        command
            .arg(format!(
                "--service-account-private-key-file={}",
                self.path("accounts.pem")
            ))
            .arg(format!("--root-ca-file={}", self.authority().display()))
            .arg("--use-service-account-credentials")
            // Claims that no provisioner makes volumes for wait for this period.
            .arg("--pvclaimbinder-sync-period=1s");
        command
    }

    pub(crate) fn scheduler(&self) -> Command {
        let mut command = Command::new(&self.programs.scheduler);
        self.kubeconfigs(&mut command, self.ports.scheduler);
        command
    }

    /// What makes the pods of fake nodes ready, if it was asked for.
    pub(crate) fn kwok(&self) -> Option<Command> {
        let mut command = Command::new(self.programs.kwok.as_ref()?);
        command
            .arg("--manage-all-nodes")
            .arg(format!("--kubeconfig={}", self.kubeconfig().display()))
            // Without leases it says too seldom that its nodes live, and their pods are taken for dead.
            .arg("--node-lease-duration-seconds=40")
            .arg(format!("--cidr={FAKE_PODS}"))
            .arg(format!("--server-address={}", self.ports.kwok))
            .env("HOME", self.folder);
        Some(command)
    }

    /// Writes the kubeconfig of who may do everything, once the API server has made its certificate.
    pub(crate) fn write_kubeconfig(&self) -> Result<()> {
        let authority = fs::read(self.authority()).context("reading the API server's certificate")?;
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: admin\n\
             clusters:\n- name: test\n  cluster:\n    server: https://{}\n    certificate-authority-data: {}\n\
             users:\n- name: admin\n  user: {{token: {TOKEN}}}\n\
             contexts:\n- name: admin\n  context: {{cluster: test, user: admin, namespace: default}}\n",
            self.ports.apiserver,
            BASE64_STANDARD.encode(authority),
        );
        fs::write(self.kubeconfig(), text)?;
        Ok(())
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kubeconfig")
    }

    /// The API server makes a certificate for itself, and its authority's follows in the same file.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.join("certificates/apiserver.crt")
    }

    fn kubeconfigs(&self, command: &mut Command, address: SocketAddr) {
        for flag in [
            "kubeconfig",
            "authentication-kubeconfig",
            "authorization-kubeconfig",
        ] {
            command.arg(format!("--{flag}={}", self.kubeconfig().display()));
        }
        command
            .arg("--bind-address=127.0.0.1")
            .arg(format!("--secure-port={}", address.port()))
            .arg("--leader-elect=false");
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A new key of an elliptic curve and its public half, each as PEM.
fn key_pair() -> Result<(String, String)> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).context("making a key")?;
    let private = key.to_pkcs8v1().context("encoding a key")?;
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().context("encoding a key")?;
    Ok((
        pem("PRIVATE KEY", private.as_ref()),
        pem("PUBLIC KEY", public.as_ref()),
    ))
}

fn pem(what: &str, bytes: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(bytes);
    format!("-----BEGIN {what}-----\n{text}\n-----END {what}-----\n")
}
