use std::path::PathBuf;
use std::sync::Arc;

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::{Staged, Step};
use crate::disk::Disk;
use crate::index::{Read, Write};
use crate::layout::Key;
use crate::look::look;
use crate::scan::{self, Link};
use crate::{Random, StorageError};

/// Reads the layout at some keys and makes the index agree: the one function behind recovery, rebuild, and
/// whatever was changed behind Berth's back. Doing it twice changes nothing.
pub(crate) struct Reconcile {
    keys: Vec<Key>,
    /// What Berth itself was writing there when it was stopped: what nobody was promised is removed.
    unfinished: bool,
    random: Arc<dyn Random>,
}

impl Reconcile {
    pub(crate) fn new(keys: Vec<Key>, unfinished: bool, random: Arc<dyn Random>) -> Self {
        Self {
            keys,
            unfinished,
            random,
        }
    }

    fn plan_one(&self, key: &Key, read: &Read<'_>, disk: &Disk, plan: &mut Plan) -> Result<(), StorageError> {
        let found = look(disk, read, key)?;
        let path = disk.layout.path(key);
        if let Some(digest) = found.torn.or(found.alias) {
            let text = digest.to_string();
            let staged = Staged::write(disk, &*self.random, text.as_bytes())?;
            if let Some(alias) = found.alias {
                let bytes = disk.layout.bytes(&alias);
                let from = link_target(disk, key)?;
                plan.place.extend(from.map(|from| Step::Link { from, to: bytes }));
            }
            plan.place.push(Step::Place {
                staged,
                to: path.clone(),
            });
        }
        if let Some(damaged) = found.damaged {
            plan.place.push(Step::Move {
                from: disk.layout.bytes(&damaged),
                to: disk.layout.damaged(&damaged),
            });
        }
        if found.dangling && self.unfinished {
            plan.place.push(match key {
                Key::Tag(..) => Step::RemoveTag(path.ancestors().nth(2).unwrap_or(&path).to_owned()),
                _ => Step::RemoveLink(path),
            });
        }
        if !plan.place.is_empty() {
            plan.intents.push(key.clone());
        }
        plan.found.push(key.clone());
        plan.facts.extend(found.facts);
        Ok(())
    }
}

impl Change for Reconcile {
    fn locks(&self, _read: &Read<'_>, disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let mut locks = Vec::new();
        for key in &self.keys {
            locks.push(Lock::exclusive(key.clone()));
            let target = match key {
                Key::Bytes(_) => continue,
                _ => scan::link(disk, key)?,
            };
            if let Link::To(digest) = target {
                if let Key::Tag(repository, _) = key {
                    locks.push(Lock::exclusive(Key::Revision(repository.clone(), digest)));
                }
                locks.push(Lock::exclusive(Key::Bytes(digest)));
            }
            if let Key::Edge(_, digest) | Key::Revision(_, digest) = key {
                locks.push(Lock::exclusive(Key::Bytes(*digest)));
            }
        }
        locks.sort_by(|a, b| a.key.cmp(&b.key));
        locks.dedup();
        Ok(locks)
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let mut plan = Plan::default();
        for key in &self.keys {
            self.plan_one(key, &write.read(), disk, &mut plan)?;
        }
        Ok(if plan.facts.is_empty() {
            Begun::Answered(Outcome::Done)
        } else {
            Begun::Planned(plan)
        })
    }

    fn grows(&self) -> bool {
        false
    }
}

fn link_target(disk: &Disk, key: &Key) -> Result<Option<PathBuf>, StorageError> {
    Ok(match scan::link(disk, key)? {
        Link::To(digest) => Some(disk.layout.bytes(&digest)),
        _ => None,
    })
}
