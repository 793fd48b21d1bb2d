use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use berth_config::document::Documents;
use berth_config::serve::{self, ServeOptions, ServePlan};
use berth_finding::{Finding, Report, Rule};
use berth_plan::diagnose::codes;
use serde_json::Value as Json;

use crate::exit::Refusal;

/// How long `berth serve` may take to answer on its own machine.
const PATIENCE: Duration = Duration::from_secs(5);
/// A volume is nearly full from here, in percent.
const NEARLY_FULL: u64 = 85;

/// What is wrong with a running `berth serve` of these documents: listening, answering, its folder.
pub(crate) fn local(documents: &Documents) -> anyhow::Result<Vec<Finding>> {
    let options = ServeOptions {
        // What was allowed at its start isn't to be judged again.
        allow_anonymous: true,
        ignore_unenforced: true,
        ..ServeOptions::default()
    };
    let (plan, refusals) = serve::plan(documents, &options);
    let Some(plan) = plan else {
        let report = Report::new(refusals);
        return Err(Refusal::Invalid(format!(
            "these documents can't be served, so no `berth serve` runs them: {}",
            berth_finding::to_text(&report, false)
        ))
        .into());
    };
    let mut findings = Vec::new();
    answers(&plan, &mut findings);
    folder(&plan.root, &mut findings)?;
    Ok(findings)
}

fn told(rule: Rule, message: String, help: impl Into<String>) -> Finding {
    Finding::new(rule.code, rule.level, message).help(help)
}

fn answers(plan: &ServePlan, findings: &mut Vec<Finding>) {
    let address = plan.listen.authority();
    let stream = match connect(&address) {
        Ok(stream) => stream,
        Err(error) => {
            findings.push(told(
                codes::DG_010,
                format!("nothing answers at {address}: {error}"),
                "start it: `berth serve`; if it runs, compare the address that it printed with `http.addr`",
            ));
            return;
        }
    };
    // What speaks TLS is asked by a client that checks its certificate.
    if plan.tls.is_some() {
        return;
    }
    match health(stream, &address) {
        Ok((200, answer)) => notes(&answer, findings),
        Ok((503, answer)) => findings.push(told(
            codes::DG_023,
            format!(
                "`berth serve` at {address} is {}",
                answer["status"].as_str().unwrap_or("not well")
            ),
            "its log says why; once the cause is gone, start it again: it rebuilds its index",
        )),
        Ok((status, _)) => findings.push(told(
            codes::DG_010,
            format!("what answers at {address} is no `berth serve`: /healthz is answered with {status}"),
            "another program has taken the address: `ss -ltnp` names it",
        )),
        Err(error) => findings.push(told(
            codes::DG_010,
            format!("what listens at {address} doesn't answer: {error}"),
            "its log says what it does; another program may have taken the address: `ss -ltnp` names it",
        )),
    }
}

/// What it says of itself that users should know.
fn notes(answer: &Json, findings: &mut Vec<Finding>) {
    for note in answer["notes"].as_array().into_iter().flatten() {
        let mut finding = told(
            codes::DG_023,
            format!("`berth serve` says: {}", note.as_str().unwrap_or_default()),
            "start it without --ignore-unenforced once it can enforce this, or drop the policy",
        );
        finding.level = berth_finding::Level::Warning;
        findings.push(finding);
    }
}

fn connect(address: &str) -> std::io::Result<TcpStream> {
    let mut last = std::io::Error::new(std::io::ErrorKind::NotFound, "the name has no address");
    let host = if address.starts_with(':') {
        format!("127.0.0.1{address}")
    } else {
        address.to_owned()
    };
    for address in host.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// `GET /healthz`: the status and the body.
fn health(mut stream: TcpStream, host: &str) -> anyhow::Result<(u16, Json)> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line
        .strip_prefix("HTTP/")
        .and_then(|line| line.split(' ').nth(1)?.trim().parse().ok());
    let status = status.context("it doesn't speak HTTP")?;
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line)?;
    }
    Ok((status, serde_json::from_reader(reader).unwrap_or_default()))
}

/// Whether the folder is there, can be written, and has room.
fn folder(root: &Path, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let shown = root.display();
    let Ok(metadata) = fs::metadata(root) else {
        findings.push(told(
            codes::DG_018,
            format!("the data's folder {shown} isn't there"),
            "`berth serve` makes it; if it is a mount, mount it first",
        ));
        return Ok(());
    };
    if !metadata.is_dir() || rustix::fs::access(root, rustix::fs::Access::WRITE_OK).is_err() {
        findings.push(told(
            codes::DG_020,
            format!("the data's folder {shown} can't be written"),
            "give it to the user that `berth serve` runs as, or mount it writable",
        ));
    }
    let stats = rustix::fs::statvfs(root).with_context(|| format!("asking how full {shown} is"))?;
    let used = stats.f_blocks.saturating_sub(stats.f_bfree);
    let usable = used + stats.f_bavail;
    let percent = (used * 100).checked_div(usable).unwrap_or(0);
    if percent >= NEARLY_FULL {
        let free = (stats.f_bavail * stats.f_frsize) >> 20;
        findings.push(told(
            codes::DG_019,
            format!("the file system of {shown} is {percent} % full: {free} MiB are free"),
            "make room, or delete images and collect the garbage",
        ));
    }
    Ok(())
}
