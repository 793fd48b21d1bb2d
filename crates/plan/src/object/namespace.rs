use serde::Serialize;

use super::{Kind, Stage};

/// A namespace; all of it is in its metadata.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Namespace {}

impl Kind for Namespace {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "Namespace";
    const STAGE: Stage = Stage::Namespace;
}
