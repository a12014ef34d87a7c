//! The floors as CONTRIBUTING draws them: a block ```` ```floors ````. A line without indentation names a folder,
//! the indented lines below it are its floors from the top to the ground, with the rooms that share one. What
//! follows a `#` is for readers.

use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Eq)]
pub struct House {
    /// Below the workspace, with slashes: `crates/proxy/src`.
    pub folder: String,
    /// Rooms and their floor; 0 is the top.
    pub rooms: BTreeMap<String, usize>,
}

/// All houses that the text draws.
pub fn read(text: &str) -> Vec<House> {
    let mut houses: Vec<House> = Vec::new();
    let mut inside = false;
    let mut floor = 0;
    for line in text.lines() {
        match line.trim() {
            "```floors" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => {
                let plain = line.split('#').next().unwrap_or_default();
                if plain.starts_with(|first: char| !first.is_whitespace()) {
                    houses.push(House {
                        folder: plain.trim().to_owned(),
                        rooms: BTreeMap::new(),
                    });
                    floor = 0;
                    continue;
                }
                let house = houses.last_mut().expect("a folder before its floors");
                for room in plain.split_whitespace() {
                    let twice = house.rooms.insert(room.to_owned(), floor);
                    assert_eq!(twice, None, "{room} stands twice in {}", house.folder);
                }
                floor += 1;
            }
        }
    }
    houses
}

impl House {
    /// The room of a file, if it stands in this house: `call` for `call.rs` and everything in `call/`.
    pub fn room<'f>(&self, file: &'f str) -> Option<&'f str> {
        room(&self.folder, file)
    }
}

/// The room of a file in a folder.
pub fn room<'f>(folder: &str, file: &'f str) -> Option<&'f str> {
    let below = file.strip_prefix(folder)?.strip_prefix('/')?;
    let name = below.split('/').next()?;
    Some(name.strip_suffix(".rs").unwrap_or(name))
}
