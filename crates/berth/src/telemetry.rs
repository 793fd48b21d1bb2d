//! The program's log: on the standard error, in the form and from the level that the document asks for.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// What the lines of single requests are logged under.
const REQUESTS: &str = "berth_registry::access=off";

/// Starts the log, with or without a line for each request. `BERTH_LOG` (such as `berth_storage=debug`) overrides the document's level.
pub(crate) fn start(level: LevelFilter, format: LogFormat, requests: bool) {
    let filter = EnvFilter::builder()
        .with_env_var("BERTH_LOG")
        .with_default_directive(level.into())
        .from_env_lossy();
    let silenced = REQUESTS.parse().ok().filter(|_| !requests);
    let filter = match silenced {
        Some(directive) => filter.add_directive(directive),
        None => filter,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
