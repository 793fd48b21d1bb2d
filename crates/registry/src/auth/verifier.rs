use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::Refusal;
use super::basic::Given;
use super::htpasswd::{Htpasswd, HtpasswdError};
use super::remembered::Remembered;

/// A password file in use: checked without holding up other requests, read again when it changes.
#[derive(Clone)]
pub struct PasswordFile(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    /// bcrypt is meant to be slow: this many at a time, so that others keep the processor.
    checks: Semaphore,
    /// How many may wait for that, with those that run.
    waiting: Semaphore,
}

struct State {
    users: Arc<Htpasswd>,
    file: Option<WatchedFile>,
    remembered: Option<Remembered>,
    /// What an unknown user's password is compared with, at the price of a known one's.
    dummy: Arc<str>,
}

struct WatchedFile {
    path: PathBuf,
    seen: Option<FileMark>,
    looked: Instant,
}

/// What tells one state of a file from another.
type FileMark = (SystemTime, u64);

const CHECKS_AT_ONCE: usize = 2;
const WAITING_AT_ONCE: usize = 256;
/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl PasswordFile {
    /// Opens the password file at `path`, and follows its changes. A change that can't be read is reported in
    /// the log and leaves the users as they were.
    pub fn open(path: &Path) -> Result<Self, HtpasswdError> {
        let seen = mark(path).ok();
        let users = read(path)?;
        let file = WatchedFile {
            path: path.to_owned(),
            seen,
            looked: Instant::now(),
        };
        Ok(Self::new(users, Some(file)))
    }

    /// Users that stay as they are.
    pub fn fixed(users: Htpasswd) -> Self {
        Self::new(users, None)
    }

    fn new(users: Htpasswd, file: Option<WatchedFile>) -> Self {
        let dummy = dummy_hash(&users);
        let state = State {
            users: Arc::new(users),
            file,
            remembered: Remembered::new(),
            dummy,
        };
        Self(Arc::new(Inner {
            state: Mutex::new(state),
            checks: Semaphore::new(CHECKS_AT_ONCE),
            waiting: Semaphore::new(WAITING_AT_ONCE),
        }))
    }

    /// The user's name, if the password is right.
    pub(super) async fn verify(&self, given: Given) -> Result<Arc<str>, Refusal> {
        self.reload_if_changed();
        if let Some(user) = self.remembered(&given) {
            return Ok(user);
        }
        let _place = self.0.waiting.try_acquire().map_err(|_| Refusal::Busy)?;
        let _turn = self.0.checks.acquire().await.map_err(|_| Refusal::Busy)?;
        // Another request of the same client may have answered the question meanwhile.
        if let Some(user) = self.remembered(&given) {
            return Ok(user);
        }
        self.check_in_full(given).await
    }

    fn remembered(&self, given: &Given) -> Option<Arc<str>> {
        let state = self.lock();
        let (user, _) = state.users.get(&given.user)?;
        let holds = state
            .remembered
            .as_ref()?
            .holds(&given.user, &given.password, Instant::now());
        holds.then(|| Arc::clone(user))
    }

    async fn check_in_full(&self, given: Given) -> Result<Arc<str>, Refusal> {
        let (users, dummy) = {
            let state = self.lock();
            (Arc::clone(&state.users), Arc::clone(&state.dummy))
        };
        let known = users
            .get(&given.user)
            .map(|(user, hash)| (Arc::clone(user), Arc::<str>::from(hash)));
        let (user, hash) = known.map_or((None, dummy), |(user, hash)| (Some(user), hash));
        let password = given.password;
        let checked = tokio::task::spawn_blocking(move || {
            let right = bcrypt::verify(&password, &hash).unwrap_or(false);
            (right, password)
        });
        match (checked.await, user) {
            (Ok((true, password)), Some(user)) => {
                self.keep(&users, &user, &password);
                Ok(user)
            }
            _ => Err(Refusal::Credentials),
        }
    }

    /// Not where the file changed while the password was checked.
    fn keep(&self, users: &Arc<Htpasswd>, user: &Arc<str>, password: &str) {
        let mut state = self.lock();
        if Arc::ptr_eq(&state.users, users)
            && let Some(remembered) = &mut state.remembered
        {
            remembered.keep(Arc::clone(user), password, Instant::now());
        }
    }

    fn reload_if_changed(&self) {
        let mut state = self.lock();
        let Some(file) = &mut state.file else { return };
        if file.looked.elapsed() < LOOK_EVERY {
            return;
        }
        file.looked = Instant::now();
        let found = mark(&file.path).ok();
        if found == file.seen {
            return;
        }
        file.seen = found;
        match read(&file.path) {
            Ok(users) => {
                tracing::info!(path = %file.path.display(), users = users.len(), "read the password file again");
                state.dummy = dummy_hash(&users);
                state.users = Arc::new(users);
                if let Some(remembered) = &mut state.remembered {
                    remembered.clear();
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the users stay as they were"
                );
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(path: &Path) -> Result<Htpasswd, HtpasswdError> {
    let text = std::fs::read_to_string(path).map_err(|source| HtpasswdError::Read {
        path: path.to_owned(),
        source,
    })?;
    Htpasswd::parse(&text)
}

fn mark(path: &Path) -> io::Result<FileMark> {
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.modified()?, metadata.len()))
}

/// A hash that no password was made into, of the cost that the file's users have.
fn dummy_hash(users: &Htpasswd) -> Arc<str> {
    let cost = users.highest_cost().unwrap_or(bcrypt::DEFAULT_COST);
    // The salt and the hash of a valid bcrypt string; only its shape and its cost matter.
    Arc::from(format!("$2b${cost:02}$......................{}", ".".repeat(31)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(user: &str, password: &str) -> Given {
        Given {
            user: user.to_owned(),
            password: password.to_owned(),
        }
    }

    fn ann() -> Htpasswd {
        Htpasswd::parse(&format!("ann:{}", bcrypt::hash("secret", 5).unwrap())).unwrap()
    }

    /// Class 24: a hash that bcrypt can't read would answer at once, and so give away who is unknown.
    #[test]
    fn an_unknown_user_costs_a_whole_bcrypt() {
        for users in [ann(), Htpasswd::default()] {
            let dummy = dummy_hash(&users);
            let cost = dummy.parse::<bcrypt::HashParts>().unwrap().get_cost();
            assert_eq!(cost, users.highest_cost().unwrap_or(bcrypt::DEFAULT_COST));
        }
        let checked = bcrypt::verify("secret", &dummy_hash(&ann()));
        assert!(matches!(checked, Ok(false)), "{checked:?}");
    }

    #[tokio::test]
    async fn many_requests_of_one_client_cost_one_check() {
        let passwords = PasswordFile::fixed(ann());
        // With no turn to be had, whoever is let in was remembered.
        assert!(passwords.verify(given("ann", "secret")).await.is_ok());
        passwords.0.checks.close();
        for _ in 0..10 {
            assert!(passwords.verify(given("ann", "secret")).await.is_ok());
        }
        assert_eq!(passwords.verify(given("ann", "wrong")).await, Err(Refusal::Busy));
    }

    #[tokio::test]
    async fn too_many_logins_at_once_are_told_to_come_back() {
        let passwords = PasswordFile::fixed(ann());
        let _all = passwords
            .0
            .waiting
            .acquire_many(u32::try_from(WAITING_AT_ONCE).unwrap())
            .await
            .unwrap();
        assert_eq!(passwords.verify(given("ann", "secret")).await, Err(Refusal::Busy));
    }
}
