//! What documents become on a host.
#![expect(clippy::unwrap_used, reason = "a test that can't read its samples has failed")]

mod canaries;
mod golden;
mod judges;
mod proof;
#[expect(dead_code, reason = "the tests of clusters use the rest")]
#[path = "../render/scene.rs"]
mod scene;
mod start;

use berth_config::document::Documents;
use berth_config::rules::Profile;
use berth_plan::native::{Native, NativeOptions, native};
use berth_plan::render::SecretSource;

/// Renders for a host, with files that lie in this folder.
fn on_host(documents: &Documents, folder: &str, secrets: &dyn SecretSource) -> Native {
    let options = NativeOptions {
        profile: Profile::Dev,
        folder,
    };
    native(documents, &options, secrets)
}
