use std::path::Path;

use anyhow::Context;
use berth_plan::render::MadeOnce;

use crate::console::Console;
use crate::secrets::kept::KeptSecrets;
use crate::secrets::source::Source;

/// Renders; secrets that nobody gave are made first, where there is a file to keep them in.
pub(super) fn keeping<T>(
    file: Option<&Path>,
    console: &mut Console,
    render: impl Fn(&Source) -> T,
    made_once: impl Fn(&T) -> &[MadeOnce],
) -> anyhow::Result<T> {
    let Some(path) = file else {
        return Ok(render(&Source::default()));
    };
    let context = || format!("keeping secrets in {}", path.display());
    let mut kept = KeptSecrets::open(path).with_context(context)?;
    let before = render(&Source::default());
    if kept.make(made_once(&before)).with_context(context)? {
        console.talk(&format!("made secrets in {}: keep this file", path.display()));
    }
    Ok(render(&Source::of(kept)))
}
