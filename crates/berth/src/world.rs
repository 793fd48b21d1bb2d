//! The clock and the randomness of the real world: the only place that reads them.

use std::time::SystemTime;

/// The system's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

/// The system's randomness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemRandom;

impl SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else is given"
    )]
    pub(crate) fn read() -> SystemTime {
        SystemTime::now()
    }

    /// The same as a point in time of the calendar.
    pub(crate) fn timestamp() -> jiff::Timestamp {
        jiff::Timestamp::try_from(Self::read()).unwrap_or_default()
    }
}

impl SystemRandom {
    /// Fills `bytes` from the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing that follows would be safe.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the randomness that everything else is given"
    )]
    pub(crate) fn fill_bytes(bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl berth_storage::Clock for SystemClock {
    fn now(&self) -> SystemTime {
        Self::read()
    }
}

impl berth_storage::Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        Self::fill_bytes(bytes);
    }
}
