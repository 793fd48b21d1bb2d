//! What is to be done so that a cluster becomes what the documents say: decided here, done elsewhere.
//!
//! [`plan`] is a pure function of what is wanted ([`ObjectSet`](crate::object::ObjectSet)), of what the cluster was seen
//! to hold and to answer ([`Observed`]), and of what Berth recorded that it owns (its members). Nothing here sends anything.

mod asked;
mod conflict;
mod decide;
mod difference;
mod existing;
mod file;
mod immutable;
mod impact;
mod labels;
mod leave;
mod lines;
mod merge_keys;
mod normal;
mod observed;
mod order;
mod outcome;
mod path;
mod plan_of_changes;
mod secrecy;
mod sent;
mod stale;
mod text;
mod version;

pub use asked::{Asked, Named};
pub use conflict::Conflict;
pub use decide::plan;
pub use difference::{FieldChange, Presence, Shown, difference};
pub use file::{ClusterIdentity, DocumentDigest, FILE_FORMAT, FileContext, InventoryIdentity, to_file};
pub use impact::{Impact, Restart};
pub use labels::{MADE_ONCE, PART_OF, ROTATIONS, SHARED_BY, is_made_once, is_part_of, is_shared_by, part_of};
pub use lines::{Line, lines};
pub use normal::normalised;
pub use observed::{Observed, Refusal, Trial};
pub use order::stage_of;
pub use outcome::{Done, Outcome, Outcomes};
pub use plan_of_changes::{Action, Change, LiveVersion, Plan, Totals};
pub use sent::{Sent, sent};
pub use stale::{Stale, stale};
pub use text::to_text;
