//! From the first signal to the end of the process.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// The signals that ask to stop. Made before the start is told, so that none is missed.
pub(crate) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Resolves at the first SIGINT or SIGTERM.
    pub(crate) async fn asked(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Whether the process was asked to stop, for work that ends between two steps.
#[derive(Clone)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listens from now on; within a runtime.
    pub(crate) fn listen() -> std::io::Result<Self> {
        let stop = Stop::listen()?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            stop.asked().await;
            // Nobody listening any more is no failure.
            let _ = sender.send(true);
        });
        Ok(Self(receiver))
    }

    /// Whether it was asked already.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves once it is asked.
    pub(crate) async fn asked(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            // The runtime is going; whoever waits goes with it.
            std::future::pending::<()>().await;
        }
    }

    /// What comes of work that changes nothing; `None` where it was asked first.
    pub(crate) async fn before<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.asked() => None,
        }
    }
}
