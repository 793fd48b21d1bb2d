//! The bridge that a real node's pods hang on.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::components::SERVICES;
use super::node_files::{BRIDGE, HOST};

/// Makes the bridge with the node's address, and lets packets of pods through the machine's own tables.
pub(crate) fn open() -> Result<()> {
    if !Command::new("ip")
        .args(["link", "show", BRIDGE])
        .output()?
        .status
        .success()
    {
        ip(&["link", "add", BRIDGE, "type", "bridge"])?;
    }
    ip(&["address", "replace", &format!("{HOST}/24"), "dev", BRIDGE])?;
    ip(&["link", "set", BRIDGE, "up"])?;
    // Until a Service has rules, nobody answers for it: not a gateway of the machine's that takes every connection.
    ip(&["route", "replace", SERVICES, "dev", BRIDGE])?;
    let filter = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    if fs::metadata(filter).is_err() {
        // Built into some kernels, a module of others.
        let _ = Command::new("modprobe").arg("br_netfilter").status();
    }
    for switch in [filter, "/proc/sys/net/ipv4/ip_forward"] {
        fs::write(switch, "1").with_context(|| format!("switching {switch} on"))?;
    }
    Ok(())
}

fn ip(words: &[&str]) -> Result<()> {
    let output = Command::new("ip").args(words).output().context("starting ip")?;
    if !output.status.success() {
        bail!(
            "ip {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
