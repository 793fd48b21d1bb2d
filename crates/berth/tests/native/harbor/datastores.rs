//! Debian's `PostgreSQL` and Redis, on free ports of loopback.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use berth_drive::{free_address, needed};

use super::running::Running;

const HOME: &str = "/usr/lib/postgresql";

pub(super) struct Datastores {
    pub(super) database: SocketAddr,
    pub(super) redis: SocketAddr,
    _running: [Running; 2],
}

impl Datastores {
    /// With this password each, and a database `registry` of a user `harbor`; `None` where they are not installed.
    pub(super) fn start(folder: &Path, password: &str) -> Option<Self> {
        needed("pg_ctlcluster")?;
        let redis = needed("redis-server")?;
        let (database, server) = postgresql(folder, password);
        let (address, cache) = start_redis(&redis, folder, password);
        Some(Self {
            database,
            redis: address,
            _running: [server, cache],
        })
    }
}

fn postgresql(folder: &Path, password: &str) -> (SocketAddr, Running) {
    let mut versions: Vec<PathBuf> = fs::read_dir(HOME).unwrap().map(|it| it.unwrap().path()).collect();
    versions.sort();
    let programs = versions.last().unwrap().join("bin");
    let home = folder.join("postgresql");
    fs::create_dir(&home).unwrap();
    let file = home.join("password");
    fs::write(&file, password).unwrap();
    // It refuses to run as root.
    let user = number("-u").zip(number("-g"));
    let command = |name: &str| {
        let mut command = Command::new(programs.join(name));
        command.current_dir(&home).env_clear().env("LANG", "C");
        if let Some((user, group)) = user {
            command.uid(user).gid(group);
        }
        command
    };
    if let Some((user, group)) = user {
        for path in [&home, &file] {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
    let data = home.join("data");
    let mut initdb = command("initdb");
    initdb.args([
        "--username=harbor",
        "--auth=scram-sha-256",
        "--no-sync",
        "--encoding=UTF8",
    ]);
    initdb
        .arg(format!("--pwfile={}", file.display()))
        .arg(format!("--pgdata={}", data.display()));
    done(&mut initdb);
    let address = free_address().unwrap();
    let mut server = command("postgres");
    server
        .arg("-D")
        .arg(&data)
        .args(["-p", &address.port().to_string()]);
    server
        .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k"])
        .arg(&home);
    let mut server = Running::start(&mut server, &folder.join("postgresql.log"));
    server.wait("PostgreSQL to take a database", || {
        let mut psql = command("psql");
        psql.args([
            "-h",
            "127.0.0.1",
            "-p",
            &address.port().to_string(),
            "-U",
            "harbor",
        ])
        .args(["-d", "postgres", "-c", "create database registry"])
        .env("PGPASSWORD", password);
        psql.output().unwrap().status.success().then_some(())
    });
    (address, server)
}

/// The number of the user or the group `postgres`, where this process may become it.
fn number(which: &str) -> Option<u32> {
    let told = |words: &[&str]| {
        let output = Command::new("id").args(words).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    (told(&["-u"]) == Some(0)).then(|| told(&[which, "postgres"]))?
}

fn start_redis(program: &Path, folder: &Path, password: &str) -> (SocketAddr, Running) {
    let address = free_address().unwrap();
    let mut server = Command::new(program);
    server.current_dir(folder);
    server.args(["--port", &address.port().to_string(), "--bind", "127.0.0.1"]);
    server.args(["--save", "", "--requirepass", password]);
    let mut server = Running::start(&mut server, &folder.join("redis.log"));
    server.wait("Redis to listen", || TcpStream::connect(address).ok());
    (address, server)
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}
