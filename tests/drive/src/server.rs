//! Registries as processes: Berth and Docker's own, each on a free port of loopback and in a folder of its own.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::client::Client;
use crate::connection::Body;

/// How long a registry may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);
const LISTENING: &str = "listening on ";

/// A registry that runs until this value is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    /// Whether it has processes of its own, which it ends when it is asked to, and a kill would leave behind.
    has_children: bool,
}

/// The document that the README starts with, over a folder of choice.
pub fn quickstart(data: &Path) -> String {
    format!(
        "apiVersion: berth.dev/v1\n\
         kind: DockerRegistry\n\
         metadata: {{name: local}}\n\
         spec:\n  \
           storage: {{driver: filesystem, filesystem: {{rootdirectory: {}}}}}\n  \
           http: {{addr: \"127.0.0.1:5000\"}}\n  \
           auth: {{enabled: false}}\n",
        data.display()
    )
}

/// An address on loopback that nobody listened on a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port")?;
    Ok(listener.local_addr()?)
}

impl Server {
    /// Starts Berth on this document, which goes into `folder`, as its log does.
    pub fn berth(program: &Path, folder: &Path, document: &str) -> Result<Self> {
        Self::berth_with(program, folder, document, &[])
    }

    /// The same with more arguments.
    pub fn berth_with(program: &Path, folder: &Path, document: &str, arguments: &[&str]) -> Result<Self> {
        let file = folder.join("berth.yaml");
        fs::write(&file, document)?;
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg(&file)
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments);
        command.current_dir(folder);
        let (mut child, log) = spawn(&mut command, &folder.join("berth.log"))?;
        let (scheme, address) = wait_for(&mut child, &log, || listening_address(&log))?;
        let mut server = Self::new(child, address, log);
        if scheme == "http" {
            server.wait_until_it_answers()?;
        }
        Ok(server)
    }

    /// Starts Docker's registry on the data folder `data` inside `folder`.
    pub fn docker_registry(program: &Path, folder: &Path) -> Result<Self> {
        let config = folder.join("docker-registry.yml");
        // Another process may take the port between finding it free and listening on it.
        for _ in 0..3 {
            let address = free_address()?;
            fs::write(&config, docker_registry_config(&folder.join("data"), address))?;
            let mut command = Command::new(program);
            command.arg("serve").arg(&config).current_dir(folder);
            let (child, log) = spawn(&mut command, &folder.join("docker-registry.log"))?;
            let mut server = Self::new(child, address, log);
            if server.wait_until_it_answers().is_ok() {
                return Ok(server);
            }
        }
        bail!(
            "docker-registry doesn't start: {}",
            tail(&folder.join("docker-registry.log"))
        );
    }

    /// Starts any other program that prints `listening on ADDRESS`; its log goes into `folder`.
    pub fn announced(command: &mut Command, folder: &Path) -> Result<Self> {
        let (mut child, log) = spawn(command.current_dir(folder), &folder.join("server.log"))?;
        let address = wait_for(&mut child, &log, || {
            let text = fs::read_to_string(&log).ok()?;
            let (_, rest) = text.split_once(LISTENING)?;
            rest.split_once('\n')?.0.parse().ok()
        })?;
        Ok(Self::new(child, address, log))
    }

    /// Starts any other program that was told to listen on `address`, with the processes that it starts itself; its log
    /// goes into `folder`.
    pub fn told(command: &mut Command, address: SocketAddr, folder: &Path) -> Result<Self> {
        let (mut child, log) = spawn(command.current_dir(folder), &folder.join("server.log"))?;
        wait_for(&mut child, &log, || TcpStream::connect(address).ok())?;
        let mut server = Self::new(child, address, log);
        server.has_children = true;
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A new client of it.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The id of its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has said on its standard outputs.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it at once, as a crash of the machine's power would: nothing is flushed, nothing is said.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill().context("killing a registry")?;
        self.child.wait().context("waiting for a killed registry")?;
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(self) -> Result<ExitStatus> {
        self.ask_to_stop()?;
        self.wait_for_end()
    }

    /// Asks it to stop (SIGTERM).
    pub fn ask_to_stop(&self) -> Result<()> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .context("starting `kill`")?;
        if !asked.success() {
            bail!("`kill -TERM {id}` ended with {asked}");
        }
        Ok(())
    }

    /// Waits until it has ended.
    pub fn wait_for_end(mut self) -> Result<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > PATIENCE {
                bail!("a registry that was asked to stop is still there: {}", self.log());
            }
            sleep(Duration::from_millis(5));
        }
    }

    fn new(child: Child, address: SocketAddr, log: PathBuf) -> Self {
        Self {
            child,
            address,
            log,
            has_children: false,
        }
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let address = self.address;
        wait_for(&mut self.child, &self.log, || {
            let answer = Client::new(address).send("GET", "/v2/", &[], Body::Empty).ok()?;
            matches!(answer.0.status, 200 | 401).then_some(())
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let start = Instant::now();
        if self.has_children && self.ask_to_stop().is_ok() {
            while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < PATIENCE {
                sleep(Duration::from_millis(5));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(command: &mut Command, log: &Path) -> Result<(Child, PathBuf)> {
    let file = File::create(log).with_context(|| format!("making {}", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    let child = command
        .spawn()
        .with_context(|| format!("starting {}", command.get_program().display()))?;
    Ok((child, log.to_owned()))
}

fn wait_for<T>(child: &mut Child, log: &Path, mut ready: impl FnMut() -> Option<T>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = ready() {
            return Ok(value);
        }
        if let Some(status) = child.try_wait()? {
            bail!("it ended with {status}: {}", tail(log));
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            bail!("it doesn't answer: {}", tail(log));
        }
        sleep(Duration::from_millis(5));
    }
}

/// The scheme and address in the line `listening on SCHEME://ADDRESS`.
fn listening_address(log: &Path) -> Option<(String, SocketAddr)> {
    let text = fs::read_to_string(log).ok()?;
    let (scheme, rest) = text.split(LISTENING).nth(1)?.split_once("://")?;
    // The line may be half written: an address counts once something follows it.
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ':')?;
    Some((scheme.to_owned(), rest[..end].parse().ok()?))
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(20).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

fn docker_registry_config(data: &Path, address: SocketAddr) -> String {
    format!(
        "version: 0.1\n\
         log: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage:\n  \
           cache: {{blobdescriptor: inmemory}}\n  \
           filesystem: {{rootdirectory: {}}}\n  \
           delete: {{enabled: true}}\n\
         http: {{addr: \"{address}\"}}\n",
        data.display()
    )
}
