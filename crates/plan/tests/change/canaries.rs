use berth_plan::change::to_text;
use berth_plan::object::ObjectSet;

use crate::file::file;
use crate::scene::{CANARY, World, asked, registry, rendered, rendered_with};

#[test]
fn no_secret_stands_in_a_plan_whatever_it_does() {
    let text = registry("team", "");
    let first = World::default().plan(&rendered(&text), &asked());
    let world = World::of(&text);
    let changed = world.plan(&rendered_with(&text, "second"), &asked());
    let gone = world.plan(&ObjectSet::default(), &asked());
    for plan in [first, changed, gone] {
        for shown in [
            to_text(&plan, true),
            file(&plan, &text).to_string(),
            format!("{plan:?}"),
        ] {
            assert!(!shown.contains(CANARY), "{shown}");
            // Nor in base64.
            assert!(!shown.contains("Y2FuYXJ5"), "{shown}");
        }
    }
}
