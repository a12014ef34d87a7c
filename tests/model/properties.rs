//! What must always be so.

use crate::world::{Search, World};
use crate::write::{How, Phase};

/// What could be served at this moment, and how it stands to what must be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It lacks a write.
    Older,
    /// Everything, and there was something to show.
    Whole,
}

/// What each door could answer from its cache now, for each key.
fn shown<'w>(search: &'w Search, world: &'w World) -> impl Iterator<Item = Shown> + 'w {
    let must = world.must(search);
    let serving = world.doors.iter().filter(|door| door.has_lease());
    serving.flat_map(move |door| {
        (0..search.scenario.keys).filter_map(move |key| {
            let value = door.cache.admitted(key.into())?;
            let must = must & search.writes_of(key);
            match must {
                0 => None,
                _ if must & !value != 0 => Some(Shown::Older),
                _ => Some(Shown::Whole),
            }
        })
    })
}

/// Nobody could answer, or has answered, with older state than an answered write left.
pub fn nothing_older(search: &Search, world: &World) -> bool {
    !world.read_was_wrong && shown(search, world).all(|shown| shown != Shown::Older)
}

/// A cache serves an answered write: a search without it would prove nothing.
pub fn a_hit_shows_a_write(search: &Search, world: &World) -> bool {
    shown(search, world).any(|shown| shown == Shown::Whole)
}

/// An answer left because all had acknowledged it.
pub fn acknowledged(_: &Search, world: &World) -> bool {
    answered(world, How::Acknowledged)
}

/// An answer left because the time of silent members was over.
pub fn elapsed(_: &Search, world: &World) -> bool {
    answered(world, How::Elapsed)
}

fn answered(world: &World, how: How) -> bool {
    let mut writes = world.writes.iter();
    writes.any(|write| write.phase == Phase::Answered(how))
}
