//! Step two: what do the logs say?

use super::seen::Log;
use super::{Patient, Seen, codes};

/// How long a line is told at most, in characters.
const LINE: usize = 240;

/// Faults of storage as products and kernels word them, in lower case, and what to do about each.
const STORAGE: &[(&str, &str)] = &[
    (
        "no space left on device",
        "the volume is full: enlarge the claim, or delete images and collect the garbage",
    ),
    (
        "disk quota exceeded",
        "the volume's quota is used up: raise it, or delete images and collect the garbage",
    ),
    (
        "read-only file system",
        "the volume is mounted read-only: look at the node's kernel log and the storage's health",
    ),
    (
        "permission denied",
        "the volume isn't writable for the pod's user: set `securityContext.fsGroup`, or let `persistence` prepare it",
    ),
    (
        "input/output error",
        "the disk fails: look at the node's kernel log, and restore from a backup elsewhere",
    ),
    (
        "stale file handle",
        "the network file system went away under the pod: restart the pod once it is back",
    ),
    (
        "nosuchbucket",
        "the bucket isn't there: make it, or mend `storage` in the document",
    ),
    (
        "accessdenied",
        "the object storage refuses these credentials: check the key, its rights and the bucket's policy",
    ),
    (
        "invalidaccesskeyid",
        "the object storage doesn't know this key: check the Secret that `storage` names",
    ),
    (
        "signaturedoesnotmatch",
        "the secret key is wrong: check the Secret that `storage` names",
    ),
    ("requesttimetooskewed", "the node's clock is wrong: set it by NTP"),
    (
        "s3aws: requesterror",
        "the object storage can't be reached: check `storage.s3.regionendpoint`, and the egress that is let through to it",
    ),
    (
        "the store could not do what a request asked",
        "look at the volume: is it mounted, writable for the pod's user (`securityContext.fsGroup`), and not full?",
    ),
];

/// What marks a line as an error, in lower case.
const ERRORS: [&str; 6] = [
    "level=error",
    "level=fatal",
    "\"level\":\"error\"",
    "[error]",
    "panic:",
    "fatal:",
];

pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let (namespace, instance) = patient.place();
    let pods: Vec<String> = patient
        .seen
        .pods_of(namespace, instance)
        .map(|pod| super::seen::text(pod, "/metadata/name").to_owned())
        .collect();
    let namespace = namespace.to_owned();
    let seen = patient.seen;
    let logs = seen
        .logs
        .iter()
        .filter(|log| log.namespace == namespace && pods.contains(&log.pod));
    for log in logs {
        of_storage(patient, log);
        of_errors(patient, log);
    }
}

fn of_storage(patient: &mut Patient<'_>, log: &Log) {
    for line in log.text.lines().rev() {
        let lower = line.to_lowercase();
        if let Some((_, help)) = STORAGE.iter().find(|(words, _)| lower.contains(words)) {
            let message = format!("{} tells of its storage: {}", place(log), short(line));
            patient.tell(codes::DG_020, message, *help);
            return;
        }
    }
}

/// The last error of a log, with how many there are.
fn of_errors(patient: &mut Patient<'_>, log: &Log) {
    let is_other_error = |line: &&str| {
        let lower = line.to_lowercase();
        is_error(line) && !STORAGE.iter().any(|(words, _)| lower.contains(words))
    };
    let errors = log.text.lines().filter(is_other_error);
    let (count, last) = errors.fold((0, ""), |(count, _), line| (count + 1, line));
    if count > 0 {
        let message = format!(
            "{} tells of {count} errors, the last: {}",
            place(log),
            short(last)
        );
        let help = format!(
            "kubectl logs -n {} {} -c {}",
            log.namespace, log.pod, log.container
        );
        patient.tell(codes::DG_022, message, help);
    }
}

/// What a container said last, before it ended.
pub(super) fn last_words(seen: &Seen, namespace: &str, pod: &str, container: &str) -> Option<String> {
    let of_it = |log: &&Log| log.namespace == namespace && log.pod == pod && log.container == container;
    let logs = || seen.logs.iter().filter(of_it);
    let log = logs().find(|log| log.previous).or_else(|| logs().next())?;
    let mut lines = log.text.lines().rev();
    // Where a program dies of an error, a trace of calls may come after it.
    let line = lines.clone().find(|line| is_error(line));
    let line = line.or_else(|| lines.find(|line| !line.trim().is_empty()))?;
    Some(short(line))
}

/// Whether a line is marked as an error.
fn is_error(line: &str) -> bool {
    let lower = line.to_lowercase();
    ERRORS.iter().any(|words| lower.contains(words))
}

fn place(log: &Log) -> String {
    format!(
        "the log of {} in Pod {}/{}",
        log.container, log.namespace, log.pod
    )
}

/// A line, its secrets' values left out, cut where it is long.
fn short(line: &str) -> String {
    let clean: String = without_credentials(line.trim())
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    match clean.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}...", &clean[..end]),
        None => clean,
    }
}

/// Products log URLs and headers; what stands in them between `//` and `@`, and after `Basic` or `Bearer`, is not
/// to be told on.
fn without_credentials(line: &str) -> String {
    let words = line.split(' ').scan(false, |hide, word| {
        let hidden = std::mem::replace(hide, is_scheme(word));
        Some(match (hidden, word.split_once("://"), word.rsplit_once('@')) {
            (true, ..) => "***".to_owned(),
            (false, Some((scheme, rest)), Some((_, host))) if rest.contains('@') => {
                format!("{scheme}://***@{host}")
            }
            _ => masked(word),
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

fn is_scheme(word: &str) -> bool {
    let word = word.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let word = word.rsplit(['=', ':', '"']).next().unwrap_or(word);
    word.eq_ignore_ascii_case("basic") || word.eq_ignore_ascii_case("bearer")
}

/// `password=x` becomes `password=***`.
fn masked(word: &str) -> String {
    let Some((key, _)) = word.split_once('=') else {
        return word.to_owned();
    };
    let lower = key.to_lowercase();
    let secret = ["password", "secret", "token", "authorization", "passwd", "apikey"];
    if secret.iter().any(|name| lower.contains(name)) {
        format!("{key}=***")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_without_the_credentials_in_it() {
        for (line, told) in [
            (
                "GET https://u:hunter2@host/v2/ failed",
                "GET https://***@host/v2/ failed",
            ),
            (
                "Authorization: Basic aHVudGVyMg== refused",
                "Authorization: Basic *** refused",
            ),
            ("authorization=Bearer abc.def x", "authorization=*** *** x"),
            ("db password=hunter2 host=a", "db password=*** host=a"),
            ("plain words", "plain words"),
        ] {
            assert_eq!(short(line), told);
        }
    }

    #[test]
    fn a_long_line_is_cut_at_a_letter() {
        let line = "ä".repeat(500);
        assert_eq!(short(&line).chars().count(), LINE + 3);
    }
}
