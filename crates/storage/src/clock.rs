use std::time::SystemTime;

/// Where the store learns the time: push times, the age of an upload session.
pub trait Clock: Send + Sync {
    fn now(&self) -> SystemTime;
}

/// Where the store gets the names of upload sessions and temporary files from.
pub trait Random: Send + Sync {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}
