//! Two programs that do the least a registry must, for the bench to hold registries against.
//!
//! `reference pull sendfile|write FILE`: two threads, each takes a connection, reads one request's head, writes a
//! fixed head and the file, and closes. `reference push FOLDER`: each connection's POST is answered with a place, and
//! what is PUT there is received on one thread, hashed and written on another, and synced before the answer.
//! Both print `listening on ADDRESS`, and know nothing else of HTTP.

mod pull;
mod push;
mod request;

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use anyhow::{Result, bail};

#[expect(clippy::print_stdout, reason = "where it listens is what the bench waits for")]
fn main() -> Result<()> {
    let words: Vec<_> = env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("listening on {}", listener.local_addr()?);
    match words.as_slice() {
        ["pull", "sendfile", file] => pull::serve(&listener, Path::new(file), pull::Way::SendFile),
        ["pull", "write", file] => pull::serve(&listener, Path::new(file), pull::Way::Write),
        ["push", folder] => push::serve(&listener, Path::new(folder))?,
        _ => bail!("usage: reference pull sendfile|write FILE, or reference push FOLDER"),
    }
    Ok(())
}
