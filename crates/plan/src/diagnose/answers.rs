//! Step four: does the registry answer, and to whom?

use super::{Answered, Patient, codes};

pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let (namespace, instance) = patient.place();
    let (namespace, instance) = (namespace.to_owned(), instance.to_owned());
    let seen = patient.seen;
    let answers = seen
        .answers
        .iter()
        .filter(|answer| answer.namespace == namespace && answer.service == instance);
    for answer in answers {
        judge(patient, answer);
    }
}

fn judge(patient: &mut Patient<'_>, answer: &Answered) {
    let at = format!("Service {}/{}", answer.namespace, answer.service);
    match (&answer.status, &answer.credentials) {
        (Err(why), _) => patient.tell(
            codes::DG_010,
            format!("{at} doesn't answer: {why}"),
            "see what is said of its pods; a NetworkPolicy may keep you out: kubectl get networkpolicy",
        ),
        (Ok(status), _) if *status >= 500 => patient.tell(
            codes::DG_010,
            format!("{at} answers with {status}"),
            "the registry's log says what is broken within",
        ),
        (Ok(401 | 403), Some(secret)) => patient.tell(
            codes::DG_011,
            format!("{at} refuses the credentials of the pull secret `{secret}`"),
            "set user and password anew in the ImagePullSecret, and run `berth apply`",
        ),
        (Ok(404), _) => patient.tell(
            codes::DG_010,
            format!("{at} answers with 404 to /v2/: what stands behind it is no registry"),
            "check which port the Service leads to",
        ),
        (Ok(_), _) => {}
    }
}
