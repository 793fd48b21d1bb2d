use super::{BATCH, SweepOptions, SweepReport};
use crate::StorageError;
use crate::index::Condemned;
use crate::store::Inner;

/// Finds the edges that nothing needs, one repository after the other.
pub(super) fn edges(
    inner: &Inner,
    options: SweepOptions,
    report: &mut SweepReport,
    progress: &dyn Fn(&SweepReport),
) -> Result<(), StorageError> {
    let mut last_name = String::new();
    loop {
        let names = inner.readers.read(|read| read.repositories(&last_name, BATCH))?;
        let Some(last) = names.last() else {
            return Ok(());
        };
        last.as_str().clone_into(&mut last_name);
        for name in &names {
            let mut after = 0;
            loop {
                let found = inner
                    .readers
                    .read(|read| read.unneeded_edges(name, after, BATCH))?;
                let Some((last, _)) = found.last() else { break };
                after = *last;
                condemn(inner, options, report, found)?;
                progress(report);
            }
        }
    }
}

/// Finds the bytes to which nothing leads.
pub(super) fn bytes(
    inner: &Inner,
    options: SweepOptions,
    report: &mut SweepReport,
    progress: &dyn Fn(&SweepReport),
) -> Result<(), StorageError> {
    let mut after = 0;
    loop {
        let found = inner.readers.read(|read| read.unneeded_bytes(after, BATCH))?;
        let Some((last, _)) = found.last() else {
            return Ok(());
        };
        after = *last;
        condemn(inner, options, report, found)?;
        progress(report);
    }
}

fn condemn(
    inner: &Inner,
    options: SweepOptions,
    report: &mut SweepReport,
    found: Vec<(i64, Condemned)>,
) -> Result<(), StorageError> {
    report.unneeded += found.len() as u64;
    report.unneeded_bytes += found.iter().map(|(_, one)| one.bytes).sum::<u64>();
    if options.dry_run {
        return Ok(());
    }
    inner.committer.administer(Box::new(move |write| {
        found
            .iter()
            .try_for_each(|(_, condemned)| write.condemn(condemned))
    }))?;
    std::thread::sleep(options.pause);
    Ok(())
}
