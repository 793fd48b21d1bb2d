use anyhow::Context;
use berth_config::serve::{Authentication, ServePlan};
use berth_config::value::SecretValue;
use berth_registry::{Authenticator, Htpasswd, PasswordFile};
use berth_storage::StateStore;
use zeroize::Zeroizing;

use crate::console::Console;
use crate::secrets;
use crate::world::{SystemClock, SystemRandom};

/// The user that is made at the first start where no users are given.
const ADMIN: &str = "admin";
/// What bcrypt's cost is elsewhere too: about 50 ms.
const COST: u32 = 10;

/// Whoever the plan lets in.
pub(super) fn of(plan: &ServePlan, console: &mut Console) -> anyhow::Result<Authenticator> {
    Ok(match &plan.authentication {
        Authentication::Anonymous => Authenticator::Anonymous,
        Authentication::PasswordFile(path) => {
            let users = PasswordFile::open(path)
                .with_context(|| format!("opening the users of {}", path.display()))?;
            Authenticator::Htpasswd(users)
        }
        Authentication::Users(users) => fixed(users.iter().map(|(user, hash)| (user.as_str(), hash)))?,
        Authentication::MadeOnceAdmin => {
            let hash = SecretValue::from(admin_hash(plan, console)?.as_str());
            fixed([(ADMIN, &hash)].into_iter())?
        }
    })
}

fn fixed<'a>(users: impl Iterator<Item = (&'a str, &'a SecretValue)>) -> anyhow::Result<Authenticator> {
    let mut text = Zeroizing::new(String::new());
    for (user, hash) in users {
        let hash =
            secrets::resolve(hash).with_context(|| format!("fetching the password hash of `{user}`"))?;
        text.push_str(user);
        text.push(':');
        text.push_str(hash.trim());
        text.push('\n');
    }
    let users = Htpasswd::parse(&text).context("reading the users of `auth.htpasswd.users`")?;
    Ok(Authenticator::Htpasswd(PasswordFile::fixed(users)))
}

/// The hash of the admin's password. At the first start a password is made, told once, and forgotten.
fn admin_hash(plan: &ServePlan, console: &mut Console) -> anyhow::Result<String> {
    let state = StateStore::open(&plan.root).context("opening the users")?;
    if let Some(hash) = state
        .password_hash(ADMIN)
        .context("looking for the user `admin`")?
    {
        return Ok(hash);
    }
    let password = password();
    let mut salt = [0; 16];
    SystemRandom::fill_bytes(&mut salt);
    let hash = bcrypt::hash_with_salt(password.as_str(), COST, salt)
        .context("hashing the new password")?
        .to_string();
    state
        .set_password_hash(ADMIN, &hash, SystemClock::read())
        .context("keeping the user `admin`")?;
    console.talk(&format!(
        "first start: user `{ADMIN}`, password `{}` (shown only now)",
        password.as_str()
    ));
    Ok(hash)
}

/// 24 characters that are easy to tell apart: about 119 bits.
fn password() -> Zeroizing<String> {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut password = Zeroizing::new(String::with_capacity(24));
    while password.len() < 24 {
        let mut byte = [0];
        SystemRandom::fill_bytes(&mut byte);
        // Only whole multiples of the alphabet, so that no letter is likelier than another.
        if let Some(letter) = (byte[0] < 248).then(|| LETTERS[usize::from(byte[0] % 31)]) {
            password.push(char::from(letter));
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_passwords_are_never_alike() {
        assert_ne!(password(), password());
        assert_eq!(password().len(), 24);
    }
}
