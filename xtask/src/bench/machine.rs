//! The machine that numbers were measured on, in one line.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

/// Processor, cores, memory, kernel, file system of the data, and the versions compared.
pub(crate) fn line(berth: &Path, peers: &[&Path], data: &Path) -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let data = data.display().to_string();
    let filesystem = said("df", &["--output=fstype", &data]);
    let mut parts = vec![
        field("/proc/cpuinfo", "model name"),
        format!("{cores} cores"),
        format!("{} GB of memory", memory()),
        said("uname", &["-sr"]),
        format!("data on {filesystem}"),
        said(&berth.display().to_string(), &["--version"]),
    ];
    for peer in peers {
        parts.push(said(&peer.display().to_string(), &["--version"]));
    }
    format!("Measured on: {}.", parts.join(", "))
}

fn memory() -> u64 {
    let kib = field("/proc/meminfo", "MemTotal");
    kib.split(' ')
        .next()
        .and_then(|number| number.parse::<u64>().ok())
        .map_or(0, |kib| kib / 1_000_000)
}

fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text
        .lines()
        .find(|line| line.starts_with(name))
        .and_then(|line| line.split_once(':'));
    line.map_or_else(|| format!("unknown {name}"), |(_, value)| value.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    text.lines().last().unwrap_or("unknown").trim().to_owned()
}
