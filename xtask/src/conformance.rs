//! `cargo xtask conformance`: builds the suite of the distribution specification, and runs it against `berth serve`.

use anyhow::Result;

use crate::{program, programs};

/// The stories that the ordinary tests run too; here they print their counts.
pub(crate) fn run() -> Result<()> {
    programs::build(&["conformance"])?;
    program::run(program::cargo().args([
        "test",
        "--package",
        "berth",
        "--test",
        "stories",
        "conformance::",
        "--",
        "--nocapture",
        "--test-threads=1",
    ]))
}
