use std::future::Future;

use anyhow::Context as _;
use tokio::runtime::Runtime;

use crate::exit::Exit;
use crate::lifecycle::Interrupt;

/// Runs something against a cluster. What is interrupted before it has changed anything ends at once; later it decides
/// for itself where to stop, by the [`Interrupt`] that it is given.
pub(crate) fn run<F>(work: impl FnOnce(Interrupt) -> F) -> anyhow::Result<Exit>
where
    F: Future<Output = anyhow::Result<Exit>>,
{
    let runtime = Runtime::new().context("starting the runtime")?;
    let outcome = runtime.block_on(async {
        let interrupt = Interrupt::listen().context("listening for signals")?;
        work(interrupt).await
    });
    // A thread may still wait for an answer that nobody will give.
    runtime.shutdown_background();
    outcome
}
