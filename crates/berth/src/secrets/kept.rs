//! Secrets that were made once, in a file of one's own: made at the first time, read ever after.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use berth_plan::render::{MadeOnce, Recipe};
use zeroize::Zeroizing;

use super::{Text, certificate, rsa_key};
use crate::world::{SystemClock, SystemRandom};

/// The file: values by Secret (`namespace/name`) and key.
#[derive(Default)]
pub(crate) struct KeptSecrets {
    path: Option<PathBuf>,
    values: BTreeMap<String, BTreeMap<String, Text>>,
}

/// What passwords are made of: nothing that a shell or a URL would take for something else.
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// bcrypt's cost: about 50 ms.
const COST: u32 = 10;

impl KeptSecrets {
    /// Reads the file; one that isn't there is empty. One that others may read is refused.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut kept = Self {
            path: Some(path.to_owned()),
            values: BTreeMap::new(),
        };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(kept),
            Err(error) => return Err(error).context("opening it"),
        };
        let mode = file.metadata().context("looking at it")?.permissions().mode();
        if mode & 0o077 != 0 {
            bail!("others may read it; `chmod 600` it, and change the passwords if others could");
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).context("reading it")?;
        let values: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(&text).context("it isn't what `berth render --secrets` wrote")?;
        for (secret, keys) in values {
            let keys = keys.into_iter().map(|(key, value)| (key, Zeroizing::new(value)));
            kept.values.insert(secret, keys.collect());
        }
        Ok(kept)
    }

    /// A value, where it is kept.
    pub(crate) fn get(&self, namespace: &str, name: &str, key: &str) -> Option<&Text> {
        self.values.get(&entry(namespace, name))?.get(key)
    }

    /// Keeps a value that was made elsewhere.
    pub(crate) fn keep(&mut self, (namespace, name): (&str, &str), key: &str, value: Text) {
        let keys = self.values.entry(entry(namespace, name)).or_default();
        keys.insert(key.to_owned(), value);
    }

    /// Forgets a value, so that it is made anew. Says whether it was kept.
    pub(crate) fn forget(&mut self, (namespace, name): (&str, &str), key: &str) -> bool {
        let keys = self.values.get_mut(&entry(namespace, name));
        keys.is_some_and(|keys| keys.remove(key).is_some())
    }

    /// Makes what isn't kept yet, and writes the file if anything was made. Says whether it was.
    pub(crate) fn make(&mut self, wanted: &[MadeOnce]) -> anyhow::Result<bool> {
        let mut made = false;
        for secret in wanted {
            let keys = self
                .values
                .entry(entry(&secret.namespace, &secret.name))
                .or_default();
            // Passwords and keys first: others are made from them.
            let mut recipes: Vec<_> = secret.recipes.iter().collect();
            recipes.sort_by_key(|(_, recipe)| recipe.rank());
            for (key, recipe) in recipes {
                if !keys.contains_key(key) {
                    let value = value(recipe, keys)?;
                    keys.insert(key.clone(), value);
                    made = true;
                }
            }
        }
        if made {
            self.write()?;
        }
        Ok(made)
    }

    fn write(&self) -> anyhow::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let plain: BTreeMap<&str, BTreeMap<&str, &str>> = self
            .values
            .iter()
            .map(|(secret, keys)| {
                let keys = keys.iter().map(|(key, value)| (key.as_str(), value.as_str()));
                (secret.as_str(), keys.collect())
            })
            .collect();
        let text = Zeroizing::new(serde_json::to_string_pretty(&plain)? + "\n");
        write_private(path, text.as_bytes())
    }
}

/// Writes a file that its owner alone may read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().context("it names no file")?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let _ = fs::remove_file(&beside);
    let mut options = File::options();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(())
}

fn entry(namespace: &str, name: &str) -> String {
    format!("{namespace}/{name}")
}

fn value(recipe: &Recipe, keys: &BTreeMap<String, Text>) -> anyhow::Result<Text> {
    Ok(match recipe {
        Recipe::Text { length } => text(*length),
        Recipe::RsaKey => rsa_key::make()?,
        Recipe::Hexadecimal { digits } => hexadecimal(*digits),
        Recipe::EcKey => certificate::key()?,
        Recipe::Authority { name, key } => {
            certificate::authority(name, made(keys, key)?, SystemClock::read())?
        }
        Recipe::Certificate {
            key,
            authority,
            authority_key,
            hosts,
        } => {
            let authority = (authority.as_str(), made(keys, authority_key)?);
            certificate::signed(hosts, made(keys, key)?, authority, SystemClock::read())?
        }
        Recipe::Htpasswd { user, password_key } => {
            let password = made(keys, password_key)?;
            let mut salt = [0; 16];
            SystemRandom::fill_bytes(&mut salt);
            let hash = bcrypt::hash_with_salt(password, COST, salt).context("hashing the password")?;
            Zeroizing::new(format!(
                "{user}:{}\n",
                hash.format_for_version(bcrypt::Version::TwoY)
            ))
        }
    })
}

/// What was made before, to make something else from.
fn made<'a>(keys: &'a BTreeMap<String, Text>, key: &str) -> anyhow::Result<&'a str> {
    let value = keys.get(key).with_context(|| format!("`{key}` isn't made"))?;
    Ok(value.as_str())
}

/// Digits of a key.
fn hexadecimal(digits: usize) -> Text {
    let mut text = Zeroizing::new(String::with_capacity(digits));
    let mut bytes = Zeroizing::new(vec![0; digits / 2]);
    SystemRandom::fill_bytes(&mut bytes);
    for byte in bytes.iter() {
        // Writing to a string doesn't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// How long a text must be to have a letter of each sort and a digit: products ask for that of a password.
const MIXED: usize = 8;

/// Letters and digits; a long one is made anew until it has some of each sort.
fn text(length: usize) -> Text {
    loop {
        let text = any_text(length);
        let has = |sort: fn(&u8) -> bool| text.bytes().any(|byte| sort(&byte));
        let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
        if is_mixed || length < MIXED {
            return text;
        }
    }
}

/// Letters and digits, each as likely as any other.
fn any_text(length: usize) -> Text {
    let fair = 256 - 256 % ALPHABET.len();
    let mut text = Zeroizing::new(String::with_capacity(length));
    while text.len() < length {
        let mut byte = [0];
        SystemRandom::fill_bytes(&mut byte);
        let index = usize::from(byte[0]);
        if index < fair {
            text.push(char::from(ALPHABET[index % ALPHABET.len()]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(keys: &[(&str, Recipe)]) -> Vec<MadeOnce> {
        let recipes = keys
            .iter()
            .map(|(key, recipe)| ((*key).to_owned(), recipe.clone()));
        vec![MadeOnce {
            namespace: "n".to_owned(),
            name: "s".to_owned(),
            recipes: recipes.collect(),
        }]
    }

    #[test]
    fn a_key_has_as_many_hexadecimal_digits_as_asked() {
        let key = hexadecimal(64);
        assert!(key.len() == 64 && key.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert_ne!(*key, *hexadecimal(64));
    }

    #[test]
    fn what_is_kept_is_never_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let recipe = Recipe::Text { length: 20 };
        let mut kept = KeptSecrets::open(&path).unwrap();
        assert!(kept.make(&wanted(&[("a", recipe.clone())])).unwrap());
        let first = kept.get("n", "s", "a").unwrap().clone();
        assert_eq!(first.len(), 20);

        let mut again = KeptSecrets::open(&path).unwrap();
        assert!(!again.make(&wanted(&[("a", recipe.clone())])).unwrap());
        assert!(
            again
                .make(&wanted(&[("a", recipe.clone()), ("b", recipe)]))
                .unwrap()
        );
        let again = KeptSecrets::open(&path).unwrap();
        assert_eq!(again.get("n", "s", "a"), Some(&first));
        assert_ne!(again.get("n", "s", "b"), Some(&first));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        fs::write(&path, "{}").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(KeptSecrets::open(&path).is_err());
    }

    #[test]
    fn a_certificate_is_made_from_keys_whatever_their_names() {
        let mut kept = KeptSecrets::default();
        let recipes = [
            (
                "a.crt",
                Recipe::Certificate {
                    key: "z.key".to_owned(),
                    authority: "hub".to_owned(),
                    authority_key: "y.key",
                    hosts: vec!["hub-core".to_owned()],
                },
            ),
            (
                "b.crt",
                Recipe::Authority {
                    name: "hub".to_owned(),
                    key: "y.key",
                },
            ),
            ("y.key", Recipe::EcKey),
            ("z.key", Recipe::EcKey),
        ];
        assert!(kept.make(&wanted(&recipes)).unwrap());
        for (key, begin) in [("a.crt", "-----BEGIN CERT"), ("z.key", "-----BEGIN PRIVATE KEY")] {
            assert!(kept.get("n", "s", key).unwrap().starts_with(begin), "{key}");
        }
    }

    #[test]
    fn a_password_has_letters_of_both_sorts_and_a_digit() {
        for _ in 0..300 {
            let text = text(MIXED);
            assert!(text.bytes().any(|byte| byte.is_ascii_uppercase()), "{}", *text);
            assert!(text.bytes().any(|byte| byte.is_ascii_lowercase()), "{}", *text);
            assert!(text.bytes().any(|byte| byte.is_ascii_digit()), "{}", *text);
        }
    }

    #[test]
    fn an_htpasswd_line_is_of_the_password_beside_it() {
        let mut kept = KeptSecrets::default();
        let line = Recipe::Htpasswd {
            user: "admin",
            password_key: "password",
        };
        kept.make(&wanted(&[
            ("htpasswd", line),
            ("password", Recipe::Text { length: 8 }),
        ]))
        .unwrap();
        let password = kept.get("n", "s", "password").unwrap();
        let line = kept.get("n", "s", "htpasswd").unwrap();
        let hash = line.strip_prefix("admin:").unwrap().trim_end();
        assert!(bcrypt::verify(password.as_str(), hash).unwrap());
    }
}
