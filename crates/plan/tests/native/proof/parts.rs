use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use berth_config::value::SecretValue;
use berth_drive::free_address;
use berth_plan::object::SecretText;
use berth_plan::render::{SecretSource, SecretUnavailable};
use tempfile::TempDir;

use super::listener::{AUTHORIZATION, Listener};
use super::tokens::Signer;
use crate::start::Running;

/// The user of htpasswd.
pub(crate) const USER: &str = "anna";
/// Their password.
pub(crate) const PASSWORD: &str = "correct horse";
/// The keys of the object store; what they hold has to survive the file of the environment.
const S3: (&str, &str) = ("access-of-tests", "secret '$HOME' \"of\" `tests`\\");

/// What registries are put together with.
pub(crate) struct Parts {
    pub(crate) gateway: SocketAddr,
    pub(crate) redis: SocketAddr,
    pub(crate) listener: Listener,
    /// The registry's own certificate and key.
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) pem: String,
    /// The certificate of the token service.
    pub(crate) bundle: PathBuf,
    pub(crate) signer: Signer,
    /// A token service that nobody believes.
    pub(crate) forger: Signer,
    folder: TempDir,
    _running: [Running; 2],
}

impl Parts {
    /// Starts an object store over a folder, a Redis, and somebody who is told of events.
    pub(crate) fn start(gateway: &Path, redis: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("objects/images")).unwrap();
        let (gateway_address, redis_address) = (free_address().unwrap(), free_address().unwrap());
        let (address, objects) = (gateway_address.to_string(), at("objects"));
        let arguments = [
            "--port",
            &address,
            "--region",
            "us-east-1",
            "posix",
            objects.to_str().unwrap(),
        ];
        let keys = [("ROOT_ACCESS_KEY", S3.0), ("ROOT_SECRET_KEY", S3.1)];
        let mut gateway = Running::start(gateway, &arguments, (folder.path(), None), &keys);
        gateway.listens(gateway_address).unwrap();
        let port = redis_address.port().to_string();
        let arguments = [
            "--bind",
            "127.0.0.1",
            "--port",
            &port,
            "--save",
            "",
            "--dir",
            folder.path().to_str().unwrap(),
        ];
        let mut redis = Running::start(redis, &arguments, (folder.path(), None), &[]);
        redis.listens(redis_address).unwrap();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        fs::write(at("tls.crt"), made.cert.pem()).unwrap();
        fs::write(at("tls.key"), made.signing_key.serialize_pem()).unwrap();
        let signer = Signer::new();
        fs::write(at("bundle.crt"), &signer.pem).unwrap();
        Self {
            gateway: gateway_address,
            redis: redis_address,
            listener: Listener::start(),
            certificate: at("tls.crt"),
            key: at("tls.key"),
            pem: made.cert.pem(),
            bundle: at("bundle.crt"),
            signer,
            forger: Signer::new(),
            _running: [gateway, redis],
            folder,
        }
    }

    /// Where the object store keeps what registries give it.
    pub(crate) fn bucket(&self) -> PathBuf {
        self.folder.path().join("objects/images")
    }

    /// How many keys Redis remembers.
    pub(crate) fn remembered(&self) -> u64 {
        let mut stream = TcpStream::connect(self.redis).unwrap();
        stream.write_all(b"SELECT 1\r\nDBSIZE\r\n").unwrap();
        let mut lines = BufReader::new(stream).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "+OK");
        lines
            .next()
            .unwrap()
            .unwrap()
            .trim_start_matches(':')
            .parse()
            .unwrap()
    }
}

impl SecretSource for Parts {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        let value = match secret {
            SecretValue::Env(name) => match name.as_str() {
                "S3_ACCESS" => S3.0.to_owned(),
                "S3_SECRET" => S3.1.to_owned(),
                "HASH" => bcrypt::hash(PASSWORD, 4).unwrap(),
                "HOOK" => AUTHORIZATION.to_owned(),
                name => return Err(SecretUnavailable(format!("nobody set {name}"))),
            },
            SecretValue::File(path) => fs::read_to_string(path).unwrap(),
            _ => return Err(SecretUnavailable("it is not given".to_owned())),
        };
        Ok(value.into())
    }

    fn made_once(&self, _: &str, _: &str, key: &str) -> Option<SecretText> {
        (key == "http-secret").then(|| "made once for the tests".into())
    }
}
