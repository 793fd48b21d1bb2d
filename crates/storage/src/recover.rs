//! Starting on a folder that an earlier process, another registry or a restored copy left behind.

mod boot;
mod format;
mod scan;
mod start;

pub(crate) use boot::forget as forget_boot;
pub(crate) use scan::{Scans, folder_times, scan_all, scan_one};
pub(crate) use start::{distrust_index, start};
