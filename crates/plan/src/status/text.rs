use std::fmt::Write as _;

use super::{Certificate, Drift, Run, Standing};

/// The standings for people: a line a document, and beneath it what is worth knowing.
pub fn to_text(standings: &[Standing]) -> String {
    let mut text = String::new();
    for standing in standings {
        let word = match (standing.ready, standing.drift.is_empty()) {
            (true, true) => "ready",
            (true, false) => "ready, drifted",
            (false, true) => "not ready",
            (false, false) => "not ready, drifted",
        };
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "{}: {word}", standing.document);
        let lines = standing.waiting.iter().cloned();
        let lines = lines
            .chain(standing.drift.iter().map(drift))
            .chain(standing.runs.iter().map(run))
            .chain(standing.certificates.iter().map(certificate));
        for line in lines {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

fn drift(drift: &Drift) -> String {
    let field = drift
        .field
        .as_ref()
        .map_or_else(String::new, |field| format!(" {field}"));
    let by = drift
        .by
        .as_ref()
        .map_or_else(String::new, |by| format!(", by {by}"));
    let at = drift
        .at
        .as_ref()
        .map_or_else(String::new, |at| format!(" at {at}"));
    format!("drifted: {}{field}{by}{at}", drift.object)
}

fn run(run: &Run) -> String {
    let began = run.began.as_deref().unwrap_or("never");
    let succeeded = run.succeeded.as_deref().unwrap_or("never");
    format!(
        "{}: {}, last began {began}, last succeeded {succeeded}",
        run.job,
        run.state.as_str()
    )
}

fn certificate(certificate: &Certificate) -> String {
    let Certificate {
        place,
        not_after,
        days_left,
    } = certificate;
    match days_left {
        ..0 => format!("certificate ended: {place}, at {not_after}"),
        _ => format!("certificate ends in {days_left} days: {place}, at {not_after}"),
    }
}
