//! From documents and a cluster to a plan, and from a plan to a changed cluster.
//!
//! What is to be done is decided by `berth_plan::change`; what is said to the cluster by `berth_cluster`. Here the two
//! are put together.

mod act;
mod carry_out;
mod confirm;
mod declared;
mod live_secrets;
mod needs;
mod observe;
mod occupants;
mod planned;
mod refusal;
mod run;
mod tell;
mod wish;

pub(crate) use carry_out::{How, carry_out};
pub(crate) use confirm::{Answer, confirm};
pub(crate) use planned::{Planned, planned, refuse_another_s_inventory};
pub(crate) use run::run;
pub(crate) use tell::{show, tell};
pub(crate) use wish::Wish;
